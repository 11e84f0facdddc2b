import { Faker, ru } from '@faker-js/faker'

export interface GeneratedPerson {
  lastName: string
  firstName: string
  /** Empty where there is none («при наличии»). */
  patronymic: string
}

export interface GeneratedTeacher extends GeneratedPerson {
  position: string
  phone: string
  email: string
  /** The class they are class teacher of; empty for none. */
  leads: string
}

export interface GeneratedPupil extends GeneratedPerson {
  className: string
  guardians: (GeneratedPerson & { phone: string; email: string })[]
}

/** Who teaches what in which class, by full names as the files have them. */
export interface GeneratedLoad {
  teacher: string
  subject: string
  className: string
}

export interface GeneratedSchool {
  seed: number
  classes: string[]
  staff: GeneratedTeacher[]
  pupils: GeneratedPupil[]
  loads: GeneratedLoad[]
}

export interface SchoolSize {
  pupils: number
  staff: number
  classes: number
}

const subjects = ['Русский язык', 'Литература', 'Математика', 'Физика', 'Химия', 'Биология', 'История', 'География', 'Информатика', 'Английский язык', 'Музыка', 'Физическая культура']
const letters = ['А', 'Б', 'В', 'Г', 'Д', 'ИТ']
const grades = 9

/**
 * A fictional school of any size, the same for the same seed: every grade of a basic school has classes, some people have no patronymic,
 * some names are double, some pupils are namesakes in one class and some have none of a guardian's contacts.
 */
export function generatedSchool(seed: number, { pupils, staff, classes }: SchoolSize = { pupils: 1_000, staff: 60, classes: 40 }): GeneratedSchool {
  const faker = new Faker({ locale: ru, seed })
  let phones = 0
  const phone = () => `+7900000${String((phones += 1)).padStart(4, '0')}`
  const email = () => `u${phones}@school.example`

  function person(family?: GeneratedPerson): GeneratedPerson {
    const sex = faker.helpers.arrayElement(['female', 'male'] as const)
    const lastName = faker.person.lastName(sex)
    return {
      lastName: faker.datatype.boolean(0.04) ? `${lastName}-${faker.person.lastName(sex)}` : family && faker.datatype.boolean(0.1) ? family.lastName : lastName,
      firstName: faker.person.firstName(sex),
      patronymic: faker.datatype.boolean(0.03) ? '' : faker.person.middleName(sex),
    }
  }

  const classNames = Array.from({ length: classes }, (_, i) => `${(i % grades) + 1}${letters[Math.floor(i / grades)]!}`)
  const teachers = Array.from({ length: staff }, (_, i): GeneratedTeacher => {
    const subject = subjects[i % subjects.length]!
    return { ...person(), position: `учитель: ${subject.toLowerCase()}`, phone: phone(), email: email(), leads: classNames[i] ?? '' }
  })
  const children = Array.from({ length: pupils }, (_, i): GeneratedPupil => {
    const child = person()
    const guardians = Array.from({ length: faker.number.int({ min: 0, max: 2 }) }, () => ({ ...person(child), phone: phone(), email: faker.datatype.boolean(0.8) ? email() : '' }))
    return { ...child, className: classNames[i % classNames.length]!, guardians }
  })
  // Namesakes: every fiftieth pupil is called as the one before in the same class.
  children.forEach((child, i) => {
    const other = children[i - classNames.length]
    if (i % 50 === 49 && other) Object.assign(child, { lastName: other.lastName, firstName: other.firstName, patronymic: other.patronymic })
  })
  const loads = classNames.flatMap((className, c) =>
    subjects.map((subject, s) => ({ teacher: nameOf(teachers[(s + c * 5) % teachers.length]!), subject, className })),
  )
  return { seed, classes: classNames, staff: teachers, pupils: children, loads }
}

/** The full name as files and lists have it. */
export const nameOf = ({ lastName, firstName, patronymic }: GeneratedPerson): string => [lastName, firstName, patronymic].filter(Boolean).join(' ')
