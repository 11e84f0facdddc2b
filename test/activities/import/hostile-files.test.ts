import { describe, expect, test } from 'vitest'
import { readInThread } from '../../../activities/import/read/read-in-thread.ts'
import type { ReadSettings } from '../../../activities/import/read/read-file.ts'
import { archive, table, workbook, workbookParts } from '../../support/import-files.ts'

const settings: ReadSettings = { rules: { gradeMax: 11 }, school: { names: [], inn: '', gradeMax: 11 } }
const list = [['ФИО', 'Класс'], ['Ким Даниил', '9Б']]
const megabyte = 1024 * 1024

/** Why a file is refused, read as the worker reads it; or how many rows it has. */
async function outcome(bytes: Buffer): Promise<string | number> {
  let rows = 0
  return readInThread(bytes, settings, async (batch) => void (rows += batch.length)).then(() => rows, ({ code, message }: { code?: string; message: string }) => code ?? message)
}
const book = (change: (parts: Record<string, string>) => void) => {
  const parts = workbookParts({ sheets: { Л: list } })
  change(parts)
  return archive(parts)
}
const sheet = 'xl/worksheets/sheet1.xml'
const inSheet = (before: string | RegExp, after: string) => book((parts) => (parts[sheet] = parts[sheet]!.replace(before, after)))
/** Says of every file in the archive that it unpacks to this many bytes. */
const lying = (bytes: Buffer, size: number) => {
  const changed = Buffer.from(bytes)
  for (let at = 0; (at = changed.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]), at)) >= 0; at += 4) changed.writeUInt32LE(size, at + 24)
  return changed
}
const laughs = `<!DOCTYPE x [<!ENTITY a "ха">${'bcdefghi'.split('').map((name, at) => `<!ENTITY ${name} "${`&${'abcdefgh'[at]};`.repeat(10)}">`).join('')}]>`

describe('what is made to harm', () => {
  test.each<[string, () => Promise<Buffer> | Buffer, string | number]>([
    ['a zip bomb', () => book((parts) => (parts['xl/media/x.bin'] = '\0'.repeat(250 * megabyte))), 'archiveTooBig'],
    ['a zip bomb that says it is small', async () => lying(await inSheet('<sheetData>', `<sheetData>${' '.repeat(30 * megabyte)}`), 100), 'archiveDamaged'],
    ['a thousand files and more', () => book((parts) => Array.from({ length: 1_001 }, (_, n) => (parts[`x${n}`] = ''))), 'archiveManyFiles'],
    ['an entity bomb', () => inSheet('<worksheet', `${laughs}<worksheet`), 'archiveUnsafe'],
    ['an entity of another file (XXE)', () => inSheet('<worksheet', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'), 'archiveUnsafe'],
    ['an entity nobody declared', () => inSheet('</sheetData>', '<row><c t="inlineStr"><is><t>&e;</t></is></c></row></sheetData>'), 'archiveDamaged'],
    ['elements within elements', () => inSheet('</sheetData>', `${'<x>'.repeat(100_000)}</sheetData>`), 'archiveDamaged'],
    ['a text that never ends', () => inSheet('</sheetData>', `<row><c t="inlineStr"><is><t>${'я'.repeat(8 * megabyte)}</t></is></c></row></sheetData>`), 'fileTooHeavy'],
    ['a million columns', () => inSheet('</sheetData>', `<row>${'<c t="str"><v>1</v></c>'.repeat(1_000_000)}</row></sheetData>`), 'fileManyColumns'],
    ['a cell far to the right', () => inSheet('</sheetData>', '<row><c r="ZZZZZZZ2" t="str"><v>1</v></c></row></sheetData>'), 'fileManyColumns'],
    ['a text of a million columns', () => Buffer.from(`${table(list)}${'x;'.repeat(1_000_001)}\r\n`), 'fileManyColumns'],
    ['a million columns of nothing', () => Buffer.from(`${table(list)}${';'.repeat(1_000_001)}\r\n`), 1],
    ['a text of three hundred columns', () => Buffer.from(`${table(list)}${'x;'.repeat(300)}\r\n`), 'fileManyColumns'],
    ['more shared texts than a school has', () => book((parts) => (parts['xl/sharedStrings.xml'] = parts['xl/sharedStrings.xml']!.replace('</sst>', `${'<si/>'.repeat(1_000_001)}</sst>`))), 'fileTooHeavy'],
    ['a hundred thousand rows and more', () => Buffer.from(table([list[0]!, ...Array.from({ length: 100_001 }, () => list[1]!)])), 'fileManyRows'],
    ['a formula that calls a program', () => Buffer.from(table([list[0]!, ["=cmd|' /C calc'!A0", '9Б']])), 1],
  ])('%s', async (_name, make, expected) => {
    const bytes = await make()
    let turns = 0
    const turning = setInterval(() => (turns += 1), 1)
    expect(await outcome(bytes)).toBe(expected)
    clearInterval(turning)
    // Whoever else has work in this process got on with it.
    expect(turns).toBeGreaterThan(0)
  })

  test('a workbook of fifty thousand rows is read with bounded memory', async () => {
    const rows = Array.from({ length: 50_000 }, (_, n) => [`Ким Анна ${'абвгдежзик'[n % 10]!.toUpperCase()}${'абвгд'[n % 5]!.repeat(10)}вна`, `${(n % 11) + 1}А`])
    const bytes = await workbook({ sheets: { Л: [['ФИО', 'Класс'], ...rows] } })
    const before = process.memoryUsage().rss
    let peak = before
    let count = 0
    const found = await readInThread(bytes, settings, async (batch) => {
      count += batch.length
      peak = Math.max(peak, process.memoryUsage().rss)
    })
    expect([count, found.kind]).toEqual([50_000, 'students'])
    expect((peak - before) / megabyte).toBeLessThan(256)
  })
})
