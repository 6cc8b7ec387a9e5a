import type { Header } from '../engine/index.ts';

/** The head of an answer that another server sent. */
export interface AnswerHead {
  readonly status: number;
  /** In order, as they came. */
  readonly headers: readonly Header[];
  /** Bytes of the body; `chunked`, or `until-close` when only the end of the connection ends it. */
  readonly framing: number | 'chunked' | 'until-close';
  /** Whether another request may follow on the connection. */
  readonly persists: boolean;
}

/** Larger heads, trailers and chunk extensions are taken for endless ones. */
export const HEAD_BYTES_MAX = 64 * 1024;

/** `GET`'s answer, say, from a connection, piece by piece: what is written, and what of the body comes of it. */
export interface AnswerReader {
  head(head: AnswerHead): void;
  /** A body that is short and came with its head, one character a byte; instead of pieces. */
  short(characters: string): void;
  /** A piece of the body; valid during the call only. */
  piece(bytes: Buffer): void;
  /** The body is whole. */
  end(): void;
}

/** Of a head and what comes with it so much is looked at as text: all of a short answer, and of a long one little more than its head. */
const TEXT_BYTES_MAX = 8 * 1024;
const LONG_TEXT_BYTES = 1024;

/** Heads that are remembered, and the longest of them. */
const KNOWN_MAX = 64;
const KNOWN_BYTES_MAX = 2048;

const BARE_LINE_FEED = /(?<!\r)\n/;
const HEAD_END = '\r\n\r\n';
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const CHUNK_SIZE = /^([0-9A-Fa-f]{1,8})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;
const LENGTH = /^\d{1,15}$/;

/**
 * Reads one answer after the other from a connection (RFC 9112), and takes nothing that two readers might read in two ways: bare
 * line feeds, folded lines, two lengths, a length beside chunks. An answer that is no HTTP is told by `false`.
 */
export class AnswerParser {
  private reader: AnswerReader | undefined;
  private method = 'GET';
  private state: 'idle' | 'head' | 'counted' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'until-close' =
    'idle';
  /** What has come of a head, chunk size or trailer that is not whole yet. */
  private text = '';
  private left = 0;
  private invitations = 0;
  private readonly heads: KnownHeads;

  constructor(heads = new KnownHeads()) {
    this.heads = heads;
  }

  /** Whether an answer is awaited or under way. */
  get isBusy(): boolean {
    return this.state !== 'idle';
  }

  /** The next answer is to a request with this method. */
  expect(method: string, reader: AnswerReader): void {
    this.method = method;
    this.reader = reader;
    this.state = 'head';
    this.text = '';
    this.invitations = 0;
  }

  /**
   * @param length of what is to be read of the bytes, from their beginning; all unless given.
   * @returns whether it is HTTP so far; the connection is of no use otherwise.
   */
  write(bytes: Buffer, length = bytes.length): boolean {
    let at = 0;
    while (at < length) {
      switch (this.state) {
        case 'idle':
          // Nobody has asked for it.
          return false;
        case 'head': {
          const taken = this.takeHead(bytes, at, length);
          if (taken < 0) return false;
          at = taken;
          break;
        }
        case 'counted':
        case 'chunk': {
          const piece = bytes.subarray(at, Math.min(length, at + this.left));
          at += piece.length;
          this.left -= piece.length;
          this.reader?.piece(piece);
          if (this.left > 0) break;
          if (this.state === 'chunk') this.state = 'chunk-end';
          else this.finish();
          break;
        }
        case 'until-close':
          this.reader?.piece(bytes.subarray(at, length));
          return true;
        default: {
          const taken = this.takeLine(bytes, at, length);
          if (taken < 0) return false;
          at = taken;
        }
      }
    }
    return true;
  }

  /** The connection has ended. @returns whether that ended an answer as it should. */
  close(): boolean {
    if (this.state !== 'until-close') return false;
    this.finish();
    return true;
  }

  private finish(): void {
    const { reader } = this;
    this.state = 'idle';
    this.reader = undefined;
    reader?.end();
  }

