import type { Architecture, HostedZone, Instant, RecordSet } from '../model/index.ts';
import { after, msBetween } from '../model/index.ts';
import type { Vantage } from './conversation.ts';
import type { Parts } from './parts.ts';
import { nameOf } from './same-parts.ts';
import type { ZoneData } from './route53/zones.ts';
import { layOut } from './route53/zones.ts';

/** What the zones hold from a change on, for those who have heard of it. */
interface Version {
  readonly data: ZoneData;
  /** When each location has it; a location is drawn when it is asked for first. */
  readonly seenFrom: Map<string, Instant>;
  readonly madeAt: Instant;
  /** When the last one has it: the change is INSYNC (R53 CH-08). */
  readonly inSyncAt: Instant;
}

/**
 * What name servers answer from. Records change while the world runs, and locations hear of it one after another, within
 * the switch `route53.change-propagation-seconds`. The API itself knows of a change at once (R53 CH-08).
 */
export class ZoneVersions {
  private readonly parts: Parts;
  private settled: ZoneData;
  /** Changes that are on their way, the oldest first. */
  private pending: readonly Version[] = [];
  private records: readonly RecordSet[];
  /** As templates have them, whatever operators have made of them. */
  private declared: readonly RecordSet[];

  constructor(parts: Parts) {
    const { hostedZones, recordSets } = parts.input.architecture;
    this.parts = parts;
    this.declared = recordSets;
    this.records = recordSets;
    this.settled = layOut(hostedZones, recordSets);
  }

  /**
   * Goes on with the zones and records of another estate. What its templates say differently than those before is as they say
   * now; what operators have made of all other records stays. Name servers all know at once: whoever deploys has waited for
   * INSYNC.
   * @param cause - `seq` of the event that answers follow from.
   */
  deploy({ hostedZones, recordSets }: Architecture, cause: number): void {
    const changed = this.takeOver(hostedZones, recordSets);
    this.settled = this.settled.withZones(hostedZones);
    this.pending = this.pending.map((version) => ({ ...version, data: version.data.withZones(hostedZones) }));
    const groups = this.groupsOf(changed);
    for (const data of [this.settled, ...this.pending.map((version) => version.data)])
      for (const { of, records } of groups) data.put(of.zoneId, of.name, of.type, records, cause);
  }

  /** What zones hold of the names and types of some records. */
  private groupsOf(some: readonly RecordSet[]): readonly { readonly of: RecordSet; readonly records: RecordSet[] }[] {
    const keyOf = ({ zoneId, name, type }: RecordSet): string => `${zoneId} ${name} ${type}`;
    const groups = new Map(some.map((of) => [keyOf(of), { of, records: [] as RecordSet[] }]));
    for (const record of this.records) groups.get(keyOf(record))?.records.push(record);
    return [...groups.values()];
  }

  /** @returns the records that templates say something else about than before. */
  private takeOver(zones: readonly HostedZone[], declared: readonly RecordSet[]): readonly RecordSet[] {
    const [had, has] = [new Set(this.declared), new Set(declared)];
    const came = declared.filter((record) => !had.has(record));
    const went = this.declared.filter((record) => !has.has(record));
    const zoneIds = new Set(zones.map(({ id }) => id));
    this.declared = declared;
    const written = new Map(came.map(keyed));
    const gone = new Map(went.map(keyed));
    const touched = new Set([...came, ...went].map(({ name }) => name));
    const kept = this.records.flatMap((record) => {
      if (!zoneIds.has(record.zoneId)) return [];
      if (!touched.has(record.name)) return [record];
      const key = nameOf(record);
      const own = written.get(key);
      written.delete(key);
      return own === undefined && gone.has(key) ? [] : [own ?? record];
    });
    this.records = [...kept, ...written.values()];
    return [...went, ...came];
  }

  /** The zones as the name servers near an asker have them. */
  seenBy(asker: Vantage, now: Instant): ZoneData {
    if (this.pending.length === 0) return this.settled;
    this.settle(now);
    // Changes arrive in order: who has a later one has all before it.
    const seen = this.pending.findLast((version) => this.arrivalAt(version, asker) <= now);
    return seen?.data ?? this.settled;
  }

  private settle(now: Instant): void {
    const done = this.pending.findLastIndex(({ inSyncAt }) => inSyncAt <= now);
    const latest = this.pending[done];
    if (latest === undefined) return;
    this.settled = latest.data;
    this.pending = this.pending.slice(done + 1);
  }

  private arrivalAt({ seenFrom, madeAt, inSyncAt }: Version, asker: Vantage): Instant {
    const known = seenFrom.get(asker.name);
    if (known !== undefined) return known;
    const share = this.parts.random.stream(`route53/change/${madeAt}/${asker.name}`).next();
    const at = after(madeAt, share * msBetween(madeAt, inSyncAt));
    seenFrom.set(asker.name, at);
    return at;
  }

  /** What the zone holds, as the API knows it: changes that name servers have not heard of included (R53 CH-08). */
  recordsOf(zoneId: string): readonly RecordSet[] {
    return this.records.filter((record) => record.zoneId === zoneId);
  }

  /**
   * Lets name servers hear of what a zone holds from now on.
   * @param cause - `seq` of the event that answers follow from.
   * @returns when all of them have heard of it.
   */
  publish(zoneId: string, records: readonly RecordSet[], now: Instant, cause: number): Instant {
    this.settle(now);
    const before = this.recordsOf(zoneId);
    const data = (this.pending.at(-1)?.data ?? this.settled).copyToChange(zoneId);
    const kept = new Set(records);
    const had = new Set(before);
    const changed = [...before.filter((record) => !kept.has(record)), ...records.filter((record) => !had.has(record))];
    for (const { name, type } of changed) {
      const group = records.filter((record) => record.name === name && record.type === type);
      data.put(zoneId, name, type, group, cause);
    }
    this.records = [...this.records.filter((record) => record.zoneId !== zoneId), ...records];
    const seconds = this.parts.settings.number('route53.change-propagation-seconds');
    const inSyncAt = after(now, seconds * 1000);
    this.pending = [...this.pending, { data, seenFrom: new Map(), madeAt: now, inSyncAt }];
    return inSyncAt;
  }
}

function keyed(record: RecordSet): readonly [string, RecordSet] {
  return [nameOf(record), record];
}
