import type { Body, Header } from '../conversation.ts';
import type { EdgeCall } from './edge.ts';
import { shownOf } from './edge-headers.ts';
import type { OriginAttempts } from './origin-attempts.ts';
import { OriginRequest } from './origin-request.ts';

/** A request as functions at an event see it, of whichever kind they are. */
export interface SeenRequest {
  readonly method: string;
  readonly uri: string;
  /** Without the question mark; empty when there is none. */
  readonly querystring: string;
  readonly host: string;
  /** All but Host, and without those that functions do not see. */
  readonly headers: readonly Header[];
  readonly body: Body | undefined;
}

/**
 * @param attempts at origin events: then the request is what the origin is sent, without the origin's path and own headers;
 * else it is the viewer's, as a function at viewer-request has left it.
 */
export function seenRequestOf(call: EdgeCall, attempts: OriginAttempts | undefined): SeenRequest {
  if (attempts === undefined) {
    const { method, target, host, headers, body } = call.request;
    return { method, ...splitTarget(target), host, headers: shownOf(headers), body };
  }
  const { request, changed } = attempts;
  if (changed !== undefined) return { method: request.method, ...changed, headers: shownOf(changed.headers) };
  const passed = request instanceof OriginRequest ? request.passedHeaders : request.headers;
  const { method, host, body } = request;
  const target = request.target.slice(attempts.from.origin.originPath.length);
  return { method, ...splitTarget(target), host, headers: shownOf(passed), body };
}

function splitTarget(target: string): Pick<SeenRequest, 'uri' | 'querystring'> {
  const at = target.indexOf('?');
  return at < 0 ? { uri: target, querystring: '' } : { uri: target.slice(0, at), querystring: target.slice(at + 1) };
}