  /** @returns how far the bytes are read; less than 0: that is no head. */
  private takeHead(bytes: Buffer, from: number, length: number): number {
    const before = this.text.length;
    const to = length - from > TEXT_BYTES_MAX ? from + LONG_TEXT_BYTES : length;
    const text = this.text + bytes.toString('latin1', from, to);
    const end = text.indexOf(HEAD_END, Math.max(0, before - 3));
    if (end < 0) {
      this.text = text;
      // What does not even begin like an answer is not waited for, nor the end of lines that end otherwise.
      const isNone = !'HTTP/1.'.startsWith(text.slice(0, 7)) || BARE_LINE_FEED.test(text);
      return text.length > HEAD_BYTES_MAX || isNone ? -1 : to;
    }
    if (end > HEAD_BYTES_MAX) return -1;
    this.text = '';
    const next = from + (end + HEAD_END.length - before);
    const head = this.heads.read(text.slice(0, end), this.method);
    if (head === undefined) return -1;
    // Interim answers are for whoever asked on this connection: nobody beyond (RFC 9110, 15.2). Nothing was to be upgraded.
    if (head.status < 200) {
      // Of an invitation to send the body there is one (CF 2.41).
      this.invitations += head.status === 100 ? 1 : 0;
      return head.status === 101 || this.invitations > 1 ? -1 : next;
    }
    this.begin(head);
    const { left } = this;
    if (left === 0 || this.state !== 'counted' || text.length - end - HEAD_END.length < left) return next;
    const short = text.slice(end + HEAD_END.length, end + HEAD_END.length + left);
    this.left = 0;
    this.reader?.short(short);
    this.finish();
    return next + left;
  }

  private begin(head: AnswerHead): void {
    const { framing } = head;
    if (framing === 'chunked') this.state = 'chunk-size';
    else if (framing === 'until-close') this.state = 'until-close';
    else this.state = 'counted';
    this.left = typeof framing === 'number' ? framing : 0;
    this.reader?.head(head);
    if (framing === 0) this.finish();
  }

  /** Of chunks: their sizes, what is behind them, and trailers, which nobody asked for (RFC 9110, 6.5). */
  private takeLine(bytes: Buffer, from: number, length: number): number {
    const found = bytes.indexOf(0x0a, from);
    const lineFeed = found < length ? found : -1;
    const end = lineFeed < 0 ? length : lineFeed + 1;
    this.text += bytes.toString('latin1', from, end);
    if (this.text.length > HEAD_BYTES_MAX) return -1;
    if (lineFeed < 0) return end;
    const { text } = this;
    if (!text.endsWith('\r\n')) return -1;
    if (this.state !== 'trailers') this.text = '';
    const line = text.slice(0, -2);
    if (this.state === 'chunk-end') {
      if (line !== '') return -1;
      this.state = 'chunk-size';
    } else if (this.state === 'chunk-size') {
      const size = CHUNK_SIZE.exec(line)?.[1];
      if (size === undefined) return -1;
      this.left = Number.parseInt(size, 16);
      this.state = this.left === 0 ? 'trailers' : 'chunk';
    } else if (text === '\r\n' || text.endsWith(HEAD_END)) {
      this.text = '';
      this.finish();
    }
    return end;
  }
}

/** Heads that have come before are not read again: a server says mostly the same, and always so within a second. */
export class KnownHeads {
  private readonly known = new Map<string, AnswerHead>();

  /** Undefined for what is no head. */
  read(text: string, method: string): AnswerHead | undefined {
    // The same head means something else there.
    if (method === 'HEAD') return headOf(text, method);
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const head = headOf(text, method);
    if (head === undefined || text.length > KNOWN_BYTES_MAX) return head;
    if (this.known.size >= KNOWN_MAX) this.known.clear();
    this.known.set(text, head);
    return head;
  }
}

function headOf(text: string, method: string): AnswerHead | undefined {
  const lines = text.split('\r\n');
  const first = STATUS_LINE.exec(lines[0] ?? '');
  if (first === null) return undefined;
  const status = Number(first[2]);
  let length: number | undefined;
  let isChunked = false;
  let persists = first[1] === '1';
  const headers: Header[] = [];
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    const value = line.slice(colon + 1).trim();
    if (!FIELD_NAME.test(name) || !FIELD_VALUE.test(value)) return undefined;
    headers.push([name, value]);
    // Told apart by length first: most headers are none of these.
    if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (!LENGTH.test(value) || (length !== undefined && length !== Number(value))) return undefined;
      length = Number(value);
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      if (isChunked || value.toLowerCase() !== 'chunked') return undefined;
      isChunked = true;
    } else if (name.length === 10 && name.toLowerCase() === 'connection') {
      const options = value.toLowerCase();
      if (options.includes('close')) persists = false;
      else if (options.includes('keep-alive')) persists = true;
    }
  }
  if (isChunked && length !== undefined) return undefined;
  const hasNoBody = method === 'HEAD' || status < 200 || status === 204 || status === 304;
  const framing = hasNoBody ? 0 : isChunked ? 'chunked' : (length ?? 'until-close');
  return { status, headers, framing, persists: persists && framing !== 'until-close' };
}
