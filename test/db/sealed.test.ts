import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseKeyRing } from '../../db/key-ring.ts'
import { open, openBytes, seal, sealBytes } from '../../db/sealed.ts'

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [old, current] = [key('old'), key('current')]
const before = parseKeyRing(old)
const rotated = parseKeyRing(`${current},${old}`)

test('sealed text opens again, and two seals of one text differ', () => {
  expect(open(before, seal(before, '+79000000003', 'people.phone'), 'people.phone')).toBe('+79000000003')
  expect(seal(before, 'Ёлкин', 'c')).not.toBe(seal(before, 'Ёлкин', 'c'))
})

test('after a rotation old text still opens and new text is sealed with the new key', () => {
  expect(open(rotated, seal(before, 'Ким', 'c'), 'c')).toBe('Ким')
  expect(seal(rotated, 'Ким', 'c')).toMatch(/^current\./)
})

test('a key that left the ring is named, the text stays closed', () => {
  expect(() => open(before, seal(rotated, 'Ким', 'c'), 'c')).toThrow(/no key «current» in PAYLOAD_KEYS/)
})

test('text of another context, changed text and cut text stay closed', () => {
  const sealed = seal(before, 'Ким', 'people.lastName')
  expect(() => open(before, sealed, 'people.firstName')).toThrow()
  // Not the last letter: some of its bits belong to no byte.
  expect(() => open(before, sealed.replace(/.(?=.{3}$)/, (letter) => (letter === 'A' ? 'B' : 'A')), 'people.lastName')).toThrow()
  expect(() => open(before, 'old.AAAA', 'people.lastName')).toThrow(/cut short/)
})

test('a long text is kept packed and opens again; whether it is packed is sealed with it', () => {
  const letter = 'Уважаемая Алсу Ринатовна! '.repeat(200)
  const sealed = seal(before, letter, 'letters.mime:1')
  expect(sealed.length).toBeLessThan(letter.length / 10)
  expect(open(before, sealed, 'letters.mime:1')).toBe(letter)
  expect(() => open(before, sealed.replace('.~', '.'), 'letters.mime:1')).toThrow()
})

test('what was sealed as a payload does not open as a column', () => {
  const sealed = sealBytes(before, 'payload', Buffer.from('Ким'), '')
  expect(() => openBytes(before, 'column', sealed, '')).toThrow()
})

test.each(['', 'a', 'a:', 'a:AAAA', `a b:${Buffer.alloc(32).toString('base64')}`, `${old},${old}`])('the ring «%s» is refused', (text) => {
  expect(() => parseKeyRing(text)).toThrow(/^key \d/)
})
