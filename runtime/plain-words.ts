import { ConfigError } from './config.ts'
import { OtherPostgresVersion, postgresMajor } from './embedded/postgres.ts'
import { NoTemporalBinary } from './embedded/temporal-binary.ts'
import { NotReady } from './embedded/until-ready.ts'
import { StartError } from './start-error.ts'

/**
 * What to tell the person about a failure: one line in Russian for the failures that have a remedy.
 * @returns undefined for an unexpected error, which deserves its stack
 */
export function plainWords(error: unknown): string | undefined {
  if (error instanceof StartError || error instanceof ConfigError || error instanceof NoTemporalBinary) return error.message
  if (error instanceof OtherPostgresVersion) {
    return (
      `Папка данных создана PostgreSQL ${error.found}, а сейчас установлен PostgreSQL ${postgresMajor}. ` +
      'Вернитесь к прежней версии сервиса и сделайте резервную копию (docs/operations.md) либо начните с чистой папки: npm run reset.'
    )
  }
  if (error instanceof NotReady) return `${error.part} не запускается. Причина — в конце его журнала, в подпапке logs папки данных.`
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException
  if (code === 'ENOSPC') return 'На диске кончилось место. Освободите его и запустите снова: ничего не потеряно.'
  if (code === 'EACCES' || code === 'EROFS') return `Нет прав на запись: ${path ?? 'папка данных'}. Исправьте права или задайте другую папку в DATA_DIR.`
  return undefined
}
