import type { Console } from '../console.ts'
import { classPage } from './class.ts'
import { classesPage } from './classes.ts'
import { importPage } from './import.ts'
import { importsPage } from './imports.ts'
import { inboxPages } from './inbox.ts'
import { invitePages } from './invite.ts'
import { lettersPages } from './letters.ts'
import { linkActPages } from './link-acts.ts'
import { linkPage } from './link.ts'
import { linksPage } from './links.ts'
import { newPersonPage } from './new-person.ts'
import { ordersPages } from './orders.ts'
import { peoplePage } from './people.ts'
import { personPage } from './person.ts'
import { schoolPage } from './school.ts'

/** People and classes, links, the school: the registers of the console. */
export const peopleAndSchoolPages: readonly ((console: Console) => void)[] = [
  peoplePage, newPersonPage, invitePages, personPage, classesPage, classPage, linksPage, linkActPages, linkPage, importsPage, importPage, schoolPage, lettersPages, inboxPages, ordersPages,
]
