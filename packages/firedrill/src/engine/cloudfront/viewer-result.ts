import type { Answered, Body, Header, TextBody } from '../conversation.ts';
import { hiddenOf, isDisallowed, isReadOnly } from './edge-headers.ts';
import type { FunctionResponded, RequestVerdict, ResponseChanged } from './edge-function.ts';
import { CLOUDFRONT_FACTS } from './facts.ts';
import { readFunctionBody } from './function-body.ts';
import { headerBytes } from './lambda-headers.ts';
import type { SeenRequest } from './seen-request.ts';
import type { FunctionRequest, FunctionResponse, FunctionValues } from './viewer-event.ts';

/*
 * What functions of CloudFront Functions return, held to the rules. Each reader gives a text when the result is not valid,
 * saying why: the viewer gets a 502 then (CF 5.36).
 */

type Fields = Readonly<Record<string, unknown>>;

/** At viewer-request: the request, changed or not, or an answer in its place (CF 5.20). */
export function readViewerRequestResult(
  value: unknown,
  seen: SeenRequest,
  shown: FunctionRequest,
): Exclude<RequestVerdict, { readonly kind: 'failed' }> | string {
  if (!isObject(value)) return 'the function returned neither a request nor a response';
  if ('statusCode' in value) return readGenerated(value);
  if (JSON.stringify(value) === JSON.stringify(shown)) return { kind: 'pass' };
  const { method, uri } = value;
  // The one field of a request that only can be read (CF 5.25).
  if (method !== undefined && method !== seen.method) return 'the function changed method, which is read-only';
  if (typeof uri !== 'string' || !/^\/[^\s?#]*$/.test(uri)) return 'uri does not begin with a slash, or is no path';
  const querystring = readQuery(value['querystring'], seen, shown);
  if (typeof querystring !== 'string') return querystring.says;
  const headers = readValues(value['headers'], 'headers');
  if (typeof headers === 'string') return headers;
  const offence = offenceOf(shown.headers, headers, 'viewer-request');
  if (offence !== undefined) return offence;
  const cookies = readValues(value['cookies'], 'cookies');
  if (typeof cookies === 'string') return cookies;
  const cookie = cookies.map(([name, each]) => `${name}=${each.value}`).join('; ');
  return {
    kind: 'changed',
    uri,
    querystring,
    host: seen.host,
    headers: [
      ...headersOf(
        headers.filter(([name]) => name !== 'host'),
        seen.headers,
      ),
      ...(cookie === '' ? [] : [['Cookie', cookie] as const]),
    ],
    body: seen.body,
  };
}

/** At viewer-response: the response, changed or not. */
export function readViewerResponseResult(
  value: unknown,
  before: Pick<Answered, 'status' | 'headers'>,
  shown: FunctionResponse,
): ResponseChanged | { readonly kind: 'pass' } | string {
  if (!isObject(value) || !('statusCode' in value)) return 'the function returned no response';
  if (JSON.stringify(value) === JSON.stringify(shown)) return { kind: 'pass' };
  const read = readResponse(value, shown.headers, before.headers, 'viewer-response');
  if (typeof read === 'string') return read;
  const { status, body } = read;
  // The length of a body that is no more says nothing about what takes its place.
  const headers = read.headers.filter(([name]) => body === undefined || name.toLowerCase() !== 'content-length');
  return { kind: 'changed', status, headers: [...headers, ...hiddenOf(before.headers)], body };
}

function readGenerated(value: Fields): FunctionResponded | string {
  const read = readResponse(value, {}, [], 'viewer-request');
  if (typeof read === 'string') return read;
  const { status, headers, body = EMPTY } = read;
  return { kind: 'responded', status, headers, body, result: 'FunctionGeneratedResponse' };
}

const EMPTY: Body & TextBody = { bytes: 0, text: '' };

function readResponse(
  value: Fields,
  shown: FunctionValues,
  before: readonly Header[],
  event: 'viewer-request' | 'viewer-response',
): { readonly status: number; readonly headers: readonly Header[]; readonly body: TextBody | undefined } | string {
  const { statusCode: status, statusDescription } = value;
  // A number, never a text (CF 5.25).
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599)
    return 'statusCode is not a number from 200 to 599';
  if (statusDescription !== undefined && typeof statusDescription !== 'string')
    return 'statusDescription is not a text';
  const headers = readValues(value['headers'], 'headers');
  if (typeof headers === 'string') return headers;
  const offence = offenceOf(shown, headers, event);
  if (offence !== undefined) return offence;
  const cookies = readValues(value['cookies'], 'cookies');
  if (typeof cookies === 'string') return cookies;
  const body = readBody(value['body']);
  if (typeof body === 'string') return body;
  const all: readonly Header[] = [...headersOf(headers, before), ...cookies.map(setCookie)];
  if (headerBytes(all) + (body?.bytes ?? 0) > CLOUDFRONT_FACTS.VIEWER_FUNCTION_BODY_BYTES.value)
    return 'the response that the function made is too large';
  return { status, headers: all, body };
}

/** Text, or data with its encoding; undefined: the function says nothing of it. */
function readBody(value: unknown): TextBody | undefined | string {
  if (value === undefined || value === null) return undefined;
  return isObject(value) ? readFunctionBody(value['data'], value['encoding']) : readFunctionBody(value, 'text');
}

function setCookie([name, { value, attributes }]: Entry): Header {
  return ['Set-Cookie', `${name}=${value}${attributes === undefined ? '' : `; ${attributes}`}`];
}

/** The query string as it was sent unless the function has changed it; else made anew of its values. */
function readQuery(
  value: unknown,
  { querystring }: SeenRequest,
  shown: FunctionRequest,
): string | { readonly says: string } {
  if (JSON.stringify(value) === JSON.stringify(shown.querystring)) return querystring;
  const values = readValues(value, 'querystring');
  if (typeof values === 'string') return { says: values };
  const text = values.map(([name, each]) => (each.value === '' ? name : `${name}=${each.value}`)).join('&');
  return /[\s#]/.test(text) ? { says: 'querystring is not a query string' } : text;
}

type Entry = readonly [name: string, entry: { readonly value: string; readonly attributes?: string }];

/** What a header may be called, and what it may say (RFC 9110, 5.1 and 5.5); functions have all names in lower case. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const TEXT = /^[\t\x20-\x7e\u0080-\uffff]*$/;

/** Values by name, those that come several times one after the other; `multiValue` counts where there is one. */
function readValues(value: unknown, what: 'headers' | 'cookies' | 'querystring'): Entry[] | string {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) return `${what} is not an object`;
  const entries: Entry[] = [];
  for (const [name, each] of Object.entries(value)) {
    if (what === 'headers' && !HEADER_NAME.test(name)) return `${name} is no name of a header, or not in lower case`;
    if (!isObject(each)) return `${what}: ${name} is not an object`;
    const many = each['multiValue'];
    if (many !== undefined && !Array.isArray(many)) return `${what}: the multiValue of ${name} is not a list`;
    for (const single of (many as readonly unknown[] | undefined) ?? [each]) {
      if (!isObject(single) || typeof single['value'] !== 'string')
        return `${what}: ${name} has no value that is a text`;
      const { value: text, attributes } = single;
      if (!TEXT.test(text as string)) return `${what}: ${name} has a value that none can have`;
      if (attributes !== undefined && (typeof attributes !== 'string' || !TEXT.test(attributes)))
        return `${what}: the attributes of ${name} are not a text`;
      entries.push([name, { value: text as string, ...(typeof attributes === 'string' ? { attributes } : {}) }]);
    }
  }
  return entries;
}

/** As headers, written as they were where they were there. */
function headersOf(entries: readonly Entry[], before: readonly Header[]): Header[] {
  const written = new Map(before.map(([name]) => [name.toLowerCase(), name]));
  return entries.map(([name, { value }]) => [written.get(name) ?? name, value]);
}

/** What a function must not have done to headers (CF 5.14, 5.15); deleting one that is read-only is a change like others. */
function offenceOf(
  shown: FunctionValues,
  after: readonly Entry[],
  event: 'viewer-request' | 'viewer-response',
): string | undefined {
  const isThere = new Map<string, string>();
  for (const [name, { value }] of after) {
    if (isDisallowed(name)) return `the function added the header ${name}, which is disallowed`;
    const earlier = isThere.get(name);
    isThere.set(name, earlier === undefined ? value : `${earlier}\n${value}`);
  }
  for (const name of new Set([...Object.keys(shown), ...isThere.keys()])) {
    if (!isReadOnly(name, event)) continue;
    const each = shown[name];
    const was = each?.multiValue?.map(({ value }) => value).join('\n') ?? each?.value;
    if (was !== isThere.get(name)) return `the function changed the read-only header ${name}`;
  }
  return undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
