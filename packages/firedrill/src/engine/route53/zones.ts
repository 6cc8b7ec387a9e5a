import type { HostedZone, RecordSet, RoutingPolicy } from '../../model/index.ts';
import type { DnsRecord } from '../conversation.ts';
import type { Preference } from './preference.ts';
import type { Apex } from './zone-apex.ts';
import { apexOf } from './zone-apex.ts';

/** Record sets of one name and type: they compete by their policy. */
export class RecordGroup {
  readonly zone: HostedZone;
  readonly name: string;
  readonly type: string;
  /** At least one. */
  readonly records: readonly RecordSet[];
  readonly policy: RoutingPolicy['kind'];
  /** Whether the health of any record is looked at; where it is not, all are healthy for ever (R53 RP-02). */
  readonly isMonitored: boolean;
  /** Whose draws decide where chance does: each group's own, so that one more record elsewhere shifts nobody's. */
  readonly drawer: string;
  /** What the policy prefers, where that is the same for all askers; else by asker. */
  preference: Preference | undefined;
  readonly preferences = new Map<number, Preference>();
  /** Records of answers as they were given last, by record set, for the group's own name. */
  readonly written = new Map<RecordSet, readonly DnsRecord[]>();
  /** `seq` of the event of the change that made the group as it is; 0: it has been so from the beginning. */
  readonly changedBy: number;

  constructor(zone: HostedZone, records: readonly [RecordSet, ...RecordSet[]], changedBy = 0) {
    this.changedBy = changedBy;
    const [{ name, type, policy }] = records;
    this.zone = zone;
    this.name = name;
    this.type = type;
    this.records = records;
    this.policy = policy.kind;
    this.drawer = `route53/${policy.kind}/${zone.id}/${name}/${type}`;
    this.isMonitored = records.some(
      ({ healthCheckId, alias }) => healthCheckId !== undefined || alias?.evaluateTargetHealth === true,
    );
  }
}

/** One zone's names. */
class ZoneIndex {
  readonly zone: HostedZone;
  readonly groups = new Map<string, Map<string, RecordGroup>>();
  /** How many groups are at a name or below it (R53 WS-05). */
  readonly counts = new Map<string, number>();
  /** How many names below the zone's own have NS records. */
  private cuts = 0;
  private written: Apex | undefined;

  constructor(zone: HostedZone) {
    this.zone = zone;
  }

  /** The same names; changing one leaves the other as it is. */
  copy(): ZoneIndex {
    const copy = new ZoneIndex(this.zone);
    for (const [name, types] of this.groups) copy.groups.set(name, new Map(types));
    for (const [name, count] of this.counts) copy.counts.set(name, count);
    copy.cuts = this.cuts;
    return copy;
  }

  /** What it holds, as the index of the zone as it is configured now. */
  of(zone: HostedZone): ZoneIndex {
    if (zone === this.zone) return this;
    const own = new ZoneIndex(zone);
    for (const [name, types] of this.groups)
      for (const [type, { records, changedBy }] of types) own.put(name, type, records, changedBy);
    return own;
  }

  put(name: string, type: string, records: readonly RecordSet[], changedBy = 0): void {
    const types = this.groups.get(name) ?? new Map<string, RecordGroup>();
    const [first, ...rest] = records;
    const change = Number(first !== undefined) - Number(types.has(type));
    if (first === undefined) types.delete(type);
    else types.set(type, new RecordGroup(this.zone, [first, ...rest], changedBy));
    if (types.size === 0) this.groups.delete(name);
    else this.groups.set(name, types);
    if (change !== 0) this.count(name, change);
    if (name === this.zone.name) this.written = undefined;
    else if (type === 'NS') this.cuts += change;
  }

  /** The NS records nearest to the zone's own name that a name is at or below; a wildcard delegates nothing (R53 WS-08). */
  cutAbove(name: string): RecordGroup | undefined {
    let found: RecordGroup | undefined;
    if (this.cuts === 0) return found;
    for (let at = name; at.length > this.zone.name.length; at = parentOf(at))
      found = this.groups.get(at)?.get('NS') ?? found;
    return found;
  }

  /** SOA and name servers: written once for as long as nobody changes them. */
  get apex(): Apex {
    const own = this.groups.get(this.zone.name);
    return (this.written ??= apexOf(this.zone, own?.get('SOA')?.records[0], own?.get('NS')?.records[0]));
  }

  private count(name: string, change: number): void {
    for (let at = name; at.length > this.zone.name.length; at = parentOf(at)) {
      const count = (this.counts.get(at) ?? 0) + change;
      if (count === 0) this.counts.delete(at);
      else this.counts.set(at, count);
    }
  }
}

