import type { LambdaFunction } from '../model/index.ts';
import { base64Of, bytesOfBase64, moduleOf, utf8Of, versionIn } from '../model/index.ts';
import type { Body, CollectedBody, Invocation, Invoke, ReplicaPlace, TextBody } from './conversation.ts';
import type { CodeSandbox, PreparedHandler, RunLimits } from './edge-code.ts';
import { copyOf } from './edge-functions.ts';

/**
 * What a run may take. Lambda has no count of steps, only a time limit: this many are more than any function at the edge should
 * need, and end one that never would.
 */
const STEPS_MAX = 20_000_000;
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;

/** The version of Node.js whose runtime calls no handlers with a callback any more (RS 4.12). */
const WITHOUT_CALLBACKS_SINCE = 24;

/** Functions at the edge that need nothing but their event, run at once. */
export class PureHandlers {
  private readonly sandbox: CodeSandbox | undefined;
  private readonly ready = new Map<string, PreparedHandler | undefined>();

  constructor(sandbox: CodeSandbox | undefined) {
    this.sandbox = sandbox;
  }

  /** Whether a copy of a function can be run here; else a model stands for it. */
  has(fn: LambdaFunction, place: ReplicaPlace): boolean {
    return this.handlerOf(fn, place) !== undefined;
  }

  /** Undefined when the function is none of these. One that takes too many steps has timed out. */
  run(need: Invoke): Invocation | undefined {
    const { function: fn, replica, body, timeoutMs } = need;
    const handler = replica === undefined ? undefined : this.handlerOf(fn, replica);
    if (replica === undefined || handler === undefined) return undefined;
    const seen = body === undefined ? null : shown(body, need.bodyBytesMax);
    const copy = copyOf(fn, replica);
    const outcome = handler.run(need.payload(seen), {
      functionName: copy.name,
      functionVersion: versionIn(copy.arn) ?? '$LATEST',
      memoryLimitInMB: String(fn.memoryMb),
      invokedFunctionArn: copy.arn,
      awsRequestId: '00000000-0000-4000-8000-000000000000',
      remainingMs: timeoutMs,
    });
    if (outcome.kind === 'returned') return { kind: 'returned', payload: outcome.value };
    if (outcome.why === 'limit') {
      const errorMessage = `Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
      return { kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage };
    }
    const [, errorType = 'Error', errorMessage = ''] = /^([\w.$]+): ([^]*)$/.exec(outcome.says) ?? [];
    return { kind: 'failed', errorType, errorMessage };
  }

  private handlerOf(fn: LambdaFunction, place: ReplicaPlace): PreparedHandler | undefined {
    const key = `${place.versionArn} ${place.region}`;
    if (!this.ready.has(key)) this.ready.set(key, this.prepare(copyOf(fn, place)));
    return this.ready.get(key);
  }

  private prepare(fn: LambdaFunction): PreparedHandler | undefined {
    const module = moduleOf(fn);
    if (module === undefined || this.sandbox === undefined || !fn.runtime.startsWith('nodejs')) return undefined;
    const handler = /\.([^./]+)$/.exec(fn.handler)?.[1] ?? '';
    const environment = {
      AWS_REGION: fn.region,
      AWS_DEFAULT_REGION: fn.region,
      AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: fn.name,
      AWS_LAMBDA_FUNCTION_VERSION: versionIn(fn.arn) ?? '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    };
    const limits: RunLimits = { stepsMax: STEPS_MAX, memoryBytesMax: MEMORY_BYTES_MAX };
    const takesCallbacks = Number(/^nodejs(\d+)/.exec(fn.runtime)?.[1] ?? 0) < WITHOUT_CALLBACKS_SINCE;
    return this.sandbox.prepareHandler({ ...module, handler, environment, takesCallbacks }, limits);
  }
}

/** The beginning of a body as Base64 (CF 5.13). Of one that is counted and not held a function sees that it is there, and nothing of it. */
function shown(body: Body | TextBody, bytesMax: number): CollectedBody {
  const { text, isBase64Encoded } = 'text' in body ? body : { text: undefined, isBase64Encoded: false };
  if (text === undefined) return { text: '', isBase64Encoded: true, isTruncated: false };
  const bytes = isBase64Encoded === true ? bytesOfBase64(text) : utf8Of(text);
  return { text: base64Of(bytes.slice(0, bytesMax)), isBase64Encoded: true, isTruncated: bytes.length > bytesMax };
}
