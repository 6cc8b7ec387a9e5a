import { labelsOf } from './dns-names.ts';

/** Offsets that a pointer can say. */
const POINTER_OFFSET_MAX = 0x3fff;
const POINTER_BITS = 0xc000;
const LABEL_BYTES_MAX = 63;
/** As text without its last dot, which is one byte for the first length and one for the root. */
const NAME_LENGTH_MAX = 253;

/** The message has grown beyond its bytes. */
export class MessageFull extends Error {}

/** Writes a message front to back; names that stand in it already become pointers (RFC 1035, 4.1.4). */
export class MessageWriter {
  at: number;
  private readonly bytes: Buffer;
  private readonly end: number;
  private readonly offsets = new Map<string, number>();

  /** @param end where the message has to end at the latest; within `bytes`. */
  constructor(bytes: Buffer, end: number, at = 0) {
    this.bytes = bytes;
    this.end = end;
    this.at = at;
  }

  uint8(value: number): void {
    const at = this.advance(1);
    this.bytes[at] = value;
  }

  uint16(value: number): void {
    this.bytes.writeUInt16BE(value, this.advance(2));
  }

  uint32(value: number): void {
    this.bytes.writeUInt32BE(value, this.advance(4));
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.advance(bytes.length));
  }

  /** A string with its length before it. @throws when it is longer than 255 bytes. */
  string(bytes: Uint8Array): void {
    if (bytes.length > 255) throw new Error('a string of a record holds 255 bytes at most');
    this.uint8(bytes.length);
    this.raw(bytes);
  }

  /**
   * A name, as labels or as a pointer.
   * @param mayPoint false within data of types younger than RFC 1035 (RFC 3597, 4).
   * @throws for what is no name.
   */
  name(name: string, mayPoint = true): void {
    if (name.includes('\\')) return this.escapedName(name, mayPoint);
    const whole = name.endsWith('.') ? name.slice(0, -1) : name;
    if (whole.length > NAME_LENGTH_MAX) throw new Error(`no name: ${name}`);
    let rest = whole.toLowerCase();
    for (let from = 0; rest !== '';) {
      if (this.pointsAt(rest, mayPoint)) return;
      const dot = rest.indexOf('.');
      const length = dot < 0 ? rest.length : dot;
      const at = this.advance(1 + length);
      const written = this.bytes.write(whole.slice(from, from + length), at + 1, 'latin1');
      if (length === 0 || length > LABEL_BYTES_MAX || written !== length || dot === rest.length - 1)
        throw new Error(`no name: ${name}`);
      this.bytes[at] = length;
      from += length + 1;
      rest = dot < 0 ? '' : rest.slice(dot + 1);
    }
    this.uint8(0);
  }

  private escapedName(name: string, mayPoint: boolean): void {
    for (const { rest, bytes } of labelsOf(name)) {
      if (this.pointsAt(rest.toLowerCase(), mayPoint)) return;
      this.string(bytes);
    }
    this.uint8(0);
  }

  /** Writes a pointer to a name that stands in the message; else remembers that it will stand here. */
  private pointsAt(name: string, mayPoint: boolean): boolean {
    const offset = this.offsets.get(name);
    if (offset === undefined) {
      if (this.at <= POINTER_OFFSET_MAX) this.offsets.set(name, this.at);
      return false;
    }
    if (mayPoint) this.uint16(POINTER_BITS | offset);
    return mayPoint;
  }

  /** Something with its length in 16 bits before it. */
  measured(write: () => void): void {
    const lengthAt = this.advance(2);
    write();
    this.bytes.writeUInt16BE(this.at - lengthAt - 2, lengthAt);
  }

  /** Lets later names point at one that was written otherwise. */
  remember(name: string, offset: number): void {
    if (name.includes('\\')) {
      let at = offset;
      for (const { rest, bytes } of labelsOf(name)) {
        this.offsets.set(rest, at);
        at += 1 + bytes.length;
      }
      return;
    }
    for (let from = 0; from < name.length;) {
      this.offsets.set(from === 0 ? name : name.slice(from), offset + from);
      const dot = name.indexOf('.', from);
      from = dot < 0 ? name.length : dot + 1;
    }
  }

  private advance(count: number): number {
    const from = this.at;
    if (from + count > this.end) throw new MessageFull();
    this.at = from + count;
    return from;
  }
}
