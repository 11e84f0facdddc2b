import { DefaultFailureConverter } from '@temporalio/common'

/** Puts the message and stack of a failure through the payload codec too; by default they stay readable. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
