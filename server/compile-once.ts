/** Compiles a schema once for all places where one like it stands: many routes speak of the same things. */
export function compileOnce<Compiled>(compile: (schema: object) => Compiled): (schema: object) => Compiled {
  const byText = new Map<string, Compiled>()
  // The schema of an event is asked for with every event: it is not written out again to be found.
  const bySchema = new WeakMap<object, Compiled>()
  return (schema) => {
    const known = bySchema.get(schema)
    if (known !== undefined) return known
    const text = JSON.stringify(schema)
    const compiled = byText.get(text) ?? compile(schema)
    byText.set(text, compiled)
    bySchema.set(schema, compiled)
    return compiled
  }
}
