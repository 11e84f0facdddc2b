import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger, Worker, type InjectedSinks, type WorkflowBundle } from '@temporalio/worker'
import { dataConverter } from '../../runtime/data-converter.ts'
import { forWork } from '../../runtime/workflow-bundle.ts'
import type { History } from './history-files.ts'
import type { StepSinks } from './step-watcher.ts'
import { testKeyRing } from './test-key-ring.ts'

/** What one step of a cohort makes of the instances it changes. */
export type DecidedStep = { id: string; kind: string; version: number; state: string; seq: number }[]

export interface Replayed {
  name: string
  /** What Temporal found: the code does other things than the history says. Absent when it does the same. */
  error?: Error
  /** What the code decided in each step, in order. */
  steps: DecidedStep[]
}

/** The project's workflows, made so that their steps can be watched. Takes a few seconds. */
export function watchedBundle(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({
    logger: new DefaultLogger('ERROR'),
    workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
    failureConverterPath: fileURLToPath(new URL('../../runtime/failure-converter.ts', import.meta.url)),
    workflowInterceptorModules: [fileURLToPath(new URL('./step-watcher.ts', import.meta.url))],
    ...forWork,
  })
}

/** Runs recorded histories through a bundle of {@link watchedBundle}, one after another, without a server. */
export async function replay(bundle: WorkflowBundle, histories: readonly Pick<History, 'name' | 'history'>[]): Promise<Replayed[]> {
  const steps = new Map<string, DecidedStep[]>(histories.map(({ name }) => [name, []]))
  const sinks: InjectedSinks<StepSinks> = {
    steps: { decided: { fn: ({ workflowId }, step) => void steps.get(workflowId)!.push(step), callDuringReplay: true } },
  }
  const replayed: Replayed[] = []
  const results = Worker.runReplayHistories({ workflowBundle: bundle, dataConverter: dataConverter(testKeyRing), sinks }, histories.map(({ name, history }) => ({ workflowId: name, history })))
  for await (const { workflowId: name, error } of results) replayed.push({ name, ...(error && { error }), steps: steps.get(name)! })
  return replayed
}
