import type { AppDeps } from '../../deps.ts'
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
import { newMovementPage } from './movement-new.ts'
import { movementPages } from './movements.ts'
import { newPersonPage } from './new-person.ts'
import { newSchoolPage } from './operator-school.ts'
import { operatorPages } from './operator.ts'
import { ordersPages } from './orders.ts'
import { overviewPage } from './overview.ts'
import { peoplePage } from './people.ts'
import { personPage } from './person.ts'
import { processPage } from './process.ts'
import { processesPage } from './processes.ts'
import { promotionClassPage } from './promotion-class.ts'
import { promotionPages } from './promotion.ts'
import { schoolPage } from './school.ts'
import { settingsCalendarPage } from './settings-calendar.ts'
import { settingsKeysPage } from './settings-keys.ts'
import { settingsLettersPage } from './settings-letters.ts'
import { settingsUsersPage } from './settings-users.ts'
import { settingsMainPage } from './settings.ts'
import { taskPage } from './task.ts'
import { todayPage } from './today.ts'

/** Every page of the console that begins after the sign-in; each file adds its own. */
export const pages: readonly ((console: Console, deps: AppDeps) => void)[] = [
  todayPage,
  taskPage,
  processesPage,
  processPage,
  newMovementPage,
  movementPages,
  promotionPages,
  promotionClassPage,
  overviewPage,
  settingsMainPage,
  settingsCalendarPage,
  settingsLettersPage,
  settingsKeysPage,
  settingsUsersPage,
  operatorPages,
  newSchoolPage,
  peoplePage,
  newPersonPage,
  invitePages,
  personPage,
  classesPage,
  classPage,
  linksPage,
  linkActPages,
  linkPage,
  importsPage,
  importPage,
  schoolPage,
  lettersPages,
  inboxPages,
  ordersPages,
]
