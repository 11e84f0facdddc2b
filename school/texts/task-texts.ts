import { importTaskTexts } from './task-texts/imports.ts'
import { joiningTaskTexts } from './task-texts/joining.ts'
import { linkTaskTexts } from './task-texts/links.ts'
import { movementTaskTexts } from './task-texts/movement.ts'
import { peopleTaskTexts } from './task-texts/people.ts'
import { promotionTaskTexts } from './task-texts/promotion.ts'
import { registrationTaskTexts } from './task-texts/registration.ts'
import { spaceTaskTexts } from './task-texts/spaces.ts'

/** A task in words (domain guide, sections 6.1 and 8): what to do, what to have at hand, what follows. */
export interface TaskText {
  title: string
  /** Steps in order, each one action. */
  steps: readonly string[]
  /** What is copied from the card or brought back from the platform. */
  copy: readonly string[]
  /** What happens after «Выполнено». */
  done: string
  /** What happens after «Не удалось». */
  failed: string
}

/** Every kind of task by its code. */
export const taskTexts: Readonly<Record<string, TaskText>> = { ...registrationTaskTexts, ...linkTaskTexts, ...joiningTaskTexts, ...peopleTaskTexts, ...movementTaskTexts, ...spaceTaskTexts, ...promotionTaskTexts, ...importTaskTexts }
