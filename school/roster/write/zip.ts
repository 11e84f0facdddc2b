import type { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** An archive of these files, one opened after the other. A source that fails breaks the stream off. */
export function zip(files: readonly (readonly [name: string, open: () => Readable])[]): Readable {
  const archive = new ZipFile()
  const output = archive.outputStream as Readable
  archive.on('error', (error: Error) => output.destroy(error))
  for (const [name, open] of files) archive.addReadStreamLazy(name, (done) => done(null, open()))
  archive.end()
  return output
}
