import type { Header, TextBody } from '../conversation.ts';
import { LOAD_BALANCING_FACTS } from './facts.ts';

/** What a function's result means as an HTTP answer of a load balancer. */
export interface TargetResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: TextBody;
}

/**
 * Reads the result of a function behind a load balancer; undefined: 502 (RS 6.7, 6.12). It must be an object with a status;
 * a body in Base64 is decoded when the result says so; whole, it may be 1 MB of JSON at most.
 */
export function targetResponse(payload: unknown, multiValueHeaders: boolean): TargetResponse | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  const known = read.get(payload);
  if (known !== undefined) return known;
  const result = payload as Readonly<Record<string, unknown>>;
  const status = statusOf(result['statusCode']);
  const headers = multiValueHeaders ? listed(result['multiValueHeaders']) : single(result['headers']);
  const { body = '', isBase64Encoded } = result;
  if (status === undefined || headers === undefined || (typeof body !== 'string' && body !== null)) return undefined;
  if (JSON.stringify(payload).length > LOAD_BALANCING_FACTS.LAMBDA_PAYLOAD_BYTES_MAX.value) return undefined;
  const response = { status, headers, body: bodyOf(body ?? '', isBase64Encoded === true) };
  read.set(payload, response);
  return response;
}

/** A modelled function returns the same object again and again. */
const read = new WeakMap<object, TargetResponse>();

function statusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
}

function single(value: unknown): Header[] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  return Object.entries(value).map(([name, one]): Header => [name, String(one)]);
}

function listed(value: unknown): Header[] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const headers: Header[] = [];
  for (const [name, values] of Object.entries(value)) {
    if (!Array.isArray(values)) return undefined;
    for (const one of values) headers.push([name, String(one)]);
  }
  return headers;
}

function bodyOf(text: string, isBase64Encoded: boolean): TextBody {
  if (!isBase64Encoded) return { bytes: byteLengthOf(text), text };
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return { bytes: Math.max(0, Math.floor((text.length * 3) / 4) - padding), text, isBase64Encoded };
}

/** Length in UTF-8. */
function byteLengthOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
