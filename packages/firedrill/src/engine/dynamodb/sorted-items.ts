import type { TableKeys } from '../../model/index.ts';
import type { AttributeValue, Item } from './attribute-value.ts';
import { attributeOf } from './attribute-value.ts';
import { compareByUtf8 } from '../utf8.ts';
import { compareValues, keyText } from './values.ts';

interface Entry {
  readonly item: Item;
  readonly range: AttributeValue | undefined;
  /** Sets items of one sort key apart: the table's own key as text. */
  readonly own: string;
}

/** Items by a hash key, in the order of a sort key: a table's own, or those of one of its indexes. */
export class SortedItems {
  readonly keys: TableKeys;
  private readonly ownKeyText: (item: Item) => string;
  private readonly partitions = new Map<string, Entry[]>();
  /** Texts of all hash keys in the order of a scan, until one comes or goes. */
  private order: readonly string[] | undefined = undefined;

  constructor(keys: TableKeys, ownKeyText: (item: Item) => string) {
    this.keys = keys;
    this.ownKeyText = ownKeyText;
  }

  /** An item without the keys has no place here. */
  add(item: Item): void {
    const place = this.placeOf(item);
    if (place === undefined) return;
    const { hash, entry } = place;
    const partition = this.partitions.get(hash);
    if (partition === undefined) {
      this.partitions.set(hash, [entry]);
      this.order = undefined;
    } else {
      const at = firstAt(partition, entry);
      const isThere = partition[at]?.own === entry.own;
      partition.splice(at, isThere ? 1 : 0, entry);
    }
  }

  remove(item: Item): void {
    const place = this.placeOf(item);
    const partition = place === undefined ? undefined : this.partitions.get(place.hash);
    if (place === undefined || partition === undefined) return;
    const at = firstAt(partition, place.entry);
    if (partition[at]?.own === place.entry.own) partition.splice(at, 1);
    if (partition.length > 0) return;
    this.partitions.delete(place.hash);
    this.order = undefined;
  }

  /** Items of one hash key, from the least sort key on. */
  *within(hash: AttributeValue, isForward: boolean, after: Item | undefined): Generator<Item> {
    yield* walk(this.partitions.get(keyText(hash)) ?? [], isForward, after && this.placeOf(after)?.entry);
  }

  /** All items, hash key by hash key in an order that says nothing. */
  *all(after: Item | undefined, isInSegment: (scattered: number) => boolean): Generator<Item> {
    this.order ??= [...this.partitions.keys()].toSorted((a, b) => scattered(a) - scattered(b) || compareByUtf8(a, b));
    const place = after && this.placeOf(after);
    const position = place === undefined ? -1 : scattered(place.hash);
    for (const hash of this.order) {
      if (!isInSegment(scattered(hash))) continue;
      if (place !== undefined) {
        const order = scattered(hash) - position || compareByUtf8(hash, place.hash);
        if (order < 0) continue;
        yield* walk(this.partitions.get(hash) ?? [], true, order === 0 ? place.entry : undefined);
      } else yield* walk(this.partitions.get(hash) ?? [], true, undefined);
    }
  }

  private placeOf(item: Item): { readonly hash: string; readonly entry: Entry } | undefined {
    const hash = attributeOf(item, this.keys.hash);
    const range = this.keys.range === undefined ? undefined : attributeOf(item, this.keys.range);
    if (hash === undefined || (this.keys.range !== undefined && range === undefined)) return undefined;
    return { hash: keyText(hash), entry: { item, range, own: this.ownKeyText(item) } };
  }
}

function* walk(partition: readonly Entry[], isForward: boolean, after: Entry | undefined): Generator<Item> {
  if (isForward) {
    const from = after === undefined ? 0 : firstBehind(partition, after);
    for (let at = from; at < partition.length; at++) yield* itemAt(partition, at);
    return;
  }
  const from = after === undefined ? partition.length : firstAt(partition, after);
  for (let at = from - 1; at >= 0; at--) yield* itemAt(partition, at);
}

function* itemAt(partition: readonly Entry[], at: number): Generator<Item> {
  const entry = partition[at];
  if (entry !== undefined) yield entry.item;
}

function firstBehind(partition: readonly Entry[], entry: Entry): number {
  const at = firstAt(partition, entry);
  const found = partition[at];
  return found !== undefined && compareEntries(found, entry) === 0 ? at + 1 : at;
}

/** Where an entry is, or would be. */
function firstAt(partition: readonly Entry[], entry: Entry): number {
  let [low, high] = [0, partition.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = partition[middle];
    if (found !== undefined && compareEntries(found, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareEntries(a: Entry, b: Entry): number {
  const order = a.range === undefined || b.range === undefined ? 0 : (compareValues(a.range, b.range) ?? 0);
  return order === 0 ? compareByUtf8(a.own, b.own) : order;
}

/** Where a hash key lies among 2^32 places (FNV-1a). */
function scattered(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
