/** How somebody is called who has been forgotten: «Участник 8f3a» (domain guide, section 13). The four digits say nothing of them. */
export const pseudonym = (digits: string): string => `Участник ${digits}`
