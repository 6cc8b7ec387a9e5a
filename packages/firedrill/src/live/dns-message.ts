import { labelsOf } from './dns-names.ts';

/** Offsets that a pointer can say. */
const POINTER_OFFSET_MAX = 0x3fff;
const POINTER_BITS = 0xc000;

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
    this.bytes.writeUInt8(value, this.advance(1));
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

  /** A string with its length before it. */
  string(bytes: Uint8Array): void {
    this.uint8(bytes.length);
    this.raw(bytes);
  }

  /**
   * A name, as labels or as a pointer.
   * @param mayPoint false within data of types younger than RFC 1035 (RFC 3597, 4).
   * @throws for what is no name.
   */
  name(name: string, mayPoint = true): void {
    for (const { rest, bytes } of labelsOf(name)) {
      const key = rest.toLowerCase();
      const offset = this.offsets.get(key);
      if (offset !== undefined && mayPoint) return this.uint16(POINTER_BITS | offset);
      if (offset === undefined && this.at <= POINTER_OFFSET_MAX) this.offsets.set(key, this.at);
      this.string(bytes);
    }
    this.uint8(0);
  }

  /** Something with its length in 16 bits before it. */
  measured(write: () => void): void {
    const lengthAt = this.advance(2);
    write();
    this.bytes.writeUInt16BE(this.at - lengthAt - 2, lengthAt);
  }

  /** Lets later names point at one that was written otherwise. */
  remember(name: string, offset: number): void {
    let at = offset;
    for (const { rest, bytes } of labelsOf(name)) {
      this.offsets.set(rest, at);
      at += 1 + bytes.length;
    }
  }

  private advance(count: number): number {
    const from = this.at;
    if (from + count > this.end) throw new MessageFull();
    this.at = from + count;
    return from;
  }
}
