import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import type { Invocation } from '../../engine/index.ts';
import { LAMBDA_FACTS, nestsDeeper, PAYLOAD_LEVELS_MAX } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';
import type { KnownFunction } from './functions.ts';
import { functionNamed, invalid, versionOf } from './functions.ts';

export interface Invoked {
  readonly StatusCode: number;
  readonly FunctionError?: string;
  readonly LogResult?: string;
  readonly Payload?: Uint8ArrayBlobAdapter;
  readonly ExecutedVersion?: string;
}

/** Runs a function: at once, later, or not at all (RS 4.17). */
export async function invoke(cloud: Cloud, input: InvokeCommandInput, call: Call): Promise<Invoked> {
  const known = functionNamed(cloud, call, input.FunctionName, input.Qualifier ?? undefined);
  const type = input.InvocationType ?? 'RequestResponse';
  const payload = payloadOf(input.Payload, type);
  if (type === 'DryRun') return { StatusCode: 204 };
  const { runnable } = known;
  if (runnable === undefined) {
    const says = `Firedrill cannot run ${known.arn}: it is no function of Node.js or Python with its code at hand.`;
    throw new AwsError('ServiceException', says, 500, { Type: 'Service' });
  }
  if (runnable.reservedConcurrency === 0) throw throttled();
  if (type === 'Event') {
    // Whatever comes of it, nobody hears of it.
    void cloud.callFunction(runnable, payload);
    return { StatusCode: 202 };
  }
  const { invocation, log } = await cloud.callFunction(runnable, payload);
  const shown = input.LogType === 'Tail' ? { LogResult: Buffer.from(logText(log, call)).toString('base64') } : {};
  return {
    StatusCode: 200,
    ...answerOf(invocation, call),
    ...shown,
    ExecutedVersion: versionOf(cloud, known) ?? '$LATEST',
  };
}

function payloadOf(bytes: InvokeCommandInput['Payload'], type: string): unknown {
  const text = bytes === undefined ? '' : Buffer.from(bytes as Uint8Array).toString('utf8');
  const { EVENT_BYTES_MAX, REQUEST_RESPONSE_BYTES_MAX } = LAMBDA_FACTS;
  const most = (type === 'Event' ? EVENT_BYTES_MAX : REQUEST_RESPONSE_BYTES_MAX).value;
  const length = Buffer.byteLength(text);
  if (length > most) {
    const says = `${length} byte payload is too large for the ${type} invocation type (limit ${most} bytes)`;
    throw new AwsError('RequestTooLargeException', says, 413, { Type: 'User' });
  }
  if (text === '') return {};
  if (nestsDeeper(text, PAYLOAD_LEVELS_MAX)) throw noJson(`it nests deeper than ${PAYLOAD_LEVELS_MAX} levels`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw noJson(error instanceof Error ? error.message : '');
  }
}

function noJson(why: string): AwsError {
  const says = `Could not parse request body into json: ${why}`;
  return new AwsError('InvalidRequestContentException', says, 400, { Type: 'User' });
}

/** Errors that Lambda reports, not the function's own code. */
const BY_PLATFORM: ReadonlySet<string> = new Set(['Sandbox.Timedout', 'Runtime.ExitError', 'Runtime.OutOfMemory']);

/** An error of the function is an answer like others (RS 4.17 to 4.19). */
function answerOf(invocation: Invocation, { requestId }: Call): Pick<Invoked, 'FunctionError' | 'Payload'> {
  switch (invocation.kind) {
    case 'returned':
      return { Payload: blob(invocation.text ?? JSON.stringify(invocation.payload ?? null)) };
    case 'failed': {
      const { errorType, errorMessage, report } = invocation;
      // What the function itself has said of its error, its trace included (RS 4.14, 4.14a).
      if (report !== undefined) return { FunctionError: 'Unhandled', Payload: blob(report) };
      const byPlatform = BY_PLATFORM.has(errorType);
      const says =
        byPlatform && !errorMessage.startsWith('RequestId') ? `RequestId: ${requestId} ${errorMessage}` : errorMessage;
      return { FunctionError: 'Unhandled', Payload: blob(JSON.stringify({ errorType, errorMessage: says })) };
    }
    case 'throttled':
      throw throttled();
    case 'too-large':
      throw new AwsError('RequestTooLargeException', 'Request must be smaller than 6291556 bytes', 413, {
        Type: 'User',
      });
  }
}

/** RS 4.24 */
function throttled(): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    Type: 'User',
  });
}

function blob(json: string): Uint8ArrayBlobAdapter {
  return Uint8ArrayBlobAdapter.fromString(json);
}

/** As Lambda frames what a function has written. */
function logText(log: string, { requestId }: Call): string {
  const lines = log === '' || log.endsWith('\n') ? log : `${log}\n`;
  return `START RequestId: ${requestId} Version: $LATEST\n${lines}END RequestId: ${requestId}\n`;
}

/** Of a new value for reserved concurrency. */
export function concurrencyOf(value: number | undefined, { name }: KnownFunction): number {
  if (value !== undefined && Number.isInteger(value) && value >= 0) return value;
  throw invalid(`ReservedConcurrentExecutions of ${name} must be 0 or more.`);
}
