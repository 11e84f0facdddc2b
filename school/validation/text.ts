import { invalid, valid, type Checked } from './checked.ts'
import { normalizeText } from './normalize.ts'

/** A text a person wrote: not empty, at most `max` characters, no HTML, control characters removed (section 11). */
export function checkText(text: string, { max }: { max: number }): Checked<string> {
  const value = normalizeText(text)
  if (value === '') return invalid('textRequired')
  if ([...value].length > max) return invalid('textTooLong', { max })
  // Browsers open a tag at «<» followed by these, closed or not; «a < b» is no tag.
  return /<[a-z/!?]/i.test(value) ? invalid('textHtml') : valid(value)
}
