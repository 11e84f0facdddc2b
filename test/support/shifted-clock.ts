// Loaded before a program (`--import`): its clock is wrong by CLOCK_AHEAD_MS, as on a machine that nobody set.
const ahead = Number(process.env.CLOCK_AHEAD_MS)
const now = Date.now.bind(Date)

globalThis.Date = new Proxy(Date, {
  construct: (target, args: [], newTarget) => Reflect.construct(target, args.length === 0 ? [now() + ahead] : args, newTarget) as Date,
  get: (target, name) => (name === 'now' ? () => now() + ahead : (Reflect.get(target, name) as unknown)),
})
