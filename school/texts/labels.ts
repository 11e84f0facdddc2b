import { eventName } from './event-labels.ts'
import { guardTexts } from './guard-texts.ts'
import { closeReasonLabels, deliveryLabels, failReasonLabels, letterLabels, ownReasonLabels, platformStateLabels, roleLabels, sweepProblemLabels } from './reason-labels.ts'
import { processTexts } from './state-labels.ts'
import { taskTexts, type TaskText } from './task-texts.ts'
import type { Language } from './validation.ts'

/*
 * Words for the identifiers of the machines. An identifier without a word is returned as it is: a test keeps that
 * from happening, and a page with a bare identifier is better than none.
 */

/** «Ссылка-приглашение» for a process kind. */
export const processLabel = (kind: string): string => processTexts[kind]?.title ?? kind

/** «Действует» for a state of a process, a task (`humanTask`) or a letter (`letter`). */
export const stateLabel = (kind: string, state: string): string => processTexts[kind]?.states[state] ?? state

/** «Продлить срок» for an event of a process; timers are events too, so this names deadlines as well. */
export const eventLabel = (kind: string, event: string): string => eventName(kind, event) ?? event

/** Title of a task by its code. */
export const taskTitle = (code: string): string => taskTexts[code]?.title ?? code

/** What to do, step by step; what to have at hand; what follows. Undefined for a code that is no task. */
export const taskText = (code: string): TaskText | undefined => taskTexts[code]

/** Why an event is refused and what to do about it, by the guard's name. */
export const guardText = (guard: string, language: Language = 'ru'): string => guardTexts[guard]?.[language] ?? guard

export const roleLabel = (role: string): string => roleLabels[role] ?? role
export const letterLabel = (code: string): string => letterLabels[code] ?? code
export const deliveryLabel = (delivery: string): string => deliveryLabels[delivery] ?? delivery
export const platformStateLabel = (state: string): string => platformStateLabels[state] ?? state
export const closeReasonLabel = (reason: string): string => closeReasonLabels[reason] ?? reason
export const sweepProblemLabel = (problem: string): string => sweepProblemLabels[problem] ?? problem

/** A reason in words: a listed one by its label, a person's own words as they are. */
export const reasonLabel = (reason: string): string => closeReasonLabels[reason] ?? failReasonLabels[reason] ?? ownReasonLabels[reason] ?? reason
