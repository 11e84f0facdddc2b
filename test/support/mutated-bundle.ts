import type { WorkflowBundle } from '@temporalio/worker'

/**
 * A bundle in which one passage reads differently: what a careless change would deploy. A space in the passage stands for
 * any white space and the semicolons the bundler writes. Throws when the passage is not there exactly once.
 */
export function mutatedBundle({ code, ...bundle }: WorkflowBundle, passage: string, instead: string): WorkflowBundle {
  const pattern = passage.split(' ').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s;]+')
  const parts = code.split(new RegExp(pattern))
  if (parts.length !== 2) throw new Error(`the passage is ${parts.length - 1} times in the bundle`)
  return { ...bundle, code: parts.join(instead) }
}
