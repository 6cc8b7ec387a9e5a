import type { EdgeEventType } from '../../model/index.ts';
import type { Answered, Body, Header, TextBody } from '../conversation.ts';
import type { FunctionResponded, RequestChanged, ResponseChanged } from './edge-function.ts';
import { hiddenOf, shownOf } from './edge-headers.ts';
import { CLOUDFRONT_FACTS } from './facts.ts';
import { readFunctionBody } from './function-body.ts';
import { headerBytes, headersOffence, readLambdaHeaders } from './lambda-headers.ts';
import type { LambdaOrigin } from './lambda-origin.ts';
import { readLambdaOrigin } from './lambda-origin.ts';
import type { SeenRequest } from './seen-request.ts';
import type { SiteOrigin } from './site.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a function at a request event was given. */
export interface RequestGiven {
  readonly event: 'viewer-request' | 'origin-request';
  readonly clientIp: string;
  readonly seen: SeenRequest;
  /** Whether it got the body, so that it may replace it (CF 5.13). */
  readonly hasBody: boolean;
  readonly origin?: { readonly of: SiteOrigin; readonly shown: LambdaOrigin };
}

/**
 * What a function at a request event has returned: the request, or an answer of its own, which has a status (CF 5.20).
 * @returns a text when it is not valid, saying why.
 */
export function readRequestResult(value: unknown, given: RequestGiven): RequestChanged | FunctionResponded | string {
  if (!isObject(value)) return 'the function returned neither a request nor a response';
  return 'status' in value ? readGenerated(value, given.event) : readRequest(value, given);
}

function readRequest(value: Fields, { event, clientIp, seen, hasBody, origin }: RequestGiven): RequestChanged | string {
  const { uri, querystring = '', method = seen.method } = value;
  if (method !== seen.method) return 'the function changed method, which is read-only';
  if (value['clientIp'] !== undefined && value['clientIp'] !== clientIp)
    return 'the function changed clientIp, which is read-only';
  // CF 5.6
  if (typeof uri !== 'string' || !/^\/[^\s?#]*$/.test(uri)) return 'uri does not begin with a slash, or is no path';
  if (typeof querystring !== 'string' || /[\s#]/.test(querystring)) return 'querystring is not a query string';
  const headers = readLambdaHeaders(value['headers']);
  if (typeof headers === 'string') return headers;
  const offence = headersOffence([['host', seen.host], ...seen.headers], headers, event);
  if (offence !== undefined) return offence;
  const body = hasBody ? readReplacement(value['body'], event) : undefined;
  if (typeof body === 'string') return body;
  const to = origin === undefined ? undefined : readOrigin(value['origin'], origin);
  if (typeof to === 'string') return to;
  return {
    kind: 'changed',
    uri,
    querystring,
    host: hostOf(headers) ?? (to ?? origin?.of)?.origin.domainName ?? seen.host,
    headers: [
      ...headers.filter(([name]) => !isNamed(name, 'host') && !(body !== undefined && isNamed(name, 'content-length'))),
      ...(body === undefined ? [] : [['Content-Length', String(body.bytes)] as const]),
    ],
    body: body ?? seen.body,
    ...(to === undefined ? {} : { origin: to }),
  };
}

/** Undefined when the function has left the origin as it was. */
function readOrigin(
  value: unknown,
  { of, shown }: NonNullable<RequestGiven['origin']>,
): SiteOrigin | undefined | string {
  if (JSON.stringify(value) === JSON.stringify(shown)) return undefined;
  return readLambdaOrigin(value, of.origin);
}

/** The body that takes the place of the viewer's; undefined: none does. */
function readReplacement(value: unknown, event: EdgeEventType): TextBody | undefined | string {
  if (!isObject(value) || value['action'] !== 'replace') return undefined;
  const body = readFunctionBody(value['data'] ?? '', value['encoding'] ?? 'base64');
  if (typeof body === 'string') return body;
  if (body.bytes > bodyBytesMax(event)) return 'the body that the function put in place is too large';
  return body;
}

/** An answer of the function's own (CF 5.10). */
function readGenerated(value: Fields, event: EdgeEventType): FunctionResponded | string {
  const response = readResponse(value, event, []);
  if (typeof response === 'string') return response;
  const { status, headers, body = EMPTY } = response;
  // CF 5.11
  if (event === 'viewer-request' && status === 204 && body.bytes !== 0) return 'a 204 has no body';
  return { kind: 'responded', status, headers, body, result: 'LambdaGeneratedResponse' };
}

/**
 * What a function at a response event has returned.
 * @returns a text when it is not valid, saying why.
 */
export function readResponseResult(
  value: unknown,
  event: 'origin-response' | 'viewer-response',
  before: Pick<Answered, 'status' | 'headers'>,
): ResponseChanged | string {
  if (!isObject(value) || !('status' in value)) return 'the function returned no response';
  const response = readResponse(value, event, shownOf(before.headers));
  if (typeof response === 'string') return response;
  const { status, body } = response;
  // CF 5.17
  if (event === 'viewer-response' && status !== before.status)
    return 'a function at viewer-response changed the status';
  // The length of a body that is no more says nothing about what takes its place.
  const headers = response.headers.filter(([name]) => body === undefined || !isNamed(name, 'content-length'));
  return { kind: 'changed', status, headers: [...headers, ...hiddenOf(before.headers)], body };
}

function readResponse(
  value: Fields,
  event: EdgeEventType,
  before: readonly Header[],
): { readonly status: number; readonly headers: readonly Header[]; readonly body: TextBody | undefined } | string {
  const status = readStatus(value['status']);
  if (status === undefined) return 'status is not a number from 200 to 599';
  const { statusDescription } = value;
  if (statusDescription !== undefined && statusDescription !== null && typeof statusDescription !== 'string')
    return 'statusDescription is not a text';
  const headers = readLambdaHeaders(value['headers']);
  if (typeof headers === 'string') return headers;
  const offence = headersOffence(before, headers, event);
  if (offence !== undefined) return offence;
  const isWritten = value['body'] !== undefined && value['body'] !== null;
  const body = isWritten ? readFunctionBody(value['body'], value['bodyEncoding']) : undefined;
  if (typeof body === 'string') return body;
  if (body !== undefined && headerBytes(headers) + body.bytes > bodyBytesMax(event))
    return 'the response that the function made is too large';
  return { status, headers, body };
}

/** A text of three digits; a number is taken as well. */
function readStatus(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
}

/** Of a body, with its headers where it is an answer's (CF 5.11, 5.13). */
export function bodyBytesMax(event: EdgeEventType): number {
  return event === 'viewer-request' || event === 'viewer-response'
    ? CLOUDFRONT_FACTS.VIEWER_FUNCTION_BODY_BYTES.value
    : CLOUDFRONT_FACTS.ORIGIN_FUNCTION_BODY_BYTES.value;
}

const EMPTY: Body & TextBody = { bytes: 0, text: '' };

function hostOf(headers: readonly Header[]): string | undefined {
  return headers.find(([name]) => isNamed(name, 'host'))?.[1];
}

function isNamed(name: string, lower: string): boolean {
  return name.toLowerCase() === lower;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
