/** TEMP until school/texts/labels lands */
export const processLabel = (kind: string): string => kind
export const stateLabel = (kind: string, state: string): string => state
export const eventLabel = (kind: string, event: string): string => event
export const taskTitle = (kind: string): string => kind
export const taskSteps = (kind: string): string[] => [kind]
export const guardText = (guard: string): string => guard
export const reasonLabel = (reason: string): string => reason
export const letterLabel = (code: string): string => code
