import type { Answered, Conversation } from '../conversation.ts';
import { inTurn } from '../conversation.ts';
import type { FunctionRun, RunOutcome } from '../edge-code.ts';
import type { EdgeCall } from './edge.ts';
import type { CloudFrontFunction, FunctionFailed, RequestVerdict, ResponseVerdict } from './edge-function.ts';
import { OriginHelpers } from './origin-helpers.ts';
import { replicaRegionOf } from './replica-region.ts';
import { seenRequestOf } from './seen-request.ts';
import type { FunctionEvent } from './viewer-event.ts';
import { functionEventOf } from './viewer-event.ts';
import { withViewerHeaders } from './viewer-headers.ts';
import { readViewerRequestResult, readViewerResponseResult } from './viewer-result.ts';

/**
 * What a function of CloudFront Functions makes of a viewer's request. It runs at the edge location itself, and takes no time
 * that a viewer could notice; what its helpers choose as the origin holds for this request (CF 5.26).
 */
export function* viewerRequestVerdict(call: EdgeCall, fn: CloudFrontFunction): Conversation<RequestVerdict> {
  // What it reads, as a clock or a store, may change before.
  if (call.moment.isAhead === true) yield inTurn(call.moment);
  // Unlike a Lambda function at this event it sees what CloudFront adds about the viewer.
  const { viewerHeaders } = call.behavior;
  if (viewerHeaders !== undefined) call.request = withViewerHeaders(call, viewerHeaders);
  const seen = seenRequestOf(call, undefined);
  const event = functionEventOf(call, seen);
  const helpers = new OriginHelpers(call);
  const run = runOf(call, fn, event, (helper, args) => helpers.perform(helper, args));
  const outcome = fn.program.run(run);
  if (outcome.kind === 'failed') return failureOf(outcome, run);
  const result = readViewerRequestResult(outcome.value, seen, event.request);
  if (typeof result === 'string') return invalid(result);
  call.route = helpers.route;
  return result;
}

/** What it makes of an answer on its way to the viewer. */
export function* viewerResponseVerdict(
  call: EdgeCall,
  fn: CloudFrontFunction,
  response: Pick<Answered, 'status' | 'headers'>,
): Conversation<ResponseVerdict> {
  if (call.moment.isAhead === true) yield inTurn(call.moment);
  const event = functionEventOf(call, seenRequestOf(call, undefined), response);
  const run = runOf(call, fn, event, (helper) => `${helper} is for viewer-request only`);
  const outcome = fn.program.run(run);
  if (outcome.kind === 'failed') return failureOf(outcome, run);
  if (event.response === undefined) return { kind: 'pass' };
  const result = readViewerResponseResult(outcome.value, response, event.response);
  return typeof result === 'string' ? invalid(result) : result;
}

function runOf(
  call: EdgeCall,
  fn: CloudFrontFunction,
  event: FunctionEvent,
  originHelper: FunctionRun['originHelper'],
): FunctionRun {
  const { edge, moment, request } = call;
  const at = request.target.indexOf('?');
  return {
    event,
    requestId: () => call.requestId,
    rawQueryString: at < 0 ? '' : request.target.slice(at + 1),
    edgeLocation: { name: edge.label, serverIp: edge.vantage.address, region: replicaRegionOf(edge) },
    epochMs: fn.epochMs(moment.now),
    chance: fn.chance,
    keyValues: fn.keyValues(edge.label, moment.now),
    originHelper,
  };
}

/** An error is a 503, and so is time or memory that was used up (CF 2.25, 2.34). */
function failureOf(
  { why, says }: Extract<RunOutcome, { readonly kind: 'failed' }>,
  { keyValues }: FunctionRun,
): FunctionFailed {
  if (why === 'limit') return { kind: 'failed', cause: 'function-limited', result: 'FunctionThrottledError', says };
  // A store that could not be read is why, as far as anybody can tell.
  const because = keyValues?.because === undefined ? {} : { because: keyValues.because };
  return { kind: 'failed', cause: 'function-failed', result: 'FunctionExecutionError', says, ...because };
}

function invalid(says: string): FunctionFailed {
  return { kind: 'failed', cause: 'function-invalid', result: 'FunctionValidationError', says };
}
