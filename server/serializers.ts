import fastJson from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'
import { compileOnce } from './compile-once.ts'

const serializer = compileOnce((schema) => fastJson(schema))

/** Compiles the schema of an answer: what it does not list is not sent. */
export const compileSerializer: FastifySerializerCompiler<object> = ({ schema }) => serializer(schema)
