import { plainWords } from './plain-words.ts'

/**
 * The life of one process: opens the program, tells the parent (if any) that it is ready, and closes in reverse
 * order what the program handed to `closing` — on SIGTERM, on Ctrl-C, and when the parent is gone. Failures that have
 * a remedy end as a few Russian words and exit code 1. A second signal ends the process at once.
 */
export async function runProgram(open: (closing: AsyncDisposableStack) => Promise<void>): Promise<void> {
  const stopped = Promise.withResolvers<'stopped'>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopped.resolve('stopped')
      process.once(signal, () => process.exit(1))
    })
  }
  // Without this a worker would go on after `kill -9` of `npm start`, beside the one the next start brings up.
  process.once('disconnect', () => stopped.resolve('stopped'))
  const closing = new AsyncDisposableStack()
  try {
    // A stop may come while the program still opens (the first build of Temporal takes minutes).
    const opened = await Promise.race([open(closing), stopped.promise])
    if (opened !== 'stopped') process.send?.('ready')
    await stopped.promise
    await closing.disposeAsync()
    process.exit(0)
  } catch (error) {
    console.error(plainWords(error) ?? error)
    await closing.disposeAsync().catch((problem: unknown) => console.error(problem))
    process.exit(1)
  }
}
