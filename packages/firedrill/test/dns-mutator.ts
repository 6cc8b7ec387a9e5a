import { createRandom } from '../src/engine/index.ts';
import type { RandomStream } from '../src/engine/index.ts';

/*
 * Makes malformed messages of well-formed ones. The same seed makes the same messages.
 */

/** Bytes on which parsers of DNS stumble: lengths, pointers, signs. */
const TELLING_BYTES = [0, 1, 3, 0x0c, 0x28, 0x29, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xfe, 0xff];
const CHANGES_MAX = 6;
const TAIL_BYTES_MAX = 64;
const NOISE_BYTES_MAX = 600;

/** An endless supply of malformed messages. */
export class DnsMutator {
  private readonly seeds: readonly Buffer[];
  private readonly draws: RandomStream;

  constructor(seeds: readonly Buffer[], seed: string) {
    this.seeds = seeds;
    this.draws = createRandom(seed).stream('dns/mutator');
  }

  /** The next one. */
  next(): Buffer {
    let bytes: Buffer = Buffer.from(this.oneOf(this.seeds));
    const changes = 1 + this.below(CHANGES_MAX);
    for (let i = 0; i < changes; i++) bytes = this.changed(bytes);
    return bytes;
  }

  /** A whole number from 0 on. */
  below(end: number): number {
    return Math.floor(this.draws.next() * end);
  }

  private changed(bytes: Buffer): Buffer {
    const at = this.below(Math.max(bytes.length, 1));
    switch (this.below(11)) {
      case 0:
        return this.withByte(bytes, at, (bytes[at] ?? 0) ^ (1 << this.below(8)));
      case 1:
      case 2:
        return this.withByte(bytes, at, this.oneOf(TELLING_BYTES));
      case 3:
        return this.withByte(bytes, at, this.below(256));
      case 4:
        return bytes.subarray(0, at);
      case 5:
        return Buffer.concat([bytes, this.noise(TAIL_BYTES_MAX)]);
      // A count of the header, or a flag.
      case 6:
        return this.withByte(bytes, 2 + this.below(10), this.oneOf(TELLING_BYTES));
      // Another message's end.
      case 7: {
        const other = this.oneOf(this.seeds);
        return Buffer.concat([bytes.subarray(0, at), other.subarray(this.below(other.length))]);
      }
      // A part of itself, again.
      case 8:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(this.below(at + 1))]);
      // A pointer.
      case 9:
        return this.withByte(this.withByte(bytes, at, 0xc0 | this.below(4)), at + 1, this.below(256));
      default:
        return this.below(8) === 0 ? this.noise(NOISE_BYTES_MAX) : this.withByte(bytes, at, (bytes[at] ?? 0) + 1);
    }
  }

  private withByte(bytes: Buffer, at: number, value: number): Buffer {
    if (at < bytes.length) bytes[at] = value;
    return bytes;
  }

  private noise(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(most) }, () => this.below(256)));
  }

  private oneOf<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}
