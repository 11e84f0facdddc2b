/** Decisions on pupils at the year's end (domain.md 7.11). */
const decisions: Readonly<Record<string, string>> = {
  promote: 'Переводится',
  promoteConditionally: 'Переводится условно',
  repeat: 'Остаётся на повторное обучение',
  graduate: 'Выпускается',
  leave: 'Выбывает',
  undecided: 'Не решено',
}

/** What is done with a class on the platform. */
const steps: Readonly<Record<string, string>> = {
  openClass: 'Открыть класс',
  removeLeavers: 'Убрать выпускников и выбывших',
  archiveChats: 'Архивировать чаты',
  restoreClass: 'Вернуть класс',
}

export const promotionDecisionLabel = (decision: string): string => decisions[decision] ?? decision
export const promotionStepLabel = (step: string): string => steps[step] ?? step
