import { beforeAll, expect, test } from 'vitest'
import type { SchoolSize } from '../generated-school.ts'
import { bring, bringIn, filesOf, register, staffJoins } from './arrival.ts'
import { guardiansJoin, pupilsJoin, type Joining } from './joining.ts'
import { pupilsMove, staffMoves } from './movements.ts'
import { keepsTheRules } from './rules.ts'
import { wholeSchool } from './school.ts'
import { confirmPlan } from './structure.ts'
import { applied, begun, followed, platformOf, registerOf, reviewed, takenBack, yearIsOver } from './year-end.ts'

/**
 * The life of a whole school in one go, each chapter a test: it comes in by its lists, its chats are made, pupils and guardians
 * join, people move, the year ends and is taken back. After each chapter the rules hold for everybody. `sheets`: of how many
 * classes the printed sheets are read back.
 */
export async function wholeSchoolStory(size: SchoolSize, sheets: number): Promise<void> {
  const whole = await wholeSchool(size)
  beforeAll(whole.start)
  const patience = { timeout: 600_000 }
  let running: Joining
  let promotion: Awaited<ReturnType<typeof begun>>

  test('staff, classes, pupils, guardians and loads come in by files; brought again, nothing changes', patience, async () => {
    await register(whole)
    const files = filesOf(whole)
    for (const file of files) await bringIn(whole, file)
    for (const file of files) expect((await bring(whole, file)).counts, file[0]).toMatchObject({ create: 0, change: 0, move: 0, problem: 0 })
    await staffJoins(whole)
    await keepsTheRules(whole)
  })

  test('the plan of classes and chats is confirmed, and everything is made on the platform', patience, async () => {
    await confirmPlan(whole)
    await keepsTheRules(whole)
  })

  test('pupils join by class, counted and not named; the printed sheets name whom they are for', patience, async () => {
    await pupilsJoin(whole, sheets)
    await keepsTheRules(whole)
  })

  test('guardians join by name: some say no for good, one class is late and invited anew', patience, async () => {
    running = await guardiansJoin(whole, sheets)
    await keepsTheRules(whole)
  })

  test('pupils change classes, leave and come back, whatever the order of the orders; invitations of who leaves die', patience, async () => {
    await pupilsMove(whole, running)
    await keepsTheRules(whole)
  })

  test('a class teacher leaves, chats confirmed before rights; the last administrator stays', patience, async () => {
    await staffMoves(whole)
    await keepsTheRules(whole)
  })

  test('the year ends for everybody at once; taken back before it is over, everybody and everything is exactly where it was', patience, async () => {
    const [register, platform] = [await registerOf(whole), await platformOf(whole)]
    promotion = await begun(whole)
    await reviewed(whole, promotion)
    await applied(whole, promotion)
    await followed(whole, promotion)
    await keepsTheRules(whole, { quiet: false })
    await takenBack(whole, promotion)
    expect(await registerOf(whole)).toEqual(register)
    expect(await platformOf(whole)).toEqual(platform)
    await keepsTheRules(whole)
  })

  test('applied once more and the year over, it is taken back all the same: the register is as it was', patience, async () => {
    const register = await registerOf(whole)
    await reviewed(whole, promotion)
    await applied(whole, promotion)
    await followed(whole, promotion)
    await yearIsOver(whole, promotion)
    await takenBack(whole, promotion)
    expect(await registerOf(whole)).toEqual(register)
    await keepsTheRules(whole)
  })
}
