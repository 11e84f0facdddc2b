import { inject } from 'vitest'
import { sharedService } from './shared-services.ts'
import type { WorkflowBundleFacts } from './workflow-bundle-file.ts'

/** The bundled workflows/, as `Worker.create({ workflowBundle })` takes them. */
export function workflowBundle(): Promise<WorkflowBundleFacts> {
  return sharedService<WorkflowBundleFacts>(inject('brokerUrl'), 'workflowBundle')
}
