import { migrate } from '../db/migrate.ts'
import { StartError } from './start-error.ts'

/**
 * Brings the schema up to date.
 * @throws StartError when the database cannot be reached or was migrated by a newer version
 */
export async function migrateDatabase(connectionString: string): Promise<void> {
  try {
    await migrate(connectionString)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (message.includes('newer version')) {
      throw new StartError('База данных обновлена более новой версией сервиса. Запустите ту версию или восстановите базу из копии (docs/operations.md).', { cause })
    }
    if (['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', '28P01', '28000', '3D000'].includes(code ?? '')) {
      throw new StartError(`База данных из DATABASE_URL недоступна (${code}). Проверьте адрес, имя, пароль и что PostgreSQL запущен.`, { cause })
    }
    throw cause
  }
}
