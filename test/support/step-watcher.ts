import { proxySinks, type Sinks, type WorkflowInterceptorsFactory } from '@temporalio/workflow'
import type { RecordStep } from '../../activities/contract.ts'
import type { DecidedStep } from './replay.ts'

/** Where a bundle with this module tells what each step of a cohort decides, also while it replays. */
export interface StepSinks extends Sinks {
  steps: { decided(step: DecidedStep): void }
}

const { steps } = proxySinks<StepSinks>()

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleLocalActivity(input, next) {
        if (input.activityType === 'recordStep') {
          const { changed } = input.args[0] as RecordStep
          steps.decided(changed.map(({ id, kind, version, state, seq }) => ({ id, kind, version, state, seq })))
        }
        return next(input)
      },
    },
  ],
})
