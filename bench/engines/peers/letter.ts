import { createTransport } from 'nodemailer'

/** The letter of every peer: about as long as the service's own. */
const text = `Здравствуйте, Вагиф!

Школа приглашает вас в «Учительскую» на платформе «Сферум». Чтобы вступить, откройте страницу приглашения и следуйте
указаниям на ней. Страница открывается на телефоне и на компьютере; приглашение личное, не передавайте его другим.

Если вы не работаете в школе или письмо пришло по ошибке, ничего делать не нужно: приглашение закончится само.

МОУ «Зареченская ОШ № 7»
`

/** Sends letters over a few connections that are kept open, as Nodemailer's documentation has it for many letters. */
export function mailer(smtpUrl: string) {
  const transport = createTransport({ url: smtpUrl, pool: true, maxConnections: 5, maxMessages: 100, ignoreTLS: true })
  return {
    async send(index: number, email: string): Promise<void> {
      await transport.sendMail({
        from: '"МОУ «Зареченская ОШ № 7»" <flow@zarechie.example>',
        to: email,
        subject: 'Приглашение в «Учительскую»',
        // Named after the invitation: a letter that goes out again is found to be the same by who reads it, not by the check.
        messageId: `<invitation.${index}.${Date.now()}@zarechie.example>`,
        text,
      })
    },
    close: () => transport.close(),
  }
}
