import { styleText } from 'node:util'

const reportEvery = 15_000

/**
 * Runs one step of a start and tells the person about it: a line when it is done, a line every fifteen seconds while
 * it takes long, and whatever the step itself wants to say.
 */
export async function step<T>(title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T> {
  const started = Date.now()
  let latest = ''
  const note = (text: string) => {
    latest = `: ${text}`
    console.log(`  … ${title}${latest}`)
  }
  const timer = setInterval(() => console.log(`  … ${title}${latest} — прошло ${elapsed(started)}`), reportEvery)
  try {
    const result = await work(note)
    console.log(`${styleText('green', '✓')} ${title} — ${elapsed(started)}`)
    return result
  } catch (error) {
    console.log(`${styleText('red', '✗')} ${title}`)
    throw error
  } finally {
    clearInterval(timer)
  }
}

/** Time since an instant, in the words of a person: «0,8 с», «3 мин 20 с». */
function elapsed(since: number): string {
  const seconds = (Date.now() - since) / 1000
  if (seconds < 10) return `${seconds.toFixed(1).replace('.', ',')} с`
  if (seconds < 60) return `${Math.round(seconds)} с`
  return `${Math.floor(seconds / 60)} мин ${Math.round(seconds % 60)} с`
}
