import type { NewOrganization } from '../db/organizations.ts'
import type { Role } from '../machines/role.ts'

/** The fictional school of domain.md 15. */
export const zarechie: NewOrganization = {
  id: 'org_zarechie',
  fullName: 'Муниципальное общеобразовательное учреждение «Зареченская основная школа № 7»',
  shortName: 'МОУ «Зареченская ОШ № 7»',
  type: 'oosh',
  gradeMax: 9,
  inn: '0001000010',
  ogrn: '1020001000018',
  kpp: null,
  region: 'Новоречинская область',
  address: '000000, Новоречинский район, с. Заречье, ул. Школьная, д. 1',
  timezone: 'Europe/Samara',
  schoolWeek: 5,
  email: 'school7@zarechie.example',
  phone: '+70000000007',
  // What the day of the year changes is off where the school is tried and tested.
  settings: { quietHours: false, summerDoubles: false },
}

interface SamplePerson {
  id: string
  name: [lastName: string, firstName: string, patronymic: string | null]
  roles: Role[]
  position?: string
  className?: string
  phone?: string
  email?: string
}

/** Its staff; `.example` never receives mail. */
export const zarechieStaff: readonly SamplePerson[] = [
  { id: 'p1', name: ['Воронцова', 'Елена', 'Аркадьевна'], roles: ['head'], position: 'директор', phone: '+79000000001', email: 'direktor@zarechie.example' },
  { id: 'p2', name: ['Лисицын', 'Павел', 'Игоревич'], roles: ['platformAdmin', 'teacher'], position: 'учитель информатики', phone: '+79000000002', email: 'p.lisitsyn@zarechie.example' },
  { id: 'p3', name: ['Ахметова-Соколова', 'Алсу', 'Ринатовна'], roles: ['classTeacher', 'teacher'], position: 'учитель русского языка', className: '5А', phone: '+79000000003', email: 'a.ahmetova@zarechie.example' },
  { id: 'p4', name: ['Мамедов', 'Вагиф', 'Расим оглы'], roles: ['teacher'], position: 'учитель физики', phone: '+79000000004', email: 'v.mamedov@zarechie.example' },
  { id: 'p5', name: ['Ким', 'Анна', null], roles: ['teacher'], position: 'учитель начальных классов', phone: '+79000000005', email: 'a.kim@zarechie.example' },
]
