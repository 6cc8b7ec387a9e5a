import { byteLengthOf, textBodyOf } from '../byte-length.ts';
import type { Header, TextBody } from '../conversation.ts';
import { listedHeaders, singleHeaders } from '../payload-headers.ts';
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
  const read = multiValueHeaders ? READ_AS_LISTS : READ;
  const known = read.get(payload);
  if (known !== undefined) return known;
  const result = payload as Readonly<Record<string, unknown>>;
  const status = statusOf(result['statusCode']);
  const headers = multiValueHeaders ? listedHeaders(result['multiValueHeaders']) : singleHeaders(result['headers']);
  const { body = '', isBase64Encoded } = result;
  if (status === undefined || headers === undefined || (typeof body !== 'string' && body !== null)) return undefined;
  if (byteLengthOf(JSON.stringify(payload)) > LOAD_BALANCING_FACTS.LAMBDA_PAYLOAD_BYTES_MAX.value) return undefined;
  const response = { status, headers, body: textBodyOf(body ?? '', isBase64Encoded === true) };
  read.set(payload, response);
  return response;
}

/** A modelled function returns the same object again and again, to target groups of both kinds. */
const READ = new WeakMap<object, TargetResponse>();
const READ_AS_LISTS = new WeakMap<object, TargetResponse>();

function statusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
}
