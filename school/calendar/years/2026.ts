import type { YearData } from './year-data.ts'

/** Production calendar of 2026. The moves apply to the five-day and the six-day week. */
export const year2026: YearData = {
  year: 2026,
  state: 'final',
  version: '2026.1',
  source:
    'Постановление Правительства РФ от 24.09.2025 № 1466 «О переносе выходных дней в 2026 году»; Трудовой кодекс РФ, ст. 95, 112',
  days: [
    { date: '2026-01-09', kind: 'movedOff' },
    { date: '2026-03-09', kind: 'movedOff' },
    { date: '2026-04-30', kind: 'shortened' },
    { date: '2026-05-08', kind: 'shortened' },
    { date: '2026-05-11', kind: 'movedOff' },
    { date: '2026-06-11', kind: 'shortened' },
    { date: '2026-11-03', kind: 'shortened' },
    { date: '2026-12-31', kind: 'movedOff' },
  ],
}
