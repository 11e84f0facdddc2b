/** Encodings that Russian rosters come in, the likelier first. */
export const encodings = ['utf-8', 'windows-1251', 'utf-16le', 'utf-16be', 'koi8-r', 'ibm866', 'x-mac-cyrillic'] as const
export type Encoding = (typeof encodings)[number]

const marks: readonly [mark: readonly number[], encoding: Encoding][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]

/** The encoding that the first bytes name (BOM), or undefined. */
export function markedEncoding(bytes: Uint8Array): Encoding | undefined {
  return marks.find(([mark]) => mark.every((byte, at) => bytes[at] === byte))?.[1]
}

/** The text in pieces. Bytes that the encoding does not know become U+FFFD, which no name may contain. */
export function* decode(bytes: Uint8Array, encoding: Encoding): Generator<string> {
  const decoder = new TextDecoder(encoding)
  const piece = 64 * 1024
  for (let at = 0; at < bytes.length; at += piece) yield decoder.decode(bytes.subarray(at, at + piece), { stream: true })
  yield decoder.decode()
}
