import type { YearData } from './year-data.ts'

/** 2027 before the decree on moved days: weekends and federal holidays only. */
export const year2027: YearData = {
  year: 2027,
  state: 'provisional',
  version: '2027.0',
  source: 'Трудовой кодекс РФ, ст. 112; постановление о переносе выходных дней в 2027 году не внесено',
  days: [],
}
