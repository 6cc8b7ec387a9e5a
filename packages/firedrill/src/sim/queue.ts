/**
 * What is due, in order of time, then of arrival (STYLE: order is written once). A binary heap over typed
 * arrays; a plain heap is not stable, so each entry carries its number.
 */
export class DueQueue<Item> {
  private at: Float64Array;
  private seq: Float64Array;
  /** Never shrinks; places beyond `length` are empty, so that nothing done is kept alive. */
  private readonly items: (Item | undefined)[] = [];
  private length = 0;
  private nextSeq = 0;

  constructor(capacity = 1024) {
    this.at = new Float64Array(capacity);
    this.seq = new Float64Array(capacity);
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** When the first item is due; undefined behaviour when empty. */
  get firstAt(): number {
    return this.at[0] ?? Number.POSITIVE_INFINITY;
  }

  push(at: number, item: Item): void {
    if (this.length === this.at.length) this.grow();
    const seq = this.nextSeq++;
    let hole = this.length++;
    const { at: ats, seq: seqs, items } = this;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      // A new entry never comes before one of the same moment: its number is the highest.
      if ((ats[parent] as number) <= at) break;
      ats[hole] = ats[parent] as number;
      seqs[hole] = seqs[parent] as number;
      items[hole] = items[parent];
      hole = parent;
    }
    ats[hole] = at;
    seqs[hole] = seq;
    items[hole] = item;
  }

  /** Takes the first item out; undefined when there is none. */
  pop(): Item | undefined {
    if (this.length === 0) return undefined;
    const { at: ats, seq: seqs, items } = this;
    const first = items[0];
    const last = --this.length;
    const at = ats[last] as number;
    const seq = seqs[last] as number;
    const item = items[last];
    items[last] = undefined;
    if (last > 0) this.sink(at, seq, item);
    return first;
  }

  private sink(at: number, seq: number, item: Item | undefined): void {
    const { at: ats, seq: seqs, items, length } = this;
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
      items[hole] = items[child];
      hole = child;
    }
    ats[hole] = at;
    seqs[hole] = seq;
    items[hole] = item;
  }

  private grow(): void {
    const at = new Float64Array(this.at.length * 2);
    const seq = new Float64Array(this.seq.length * 2);
    at.set(this.at);
    seq.set(this.seq);
    this.at = at;
    this.seq = seq;
  }
}

function isBefore(ats: Float64Array, seqs: Float64Array, a: number, b: number): boolean {
  const atA = ats[a] as number;
  const atB = ats[b] as number;
  return atA < atB || (atA === atB && (seqs[a] as number) < (seqs[b] as number));
}
