export { cohort } from './cohort.ts'
export { schoolDay } from './school-day.ts'
