import { test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { classJoined } from '../stories/joining.ts'
import { linkToItsEnd } from '../stories/link.ts'
import { movementsCancelled } from '../stories/movement.ts'
import { onboardingListToActive } from '../stories/onboarding.ts'
import { promotionThereAndBack } from '../stories/promotion.ts'
import { registrationCompleted, registrationUnanswered } from '../stories/registration.ts'
import { importsToTheirEnd } from '../stories/roster-import.ts'
import { morningWithFindings } from '../stories/school-day.ts'
import { spacesToTheirEnd } from '../stories/space.ts'
import { assignmentGivenAndTaken } from '../stories/staff-assignment.ts'
import { readHistories, writeHistory } from '../support/history-files.ts'
import { ownNamespace } from '../support/own-namespace.ts'
import { replay, watchedBundle } from '../support/replay.ts'
import { runsOf } from '../support/runs-of.ts'
import { schoolAtWork, type SchoolAtWork } from '../support/school-at-work.ts'
import { shortRunsEnv } from '../support/short-runs-env.ts'

/*
 * Records what this version of the product does, for later versions to be held to: `npm run record`. Plays each story on a
 * real server and keeps its histories under the version of package.json; a story that has been recorded is left alone.
 */

const school = await schoolAtWork(await ownNamespace())
const shortRuns = await schoolAtWork(await shortRunsEnv(60))
const bundle = await watchedBundle()

async function keep({ client }: SchoolAtWork, story: string, workflowId: string): Promise<void> {
  const runs = await runsOf(client, workflowId)
  for (const [i, runId] of runs.entries()) {
    const name = `${packageJson.version}/${story}${runs.length > 1 ? `.${i + 1}` : ''}`
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    const [replayed] = await replay(bundle, [{ name, history }])
    if (replayed!.error) throw replayed!.error
    await writeHistory({ name, history, steps: replayed!.steps })
  }
}

const recorded = new Set((await readHistories()).map(({ name }) => name.replace(/\.\d+$/, '')))

/** Plays and keeps a story unless it has been recorded; `play` names the workflows by the story each tells. */
const record = (story: string, on: SchoolAtWork, play: () => Promise<Record<string, string>>) =>
  test.skipIf(recorded.has(`${packageJson.version}/${story}`))(story, () =>
    on.running(
      async () => {
        for (const [name, workflowId] of Object.entries(await play())) await keep(on, name, workflowId)
      },
      // A worker's sticky queue is named after it; by default that is the machine's name.
      { identity: 'recorder' },
    ),
  )

record('school-day', school, async () => {
  const { day, sweep, link } = await morningWithFindings(school)
  return { 'school-day': day, sweep, 'link-without-target': link }
})
record('registration-unanswered', school, async () => ({ 'registration-unanswered': await registrationUnanswered(school) }))
record('registration', school, async () => ({ registration: await registrationCompleted(school) }))
record('link', school, async () => ({ link: await linkToItsEnd(school, 'lnk_1') }))
record('onboarding', school, async () => ({ onboarding: await onboardingListToActive(school, 'lnk_2') }))
record('joining', school, async () => ({ joining: await classJoined(school) }))
record('staff-assignment', school, async () => ({ 'staff-assignment': await assignmentGivenAndTaken(school) }))
record('spaces', school, async () => ({ spaces: await spacesToTheirEnd(school) }))
record('promotion', school, async () => ({ promotion: await promotionThereAndBack(school) }))
record('import', school, async () => {
  const { committed, failed } = await importsToTheirEnd(school)
  return { import: committed, 'import-failed': failed }
})
record('movements-cancelled', school, async () => ({ 'movements-cancelled': await movementsCancelled(school) }))
record('link-continued', shortRuns, async () => ({ 'link-continued': await linkToItsEnd(shortRuns, 'lnk_1') }))
