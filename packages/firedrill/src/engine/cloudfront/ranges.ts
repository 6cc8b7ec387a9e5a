import type { Body, ByteRange, CutBody, Header, Headers } from '../conversation.ts';
import { headerOf } from '../headers.ts';

/** What a viewer's Range header comes to for an object of a size. */
export type WantedRanges =
  | { readonly kind: 'whole' }
  | { readonly kind: 'unsatisfiable' }
  | { readonly kind: 'parts'; readonly parts: readonly ByteRange[] };

/** More ranges in one request give the whole object. */
const RANGES_MAX = 100;

const BOUNDARY = 'CloudFront:FIREDRILL';

/**
 * Ranges that are not in order, overlap, or cannot be read give the whole object (CF 3.31); one that begins behind the end
 * gives 416 (RFC 9110, 14.1.2, 15.5.17).
 */
export function wantedRanges(header: string, size: number): WantedRanges {
  const specs = /^\s*bytes\s*=(.*)$/i.exec(header)?.[1]?.split(',');
  if (specs === undefined || specs.length > RANGES_MAX) return { kind: 'whole' };
  const ranges = specs.map((spec) => rangeOf(spec.trim(), size));
  if (ranges.includes(undefined)) return { kind: 'whole' };
  const parts = ranges.filter((range) => range !== undefined).filter(({ first }) => first < size);
  if (parts.length === 0) return { kind: 'unsatisfiable' };
  const areInOrder = parts.every(({ first }, i) => i === 0 || first > (parts[i - 1]?.last ?? 0));
  return areInOrder ? { kind: 'parts', parts } : { kind: 'whole' };
}

/** The one range that a header asks for, when it can be told without knowing the object's size. */
export function plainRange(header: string): ByteRange | undefined {
  const [, first, last] = /^\s*bytes\s*=\s*(\d{1,15})-(\d{1,15})\s*$/i.exec(header) ?? [];
  const range = { first: Number(first), last: Number(last) };
  return first !== undefined && range.first <= range.last ? range : undefined;
}

function rangeOf(spec: string, size: number): ByteRange | undefined {
  const [, from, to] = /^(\d{0,15})-(\d{0,15})$/.exec(spec) ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  // So many of the last bytes; none of them is a range that nothing satisfies.
  if (from === '')
    return Number(to) === 0 ? { first: size, last: size } : { first: Math.max(0, size - Number(to)), last: size - 1 };
  const first = Number(from);
  const last = to === '' ? Math.max(first, size - 1) : Number(to);
  return last < first ? undefined : { first, last: Math.max(first, Math.min(last, size - 1)) };
}

/** An answer of which a viewer gets a part, or nothing but its head. */
export interface CutAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: CutBody;
}

/** The head alone, for a viewer that has the body already (RFC 9110, 15.4.5). */
export function notModified({ headers, body }: { readonly headers: Headers; readonly body: Body }): CutAnswer {
  const kept = headers.filter(([name]) => !/^content-(?:length|type|encoding|range)$/i.test(name));
  return { status: 304, headers: kept, body: cut(body, []) };
}

/** 206 with the parts that are wanted, 416 when there is no such part; undefined: the whole. */
export function partOf(
  { headers, body }: { readonly headers: Headers; readonly body: Body },
  range: string,
): CutAnswer | undefined {
  const size = body.bytes;
  if (size === undefined) return undefined;
  const wanted = wantedRanges(range, size);
  if (wanted.kind === 'whole') return undefined;
  const others = headers.filter(([name]) => !/^content-(?:length|range)$/i.test(name));
  if (wanted.kind === 'unsatisfiable') {
    return { status: 416, headers: [...others, ['Content-Range', `bytes */${size}`]], body: cut(body, []) };
  }
  const [only, ...more] = wanted.parts;
  if (only !== undefined && more.length === 0) {
    return { status: 206, headers: [...others, contentRange(only, size)], body: cut(body, [only]) };
  }
  const type = headerOf(headers, 'content-type');
  const typeLine = type === undefined ? '' : `Content-Type: ${type}\r\n`;
  const pieces = wanted.parts.flatMap((part, i) => [
    `${i === 0 ? '' : '\r\n'}--${BOUNDARY}\r\n${typeLine}${contentRange(part, size).join(': ')}\r\n\r\n`,
    part,
  ]);
  return {
    status: 206,
    headers: [
      ...others.filter(([name]) => name.toLowerCase() !== 'content-type'),
      ['Content-Type', `multipart/byteranges; boundary="${BOUNDARY}"`],
    ],
    body: cut(body, [...pieces, `\r\n--${BOUNDARY}--\r\n`]),
  };
}

/** Where in its object the body of a 206 lies; undefined when the origin does not say it so that it can be used. */
export function contentRangeOf(headers: Headers): (ByteRange & { readonly size: number }) | undefined {
  const text = headerOf(headers, 'content-range') ?? '';
  const [, first, last, size] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(text)?.map(Number) ?? [];
  return first === undefined || last === undefined || size === undefined ? undefined : { first, last, size };
}

/** A part of a part that is kept. */
export function partOfPart(
  { headers, body }: { readonly headers: Headers; readonly body: Body },
  wanted: ByteRange,
): CutAnswer | undefined {
  const kept = contentRangeOf(headers);
  if (kept === undefined || wanted.first < kept.first || Math.min(wanted.last, kept.size - 1) > kept.last)
    return undefined;
  const part = { first: wanted.first, last: Math.min(wanted.last, kept.size - 1) };
  const others = headers.filter(([name]) => !/^content-(?:length|range)$/i.test(name));
  const inside = { first: part.first - kept.first, last: part.last - kept.first };
  return { status: 206, headers: [...others, contentRange(part, kept.size)], body: cut(body, [inside]) };
}

function contentRange({ first, last }: ByteRange, size: number): Header {
  return ['Content-Range', `bytes ${first}-${last}/${size}`];
}

function cut(of: Body, pieces: CutBody['pieces']): CutBody {
  const bytes = pieces.reduce(
    (sum, piece) => sum + (typeof piece === 'string' ? piece.length : piece.last - piece.first + 1),
    0,
  );
  return { of, pieces, bytes };
}
