import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { App } from '../deps.ts'

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml; charset=utf-8' } as const

const own = (name: string) => new URL(`./assets/${name}`, import.meta.url)

/** Files that pages load, all from this server: nothing is built, nothing comes from another host. */
const files = {
  'console.css': own('console.css'),
  'console.js': own('console.js'),
  'icon.svg': own('icon.svg'),
  'htmx.min.js': import.meta.resolve('htmx.org/dist/htmx.min.js'),
} as const

const loaded = new Map(
  Object.entries(files).map(([name, url]) => {
    const content = readFileSync(fileURLToPath(url))
    const version = createHash('sha256').update(content).digest('hex').slice(0, 12)
    return [name, { content, version, type: types[name.split('.').at(-1) as keyof typeof types] }]
  }),
)

/** The address of a file as it is now: a browser keeps it until it changes. */
export const asset = (name: keyof typeof files): string => `/assets/${name}?v=${loaded.get(name)!.version}`

export function assetRoutes(app: App): void {
  for (const [name, { content, type }] of loaded) {
    app.get(`/assets/${name}`, { schema: { hide: true } }, (_request, reply) => reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').send(content))
  }
}
