/** What a form sent: every field may come more than once, none is trusted to be there. */
export interface Fields {
  /** The field's first value, trimmed; empty when it is not there. */
  get(name: string): string
  /** Every value of the field that is not empty. */
  all(name: string): string[]
  names(): string[]
}

/** Reads a parsed form or query; what is no text is left out. */
export function fieldsOf(body: unknown): Fields {
  const entries = typeof body === 'object' && body !== null ? Object.entries(body) : []
  const values = new Map(entries.map(([name, value]) => [name, [value].flat().filter((part): part is string => typeof part === 'string')]))
  return {
    get: (name) => values.get(name)?.[0]?.trim() ?? '',
    all: (name) => (values.get(name) ?? []).filter((value) => value !== ''),
    names: () => [...values.keys()],
  }
}
