import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** The packages of the engines that are compared, installed when they are not there. */
export function installPeers(): void {
  if (existsSync(`${folder}/node_modules/pg-boss`)) return
  console.log('Устанавливаем то, с чем сравниваем (bench/package-lock.json)')
  execFileSync('npm', ['ci', '--no-progress'], { cwd: folder, stdio: 'inherit' })
}
