import type { ProblemParams, ValidationCode } from '../texts/validation.ts'
import type { NamedClass } from './class-cell.ts'
import type { Field, RowKind } from './kinds.ts'

/** Something about one cell of a row. */
export interface CellProblem {
  field: Field
  /** The title of the column as the file has it; empty where the file has no such column. */
  column: string
  code: ValidationCode
  params: ProblemParams
  /** What was probably meant. */
  suggestion?: string
}

export interface NameData {
  lastName: string
  firstName: string
  patronymic: string | null
  /** The file says nothing of patronymics. */
  patronymicUnknown?: true
  /** The name stood in one cell and was taken apart. */
  split?: true
}

export interface StudentData extends NameData {
  class: NamedClass | null
  startsOn: string | null
  /** The other system says that the person is no longer there (OneRoster, delta). */
  gone?: true
}

export interface StaffData extends NameData {
  phone: string | null
  email: string | null
  position: string | null
  /** Null: the file says nothing. */
  teachingStaff: boolean | null
  startsOn: string | null
  gone?: true
}

export interface GuardianData extends NameData {
  phone: string | null
  email: string | null
  /** Whose guardian: by code, or by folded name and class. */
  child: { ref: string | null; key: string; classKey: string | null }
}

export interface ClassData {
  class: NamedClass
}

export interface SubjectData {
  subject: string
  subjectKey: string
}

export interface LoadData extends SubjectData {
  class: NamedClass
  /** By code, or by the words of the file: a full name or last name and initials. */
  teacher: { ref: string | null; text: string }
  group: string
}

interface DataOf {
  class: ClassData
  subject: SubjectData
  staff: StaffData
  student: StudentData
  guardian: GuardianData
  load: LoadData
}

/** A row of an import as the file has it, checked on its own. `data` is whole only where there are no problems. */
export interface RosterRow<K extends RowKind = RowKind> {
  kind: K
  /** Sheet of a workbook or file of an archive; empty for a table of its own. */
  source: string
  line: number
  /** The code of the person, class or subject in the system the file comes from, or in this one. */
  ref: string | null
  /** What rows and people are compared by: a folded name. Also for a row with problems, as far as it can be read. */
  matchKey: string
  /** Key of the class, where the row names one. */
  classKey: string | null
  data: Partial<DataOf[K]>
  problems: CellProblem[]
  warnings: CellProblem[]
}

export type RowData<K extends RowKind> = DataOf[K]
