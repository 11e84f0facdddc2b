import { createInterface } from 'node:readline/promises'
import { resolve } from 'node:path'
import { removeDataFolder } from './embedded/data-folder.ts'
import { StartError } from './start-error.ts'

/**
 * `npm run reset`: removes the data folder after asking.
 * @param sure skips the question (`--yes`)
 * @throws StartError when there is no terminal to ask at, nothing to remove, or the folder is in use
 */
export async function reset(dataFolder: string, sure: boolean): Promise<void> {
  if (!sure && !(await isConfirmed(resolve(dataFolder)))) {
    console.log('Ничего не удалено.')
    return
  }
  await removeDataFolder(dataFolder)
  console.log('Данные удалены. Следующий npm start начнёт с чистого листа.')
}

async function isConfirmed(path: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new StartError('Спросить некого: запустите npm run reset -- --yes, если данные точно не нужны.')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await terminal.question(`Удалить все данные сервиса в папке ${path}? Вернуть их будет нельзя. Введите «да»: `)
    return ['да', 'yes'].includes(answer.trim().toLowerCase())
  } finally {
    terminal.close()
  }
}
