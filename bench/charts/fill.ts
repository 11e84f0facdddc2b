import { readFileSync, writeFileSync } from 'node:fs'

/** Puts text between `<!-- name -->` and `<!-- /name -->` of a document; what people wrote around it stays. */
export function fill(file: string, parts: Readonly<Record<string, string>>): void {
  let text = readFileSync(file, 'utf8')
  for (const [name, part] of Object.entries(parts)) {
    const [from, to] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`]
    const [start, end] = [text.indexOf(from), text.indexOf(to)]
    if (start < 0 || end < start) throw new Error(`${file} has no place for ${name}`)
    text = `${text.slice(0, start + from.length)}\n${part.trimEnd()}\n\n${text.slice(end)}`
  }
  writeFileSync(file, text)
}
