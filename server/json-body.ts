import type { App } from './deps.ts'
import { Refusal } from './failures.ts'

/** Deeper than anything that is sent here; what follows may walk a body by recursion. */
const deepest = 32

/**
 * Reads JSON bodies: as Fastify does, and refuses what two readers could understand in two ways, a member that comes
 * twice in one object (RFC 8259, section 4), and what nests without end.
 */
export function readJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    // Typed as if it could answer by a promise too; this one never does.
    void parse(request, text, (error, value) => (error || isClear(text) ? done(error, value) : done(new Refusal('malformedBody'))))
  })
}

/** Whether every object of a JSON text names each of its members once, and nothing nests too deep. */
function isClear(json: string): boolean {
  /** Names seen in each open object; null for an open list. */
  const open: (Set<string> | null)[] = []
  for (const [token, colon] of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[[\]{}]/g)) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : null)
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const names = open.at(-1)
      // «a» and «\u0061» are one name.
      const name = JSON.parse(token.slice(0, -colon.length)) as string
      if (names?.has(name)) return false
      names?.add(name)
    }
    if (open.length > deepest) return false
  }
  return true
}
