import { create } from 'qrcode'

/** What stands on one strip. */
export interface Strip {
  /** «Для родителей (законных представителей) 5А»: in the largest type. */
  forWhom: string
  /** Whom it is given to; as large. */
  name: string
  /** Who has a link of their own. */
  notForOthers: string
  /** «Чат «5А — родители — 2026/27», МОУ «Зареченская ОШ № 7»». */
  place: string
  /** «Действует до 22 сентября 2026 г., 23:59». */
  term: string
  url: string
}

interface Place {
  x: number
  y: number
  width: number
}

export const stripHeight = 110
const padding = 8
const codeSize = stripHeight - 2 * padding
/** White modules around a code (ISO/IEC 18004). */
const quiet = 4
const sizes = { large: 15, text: 9 }

/** Draws a strip and the line to cut it along. */
export function drawStrip(document: PDFKit.PDFDocument, strip: Strip, { x, y, width }: Place): void {
  drawCode(document, strip.url, x, y + padding)
  const left = x + codeSize + padding
  const room = x + width - left
  let top = y + padding + 2
  const line = (font: 'text' | 'bold', size: number, text: string) => {
    const fitting = fit(document.font(font), size, text, room)
    document.fontSize(fitting).text(text, left, top, { lineBreak: false })
    top += size * 1.25
  }
  line('bold', sizes.large, strip.forWhom)
  line('bold', sizes.large, strip.name)
  line('text', sizes.text, strip.notForOthers)
  line('text', sizes.text, strip.place)
  line('text', sizes.text, strip.term)
  line('bold', sizes.text, strip.url)
  document.moveTo(x, y + stripHeight).lineTo(x + width, y + stripHeight).lineWidth(0.5).dash(4, { space: 3 }).stroke('#777777').undash()
}

/** The size at which a text fits into the room: its own, or as much smaller as it takes. */
function fit(document: PDFKit.PDFDocument, size: number, text: string, room: number): number {
  const width = document.fontSize(size).widthOfString(text)
  return width <= room ? size : Math.floor(((size * room) / width) * 10) / 10
}

/** A QR code as one black path: sharp at any resolution. */
function drawCode(document: PDFKit.PDFDocument, url: string, x: number, y: number): void {
  const { modules } = create(url, { errorCorrectionLevel: 'M' })
  const side = codeSize / (modules.size + 2 * quiet)
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      const from = column
      while (column < modules.size && modules.get(row, column)) column += 1
      if (column > from) document.rect(x + (quiet + from) * side, y + (quiet + row) * side, (column - from) * side, side)
    }
  }
  document.fill('#000000')
}
