import { randomBytes } from 'node:crypto'

/** Prefixes of ids, one per kind of thing. */
export type IdPrefix =
  | 'org' | 'per' | 'mem' | 'ord' | 'key' | 'coh' | 'lnk' | 'inv' | 'asg' | 'msg' | 'ans'
  | 'cls' | 'sub' | 'lod' | 'spc' | 'imp' | 'joi' | 'mov' | 'prm' | 'exp' | 'act' | 'ses'

/** A new id: prefix and 96 random bits. It names things and is no secret (tokens are made elsewhere). */
export const newId = (prefix: IdPrefix): string => `${prefix}_${randomBytes(12).toString('base64url').replaceAll('-', 'A').replaceAll('_', 'B')}`
