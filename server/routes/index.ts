import type { App, AppDeps } from '../deps.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { classRoutes } from './classes.ts'
import { erasureCertificateRoutes } from './erasure-certificates.ts'
import { exportRoutes } from './exports.ts'
import { importRoutes } from './imports.ts'
import { inboundRoutes } from './inbound.ts'
import { invitationPageRoutes } from './invitation-pages.ts'
import { joiningHandoutRoutes } from './joining-handouts.ts'
import { joiningTermRoutes } from './joining-terms.ts'
import { joiningRoutes } from './joinings.ts'
import { journalRoutes } from './journal.ts'
import { letterRoutes } from './letters.ts'
import { letterSampleRoutes } from './letter-samples.ts'
import { linkRoutes } from './links.ts'
import { membershipRoutes } from './memberships.ts'
import { movementListRoutes } from './movement-lists.ts'
import { movementRoutes } from './movements.ts'
import { onboardingRoutes } from './onboardings.ts'
import { meRoutes } from './me.ts'
import { metaRoutes } from './meta.ts'
import { operatorRoutes } from './operator.ts'
import { operatorInboxRoutes } from './operator-inbox.ts'
import { operatorWorkRoutes } from './operator-work.ts'
import { orderRoutes } from './orders.ts'
import { organizationRoutes } from './organizations.ts'
import { personDataRoutes } from './person-data.ts'
import { personHistoryRoutes } from './person-history.ts'
import { peopleRoutes } from './people.ts'
import { overviewRoutes } from './overview.ts'
import { processEventRoutes } from './process-events.ts'
import { processRoutes } from './processes.ts'
import { promotionRoutes } from './promotions.ts'
import { registrationRoutes } from './registrations.ts'
import { spaceRoutes } from './spaces.ts'
import { staffAssignmentRoutes } from './staff-assignments.ts'
import { subjectRoutes } from './subjects.ts'
import { taskActionRoutes } from './task-actions.ts'
import { taskRoutes } from './tasks.ts'
import { teachingLoadRoutes } from './teaching-loads.ts'

/** Every route under /api/v1. */
export function apiRoutes(app: App, deps: AppDeps): void {
  for (const routes of [
    organizationRoutes,
    peopleRoutes,
    personDataRoutes,
    personHistoryRoutes,
    membershipRoutes,
    orderRoutes,
    classRoutes,
    importRoutes,
    exportRoutes,
    subjectRoutes,
    teachingLoadRoutes,
    spaceRoutes,
    registrationRoutes,
    movementRoutes,
    movementListRoutes,
    promotionRoutes,
    onboardingRoutes,
    linkRoutes,
    invitationPageRoutes,
    joiningRoutes,
    joiningHandoutRoutes,
    joiningTermRoutes,
    staffAssignmentRoutes,
    overviewRoutes,
    processRoutes,
    processEventRoutes,
    taskRoutes,
    taskActionRoutes,
    letterRoutes,
    letterSampleRoutes,
    inboundRoutes,
    apiKeyRoutes,
    journalRoutes,
    erasureCertificateRoutes,
    meRoutes,
    metaRoutes,
    operatorRoutes,
    operatorInboxRoutes,
    operatorWorkRoutes,
  ])
    routes(app, deps)
}
