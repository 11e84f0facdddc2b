import type { FastifyRequest } from 'fastify'
import { invalidFields } from './failures.ts'

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
 * Reads a multipart form with one file named `file` before validation (preValidation): its fields become the body.
 * A field that comes twice is refused.
 */
export async function readForm(request: FastifyRequest): Promise<void> {
  if (!request.isMultipart()) return
  const fields = new Map<string, string>()
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      request.upload = { bytes: await part.toBuffer(), name: part.filename, mime: part.mimetype }
      if (part.fieldname !== 'file') throw invalidFields({ code: 'fieldUnknown', path: part.fieldname })
    } else if (fields.has(part.fieldname) || typeof part.value !== 'string') {
      throw invalidFields({ code: 'fieldShape', path: part.fieldname })
    } else fields.set(part.fieldname, part.value)
  }
  request.body = Object.fromEntries(fields)
}
