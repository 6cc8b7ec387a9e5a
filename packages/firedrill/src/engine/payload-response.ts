import type { Header } from './conversation.ts';
import { isPlain, singleHeaders } from './payload-headers.ts';

/** What a function's result means as an answer of payload format 2.0. */
export interface PayloadResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * Reads a result of payload format 2.0: with statusCode an answer, anything else the body of a 200 as JSON, a text as it is
 * (RS 3.33, 4.30). Undefined: no answer can be made of it.
 * @param text the result as it was written: numbers may have more digits than JavaScript keeps.
 */
export function payloadResponse(payload: unknown, text?: string): PayloadResponse | undefined {
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    const body = typeof payload === 'string' ? payload : (text ?? JSON.stringify(payload) ?? 'null');
    return { status: 200, headers: [['content-type', 'application/json']], body, isBase64Encoded: false };
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = payload as Readonly<Record<string, unknown>>;
  const status = statusOf(statusCode);
  const given = singleHeaders(headers)?.map(([name, one]): Header => [name.toLowerCase(), one]);
  const set = cookiesOf(cookies);
  if (status === undefined || given === undefined || set === undefined) return undefined;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  const hasType = given.some(([name]) => name === 'content-type');
  return {
    status,
    headers: [...(hasType ? [] : [['content-type', 'application/json'] as const]), ...given, ...set],
    body: body ?? '',
    isBase64Encoded: isBase64Encoded === true,
  };
}

function statusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
}

function cookiesOf(value: unknown): Header[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isPlain)) return undefined;
  return value.map((cookie): Header => ['set-cookie', String(cookie)]);
}
