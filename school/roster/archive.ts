import type { Readable } from 'node:stream'
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl'
import { limits } from './limits.ts'
import { Unreadable } from './unreadable.ts'

const megabyte = 1024 * 1024

/** Files of a zip archive by name. What is not opened is not unpacked. */
export interface Archive {
  names: readonly string[]
  /** Unpacks one file, counting bytes: sizes that an archive declares may lie. */
  open(name: string): AsyncGenerator<Buffer>
  close(): void
}

/**
 * Reads the directory of an archive and nothing else. Refused there: too many files, more bytes than may be unpacked,
 * passwords.
 */
export async function openArchive(bytes: Buffer): Promise<Archive> {
  const zip = await damagedOnError(() => fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true, strictFileNames: false }))
  const entries = await readDirectory(zip)
  let unpacked = 0
  return {
    names: [...entries.keys()],
    close: () => zip.close(),
    async *open(name) {
      const entry = entries.get(name)
      if (!entry) throw new Unreadable('archiveDamaged')
      const stream = await damagedOnError<Readable>(() => zip.openReadStreamPromise(entry))
      try {
        for await (const piece of stream) {
          unpacked += (piece as Buffer).length
          if (unpacked > limits.unpackedBytes) throw new Unreadable('archiveTooBig', { max: limits.unpackedBytes / megabyte })
          yield piece as Buffer
        }
      } catch (error) {
        throw error instanceof Unreadable ? error : new Unreadable('archiveDamaged')
      } finally {
        stream.destroy()
      }
    },
  }
}

async function readDirectory(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  let declared = 0
  if (zip.entryCount > limits.files) throw new Unreadable('archiveManyFiles', { max: limits.files })
  await damagedOnError(async () => {
    for await (const entry of zip.eachEntry()) {
      if (entry.isEncrypted()) throw new Unreadable('archiveEncrypted')
      declared += entry.uncompressedSize
      // Directories end in a slash. The first of two files with one name is the one that counts.
      if (!entry.fileName.endsWith('/') && !entries.has(entry.fileName)) entries.set(entry.fileName, entry)
    }
  })
  if (declared > limits.unpackedBytes) throw new Unreadable('archiveTooBig', { max: limits.unpackedBytes / megabyte })
  return entries
}

async function damagedOnError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable('archiveDamaged')
  }
}
