import { expect, test } from 'vitest'
import { isLocalDate } from '../../../school/calendar/local-date.ts'

test.each(['2026-02-28', '2028-02-29', '0001-01-01', '9999-12-31'])('%s is a day', (text) => expect(isLocalDate(text)).toBe(true))

test.each(['2026-02-29', '2026-13-01', '2026-00-10', '0000-01-01', '26-01-01', '2026-1-1', '+02026-01-01', '2026-01-01T00:00:00Z', ''])('«%s» is none', (text) => expect(isLocalDate(text)).toBe(false))
