/** What follows «Не удалось» where the process has no way of its own for it (design: answer 5). */
export const opensAgain = 'Задача откроется снова со сроком 1 рабочий день, её увидит и руководитель.'
