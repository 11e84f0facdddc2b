import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemTexts } from '../../school/texts/console/layout.ts'
import { html } from '../html.ts'
import { layOutPlain } from './layout.ts'

/** What a page of the console may load and do: everything from here, nothing written into it. */
export const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

/** A page that says one thing; without the head, which would have to be asked for where nothing may answer. */
export const sendProblem = (reply: FastifyReply, status: number, [title, detail]: readonly [title: string, detail: string]) =>
  reply
    .code(status)
    .header('content-security-policy', pagePolicy)
    .type('text/html; charset=utf-8')
    .send(layOutPlain({ title, content: html`<h1>${title}</h1><p>${detail}</p><p><a class="button" href="/">${problemTexts.home}</a></p>` }))

/** Whether a person looks for a page, not a program for an answer of the API. */
export const wantsPage = ({ url, headers }: FastifyRequest): boolean => !url.startsWith('/api/') && (headers.accept ?? '').includes('text/html')
