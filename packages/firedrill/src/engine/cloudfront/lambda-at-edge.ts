import type { Answered, Body, CollectedBody, Conversation, Invocation, Invoke } from '../conversation.ts';
import type { EdgeCall } from './edge.ts';
import type { FunctionFailed, LambdaAtEdge, RequestVerdict, ResponseVerdict } from './edge-function.ts';
import type { LambdaEvent, LambdaEventParts } from './lambda-event.ts';
import { lambdaEventOf } from './lambda-event.ts';
import { lambdaOriginOf } from './lambda-origin.ts';
import { bodyBytesMax, readRequestResult, readResponseResult } from './lambda-result.ts';
import type { OriginAttempts } from './origin-attempts.ts';
import { isHttps } from './origin-attempts.ts';
import { replicaRegionOf } from './replica-region.ts';
import { seenRequestOf } from './seen-request.ts';

/** What a Lambda function makes of a request: at viewer-request, with attempts at origin-request. */
export function* lambdaRequestVerdict(
  call: EdgeCall,
  fn: LambdaAtEdge,
  attempts: OriginAttempts | undefined,
): Conversation<RequestVerdict> {
  const event = attempts === undefined ? 'viewer-request' : 'origin-request';
  const seen = seenRequestOf(call, attempts);
  const shown = attempts === undefined ? undefined : lambdaOriginOf(attempts.from, isHttps(attempts.from, call));
  const body = fn.includeBody ? seen.body : undefined;
  const invocation = (yield new EdgeInvoke(call, fn, { event, seen, origin: shown }, body)) as Invocation;
  if (invocation.kind !== 'returned') return failureOf(invocation);
  const result = readRequestResult(invocation.payload, {
    event,
    clientIp: call.arrival.from.address,
    seen,
    hasBody: body !== undefined,
    ...(attempts === undefined || shown === undefined ? {} : { origin: { of: attempts.from, shown } }),
  });
  return typeof result === 'string' ? invalid(result) : result;
}

/** What a Lambda function makes of an answer: at viewer-response, with attempts at origin-response. */
export function* lambdaResponseVerdict(
  call: EdgeCall,
  fn: LambdaAtEdge,
  response: Pick<Answered, 'status' | 'headers'>,
  attempts: OriginAttempts | undefined,
): Conversation<ResponseVerdict> {
  const event = attempts === undefined ? 'viewer-response' : 'origin-response';
  const seen = seenRequestOf(call, attempts);
  const origin = attempts === undefined ? undefined : lambdaOriginOf(attempts.from, isHttps(attempts.from, call));
  const invocation = (yield new EdgeInvoke(call, fn, { event, seen, origin, response }, undefined)) as Invocation;
  if (invocation.kind !== 'returned') return failureOf(invocation);
  const result = readResponseResult(invocation.payload, event, response);
  return typeof result === 'string' ? invalid(result) : result;
}

/** Runs a replica of a function, near the edge location (CF 5.22); CloudFront waits for it (CF 5.23). */
class EdgeInvoke implements Invoke {
  readonly kind = 'invoke';
  readonly function: LambdaAtEdge['function'];
  readonly body: Body | undefined;
  readonly peeks = true;
  private readonly call: EdgeCall;
  private readonly fn: LambdaAtEdge;
  private readonly parts: LambdaEventParts;

  constructor(call: EdgeCall, fn: LambdaAtEdge, parts: LambdaEventParts, body: Body | undefined) {
    this.call = call;
    this.fn = fn;
    this.function = fn.function;
    this.parts = parts;
    this.body = body;
  }

  get replica(): NonNullable<Invoke['replica']> {
    return { region: replicaRegionOf(this.call.edge), versionArn: this.fn.versionArn };
  }

  get bodyBytesMax(): number {
    return bodyBytesMax(this.parts.event);
  }

  get timeoutMs(): number {
    return this.function.timeoutSeconds * 1000;
  }

  payload(body: CollectedBody | null): LambdaEvent {
    return lambdaEventOf(this.call, this.parts, body);
  }

  /** A function that is not run lets everything pass as it is. */
  standIn(): unknown {
    const [{ cf }] = this.payload(null).Records;
    return cf.response ?? cf.request;
  }
}

/** CF 5.19 */
function failureOf(invocation: Exclude<Invocation, { readonly kind: 'returned' }>): FunctionFailed {
  switch (invocation.kind) {
    case 'failed':
      if (invocation.errorType === 'Sandbox.Timedout') return limited(invocation.errorMessage);
      if (invocation.errorType === 'Function.ResponseSizeTooLarge') return invalid(invocation.errorMessage);
      return {
        kind: 'failed',
        cause: 'function-failed',
        result: 'LambdaExecutionError',
        says: `${invocation.errorType}: ${invocation.errorMessage}`,
      };
    case 'throttled':
      return limited('The function was throttled.');
    case 'too-large':
      return invalid('the event is too large');
  }
}

function limited(says: string): FunctionFailed {
  return { kind: 'failed', cause: 'function-limited', result: 'LambdaLimitExceeded', says };
}

function invalid(says: string): FunctionFailed {
  return { kind: 'failed', cause: 'function-invalid', result: 'LambdaValidationError', says };
}
