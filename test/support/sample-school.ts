import { asService, type Database } from '../../db/connection.ts'
import { insertOrganization } from '../../db/organizations.ts'

/** A school of domain.md 15 under an id of the caller's, without people. Quiet hours off, as in the sample. */
export async function sampleSchool(db: Database, id = 'org_zarechie'): Promise<string> {
  await asService(db, (tx) =>
    insertOrganization(tx, {
      id,
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
      settings: { quietHours: false },
    }),
  )
  return id
}
