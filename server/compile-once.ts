/** Compiles a schema once for all places where one like it stands: many routes speak of the same things. */
export function compileOnce<Compiled>(compile: (schema: object) => Compiled): (schema: object) => Compiled {
  const compiled = new Map<string, Compiled>()
  return (schema) => {
    const text = JSON.stringify(schema)
    const found = compiled.get(text) ?? compile(schema)
    compiled.set(text, found)
    return found
  }
}
