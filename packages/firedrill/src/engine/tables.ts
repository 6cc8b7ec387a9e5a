import type { Instant, Table } from '../model/index.ts';
import { after, NEVER } from '../model/index.ts';
import { toldBy } from './control-planes.ts';
import type { Conversation, Moment } from './conversation.ts';
import { DYNAMODB_FACTS } from './dynamodb/facts.ts';
import type { Attempt } from './dynamodb/refusal.ts';
import { attempt, Refusal } from './dynamodb/refusal.ts';
import type { FindTable } from './dynamodb/several.ts';
import type { WriteStamp } from './dynamodb/table-contents.ts';
import { TableContents } from './dynamodb/table-contents.ts';
import type { Write } from './dynamodb/writes.ts';
import { changes } from './dynamodb/writes.ts';
import type { Parts } from './parts.ts';
import { Signal } from './signal.ts';
import type { Background } from './world.ts';

/** DynamoDB, come to life: the tables of all Regions, and what goes from one to another. */
export interface Tables {
  /** A table of a Region by its name or ARN; undefined: there is none. */
  contentsOf(region: string, name: string): TableContents | undefined;
  /** What stands against any call in a Region; undefined: nothing does. */
  refusalIn(region: string, now: Instant): { readonly code: string; readonly message: string } | undefined;
  /** One request in a Region: it finds tables and hands over what it wants written, all at once. */
  request<Output>(
    region: string,
    now: Instant,
    act: (tables: { readonly find: FindTable; readonly commit: (writes: readonly Write[]) => void }) => Output,
  ): Attempt<Output>;
}

/** What a world does with its tables beside that. */
export interface LastingTables extends Tables {
  readonly background: readonly Background[];
  /** Goes on with the tables of another estate: what both have keeps what is in it. */
  deploy(): void;
}

/** A write on its way to another Region. */
interface Travelling {
  readonly due: Instant;
  readonly from: TableContents;
  readonly to: string;
  readonly write: Write;
  readonly stamp: WriteStamp;
}

export function tablesOf(parts: Parts): LastingTables {
  return new AllTables(parts);
}

class AllTables implements LastingTables {
  readonly background: readonly Background[];
  private readonly parts: Parts;
  private byPlace: ReadonlyMap<string, TableContents> = new Map();
  /** By the moment when they are due. */
  private readonly travelling: Travelling[] = [];
  private woken = new Signal();
  private seq = 0;

  constructor(parts: Parts) {
    this.parts = parts;
    this.deploy();
    const { driver, architecture } = parts.input;
    // Into a world that runs locally, tables may still come.
    const isNeeded = driver === 'local' || architecture.tables.some(({ replicaRegions }) => replicaRegions.length > 0);
    const start = (moment: Moment): Conversation<void> => this.replicate(moment);
    this.background = isNeeded ? [{ name: 'dynamodb/replication', start }] : [];
  }

  deploy(): void {
    const before = this.byPlace;
    const now = new Map<string, TableContents>();
    for (const table of this.parts.input.architecture.tables) {
      const place = placeOf(table.region, table.name);
      const known = before.get(place);
      if (known !== undefined && known.table !== table) known.configure(table);
      now.set(place, known ?? new TableContents(table));
    }
    this.byPlace = now;
    // A new replica begins with what the others have.
    for (const contents of now.values())
      if (!before.has(placeOf(contents.table.region, contents.table.name))) this.fill(contents);
  }

  private fill(contents: TableContents): void {
    const { name, region, replicaRegions } = contents.table;
    for (const other of replicaRegions) {
      const source = other === region ? undefined : this.byPlace.get(placeOf(other, name));
      for (const { item, stamp } of source?.entries() ?? []) contents.receive(contents.keyOf(item), item, stamp);
    }
  }

  contentsOf(region: string, name: string): TableContents | undefined {
    const arn = /^arn:[\w-]+:dynamodb:([\w-]+):\d*:table\/([\w.-]+)$/.exec(name);
    if (arn === null) return this.byPlace.get(placeOf(region, name));
    return arn[1] === region ? this.byPlace.get(placeOf(region, arn[2] ?? '')) : undefined;
  }

  refusalIn(region: string, now: Instant): { readonly code: string; readonly message: string } | undefined {
    const { faults } = this.parts;
    if (faults.isQuiet(now)) return undefined;
    const met = faults.operatorsMeet(
      (target) =>
        (target.kind === 'region' && target.region === region) ||
        (target.kind === 'service' && target.service === 'dynamodb' && target.region === region),
      now,
    );
    return met === undefined ? undefined : toldBy(met.fault, 'dynamodb');
  }

