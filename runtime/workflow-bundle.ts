import { bundleWorkflowCode, DefaultLogger, type BundleOptions, type WorkflowBundleOption, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import { access, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { StartError } from './start-error.ts'

/**
 * What the SDK bundles for development is made for work: without the libraries' checks for developers (XState has many).
 * Names stay as they are written, for workflows are found by them and failures show them.
 */
export const forWork: Pick<BundleOptions, 'webpackConfigHook'> = {
  webpackConfigHook: (config) => ({ ...config, mode: 'production', optimization: { ...config.optimization, minimize: false } }),
}

/** Everything under workflows/ as one script for Temporal's sandbox. Takes a few seconds. */
function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    // The bundler's own report of a success is thirty lines long.
    logger: new DefaultLogger('WARN'),
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    failureConverterPath: fileURLToPath(new URL('./failure-converter.ts', import.meta.url)),
    ...forWork,
  })
}

/** Writes the bundle for workers that start later (WORKFLOW_BUNDLE); whatever stood at the path is replaced. */
export async function writeWorkflowBundle(path: string): Promise<void> {
  const { code } = await bundleWorkflows()
  await writeFile(path, code)
}

/**
 * What a worker runs: the bundle made before, or one made now.
 * @throws StartError when the file that should be there is not
 */
export async function workflowBundle(path: string | undefined): Promise<WorkflowBundleOption> {
  if (!path) return bundleWorkflows()
  await access(path).catch((cause: unknown) => {
    throw new StartError(`Нет файла ${path} (WORKFLOW_BUNDLE). Соберите его: npm run bundle -- ${path}, или уберите переменную.`, { cause })
  })
  return { codePath: path }
}
