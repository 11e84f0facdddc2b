import { layoutTexts } from '../../school/texts/console/layout.ts'
import { movementTexts } from '../../school/texts/console/movement.ts'
import { operatorTexts } from '../../school/texts/console/operator.ts'
import { overviewTexts } from '../../school/texts/console/overview.ts'
import { settingsTexts } from '../../school/texts/console/settings.ts'
import { classesTexts } from '../../school/texts/console/classes.ts'
import { linkTexts } from '../../school/texts/console/links.ts'
import { peopleTexts } from '../../school/texts/console/people.ts'
import { schoolTexts } from '../../school/texts/console/school.ts'
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
  { path: '/school', title: schoolTexts.title, right: 'read' },
  { path: '/people', title: peopleTexts.title, right: 'read' },
  { path: '/classes', title: classesTexts.title },
  { path: '/links', title: linkTexts.title },
  { path: '/movement', title: movementTexts.title, right: 'read' },
  { path: '/processes', title: layoutTexts.processes },
  { path: '/overview', title: overviewTexts.title, right: 'read' },
  { path: '/settings', title: settingsTexts.title, right: 'settings' },
  { path: '/operator/state', title: operatorTexts.title, right: 'operate' },
  { path: '/operator/schools', title: operatorTexts.schools, right: 'operate' },
  { path: '/operator/letters', title: operatorTexts.letters, right: 'operate' },
]

/** The pages in the head of every page, for this person. */
export const placesFor = (visit: Visit): Place[] => places.filter(({ right }) => (right === undefined ? visit.school !== null : visit.may(right)))

/** Where a person begins. */
export const homeOf = (visit: Visit): string => placesFor(visit)[0]?.path ?? '/account'
