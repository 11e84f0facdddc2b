import { expect, test } from 'vitest'
import { parseMessage } from '../../../activities/inbox/parse-message.ts'
import { deliveryReport, plainMessage } from '../../support/messages.ts'

test('an id with NUL in it is none: PostgreSQL would refuse the message, and the mailbox stand still at it', async () => {
  const nul = '<a\0b@x.example>'
  expect(await parseMessage(plainMessage({ messageId: nul, inReplyTo: nul }))).toMatchObject({ kind: 'answer', messageId: null, answers: ['<other@elsewhere.example>'] })
  expect(await parseMessage(deliveryReport(nul))).toMatchObject({ kind: 'bounce', returned: [] })
})

test('ids are read from folded headers and from what a bounce quotes', async () => {
  const folded = plainMessage({ inReplyTo: '<first@x.example>', extra: ['X-Note: long', ' and folded'] })
  expect((await parseMessage(folded)).answers).toEqual(['<first@x.example>', '<first@x.example>', '<other@elsewhere.example>'])
  expect((await parseMessage(deliveryReport('<came.back@zarechie.example>'))).returned).toEqual(['<came.back@zarechie.example>'])
})
