import { expect, test } from 'vitest'
import { checkEmail, emailKey } from '../../../school/validation/email.ts'
import { outcome, warnings } from './outcome.ts'

test.each([
  ['p.lisitsyn@zarechie.example', 'p.lisitsyn@zarechie.example'],
  ['  Direktor@ZARECHIE.Example ', 'Direktor@zarechie.example'],
  ['info@школа.рф', 'info@xn--80atdl2c.xn--p1ai'],
  ["o'neil+sferum@mail.zarechie.example", "o'neil+sferum@mail.zarechie.example"],
])('«%s» becomes %s', (text, value) => {
  expect(outcome(checkEmail(text))).toBe(value)
})

test.each([
  ['a@b.example\r\nBcc: c@d.example', 'emailControl'], ['a@b.example\n', 'emailControl'], ['a@b.example\0', 'emailControl'],
  ['a@b.example, c@d.example', 'emailMany'], ['a@b.example;c@d.example', 'emailMany'], ['a@b@c.example', 'emailMany'],
  ['', 'emailFormat'], ['zarechie.example', 'emailFormat'], ['@zarechie.example', 'emailFormat'], ['a..b@zarechie.example', 'emailFormat'],
  ['иван@zarechie.example', 'emailFormat'], ['Иванов <a@zarechie.example>', 'emailFormat'], ['"a b"@zarechie.example', 'emailFormat'],
  [`${'a'.repeat(65)}@zarechie.example`, 'emailFormat'],
  ['a@zarechie', 'emailDomain'], ['a@[127.0.0.1]', 'emailDomain'], ['a@127.0.0.1', 'emailDomain'], ['a@zarechie.example/path', 'emailDomain'],
  ['a@%7Aarechie.example', 'emailDomain'], ['a@-zarechie.example', 'emailDomain'], ['a@zarechie..example', 'emailDomain'],
  [`a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(20)}.example`, 'emailTooLong'],
])('«%s» is refused: %s', (text, code) => {
  expect(outcome(checkEmail(text))).toEqual([code])
})

test.each([['a@gmial.com', 'gmail.com'], ['a@yandx.ru', 'yandex.ru'], ['a@MAIL.RI', 'mail.ru']])('«%s» is accepted with a hint', (text, domain) => {
  const checked = checkEmail(text)
  expect(warnings(checked)).toEqual(['emailTypo'])
  expect(checked).toMatchObject({ warnings: [{ hint: `Возможно, имелось в виду «${domain}»` }] })
})

test('a usual domain gives no warning', () => {
  expect(warnings(checkEmail('a@gmail.com'))).toEqual([])
})

test('addresses that differ in case only are the same', () => {
  expect(emailKey('Direktor@zarechie.example')).toBe(emailKey('direktor@zarechie.example'))
})
