export interface Bar {
  title: string
  value: number
  /** The service itself. */
  ours: boolean
}

const width = 820
const left = 400
const row = 26
const top = 44

/** Horizontal bars on a logarithmic scale as an SVG; the figures stand beside them. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const shown = bars.filter(({ value }) => value > 0)
  const [low, high] = [Math.min(...shown.map(({ value }) => value)), Math.max(...shown.map(({ value }) => value))]
  // The shortest bar is still seen; one alone is as long as there is room.
  const length = (value: number) => (high === low ? 1 : 0.05 + (0.95 * Math.log(value / low)) / Math.log(high / low)) * (width - left - 90)
  const lines = shown.map(({ title: name, value, ours }, at) => {
    const y = top + at * row
    return [
      `<text x="${left - 8}" y="${y + 14}" text-anchor="end"${ours ? ' font-weight="bold"' : ''}>${escape(name)}</text>`,
      `<rect x="${left}" y="${y}" width="${length(value).toFixed(1)}" height="18" fill="${ours ? '#2563a8' : '#a9b8c6'}"/>`,
      `<text x="${(left + length(value) + 6).toFixed(1)}" y="${y + 14}">${figure(value)}</text>`,
    ].join('')
  })
  const height = top + shown.length * row + 8
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="13" role="img" aria-label="${escape(title)}"><rect width="100%" height="100%" fill="#fff"/><text x="8" y="22" font-size="15">${escape(title)}</text>${lines.join('')}</svg>\n`
}

const figure = (value: number) => (value >= 100 ? Math.round(value).toLocaleString('ru-RU') : value.toLocaleString('ru-RU', { maximumFractionDigits: 1 }))
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
