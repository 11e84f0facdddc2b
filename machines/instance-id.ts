/** Names of instances that machines of one cohort call each other by (domain.md 5, business keys). */

/** The instance of an invite link. */
export const linkInstance = (linkId: string): string => `inviteLink:${linkId}`

/** The instance of one person's invitation. */
export const invitationInstance = (invitationId: string): string => `invitation:${invitationId}`

/** The instance of a class joining a chat. */
export const joiningInstance = (joiningId: string): string => `joining:${joiningId}`

/** The instance of a space on the platform. */
export const spaceInstance = (spaceId: string): string => `space:${spaceId}`
