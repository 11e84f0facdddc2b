import type { FastifyRequest } from 'fastify'
import type { Language } from '../school/texts/validation.ts'

/** The language of answers: Russian, unless Accept-Language prefers English (RFC 9110, 12.5.4). */
export function languageOf(request: FastifyRequest): Language {
  const header = request.headers['accept-language'] ?? ''
  const wishes = header.split(',').map((wish) => {
    const [tag = '', ...params] = wish.trim().toLowerCase().split(';')
    const quality = params.map((param) => /^\s*q=([\d.]+)/.exec(param)?.[1]).find(Boolean)
    return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) }
  })
  const best = (language: Language) => Math.max(0, ...wishes.filter((wish) => wish.language === language).map((wish) => wish.quality))
  return best('en') > best('ru') ? 'en' : 'ru'
}
