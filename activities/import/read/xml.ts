import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { Unreadable } from '../../../school/roster/unreadable.ts'

/** What is told of a document. Names come without their prefix: writers choose prefixes freely. */
export interface XmlHandlers {
  open?: (name: string, attribute: (name: string) => string | undefined) => void
  text?: (text: string) => void
  close?: (name: string) => void
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

/** Bytes without an element beginning or ending: a text, tag or comment that no table has. */
const silentBytes = 4 * 1024 * 1024
/** Elements within elements. Spreadsheets need a dozen. */
const depth = 100

/**
 * Reads a document piece by piece, keeping nothing. A document type is refused: with it would come entities that
 * unfold without end and files that are none of ours. @throws Unreadable for that, and for what is not well formed
 */
export async function readXml(pieces: AsyncIterable<Buffer>, handlers: XmlHandlers): Promise<void> {
  for await (const _ of xmlPieces(pieces, handlers));
}

/** The same, pausing after each piece, so that what it said can be handed on before the next is read. */
export async function* xmlPieces(pieces: AsyncIterable<Buffer>, { open, text, close }: XmlHandlers): AsyncGenerator<void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false })
  let silent = 0
  let level = 0
  parser.on('doctype', () => {
    throw new Unreadable('archiveUnsafe')
  })
  parser.on('error', () => {
    throw new Unreadable('archiveDamaged')
  })
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    silent = 0
    if ((level += 1) > depth) throw new Unreadable('archiveDamaged')
    open?.(local(name), (wanted) => attributes[wanted] ?? Object.entries(attributes).find(([full]) => full.includes(':') && !full.startsWith('xmlns') && local(full) === wanted)?.[1])
  })
  parser.on('closetag', ({ name }: SaxesTagPlain) => {
    silent = 0
    level -= 1
    close?.(local(name))
  })
  if (text) {
    parser.on('text', text)
    parser.on('cdata', text)
  }
  const decoder = new TextDecoder('utf-8')
  for await (const piece of pieces) {
    silent += piece.length
    parser.write(decoder.decode(piece, { stream: true }))
    if (silent > silentBytes) throw new Unreadable('fileTooHeavy')
    yield
  }
  parser.write(decoder.decode())
  parser.close()
}
