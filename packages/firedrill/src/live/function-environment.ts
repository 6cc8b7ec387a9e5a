import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAMBDA_FACTS } from '../engine/index.ts';
import type { LambdaFunction } from '../model/index.ts';
import { versionIn } from '../model/index.ts';
import type { Bounds } from './watched-processes.ts';

/** The programs that speak the Runtime API and call the handler; at the same distance from `src` and from `dist`. */
const BOOTSTRAP = fileURLToPath(new URL('../../runtime/bootstrap.mjs', import.meta.url));
const PYTHON_BOOTSTRAP = fileURLToPath(new URL('../../runtime/bootstrap.py', import.meta.url));

/** Part of a function's memory that JavaScript objects may fill; the rest is for code and buffers. */
const HEAP_SHARE = 0.9;

/** What a language needs on this machine. */
export type Language = 'node' | 'python';

/** Undefined for runtimes that the local world does not run. */
export function languageOf({ runtime }: LambdaFunction): Language | undefined {
  if (runtime.startsWith('nodejs')) return 'node';
  return runtime.startsWith('python3') ? 'python' : undefined;
}

/** Where Python is looked for: what the machine has, whichever version the function asks for. */
export const PYTHON = 'python3';

/** The program and its arguments that run a function, with Node unless it is Python's. */
function commandOf(fn: LambdaFunction): readonly [program: string, ...rest: readonly string[]] {
  // Its folder is not searched for modules (-P would need 3.11), and nothing is written beside the user's code.
  if (languageOf(fn) === 'python') return [PYTHON, '-B', '-u', PYTHON_BOOTSTRAP];
  const heapMb = Math.max(1, Math.floor(fn.memoryMb * HEAP_SHARE));
  return [process.execPath, `--max-old-space-size=${heapMb}`, BOOTSTRAP];
}

/**
 * The same, begun by a shell that sets what the system itself can hold it to: no core files, Lambda's number of open files (RS 4.36),
 * and that it goes first should the machine run out of memory. What cannot be set there is left as it is.
 */
export function boundedCommandOf(fn: LambdaFunction): readonly [program: string, ...rest: readonly string[]] {
  return ['/bin/sh', '-c', BOUNDED, 'sh', ...commandOf(fn)];
}

const BOUNDED = `{
ulimit -c 0
ulimit -n ${LAMBDA_FACTS.OPEN_FILES_MAX.value}
[ ! -w /proc/self/oom_score_adj ] || echo 1000 > /proc/self/oom_score_adj
} 2>/dev/null
exec "$@"`;

/** What a function may take with everything that it starts, in one environment: its memory, and Lambda's number of tasks (RS 4.36). */
export function boundsOf(fn: LambdaFunction): Bounds {
  return { memoryBytes: fn.memoryMb * 1024 * 1024, tasksMax: LAMBDA_FACTS.PROCESSES_AND_THREADS_MAX.value };
}

/** Names the Runtime API of one process; no other that lives has the same. */
export const RUNTIME_API_VARIABLE = 'AWS_LAMBDA_RUNTIME_API';

/** Commands that a handler may start, and no folder of the person who runs the tool. */
export const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;

/** A world without APIs of AWS refuses at once what a handler asks of them, or else it would ask the real AWS. Nothing listens on the discard port. */
const NO_APIS = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };

/**
 * The environment of a function's process: what RS 4.4 lists, the template's own variables, and nothing of
 * the host's. The template may replace the runtime's conveniences but not what Lambda reserves (RS 4.5).
 * Left out: `LD_LIBRARY_PATH`, for those folders are not here, and `AWS_XRAY_*`, for there is no daemon.
 * The credentials open nothing.
 * @param surroundings what else the world tells every function, as where its APIs are; the template may replace it.
 */
export function environmentOf(
  fn: LambdaFunction,
  taskRoot: string,
  runtimeApi: string,
  surroundings: Readonly<Record<string, string>> = NO_APIS,
): Record<string, string> {
  const version = versionIn(fn.arn) ?? '$LATEST';
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH,
    ...(languageOf(fn) === 'python' ? { PYTHONPATH: taskRoot } : { NODE_PATH: taskRoot }),
    ...surroundings,
    ...fn.environment,
    PWD: taskRoot,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: dirname(BOOTSTRAP),
    _HANDLER: fn.handler,
    AWS_REGION: fn.region,
    AWS_DEFAULT_REGION: fn.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `local/[${version}]`,
    [RUNTIME_API_VARIABLE]: runtimeApi,
    AWS_ACCESS_KEY_ID: 'ASIAFIREDRILLLOCAL00',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_SESSION_TOKEN: 'not-a-token',
  };
}
