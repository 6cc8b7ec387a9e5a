import type { Instant, Table } from '../../model/index.ts';
import { BEGINNING } from '../../model/index.ts';
import type { Item } from './attribute-value.ts';
import { attributeOf } from './attribute-value.ts';
import { project } from './projection.ts';
import { SortedItems } from './sorted-items.ts';
import { itemBytes, keyText } from './values.ts';

/** When and where a write was made: of two for one item the later one wins (RS 7.1). */
export interface WriteStamp {
  readonly at: Instant;
  /** Sets writes of one moment apart. */
  readonly seq: number;
  readonly region: string;
}

/** Deleted items of a global table whose stamps are remembered; of older ones a late write may bring one back. */
const STAMPS_MAX = 1_000_000;

/** A table with what is in it. */
export class TableContents {
  /** As it is configured now. */
  private configured: Table;
  private items: SortedItems;
  private indexes: ReadonlyMap<string, SortedItems>;
  private readonly byKey = new Map<string, Item>();
  /** Of a global table: the last write of each item, of deleted ones too. */
  private readonly stamps = new Map<string, WriteStamp>();
  bytes = 0;

  constructor(table: Table) {
    this.configured = table;
    this.items = this.sortedBy(table.keys);
    this.indexes = new Map(table.indexes.map(({ name, keys }) => [name, this.sortedBy(keys)]));
  }

  get table(): Table {
    return this.configured;
  }

  get count(): number {
    return this.byKey.size;
  }

  /** The same items, in a table that is configured otherwise. */
  configure(table: Table): void {
    const isSame = table.keys.hash === this.table.keys.hash && table.keys.range === this.table.keys.range;
    this.configured = table;
    // Another key makes another table.
    if (!isSame) {
      this.byKey.clear();
      this.stamps.clear();
      this.bytes = 0;
    }
    this.items = this.sortedBy(table.keys);
    this.indexes = new Map(table.indexes.map(({ name, keys }) => [name, this.sortedBy(keys)]));
    for (const item of this.byKey.values()) this.enter(item);
  }

  /** @param key an item, or the attributes of its key. */
  item(key: Item): Item | undefined {
    return this.byKey.get(this.textOf(key));
  }

  /** Everything, or what an index has; undefined: there is no such index. */
  sorted(index: string | undefined): SortedItems | undefined {
    return index === undefined ? this.items : this.indexes.get(index);
  }

  /** Puts an item in the place of what was there; undefined: nothing is there any more. */
  write(key: Item, item: Item | undefined, stamp: WriteStamp): void {
    const text = this.textOf(key);
    const before = this.byKey.get(text);
    if (before !== undefined) {
      this.bytes -= itemBytes(before);
      for (const sorted of [this.items, ...this.indexes.values()]) sorted.remove(before);
      this.byKey.delete(text);
    }
    if (item !== undefined) {
      this.bytes += itemBytes(item);
      this.byKey.set(text, item);
      this.enter(item);
    }
    if (this.table.replicaRegions.length > 0) this.remember(text, stamp);
  }

  /** A write that comes from another Region; one that is older than what is here comes to nothing (RS 7.1). */
  receive(key: Item, item: Item | undefined, stamp: WriteStamp): boolean {
    const own = this.stamps.get(this.textOf(key));
    if (own !== undefined && !isLater(stamp, own)) return false;
    this.write(key, item, stamp);
    return true;
  }

  stampOf(key: Item): WriteStamp | undefined {
    return this.stamps.get(this.textOf(key));
  }

  /** Everything with its stamp, deleted items left out: what a new replica is filled with. */
  *entries(): Generator<{ readonly item: Item; readonly stamp: WriteStamp }> {
    for (const [text, item] of this.byKey)
      yield { item, stamp: this.stamps.get(text) ?? { at: BEGINNING, seq: 0, region: this.table.region } };
  }

  /** The attributes of an item's key. */
  keyOf(item: Item): Item {
    const { hash, range } = this.table.keys;
    return project(item, range === undefined ? [[hash]] : [[hash], [range]]);
  }

  private enter(item: Item): void {
    for (const sorted of [this.items, ...this.indexes.values()]) sorted.add(item);
  }

  private remember(text: string, stamp: WriteStamp): void {
    this.stamps.delete(text);
    this.stamps.set(text, stamp);
    if (this.stamps.size <= STAMPS_MAX) return;
    const [oldest] = this.stamps.keys();
    if (oldest !== undefined) this.stamps.delete(oldest);
  }

  private sortedBy(keys: Table['keys']): SortedItems {
    return new SortedItems(keys, (item) => this.textOf(item));
  }

  private textOf(item: Item): string {
    const { hash, range } = this.table.keys;
    const parts = [hash, ...(range === undefined ? [] : [range])].map((name) => {
      const value = attributeOf(item, name);
      return value === undefined ? '' : keyText(value);
    });
    // A length tells where the first part ends: no two keys have one text.
    return `${parts[0]?.length ?? 0} ${parts.join('')}`;
  }
}

function isLater(one: WriteStamp, other: WriteStamp): boolean {
  if (one.at !== other.at) return one.at > other.at;
  if (one.region !== other.region) return one.region > other.region;
  return one.seq > other.seq;
}
