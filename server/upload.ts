import { finished } from 'node:stream'
import type { Multipart } from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { invalidFields, Refusal } from './failures.ts'

/** A file that came with a form. It is never written to disk, so a killed server leaves nothing behind (F4). */
export interface Upload {
  bytes: Buffer
  name: string
  mime: string
}

declare module 'fastify' {
  interface FastifyRequest {
    upload: Upload | null
  }
}

/**
 * How long a request with a file may take, ms: the file comes in first, over a slow line as long as any request may
 * (requestTimeout). Longer than the lease of a key: what acts afterwards is fenced by it (inCommand), or goes by the message.
 */
export const uploadTimeout = 145_000

/** The parts of a form. What the parser of forms cannot read has no status of its own: a boundary that is missing, a form that breaks off. */
async function* partsOf(request: FastifyRequest, fileBytes: number): AsyncGenerator<Multipart> {
  try {
    // One byte more than may come: whoever checks the file sees that it is too big.
    yield* request.parts({ limits: { fileSize: fileBytes + 1 } })
  } catch (error) {
    throw (error as { statusCode?: number }).statusCode === undefined ? new Refusal('malformedBody') : error
  }
}

/**
 * Reads a multipart form with one file named `file` before validation (preValidation): its fields become the body.
 * A field that comes twice is refused. Not more than `atOnce` files are in memory, whoever sends them: another is told
 * to come again.
 */
export function formReader({ fileBytes, atOnce }: { fileBytes: number; atOnce: number }) {
  let reading = 0
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!request.isMultipart()) return
    if (reading >= atOnce) throw new Refusal('tooManyRequests', { retryAfterSeconds: 5 })
    reading += 1
    finished(reply.raw, () => (reading -= 1))
    const fields = new Map<string, string>()
    for await (const part of partsOf(request, fileBytes)) {
      if (part.type === 'file') {
        request.upload = { bytes: await part.toBuffer(), name: part.filename, mime: part.mimetype }
        if (part.fieldname !== 'file') throw invalidFields({ code: 'fieldUnknown', path: part.fieldname })
      } else if (fields.has(part.fieldname) || typeof part.value !== 'string') {
        throw invalidFields({ code: 'fieldShape', path: part.fieldname })
      } else fields.set(part.fieldname, part.value)
    }
    request.body = Object.fromEntries(fields)
  }
}
