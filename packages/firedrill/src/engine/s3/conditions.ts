import type { Headers } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import { httpDateSeconds } from '../calendar.ts';

/** What a request's conditions come to (RFC 9110, 13.2.2; RS 5.14). */
export function conditionOf(headers: Headers, etag: string, modifiedSeconds: number): 'met' | 304 | 412 {
  const match = headerOf(headers, 'if-match');
  const unmodified = httpDateSeconds(headerOf(headers, 'if-unmodified-since') ?? '');
  if (match !== undefined ? !names(match, etag) : unmodified !== undefined && modifiedSeconds > unmodified) return 412;
  const noneMatch = headerOf(headers, 'if-none-match');
  const modified = httpDateSeconds(headerOf(headers, 'if-modified-since') ?? '');
  if (noneMatch !== undefined ? names(noneMatch, etag) : modified !== undefined && modifiedSeconds <= modified)
    return 304;
  return 'met';
}

function names(list: string, etag: string): boolean {
  return list.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}

/** Bytes of an object that are asked for, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** One range of bytes; undefined: there is none that S3 reads, so the whole is sent; `unsatisfiable`: 416. */
export function rangeOf(headers: Headers, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(headerOf(headers, 'range') ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const count = Math.min(Number(to), bytes);
    return count === 0 ? 'unsatisfiable' : { first: bytes - count, last: bytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= bytes ? 'unsatisfiable' : { first, last };
}
