import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LambdaFunction } from '../model/index.ts';

/** The program that speaks the Runtime API and calls the handler; at the same distance from `src` and from `dist`. */
export const BOOTSTRAP = fileURLToPath(new URL('../../runtime/bootstrap.mjs', import.meta.url));

/** Commands that a handler may start, and no folder of the person who runs the tool. */
const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;

/**
 * The environment of a function's process: what RS 4.4 lists, the template's own variables, and nothing of
 * the host's. The template may replace the runtime's conveniences but not what Lambda reserves (RS 4.5).
 * Left out: `LD_LIBRARY_PATH`, for those folders are not here, and `AWS_XRAY_*`, for there is no daemon.
 * The credentials open nothing.
 */
export function environmentOf(fn: LambdaFunction, taskRoot: string, runtimeApi: string): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH,
    NODE_PATH: taskRoot,
    ...fn.environment,
    PWD: taskRoot,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: dirname(BOOTSTRAP),
    _HANDLER: fn.handler,
    AWS_REGION: fn.region,
    AWS_DEFAULT_REGION: fn.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local/[$LATEST]',
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_ACCESS_KEY_ID: 'ASIAFIREDRILLLOCAL00',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_SESSION_TOKEN: 'not-a-token',
  };
}
