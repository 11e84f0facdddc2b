import jsqr from 'jsqr'
import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'

/** A page of a PDF as a reader sees it. */
export interface ReadPage {
  /** Lines of text from the top, each with its size in points. */
  lines: { text: string; size: number; top: number }[]
  /** What its QR codes say, from the top. */
  codes: string[]
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Reads a PDF back: text by the fonts it embeds, QR codes by their black squares. */
export async function readPdf(content: Buffer): Promise<{ title: string; fonts: string[]; pages: ReadPage[] }> {
  const task = getDocument({ data: new Uint8Array(content), verbosity: 0, useSystemFonts: false })
  const document = await task.promise
  const pages: ReadPage[] = []
  const fonts = new Set<string>()
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number)
    const { height } = page.getViewport({ scale: 1 })
    const { items } = await page.getTextContent()
    const texts = items.flatMap((item) => ('str' in item && item.str.trim() !== '' ? [{ text: item.str, size: item.height, top: height - (item.transform[5] as number) }] : []))
    const { fnArray, argsArray } = await page.getOperatorList()
    fnArray.forEach((operator, at) => {
      if (operator === OPS.setFont) fonts.add((page.commonObjs.get((argsArray[at] as [string])[0]) as { name: string }).name)
    })
    const paths = fnArray.flatMap((operator, at) => (operator === OPS.constructPath ? [rectanglesOf(argsArray[at] as [number[], number[]])] : []))
    pages.push({ lines: texts.sort((a, b) => a.top - b.top), codes: paths.filter((boxes) => boxes.length > 20).map(decode) })
  }
  const { info } = await document.getMetadata()
  await task.destroy()
  return { title: String((info as { Title?: unknown }).Title), fonts: [...fonts], pages }
}

/** The rectangles of one path. */
function rectanglesOf([operators, numbers]: [number[], number[]]): Box[] {
  let at = 0
  const taken: Record<number, number> = { [OPS.moveTo]: 2, [OPS.lineTo]: 2, [OPS.curveTo]: 6, [OPS.rectangle]: 4 }
  return operators.flatMap((operator) => {
    const given = numbers.slice(at, at + (taken[operator] ?? 0))
    at += given.length
    return operator === OPS.rectangle ? [{ x: given[0]!, y: given[1]!, width: given[2]!, height: given[3]! }] : []
  })
}

/** Paints the squares as a scanner would see them. */
function decode(boxes: readonly Box[]): string {
  const side = Math.min(...boxes.map(({ height }) => height))
  const left = Math.min(...boxes.map(({ x }) => x))
  const top = Math.min(...boxes.map(({ y }) => y))
  const scale = 4
  const border = 4
  const modules = Math.round((Math.max(...boxes.map(({ y, height }) => y + height)) - top) / side)
  const size = (modules + 2 * border) * scale
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255)
  for (const { x, y, width } of boxes) {
    const [row, column, length] = [Math.round((y - top) / side), Math.round((x - left) / side), Math.round(width / side)]
    for (let dy = 0; dy < scale; dy += 1) {
      const start = ((border + row) * scale + dy) * size + (border + column) * scale
      for (let dx = 0; dx < length * scale; dx += 1) pixels.fill(0, (start + dx) * 4, (start + dx) * 4 + 3)
    }
  }
  return jsqr.default(pixels, size, size)?.data ?? ''
}
