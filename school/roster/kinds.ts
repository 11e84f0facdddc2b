/** What a row of an import is about. In this order they refer to each other: a pupil needs a class, a guardian a pupil. */
export const rowKinds = ['class', 'subject', 'staff', 'student', 'guardian', 'load'] as const
export type RowKind = (typeof rowKinds)[number]

/** Kinds of tables: each has rows of one kind. */
export const tableKinds = ['students', 'staff', 'guardians', 'classes', 'subjects', 'loads'] as const
export type TableKind = (typeof tableKinds)[number]

/** Kinds of files: a table, all registers as the export writes them, or a OneRoster archive with rows of every kind. */
export const fileKinds = [...tableKinds, 'all', 'oneRoster'] as const
export type FileKind = (typeof fileKinds)[number]

export const rowKindOf: Readonly<Record<TableKind, RowKind>> = {
  students: 'student',
  staff: 'staff',
  guardians: 'guardian',
  classes: 'class',
  subjects: 'subject',
  loads: 'load',
}

/** Columns that mean something to the service. */
export const fields = [
  'ref', 'lastName', 'firstName', 'patronymic', 'fullName', 'foreignName', 'className', 'grade', 'letter', 'startsOn', 'phone', 'email', 'position',
  'teachingStaff', 'child', 'childLastName', 'childFirstName', 'childPatronymic', 'childRef', 'subject', 'teacher', 'teacherRef', 'group',
] as const
export type Field = (typeof fields)[number]

/** What stands in a cell: its text as a person sees it, and what a spreadsheet knows beyond. */
export interface Cell {
  text: string
  /** The cell is a date for the spreadsheet: the local date. */
  date?: string
  /** The cell holds a formula; the text is what it last came to. */
  formula?: true
}

/** A row of a table: cells by position, and where it stands in the file. */
export interface TableRow {
  line: number
  cells: readonly Cell[]
}

/** Nothing. */
export const emptyCell: Cell = { text: '' }
