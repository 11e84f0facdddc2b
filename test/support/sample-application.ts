import type { SendingFacts } from '../../machines/organization-registration-events.ts'

/** An application that may go out: what the server looks up when its administrator and its order are in order. */
export const applicationInOrder: SendingFacts = {
  application: { complete: true, adminIsTeachingStaff: true, adminPhoneIsMobile: true },
  order: { kind: 'main', registered: true, hasFile: true, inForce: true },
}
