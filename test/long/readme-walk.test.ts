import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { installation } from '../support/running-service.ts'

const service = await installation()

/** What a reader types: the bash blocks of a document. */
async function commandsOf(document: string): Promise<string> {
  const text = await readFile(new URL(`../../${document}`, import.meta.url), 'utf8')
  return [...text.matchAll(/^```bash\n(.*?)^```/gms)].map(([, block]) => block).join('\n')
}

const withoutComments = (commands: string) => commands.replaceAll(/^#.*\n/gm, '')

test('both languages of the README give the same commands', async () => {
  expect(withoutComments(await commandsOf('README.en.md'))).toBe(withoutComments(await commandsOf('README.md')))
})

test('the walk of the README goes the whole way', { timeout: 240_000 }, async () => {
  const start = service.command('start')
  await start.says(/npm run reset/)
  const commands = (await commandsOf('README.md'))
    .replaceAll('http://localhost:3000', service.url)
    .replaceAll('http://localhost:1080', service.mailUrl)
    .replaceAll('.data/', `${service.dataFolder}/`)
    .replaceAll('> registration.svg', '')
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands], { env: { PATH: process.env.PATH } })

  // In the order of the README: the application, its answer, what cannot be undone, the end.
  expect(stdout).toMatch(/Ожидает ответа\n(.*\n)*info@sferum\.ru: Заявка на регистрацию/)
  expect(stdout).toMatch(/"status":409.*ADMIN_RIGHTS_CONFIRMED/)
  expect(stdout).toMatch(/Класс «Учительская» создан → Завершена/)
  expect(stdout).toMatch(/<svg (.*\n)*.*data-current="true"/)
  // The file: what would change, one bad row, and what is there after it.
  expect(stdout).toContain('строка 4: Ёлкин Матвей Денисович 5А — Будет внесено')
  expect(stdout).toContain('Ошибка Фамилия: Буква 1 («K») — латинская, а слово русское («Кузнецова»?)')
  expect(stdout).toMatch(/Внесена\n5А: 2\n9Б: 2/)
  // The list, its page, and the invitation that its timer closed.
  expect(stdout).toContain('303 https://max.ru/join/EXAMPLE-TOO')
  expect(stdout).toMatch(/→ Подключён/)
  expect(stdout).toMatch(/→ Ссылка истекла/)
  expect(stdout).toMatch(/ПР-\d{4}-000002: Аннулирована, вступили 2 из 2/)
  expect(stdout).toMatch(/ПР-\d{4}-000001: Аннулирована, вступили 0 из 1/)

  start.signal('SIGINT')
  expect(await start.exited).toBe(0)
})
