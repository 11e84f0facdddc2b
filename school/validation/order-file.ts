import { createHash } from 'node:crypto'
import { invalid, valid, type Checked } from './checked.ts'
import { normalizeLine } from './normalize.ts'

const maxMegabytes = 10
const maxNameLength = 120

const types = [
  { label: 'PDF', mime: 'application/pdf', aliases: [], extensions: ['pdf'], signature: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { label: 'JPEG', mime: 'image/jpeg', aliases: ['image/jpg', 'image/pjpeg'], extensions: ['jpg', 'jpeg'], signature: [0xff, 0xd8, 0xff] },
  {
    label: 'PNG',
    mime: 'image/png',
    aliases: [],
    extensions: ['png'],
    signature: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  },
] as const
type FileType = (typeof types)[number]

/** What clients send when they do not know the type: no claim, so no lie. */
const noClaim = ['', 'application/octet-stream', 'binary/octet-stream']

/** A file fit to be an order: its type by content, size in bytes, SHA-256 in hex, a name without a path. */
export type OrderFile = { mime: FileType['mime']; extension: string; size: number; sha256: string; name: string }

/**
 * The scan of an order: PDF, JPEG or PNG of at most 10 MB, told by its first bytes (domain guide, section 11). A
 * declared type or an extension that says otherwise is an error: the recipient's programs would trust it.
 */
export function checkOrderFile(bytes: Uint8Array, declaredMime: string, declaredName: string): Checked<OrderFile> {
  if (bytes.length === 0) return invalid('fileEmpty')
  if (bytes.length > maxMegabytes * 1024 * 1024) return invalid('fileTooBig', { max: maxMegabytes })
  const type = types.find(({ signature }) => signature.every((byte, index) => bytes[index] === byte))
  if (!type) return invalid('fileTypeUnknown')

  const [essence = ''] = declaredMime.toLowerCase().split(';')
  const mime = essence.trim()
  const mimes: readonly string[] = [type.mime, ...type.aliases, ...noClaim]
  if (!mimes.includes(mime)) return invalid('fileTypeMismatch', { declared: mime, actual: type.label })

  const name = baseName(declaredName)
  const [, extension] = /\.([^.]*)$/.exec(name.toLowerCase()) ?? []
  const extensions: readonly string[] = type.extensions
  if (extension !== undefined && !extensions.includes(extension)) {
    return invalid('fileTypeMismatch', { declared: `.${extension}`, actual: type.label })
  }

  return valid({
    mime: type.mime,
    extension: type.extensions[0],
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    name: name || `prikaz.${type.extensions[0]}`,
  })
}

function baseName(name: string): string {
  const base = normalizeLine(name).replace(/^.*[/\\]/, '')
  // The end is kept: it holds the extension.
  return [...base].slice(-maxNameLength).join('')
}
