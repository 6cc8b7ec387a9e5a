import { assert } from '../model/index.ts';
import { OverflowHeap } from './overflow-heap.ts';

/** Buckets of the ring and the microseconds that each of them takes: together about four seconds. */
const BUCKETS = 32_768;
const BUCKET_SHIFT = 7;
const BUCKET_MASK = BUCKETS - 1;
const SPAN_US = BUCKETS << BUCKET_SHIFT;
const NONE = -1;

/**
 * What is due, in order of time, then of arrival (STYLE: order is written once). A calendar: the next seconds are a
 * ring of short buckets, each an ordered list; what is due later waits in a heap until the ring comes round to it.
 * An item enters its bucket behind all that are due no later, and leaves the heap before anything can be put straight
 * into the bucket that it belongs to, so the order is exact. Everything but the items lies in typed arrays, which the
 * garbage collector need not follow.
 */
export class DueQueue<Item> {
  /** By bucket: the entry that is due first. */
  private readonly heads = new Int32Array(BUCKETS).fill(NONE);
  /** A bit for each bucket that is not empty, so that a quiet hour is skipped quickly. */
  private readonly occupied = new Int32Array(BUCKETS >> 5);
  /** By entry: its moment, the next of its bucket (or the next free one), what is due. */
  private at: Float64Array;
  private next: Int32Array;
  private readonly items: (Item | undefined)[] = [];
  private firstFree = NONE;
  private inRing = 0;
  /** When the item taken out last was due. */
  takenAt = 0;
  /** The ring's first moment, a multiple of a bucket's length, and its bucket. */
  private ringFrom = 0;
  private ringBucket = 0;
  private readonly later = new OverflowHeap<Item>();

  constructor(capacity = 1024) {
    this.at = new Float64Array(capacity);
    this.next = new Int32Array(capacity);
  }

  get isEmpty(): boolean {
    return this.inRing === 0 && this.later.isEmpty;
  }

  /** When the first item is due; infinite when there is none. */
  get firstAt(): number {
    return this.inRing === 0 ? this.later.firstAt : (this.at[this.heads[this.firstBucket()] as number] as number);
  }

  /** @param at not before the moment of the item taken out last. */
  push(at: number, item: Item): void {
    assert(at >= this.ringFrom, 'nothing is due in the past');
    if (at - this.ringFrom < SPAN_US) this.enter(at, item);
    else this.later.push(at, item);
  }

  /** Takes the first item out, whose moment is {@link takenAt} then; undefined when there is none. */
  pop(): Item | undefined {
    if (this.inRing === 0) {
      if (this.later.isEmpty) return undefined;
      this.turnTo(this.later.firstAt, this.ringBucket);
    }
    const bucket = this.firstBucket();
    const entry = this.heads[bucket] as number;
    const at = this.at[entry] as number;
    const following = this.next[entry] as number;
    this.heads[bucket] = following;
    if (following === NONE) this.occupied[bucket >> 5] = (this.occupied[bucket >> 5] as number) & ~(1 << (bucket & 31));
    const item = this.items[entry];
    this.items[entry] = undefined;
    this.next[entry] = this.firstFree;
    this.firstFree = entry;
    this.inRing -= 1;
    this.takenAt = at;
    if (bucket !== this.ringBucket) this.turnTo(at, bucket);
    return item;
  }

  /** Lets the ring begin at the bucket of a moment; all before it are empty. What comes into reach leaves the heap. */
  private turnTo(at: number, bucket: number): void {
    this.ringFrom = at - (at % (1 << BUCKET_SHIFT));
    this.ringBucket = bucket;
    const { later } = this;
    const until = this.ringFrom + SPAN_US;
    while (later.firstAt < until) {
      const soonAt = later.firstAt;
      this.enter(soonAt, later.pop() as Item);
    }
  }

  private enter(at: number, item: Item): void {
    let own = this.firstFree;
    if (own === NONE) own = this.addEntry();
    else this.firstFree = this.next[own] as number;
    const { at: ats, next: nexts, heads } = this;
    ats[own] = at;
    this.items[own] = item;
    this.inRing += 1;
    const bucket = (((at - this.ringFrom) >> BUCKET_SHIFT) + this.ringBucket) & BUCKET_MASK;
    let following = heads[bucket] as number;
    if (following === NONE || (ats[following] as number) > at) {
      heads[bucket] = own;
      this.occupied[bucket >> 5] = (this.occupied[bucket >> 5] as number) | (1 << (bucket & 31));
    } else {
      let before = following;
      for (;;) {
        following = nexts[before] as number;
        if (following === NONE || (ats[following] as number) > at) break;
        before = following;
      }
      nexts[before] = own;
    }
    nexts[own] = following;
  }

  private addEntry(): number {
    const entry = this.items.length;
    this.items.push(undefined);
    if (entry === this.at.length) {
      const { at, next } = this;
      this.at = new Float64Array(entry * 2);
      this.next = new Int32Array(entry * 2);
      this.at.set(at);
      this.next.set(next);
    }
    return entry;
  }

  /** The first bucket in use, from the ring's beginning round; there must be one. */
  private firstBucket(): number {
    const from = this.ringBucket;
    if ((this.heads[from] as number) !== NONE) return from;
    const { occupied } = this;
    const words = occupied.length;
    let word = from >> 5;
    // Bits below the beginning belong to the far end of the ring.
    let bits = (occupied[word] as number) & (-1 << (from & 31));
    while (bits === 0) {
      word = (word + 1) & (words - 1);
      bits = occupied[word] as number;
    }
    return (word << 5) + (31 - Math.clz32(bits & -bits));
  }
}
