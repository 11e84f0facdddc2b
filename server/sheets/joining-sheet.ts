import { fileURLToPath } from 'node:url'
import PDFDocument from 'pdfkit'
import { drawStrip, stripHeight, type Strip } from './strip.ts'

/** What a printed sheet is made of. */
export interface JoiningSheet {
  /** Title of the document, as viewers show it. */
  title: string
  strips: readonly Strip[]
}

/** PT Sans (OFL 1.1) has Cyrillic; what is used of it is embedded. */
const fonts = { text: fileURLToPath(import.meta.resolve('@expo-google-fonts/pt-sans/400Regular/PTSans_400Regular.ttf')), bold: fileURLToPath(import.meta.resolve('@expo-google-fonts/pt-sans/700Bold/PTSans_700Bold.ttf')) }

const margin = 34
/** A4 in points. */
const page = { width: 595.28, height: 841.89 }
const perPage = Math.floor((page.height - 2 * margin) / stripHeight)

/**
 * A sheet of strips to cut out, one for each person, as a stream. It is laid out while it is read, and nothing of it stays
 * on the server.
 */
export function joiningSheet({ title, strips }: JoiningSheet): PDFKit.PDFDocument {
  const document = new PDFDocument({ size: 'A4', margin, autoFirstPage: false, lang: 'ru', displayTitle: true, info: { Title: title } })
  document.registerFont('text', fonts.text).registerFont('bold', fonts.bold)
  strips.forEach((strip, at) => {
    if (at % perPage === 0) document.addPage()
    drawStrip(document, strip, { x: margin, y: margin + (at % perPage) * stripHeight, width: page.width - 2 * margin })
  })
  document.end()
  return document
}
