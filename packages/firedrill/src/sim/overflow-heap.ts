/**
 * What is due further ahead than a calendar's ring reaches, in order of time, then of arrival: a binary heap over typed
 * arrays of moments, of numbers that make it stable, and of the places where the items lie. Items themselves never
 * move, which spares the garbage collector from following them up and down.
 */
export class OverflowHeap<Item> {
  private at: Float64Array;
  private seq: Float64Array;
  private slot: Int32Array;
  /** By slot; those that are free are empty, so that nothing done is kept alive. */
  private readonly items: (Item | undefined)[] = [];
  private readonly free: number[] = [];
  private length = 0;
  private nextSeq = 0;

  constructor(capacity = 1024) {
    this.at = new Float64Array(capacity);
    this.seq = new Float64Array(capacity);
    this.slot = new Int32Array(capacity);
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** When the first item is due; infinite when there is none. */
  get firstAt(): number {
    return this.length === 0 ? Number.POSITIVE_INFINITY : (this.at[0] as number);
  }

  push(at: number, item: Item): void {
    if (this.length === this.at.length) this.grow();
    const own = this.free.pop() ?? this.items.length;
    this.items[own] = item;
    const seq = this.nextSeq++;
    let hole = this.length++;
    const { at: ats, seq: seqs, slot: slots } = this;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      // A new entry never comes before one of the same moment: its number is the highest.
      if ((ats[parent] as number) <= at) break;
      ats[hole] = ats[parent] as number;
      seqs[hole] = seqs[parent] as number;
      slots[hole] = slots[parent] as number;
      hole = parent;
    }
    ats[hole] = at;
    seqs[hole] = seq;
    slots[hole] = own;
  }

  /** Takes the first item out; undefined when there is none. */
  pop(): Item | undefined {
    if (this.length === 0) return undefined;
    const { at: ats, seq: seqs, slot: slots, items } = this;
    const own = slots[0] as number;
    const first = items[own];
    items[own] = undefined;
    this.free.push(own);
    const last = --this.length;
    if (last > 0) this.sink(ats[last] as number, seqs[last] as number, slots[last] as number);
    return first;
  }

  private sink(at: number, seq: number, own: number): void {
    const { at: ats, seq: seqs, slot: slots, length } = this;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= length) break;
      const right = child + 1;
      if (right < length && isBefore(ats, seqs, right, child)) child = right;
      const childAt = ats[child] as number;
      if (childAt > at || (childAt === at && (seqs[child] as number) > seq)) break;
      ats[hole] = childAt;
      seqs[hole] = seqs[child] as number;
      slots[hole] = slots[child] as number;
      hole = child;
    }
    ats[hole] = at;
    seqs[hole] = seq;
    slots[hole] = own;
  }

  private grow(): void {
    const capacity = this.at.length * 2;
    const at = new Float64Array(capacity);
    const seq = new Float64Array(capacity);
    const slot = new Int32Array(capacity);
    at.set(this.at);
    seq.set(this.seq);
    slot.set(this.slot);
    this.at = at;
    this.seq = seq;
    this.slot = slot;
  }
}

function isBefore(ats: Float64Array, seqs: Float64Array, a: number, b: number): boolean {
  const atA = ats[a] as number;
  const atB = ats[b] as number;
  return atA < atB || (atA === atB && (seqs[a] as number) < (seqs[b] as number));
}
