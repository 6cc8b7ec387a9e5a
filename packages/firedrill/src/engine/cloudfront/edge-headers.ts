import type { EdgeEventType } from '../../model/index.ts';
import type { Header, Headers } from '../conversation.ts';

/** No function sees these, and none may add one (CF 5.14). */
const DISALLOWED: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'trailer',
  'upgrade',
  'x-accel-buffering',
  'x-accel-charset',
  'x-accel-limit-rate',
  'x-accel-redirect',
  'x-amzn-auth',
  'x-amzn-cf-billing',
  'x-amzn-cf-id',
  'x-amzn-cf-xff',
  'x-amzn-errortype',
  'x-amzn-fle-profile',
  'x-amzn-header-count',
  'x-amzn-header-order',
  'x-amzn-lambda-integration-tag',
  'x-amzn-requestid',
  'x-cache',
  'x-forwarded-proto',
  'x-real-ip',
]);

const DISALLOWED_PREFIXES = ['x-amz-cf-', 'x-edge-'];

/** Functions see these and must leave them as they are (CF 5.15). */
const READ_ONLY: Readonly<Record<EdgeEventType, ReadonlySet<string>>> = {
  'viewer-request': new Set(['cdn-loop', 'content-length', 'host', 'transfer-encoding', 'via']),
  'origin-request': new Set([
    'accept-encoding',
    'cdn-loop',
    'content-length',
    'if-modified-since',
    'if-none-match',
    'if-range',
    'if-unmodified-since',
    'transfer-encoding',
    'via',
  ]),
  'origin-response': new Set(['transfer-encoding', 'via']),
  'viewer-response': new Set(['warning', 'via']),
};

/** Read-only for Lambda functions beside those (CF 5.15). */
export const READ_ONLY_FOR_LAMBDA: ReadonlySet<string> = new Set([
  'content-length',
  'content-encoding',
  'transfer-encoding',
]);

/** Whether a header is kept from functions; `name` in lower case. */
export function isDisallowed(name: string): boolean {
  return DISALLOWED.has(name) || DISALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Whether functions at an event may only read a header; `name` in lower case. */
export function isReadOnly(name: string, event: EdgeEventType): boolean {
  return READ_ONLY[event].has(name);
}

/** What functions get to see. */
export function shownOf(headers: Headers): Header[] {
  return headers.filter(([name]) => !isDisallowed(name.toLowerCase()));
}

/** What goes past them. */
export function hiddenOf(headers: Headers): Header[] {
  return headers.filter(([name]) => isDisallowed(name.toLowerCase()));
}
