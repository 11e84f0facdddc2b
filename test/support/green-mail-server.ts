import { connect } from 'node:net'
import { join } from 'node:path'
import { cacheDirectory } from '../../runtime/cache-directory.ts'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { startTethered } from '../../runtime/embedded/tethered-process.ts'
import { untilReady } from '../../runtime/embedded/until-ready.ts'
import { mavenArtifacts } from './maven-artifacts.ts'
import type { Starter } from './shared-services.ts'
import { quickJava } from './time-skipping-server.ts'

export type GreenMailFacts = { smtpPort: number; imapPort: number }

// 2.1.5 spins for ever over every connection that ends without a word (greenmail issue 891).
const version = '2.1.8'

/** One GreenMail (a real SMTP and IMAP server) for the whole run; any user name opens a mailbox of its own. */
export const greenMailStarter = (): Starter<GreenMailFacts> => async () => {
  const jars = await mavenArtifacts({ group: 'com.icegreen', artifact: 'greenmail-standalone', version }, cacheDirectory(process.env.XDG_CACHE_HOME))
  const smtpPort = await freePort()
  const imapPort = await freePort()
  const server = startTethered({
    name: 'greenmail',
    command: 'java',
    args: [
      ...quickJava.split(' '),
      `-Dgreenmail.smtp.port=${smtpPort}`,
      `-Dgreenmail.imap.port=${imapPort}`,
      '-Dgreenmail.hostname=127.0.0.1',
      '-Dgreenmail.auth.disabled',
      '-jar',
      join(jars, `greenmail-standalone-${version}.jar`),
    ],
    stopSignal: 'TERM',
  })
  await untilReady('GreenMail', server, async () => {
    await greets(smtpPort)
    await greets(imapPort)
  })
  return { facts: { smtpPort, imapPort }, close: server.stop }
}

/** SMTP and IMAP servers speak first; an open port that stays silent is not up yet. */
function greets(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', reject)
    socket.once('data', () => {
      socket.destroy()
      resolve()
    })
  })
}
