/** Decisions on pupils at the year's end (domain.md 7.11). */
const decisions: Readonly<Record<string, string>> = {
  promote: 'Переводится',
  promoteConditionally: 'Переводится условно',
  repeat: 'Остаётся на повторное обучение',
  graduate: 'Выпускается',
  leave: 'Выбывает',
  undecided: 'Не решено',
}

export const promotionDecisionLabel = (decision: string): string => decisions[decision] ?? decision
