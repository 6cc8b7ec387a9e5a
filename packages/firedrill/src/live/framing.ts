import type { Header, Headers, HttpRequest } from '../engine/index.ts';

/*
 * How messages are cut out of a connection is the driver's business: what the engine says about it is replaced
 * by what is true for the connection at hand (RFC 9112, 6).
 */

const FRAMING: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'host',
]);

/** Headers of a request or answer with the framing of its body. */
export function framed(headers: Headers, bytes: number | undefined, hasBody: boolean): Header[] {
  const kept = headers.filter(([name]) => !FRAMING.has(name.toLowerCase()));
  if (!hasBody) return kept;
  if (bytes === undefined) return [...kept, ['Transfer-Encoding', 'chunked']];
  return [...kept, ['Content-Length', String(bytes)]];
}

/** Headers of an answer without a body. @param bytes what a GET would get, told of a HEAD (RFC 9110, 8.6); undefined where nothing is told. */
export function framedHead(headers: Headers, bytes: number | undefined): Header[] {
  const kept = framed(headers, bytes, false);
  return bytes === undefined ? kept : [...kept, ['Content-Length', String(bytes)]];
}

/** What {@link framed} says of a body that there may be, as a line of a head. */
export function framingLine(bytes: number | undefined): string {
  return bytes === undefined ? 'Transfer-Encoding: chunked\r\n' : `Content-Length: ${bytes}\r\n`;
}

/** The lines of a head: of what can be sent, all but the framing. */
export function linesOf(headers: Headers): string {
  let lines = '';
  for (const [name, value] of headers) {
    const field = FIELDS.get(name) ?? fieldOf(name);
    if (!field.isSent) continue;
    if (field.value === value) lines += field.line;
    else if (FIELD_VALUE.test(value)) {
      const line = `${name}: ${value}\r\n`;
      if (value.length <= VALUE_CHARACTERS_MAX) {
        field.value = value;
        field.line = line;
      }
      lines += line;
    }
  }
  return lines;
}

function fieldOf(name: string): SentField {
  const isSent = FIELD_NAME.test(name) && !FRAMING.has(name.toLowerCase());
  if (FIELDS.size >= FIELDS_MAX) FIELDS.clear();
  const field: SentField = { isSent, value: undefined, line: '' };
  FIELDS.set(name, field);
  return field;
}

/** Whether a header is among them. @param name in lower case. */
export function hasField(headers: Headers, name: string): boolean {
  for (const [field] of headers) if (field.length === name.length && field.toLowerCase() === name) return true;
  return false;
}

/** A header by its name, with the line that it stood on the last time: mostly it says the same again. */
interface SentField {
  readonly isSent: boolean;
  value: string | undefined;
  line: string;
}

/** Names that have been met, so that each is looked at once; forgotten when there are too many. */
const FIELDS = new Map<string, SentField>();
const FIELDS_MAX = 4096;
/** Longer values are not remembered. */
const VALUE_CHARACTERS_MAX = 256;

/** A head as it goes over a connection, its first line given with its end. */
export function headText(first: string, lines: Headers): string {
  let text = first;
  for (const [name, value] of lines) text += `${name}: ${value}\r\n`;
  return `${text}\r\n`;
}

/** What a request says of what it wants to become; nothing for most. */
export function upgradeLines({ upgrade }: Pick<HttpRequest, 'upgrade'>): Headers {
  if (upgrade === undefined) return [];
  return [
    ['Connection', 'Upgrade'],
    ['Upgrade', upgrade],
  ];
}

/** Pairs from the flat list in which Node gives headers, pseudo-headers of HTTP/2 left out. */
export function headersOf(raw: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    if (!name.startsWith(':')) headers.push([name, raw[i + 1] ?? '']);
  }
  return headers;
}

/** Whether an answer may have a body at all (RFC 9110, 6.4.1). */
export function mayHaveBody(status: number, method: string | undefined): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304;
}

/** Length of an answer's body as its head tells it. */
export function lengthOf(headers: Headers, status: number, method: string | undefined): number | undefined {
  if (!mayHaveBody(status, method)) return 0;
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

const FIELD_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** User code may give headers that no message can carry; they are left out (RFC 9110, 5.5). */
export function sendable(headers: Headers): Headers {
  const isSendable = ([name, value]: Header): boolean => FIELD_NAME.test(name) && FIELD_VALUE.test(value);
  // Almost always all are.
  return headers.every(isSendable) ? headers : headers.filter(isSendable);
}