  request<Output>(
    region: string,
    now: Instant,
    act: (tables: { readonly find: FindTable; readonly commit: (writes: readonly Write[]) => void }) => Output,
  ): Attempt<Output> {
    const find: FindTable = (name) => {
      const contents = this.contentsOf(region, name);
      if (contents !== undefined) return contents;
      throw new Refusal('ResourceNotFoundException', 'Requested resource not found');
    };
    return attempt(() => act({ find, commit: (writes) => this.commit(region, writes, now) }));
  }

  /** @throws Refusal when a strongly consistent table cannot reach most of its Regions. */
  private commit(region: string, writes: readonly Write[], now: Instant): void {
    for (const { contents } of writes) this.checkQuorum(contents.table, now);
    for (const write of writes) {
      if (!changes(write)) continue;
      this.seq += 1;
      const stamp = { at: now, seq: this.seq, region };
      write.contents.write(write.key, write.after, stamp);
      this.send(write, stamp, now);
    }
  }

  private send(write: Write, stamp: WriteStamp, now: Instant): void {
    const { name, region, replicaRegions, consistency } = write.contents.table;
    const { random } = this.parts;
    for (const to of replicaRegions) {
      if (to === region) continue;
      if (consistency === 'STRONG' && !this.isDown(to, now)) {
        this.byPlace.get(placeOf(to, name))?.receive(write.key, write.after, stamp);
        continue;
      }
      const due = after(now, lagMs(this.parts, random.stream(`dynamodb/replication/${name}/${to}/${this.seq}`).next()));
      this.enqueue({ due, from: write.contents, to, write, stamp });
    }
  }

  private checkQuorum(table: Table, now: Instant): void {
    if (table.consistency !== 'STRONG') return;
    const { replicaRegions, witnessRegion } = table;
    const regions = [...replicaRegions, ...(witnessRegion === undefined ? [] : [witnessRegion])];
    const up = regions.filter((region) => !this.isDown(region, now)).length;
    if (up * 2 > regions.length) return;
    throw new Refusal('InternalServerError', 'Internal server error');
  }

  private isDown(region: string, now: Instant): boolean {
    return this.refusalIn(region, now) !== undefined;
  }

  private enqueue(one: Travelling): void {
    const { travelling } = this;
    let at = travelling.length;
    while (at > 0 && (travelling[at - 1]?.due ?? 0) > one.due) at -= 1;
    travelling.splice(at, 0, one);
    if (at === 0) this.wake(one.stamp.at);
  }

  private wake(now: Instant): void {
    const { woken } = this;
    this.woken = new Signal();
    woken.give(now);
  }

  private *replicate(moment: Moment): Conversation<void> {
    for (;;) {
      const [next] = this.travelling;
      yield { kind: 'wait', for: this.woken, until: next?.due ?? NEVER };
      for (let [first] = this.travelling; first !== undefined && first.due <= moment.now; [first] = this.travelling) {
        this.travelling.shift();
        this.arrive(first, moment.now);
      }
    }
  }

  /** A Region that is cut off gets what it has missed when it is back (RS 7.2). */
  private arrive(one: Travelling, now: Instant): void {
    const { from, to, write, stamp } = one;
    const { name, region } = from.table;
    const target = this.byPlace.get(placeOf(to, name));
    if (target === undefined || !from.table.replicaRegions.includes(to)) return;
    if (this.isDown(region, now) || this.isDown(to, now))
      this.enqueue({ ...one, due: after(now, DYNAMODB_FACTS.REPLICATION_RETRY_SECONDS.value * 1000) });
    else target.receive(write.key, write.after, stamp);
  }
}

function placeOf(region: string, name: string): string {
  return `${region} ${name}`;
}

/** Every order of magnitude between the fastest and the slowest is as likely. */
function lagMs({ settings }: Parts, draw: number): number {
  const fixed = settings.text('dynamodb.replication-seconds');
  if (fixed !== 'drawn') return Number(fixed) * 1000;
  const least = DYNAMODB_FACTS.REPLICATION_LEAST_SECONDS.value;
  const most = DYNAMODB_FACTS.REPLICATION_MOST_SECONDS.value;
  return least * (most / least) ** draw * 1000;
}
