/** Made-up people and numbers of the letters that the settings show (domain guide, 15). */
export const letterSampleTexts = {
  calledBy: 'Павел Игоревич',
  person: 'Лисицын Павел Игоревич',
  position: 'учитель информатики',
  email: 'p.lisitsyn@zarechie.example',
  phone: '+7 (900) 000-00-02',
  head: 'Воронцова Елена Аркадьевна',
  order: '112/01-08',
  number: 'СФ-2026-000001',
  movement: 'ДВ-2026-000009',
  link: 'ПР-2026-000004',
  className: '5А',
  chat: '5А — родители — 2026/27',
  words: 'Здесь будет текст уточнения, который напишет администратор.',
} as const
