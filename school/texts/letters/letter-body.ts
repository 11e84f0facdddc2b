import escapeHtml from 'escape-html'

/** What a letter is made of, top to bottom. Every string is plain text; escaping happens here. */
export type LetterBlock =
  | { paragraph: string }
  | { list: readonly string[] }
  /** A link on a line of its own. `href` is an absolute http(s) URL. */
  | { link: string; href: string }

/** A letter ready for MIME: one line of subject, and the same words as plain text and as HTML. */
export interface LetterText {
  subject: string
  text: string
  html: string
}

const maxSubject = 200

/**
 * Lays a letter out. The subject becomes one line without control characters, at most 200 characters; the HTML holds
 * nothing but escaped text, paragraphs, lists and links.
 */
export function layLetter(subject: string, blocks: readonly LetterBlock[]): LetterText {
  const html = blocks.map(htmlOf).join('\n')
  return {
    subject: oneLine(subject, maxSubject),
    text: `${blocks.map(textOf).join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="ru">\n<head><meta charset="utf-8"></head>\n<body>\n${html}\n</body>\n</html>\n`,
  }
}

/** Text fit for a header: spaces for line breaks and other control characters, cut at `max` characters. */
export function oneLine(text: string, max: number): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').replace(/ {2,}/g, ' ').trim()
  const characters = [...line]
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : line
}

function textOf(block: LetterBlock): string {
  if ('paragraph' in block) return block.paragraph
  if ('list' in block) return block.list.map((item) => `— ${item}`).join('\n')
  return `${block.link}:\n${block.href}`
}

function htmlOf(block: LetterBlock): string {
  if ('paragraph' in block) return `<p>${escapeHtml(block.paragraph).replace(/\r?\n/g, '<br>')}</p>`
  if ('list' in block) return `<ul>${block.list.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
  return `<p><a href="${escapeHtml(block.href)}">${escapeHtml(block.link)}</a><br>${escapeHtml(block.href)}</p>`
}
