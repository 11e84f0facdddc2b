import { join } from 'node:path'
import { writeWorkflowBundle } from '../../runtime/workflow-bundle.ts'
import type { Starter } from './shared-services.ts'

export type WorkflowBundleFacts = { codePath: string }

/** Bundles workflows/ once for all test files: it takes seconds, and every worker wants it. */
export const workflowBundleStarter =
  (folder: string): Starter<WorkflowBundleFacts> =>
  async () => {
    const codePath = join(folder, 'workflow-bundle.cjs')
    await writeWorkflowBundle(codePath)
    return { facts: { codePath } }
  }
