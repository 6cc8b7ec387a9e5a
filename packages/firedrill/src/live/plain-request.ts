import type { Header, Headers } from '../engine/index.ts';

/** A request without a body that can be read in one way only. */
export interface PlainRequest {
  readonly method: 'GET' | 'HEAD';
  readonly target: string;
  readonly host: string;
  /** In order, without Host. */
  readonly headers: Headers;
}

/** Longer heads are somebody else's. */
export const PLAIN_BYTES_MAX = 8 * 1024;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
const LINE = /^(GET|HEAD) (\/[\x21\x22\x24-\x7e]*) HTTP\/1\.1$/;
const FIELDS = new RegExp(`^(?:${TOKEN}+:[\\t\\x20-\\x7e\\x80-\\xff]*\\r\\n)+\\r\\n$`);
const HOST = /^[A-Za-z0-9._~%!$&'()*+,;=:[\]-]+$/;

/** What says something about the connection, or about a body: by length, so that most names need not be looked up. */
const NOT_PLAIN: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'trailer',
  'proxy-connection',
  'http2-settings',
]);
const NOT_PLAIN_LENGTHS: ReadonlySet<number> = new Set([...NOT_PLAIN].map(({ length }) => length));

/** What stands below the request line. */
interface PlainFields {
  readonly host: string;
  readonly headers: Headers;
}

/** Headers that are remembered: clients send the same again and again. */
const KNOWN_MAX = 256;

/**
 * Reads what came from a connection if it is just one request, whole, plain beyond doubt: GET or HEAD of a path, HTTP/1.1, one
 * host, no body, nothing said about the connection but that it is to be kept. Undefined for anything else, which Node's parser
 * then has the say about: this reader never decides that something is malformed.
 */
export class PlainReader {
  private readonly known = new Map<string, PlainFields>();

  /** @param text the bytes, one character each. */
  read(text: string): PlainRequest | undefined {
    if (text.length > PLAIN_BYTES_MAX) return undefined;
    const lineEnd = text.indexOf('\r\n');
    if (lineEnd < 0) return undefined;
    const line = LINE.exec(text.slice(0, lineEnd));
    if (line === null) return undefined;
    const fields = this.fields(text.slice(lineEnd + 2));
    if (fields === undefined) return undefined;
    const [, method, target = ''] = line;
    return { method: method === 'HEAD' ? 'HEAD' : 'GET', target, host: fields.host, headers: fields.headers };
  }

  private fields(text: string): PlainFields | undefined {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const fields = plainFieldsOf(text);
    if (fields === undefined) return undefined;
    if (this.known.size >= KNOWN_MAX) this.known.clear();
    this.known.set(text, fields);
    return fields;
  }
}

function plainFieldsOf(text: string): PlainFields | undefined {
  if (!FIELDS.test(text)) return undefined;
  let host: string | undefined;
  const headers: Header[] = [];
  const last = text.length - 2;
  for (let at = 0; at < last;) {
    const colon = text.indexOf(':', at);
    const end = text.indexOf('\r\n', colon);
    const name = text.slice(at, colon);
    const value = trimmed(text, colon + 1, end);
    at = end + 2;
    const { length } = name;
    if (length === 4 && name.toLowerCase() === 'host') {
      if (host !== undefined || !HOST.test(value)) return undefined;
      host = value;
      continue;
    }
    if (NOT_PLAIN_LENGTHS.has(length) && NOT_PLAIN.has(name.toLowerCase())) return undefined;
    if (length === 10 && name.toLowerCase() === 'connection' && value.toLowerCase() !== 'keep-alive') return undefined;
    headers.push([name, value]);
  }
  return host === undefined ? undefined : { host, headers };
}

/** Without spaces and tabs around it (RFC 9110, 5.5). */
function trimmed(text: string, from: number, to: number): string {
  let first = from;
  let end = to;
  while (first < end && isBlank(text.charCodeAt(first))) first += 1;
  while (end > first && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(first, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
