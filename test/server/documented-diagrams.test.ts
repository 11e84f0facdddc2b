import { expect, test } from 'vitest'
import { processDiagram } from '../../server/diagram/process-diagram.ts'

/** The pictures of the documents. After a change of a machine: run this file with `-u`. */
test.each([
  ['organization-registration', 'organizationRegistration', 'awaitingReply'],
  ['invite-link', 'inviteLink', 'active'],
  ['teacher-onboarding', 'teacherOnboarding', 'invited'],
])('docs/images/%s.svg is what the machine says', async (file, kind, state) => {
  await expect(processDiagram(kind, state)).toMatchFileSnapshot(`../../docs/images/${file}.svg`)
})
