import { table } from './import-files.ts'

const letters = 'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ'
const syllables = ['бар', 'вел', 'гор', 'дуб', 'жар', 'зор', 'кал', 'лес', 'мор', 'нов', 'пол', 'руд', 'сед', 'тар', 'ураз', 'фом', 'хлеб', 'цвет', 'чер', 'шум']

/** A last name of its own for every number below 160,000. */
const lastName = (n: number) => {
  const word = [8_000, 400, 20, 1].map((base) => syllables[Math.floor(n / base) % 20]).join('')
  return `${word[0]!.toUpperCase()}${word.slice(1)}ов`
}

/** A CSV file of pupils without namesakes, in 27 classes. */
export const pupilList = (count: number): Buffer =>
  Buffer.from(table([['Фамилия', 'Имя', 'Отчество', 'Класс'], ...Array.from({ length: count }, (_, n) => [lastName(n), 'Иван', 'Петрович', `${(n % 9) + 1}${letters[n % 27]}`])]))
