import { describe, expect, test } from 'vitest'
import { sharedPhoneWarning } from '../../../school/validation/phone-shared.ts'
import { checkGuardianPhone, checkSchoolPhone, checkStaffPhone, formatPhone, maskPhone } from '../../../school/validation/phone.ts'
import { outcome } from './outcome.ts'

describe('staff', () => {
  test.each(['8 (900) 000-00-02', '9000000002', '+7 900 000 00 02', '79000000002', '8–900–000–00–02'])('«%s» is a Russian mobile', (text) => {
    expect(outcome(checkStaffPhone(text))).toBe('+79000000002')
  })

  test.each([
    ['+74950000000', 'phoneNotRussianMobile'], ['+375290000000', 'phoneNotRussianMobile'], ['+7 701 000 00 00', 'phoneNotRussianMobile'],
    ['', 'phoneFormat'], ['телефон', 'phoneFormat'], ['+7 900 000 00 02 доб. 5', 'phoneFormat'],
    ['9000000002, 9000000003', 'phoneFormat'], ['90000000', 'phoneNotRussianMobile'],
  ])('«%s» is refused: %s', (text, code) => {
    expect(outcome(checkStaffPhone(text))).toEqual([code])
  })

  test('the error says what is needed', () => {
    expect(checkStaffPhone('+74950000000')).toMatchObject({ problems: [{ message: 'Нужен мобильный номер РФ' }] })
  })
})

describe('guardians', () => {
  test.each(['+79000000005', '+375290000000', '+77010000000', '+998901234567'])('%s is accepted', (number) => {
    expect(outcome(checkGuardianPhone(number))).toBe(number)
  })

  test.each([['+49 30 000000', 'phoneCountry'], ['+74950000000', 'phoneNotRussianMobile'], ['+37529', 'phoneFormat']])('«%s» is refused: %s', (text, code) => {
    expect(outcome(checkGuardianPhone(text))).toEqual([code])
  })

  test('the list of countries is a setting', () => {
    expect(outcome(checkGuardianPhone('+375290000000', ['7']))).toEqual(['phoneCountry'])
  })
})

test.each(['+70000000007', '8 (84667) 1-23-45', '+79000000002'])('«%s» may be the number of a school', (text) => {
  expect(checkSchoolPhone(text).ok).toBe(true)
})

test('a foreign number is not the number of a school', () => {
  expect(outcome(checkSchoolPhone('+375290000000'))).toEqual(['phoneNotRussian'])
})

test('a number is shown in groups and masked but for its ends', () => {
  expect([formatPhone('+79000000001'), maskPhone('+79000000001')]).toEqual(['+7 (900) 000-00-01', '+7 (900) ***-**-01'])
  expect([formatPhone('+375291234567'), maskPhone('+375291234567')]).toEqual(['+375 29 123 45 67', '+375 29 *** ** 67'])
})

test('a number shared by a pupil and a guardian warns more strongly', () => {
  expect(sharedPhoneWarning('staff', 'guardian', 'phone')).toMatchObject({ code: 'phoneShared', path: 'phone' })
  expect(sharedPhoneWarning('student', 'guardian', 'phone').code).toBe('phoneSharedWithPupil')
  expect(sharedPhoneWarning('guardian', 'guardian', 'phone').code).toBe('phoneShared')
})
