import { expect, test } from 'vitest'
import { checkLinkUrl } from '../../../school/validation/link-url.ts'
import { outcome } from './outcome.ts'

test.each([
  ['https://max.ru/join/EXAMPLE-ONLY', 'https://max.ru/join/EXAMPLE-ONLY'],
  [' HTTPS://Web.MAX.ru/join/EXAMPLE-ONLY?a=1 ', 'https://web.max.ru/join/EXAMPLE-ONLY?a=1'],
])('«%s» is a link of the platform', (text, url) => {
  expect(outcome(checkLinkUrl(text))).toBe(url)
})

test.each([
  ['http://max.ru/join/E', 'linkUrlNotHttps'], ['javascript:alert(1)', 'linkUrlNotHttps'], ['max.ru/join/E', 'linkUrlFormat'], ['', 'linkUrlFormat'],
  ['https:max.ru/join/E', 'linkUrlFormat'], ['https://max.ru\\@evil.example/', 'linkUrlFormat'], ['https://max.ru/jo\nin', 'linkUrlFormat'],
  ['https://max.ru/\u202ejoin', 'linkUrlFormat'], ['https://max.ru@evil.example/', 'linkUrlCredentials'], ['https://a:b@max.ru/', 'linkUrlCredentials'],
  ['https://evilmax.ru/', 'linkUrlHost'], ['https://max.ru.evil.example/', 'linkUrlHost'], ['https://mаx.ru/', 'linkUrlHost'],
  ['https://max.ru:8443/', 'linkUrlHost'], [`https://max.ru/${'a'.repeat(2048)}`, 'linkUrlTooLong'],
])('«%s» is refused: %s', (text, code) => {
  expect(outcome(checkLinkUrl(text))).toEqual([code])
})

test('the allowed hosts are a setting', () => {
  expect(checkLinkUrl('https://sferum.example/join', ['sferum.example']).ok).toBe(true)
  expect(outcome(checkLinkUrl('https://max.ru/join', ['sferum.example']))).toEqual(['linkUrlHost'])
})
