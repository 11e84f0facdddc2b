import { limits } from './limits.ts'
import { Unreadable } from './unreadable.ts'

const megabyte = 1024 * 1024

/** A file as a roster can come: an archive (a workbook, OneRoster) or a text. */
export type FileType = 'archive' | 'text'

const starts = (bytes: Uint8Array, signature: readonly number[]) => signature.every((byte, at) => bytes[at] === byte)

const archive = [0x50, 0x4b]
/** The container of .xls, and of workbooks with a password. */
const compoundFile = [0xd0, 0xcf, 0x11, 0xe0]
/** What people send by mistake: PDF, JPEG, PNG, GIF, RTF, RAR, 7z, gzip, programs. */
const others: readonly (readonly number[])[] = [
  [0x25, 0x50, 0x44, 0x46], [0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47], [0x47, 0x49, 0x46, 0x38], [0x7b, 0x5c, 0x72, 0x74], [0x52, 0x61, 0x72, 0x21],
  [0x37, 0x7a, 0xbc, 0xaf], [0x1f, 0x8b], [0x4d, 0x5a], [0x7f, 0x45, 0x4c, 0x46],
]

/** Tells by the content what a file is. @throws Unreadable for what is no roster in any form */
export function fileTypeOf(bytes: Uint8Array): FileType {
  if (bytes.length === 0) throw new Unreadable('fileEmpty')
  if (bytes.length > limits.fileBytes) throw new Unreadable('fileTooBig', { max: limits.fileBytes / megabyte })
  if (starts(bytes, archive)) return 'archive'
  if (starts(bytes, compoundFile)) throw new Unreadable('fileOldExcel')
  const first = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).trimStart()
  // A page saved under the name of a table.
  if (others.some((signature) => starts(bytes, signature)) || first.startsWith('<')) throw new Unreadable('fileNotTable')
  return 'text'
}
