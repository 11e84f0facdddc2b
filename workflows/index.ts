export { cohort } from './cohort.ts'
