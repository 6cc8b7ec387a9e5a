import type { Header } from '../conversation.ts';
import { listedHeaders, singleHeaders } from '../payload-headers.ts';
import { remapped } from './remapped.ts';

/** What a function's result means as an HTTP answer. */
export interface ProxyResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  /** The same as a REST API passes them on (RS 3.27a); made once for results that come again and again. */
  readonly remapped: readonly Header[];
  readonly body: string;
}

const KEYS: ReadonlySet<string> = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

/**
 * Reads the result of a Lambda proxy integration; undefined: 502 (RS 3.4, 3.5). Base64 is passed through as
 * it is, since this slice knows no binary media types (RS 3.9).
 */
export function proxyResponse(payload: unknown): ProxyResponse | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  // A modelled function returns the same object again and again.
  const before = known.get(payload);
  if (before !== undefined) return before;
  const response = read(payload as Readonly<Record<string, unknown>>);
  if (response !== undefined) known.set(payload, response);
  return response;
}

const known = new WeakMap<object, ProxyResponse>();

function read(result: Readonly<Record<string, unknown>>): ProxyResponse | undefined {
  if (Object.keys(result).some((key) => !KEYS.has(key))) return undefined;
  const status = statusOf(result['statusCode']);
  const multi = listedHeaders(result['multiValueHeaders']);
  const single = singleHeaders(result['headers']);
  const { body } = result;
  if (status === undefined || multi === undefined || single === undefined) return undefined;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  // Multi values first, then the single one of the same name (RS 3.6).
  const headers: Header[] = [...multi, ...single];
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
    headers.push(['Content-Type', 'application/json']);
  return { status, headers, remapped: remapped(headers), body: body ?? '' };
}

/** A number, digits in a string, or nothing at all, which means 200 (RS 3.5). */
function statusOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return 200;
  const status = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
}
