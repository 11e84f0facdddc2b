import { findLink, findLinkUrl } from '../../db/link-queries.ts'
import { open } from '../../db/sealed.ts'
import { closeReasonLabel } from '../../school/texts/labels.ts'
import { person } from './people.ts'
import { hidden, shown, text, type Look, type Source } from './value.ts'

const targets = { staffRoom: 'Класс «Учительская»', class: 'Класс', chat: 'Чат' } as const
const platformRoles = { teacher: 'Учитель', student: 'Ученик', guardian: 'Родитель' } as const

const linkOf = async ({ tx, task }: Source) => {
  const id = text(task.values.link)
  return id === undefined ? undefined : findLink(tx, id)
}

/** Where the link leads and as whom. */
export const link: Look = async (source) => {
  const found = await linkOf(source)
  return [
    shown('number', 'Номер ссылки', found?.number),
    shown('target', 'Куда', found && [targets[found.target], found.targetName ?? found.targetId].filter(Boolean).join(' ')),
    shown('role', 'Роль', found && platformRoles[found.platformRole]),
  ]
}

/** The same with its address on the platform, to find and annul it. */
export const linkUrl: Look = async (source) => {
  const found = await linkOf(source)
  const sealed = found && (await findLinkUrl(source.tx, found.id))
  return [...(await link(source)), hidden('url', 'Ссылка', sealed && open(source.keys, sealed, 'linkUrl'))]
}

/** Who asks for a new link, and what became of the old one. */
export const newLink: Look = async (source) => {
  const found = await linkOf(source)
  return [...(await person(source)), shown('number', 'Номер прежней ссылки', found?.number), shown('closeReason', 'Почему она закрыта', found?.closeReason && closeReasonLabel(found.closeReason))]
}
