import { layoutTexts } from '../../school/texts/console/layout.ts'
import type { Right } from '../rights.ts'
import type { Visit } from './visit.ts'

interface Place {
  path: string
  title: string
  /** Who sees it; absent: everybody of a school. */
  right?: Right
}

const places: readonly Place[] = [
  { path: '/today', title: layoutTexts.today, right: 'work' },
  { path: '/processes', title: layoutTexts.processes },
]

/** The pages in the head of every page, for this person. */
export const placesFor = (visit: Visit): Place[] => places.filter(({ right }) => (right === undefined ? visit.school !== null : visit.may(right)))

/** Where a person begins. */
export const homeOf = (visit: Visit): string => placesFor(visit)[0]?.path ?? '/account'
