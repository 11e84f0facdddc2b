const shape = /^R(\d)(?:\.(\d|T|S))?(?:-(\d{2})([a-e])?)?$/
const unnumbered: Readonly<Record<string, string>> = { T: 'педагогический работник', S: 'обучающийся' }
const subitems: Readonly<Record<string, string>> = { a: 'а', b: 'б', c: 'в', d: 'г', e: 'д' }

/**
 * A clause code of the Regulation as people read it (domain guide, section 2): R2.1-06 is «п. 2.1, абз. 6»,
 * R2.2-06a «п. 2.2, абз. 6, подп. «а»», R2.T-02 «разд. 2, педагогический работник». The lead-in (R2.1-00) is the
 * clause itself. Several codes are joined by a semicolon. What is no clause code (DEC, BR-07) is returned unchanged.
 */
export const clauseLabel = (codes: string): string => codes.split(', ').map(labelOf).join('; ')

function labelOf(code: string): string {
  const [, section, clause, item, subitem] = shape.exec(code) ?? []
  if (!section) return code
  if (!clause) return `разд. ${section}`
  if (unnumbered[clause]) return `разд. ${section}, ${unnumbered[clause]}`
  return [
    `п. ${section}.${clause}`,
    item && Number(item) > 0 ? `абз. ${Number(item)}` : '',
    subitem ? `подп. «${subitems[subitem]}»` : '',
  ]
    .filter(Boolean)
    .join(', ')
}
