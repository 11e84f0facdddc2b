/** What a browser without scripts shows. */
export interface ShownPage {
  status: number
  /** Words of the page, without markup. */
  text: string
  /** What can be pressed. */
  buttons: string[]
  /** Where the platform's page would open: the press led off our site. */
  leftTo?: string
}

/** The address of the personal page in a letter. Throws for a letter without one. */
export function pageIn(letter: string): string {
  const found = /https?:\/\/\S+\/i\/[A-Za-z0-9_-]+/.exec(letter)
  if (!found) throw new Error('no personal page in the letter')
  return found[0]
}

/** An invited person with a browser without JavaScript, at the page from the letter. */
export function invitedPerson(page: string) {
  const look = async () => shown(await fetch(page))

  /** Presses a button of the page as it is now; redirects within the site are followed. */
  async function press(label: string, fields: Record<string, string> = {}): Promise<ShownPage> {
    const action = formsOf(await (await fetch(page)).text()).get(label)
    if (action === undefined) throw new Error(`there is no button «${label}»`)
    return submit(action, fields)
  }

  /** Sends a form the browser still shows although the page has changed since. */
  async function submit(action: string, fields: Record<string, string> = {}): Promise<ShownPage> {
    const { origin } = new URL(page)
    const target = new URL(action, page)
    const response = await fetch(target, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', headers: { origin, 'sec-fetch-site': 'same-origin' } })
    const location = response.headers.get('location')
    if (response.status !== 303 || location === null) return shown(response)
    const next = new URL(location, target)
    if (next.origin !== origin) return { status: 303, text: '', buttons: [], leftTo: next.href }
    return shown(await fetch(next))
  }

  return { page, look, press, submit: (path: 'open' | 'request-sent' | 'decline' | 'new-link', fields?: Record<string, string>) => submit(`${page}/${path}`, fields) }
}

/** Buttons of a page by their words, with the address each form goes to. */
function formsOf(html: string): Map<string, string> {
  const forms = [...html.matchAll(/<form method="post" action="([^"]+)">([\s\S]*?)<\/form>/g)]
  return new Map(forms.map(([, action, inside]) => [words(/<button[^>]*>([\s\S]*?)<\/button>/.exec(inside!)?.[1] ?? ''), action!]))
}

async function shown(response: Response): Promise<ShownPage> {
  const html = await response.text()
  return { status: response.status, text: words(html), buttons: [...formsOf(html).keys()] }
}

const words = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
