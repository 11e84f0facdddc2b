import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, expect, inject, onTestFinished } from 'vitest'
import type { ChromiumFacts } from './chromium-server.ts'
import { sharedService } from './shared-services.ts'

export const phone = { width: 320, height: 640 } as const
export const desktop = { width: 1280, height: 800 } as const

const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/**
 * The shared Chromium. `open` gives a page with a profile of its own, closed with the test; what the page writes to its
 * console as an error fails the test: a refused script or style is one. Call at the top level of a test file.
 */
export async function consoleBrowser() {
  const { wsEndpoint } = await sharedService<ChromiumFacts>(inject('brokerUrl'), 'chromium')
  const browser = await chromium.connect(wsEndpoint)
  afterAll(() => browser.close())

  return {
    async open(options: BrowserContextOptions = {}): Promise<Page> {
      const context: BrowserContext = await browser.newContext({ viewport: desktop, locale: 'ru-RU', ...options })
      const errors: string[] = []
      const page = await context.newPage()
      page.setDefaultTimeout(20_000)
      // A refused form is answered with 4xx, which the console notes; anything else is a mistake of the page.
      page.on('console', (message) => message.type() === 'error' && !/Failed to load resource|Response Status Error Code/.test(message.text()) && errors.push(message.text()))
      page.on('pageerror', (error) => errors.push(String(error)))
      onTestFinished(async () => {
        await context.close()
        expect(errors).toEqual([])
      })
      return page
    },
  }
}

/** No violation of WCAG 2.1 A and AA, as far as a program sees it (axe-core). */
export async function expectAccessible(page: Page): Promise<void> {
  // Through the debugger, not as a script of the page: its policy takes none.
  await page.evaluate(axe)
  const violations = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 150)} ${failureSummary ?? ''}`).join(' | ')}`)
  })
  expect(violations, page.url()).toEqual([])
}

/** Nothing sticks out to the right: no reading by pushing the page about (WCAG 1.4.10). */
export async function expectNoSideScroll(page: Page): Promise<void> {
  const { wide, room } = await page.evaluate<{ wide: number; room: number }>('({ wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth })')
  expect(wide, page.url()).toBeLessThanOrEqual(room)
}
