import { describe, expect, test } from 'vitest'
import { checkInn } from '../../../school/validation/inn.ts'
import { checkKpp } from '../../../school/validation/kpp.ts'
import { checkOgrn } from '../../../school/validation/ogrn.ts'
import { outcome } from './outcome.ts'

describe('INN', () => {
  test.each(['0001000010', '0001000028', '0001000035'])('%s is valid', (inn) => {
    expect(outcome(checkInn(inn))).toBe(inn)
  })

  test('spaces are dropped', () => {
    expect(outcome(checkInn(' 00010 00010\u00a0'))).toBe('0001000010')
  })

  test.each([
    ['0001000011', 'innChecksum'], ['000100001', 'innLength'], ['123456789012', 'innPersonal'], ['0000000000', 'innZeros'],
    ['00010000A0', 'innDigits'], ['', 'innDigits'], ['٠٠٠١٠٠٠٠١٠', 'innDigits'],
  ])('«%s» is refused: %s', (inn, code) => {
    expect(outcome(checkInn(inn))).toEqual([code])
  })

  test('the INN of a person is called so', () => {
    expect(checkInn('123456789012')).toMatchObject({ problems: [{ message: 'Это ИНН физического лица' }] })
  })
})

describe('OGRN', () => {
  test.each(['1020001000018', '1170002000024', '1260003000036'])('%s is valid', (ogrn) => {
    expect(outcome(checkOgrn(ogrn))).toBe(ogrn)
  })

  test.each([
    ['1020001000017', 'ogrnChecksum'], ['102000100001', 'ogrnLength'], ['0000000000000', 'ogrnZeros'], ['10200010000I8', 'ogrnDigits'],
  ])('«%s» is refused: %s', (ogrn, code) => {
    expect(outcome(checkOgrn(ogrn))).toEqual([code])
  })
})

describe('KPP', () => {
  test.each(['000101001', '0001AB001'])('%s is valid', (kpp) => {
    expect(outcome(checkKpp(kpp))).toBe(kpp)
  })

  test.each([
    ['000000000', 'kppZeros'], ['00010100', 'kppFormat'], ['0001ab001', 'kppFormat'], ['0001АВ001', 'kppFormat'],
  ])('«%s» is refused: %s', (kpp, code) => {
    expect(outcome(checkKpp(kpp))).toEqual([code])
  })
})