/** What the zones hold, laid out for questions: no answer takes longer because there are more records. */
export class ZoneData {
  private indexes: ReadonlyMap<string, ZoneIndex>;
  private readonly zones: readonly HostedZone[];
  /** Public zones by name; of two of one name the parent delegates to one, and the other is never asked (R53 WS-12). */
  private readonly open = new Map<string, HostedZone>();
  private readonly closed = new Map<string, HostedZone[]>();

  constructor(zones: readonly HostedZone[]) {
    this.zones = zones;
    this.indexes = new Map(zones.map((zone) => [zone.id, new ZoneIndex(zone)]));
    for (const zone of zones) {
      if (zone.private) this.closed.set(zone.name, [...(this.closed.get(zone.name) ?? []), zone]);
      else if (!this.open.has(zone.name)) this.open.set(zone.name, zone);
    }
  }

  /**
   * The zone with authority over a name: the longest that it lies in. Who asks from within a VPC gets that of the VPC's private
   * zones, and what it does not have is not there, whatever public zones say (R53 WS-13). Nobody else sees private zones.
   */
  zoneOf(name: string, vpcId?: string): HostedZone | undefined {
    if (vpcId !== undefined) {
      for (let at = name; ; at = parentOf(at)) {
        const own = this.closed.get(at)?.find(({ vpcs = [] }) => vpcs.some(({ id }) => id === vpcId));
        if (own !== undefined) return own;
        if (!at.includes('.')) break;
      }
    }
    for (let at = name; ; at = parentOf(at)) {
      const zone = this.open.get(at);
      if (zone !== undefined || !at.includes('.')) return zone;
    }
  }

  group(zone: HostedZone, name: string, type: string): RecordGroup | undefined {
    return this.indexes.get(zone.id)?.groups.get(name)?.get(type);
  }

  /** All groups of a name, in the order in which they were made. */
  groupsAt(zone: HostedZone, name: string): readonly RecordGroup[] {
    return [...(this.indexes.get(zone.id)?.groups.get(name)?.values() ?? [])];
  }

  /** Whether the name has records of any type, or names below it that do (R53 WS-05). */
  exists(zone: HostedZone, name: string): boolean {
    return name === zone.name || this.indexes.get(zone.id)?.counts.has(name) === true;
  }

  /**
   * The NS records that hand a name of a public zone to other name servers; undefined: the zone keeps it (R53 WS-15). Of the
   * name that they stand at, the zone keeps the DS records (RFC 4035, 3.1.4.1).
   */
  delegation(zone: HostedZone, name: string, type: string): RecordGroup | undefined {
    const cut = zone.private ? undefined : this.indexes.get(zone.id)?.cutAbove(name);
    return type === 'DS' && cut?.name === name ? undefined : cut;
  }

  /** The zone's SOA and name servers. */
  apex(zone: HostedZone): Apex {
    return this.indexes.get(zone.id)?.apex ?? apexOf(zone, undefined, undefined);
  }

  /** Replaces all record sets of one name and type; none: there is no such group any more. The next answer goes by it. */
  put(zoneId: string, name: string, type: string, records: readonly RecordSet[], changedBy = 0): void {
    this.indexes.get(zoneId)?.put(name, type, records, changedBy);
  }

  /** The same data for other zones: those that both have keep what they hold. */
  withZones(zones: readonly HostedZone[]): ZoneData {
    if (zones === this.zones) return this;
    const data = new ZoneData(zones);
    data.indexes = new Map(
      zones.map((zone) => {
        const own = this.indexes.get(zone.id);
        return [zone.id, own?.of(zone) ?? new ZoneIndex(zone)];
      }),
    );
    return data;
  }

  /** The same data, where one zone may be changed without the others, or who still goes by the old data, noticing. */
  copyToChange(zoneId: string): ZoneData {
    const copy = new ZoneData(this.zones);
    const own = this.indexes.get(zoneId);
    copy.indexes = own === undefined ? this.indexes : new Map([...this.indexes, [zoneId, own.copy()]]);
    return copy;
  }
}

/** Names are matched in lower case (R53 WS-07). */
export function layOut(zones: readonly HostedZone[], records: readonly RecordSet[]): ZoneData {
  const data = new ZoneData(zones);
  const groups = new Map<string, RecordSet[]>();
  for (const record of records) {
    const key = `${record.zoneId} ${record.name} ${record.type}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  for (const group of groups.values()) {
    const [first] = group;
    if (first !== undefined) data.put(first.zoneId, first.name, first.type, group);
  }
  return data;
}

/** A name without its first label. */
export function parentOf(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}
