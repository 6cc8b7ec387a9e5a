import type { HostedZone, RecordSet } from '../../model/index.ts';

/** Record sets of one name and type: they compete by their policy. */
export interface RecordGroup {
  readonly zone: HostedZone;
  readonly name: string;
  readonly type: string;
  readonly records: readonly RecordSet[];
}

/** What the zones hold, laid out for questions. */
export interface ZoneData {
  /** The zone with authority over a name: the longest public one that it lies in. */
  zoneOf(name: string): HostedZone | undefined;
  group(zone: HostedZone, name: string, type: string): RecordGroup | undefined;
  /** Whether the name has records of any type, or names below it that do (R53 WS-05). */
  exists(zone: HostedZone, name: string): boolean;
}

/** Names are matched in lower case (R53 WS-07); private zones answer nobody outside (R53 WS-13). */
export function layOut(zones: readonly HostedZone[], records: readonly RecordSet[]): ZoneData {
  const open = zones.filter((zone) => !zone.private).toSorted((a, b) => b.name.length - a.name.length);
  const groups = new Map<string, RecordSet[]>();
  const names = new Set<string>();
  for (const record of records) {
    const key = keyOf(record.zoneId, record.name, record.type);
    groups.set(key, [...(groups.get(key) ?? []), record]);
    for (let name = record.name; name.includes('.'); name = parentOf(name)) names.add(`${record.zoneId} ${name}`);
  }
  return {
    zoneOf: (name) => open.find((zone) => name === zone.name || name.endsWith(`.${zone.name}`)),
    group(zone, name, type) {
      const found = groups.get(keyOf(zone.id, name, type));
      return found === undefined ? undefined : { zone, name, type, records: found };
    },
    exists: (zone, name) => name === zone.name || names.has(`${zone.id} ${name}`),
  };
}

/** The wildcard names that may cover a name, most specific first; not for the apex (R53 WS-08). */
export function wildcardsFor(zone: HostedZone, name: string): string[] {
  const wildcards: string[] = [];
  for (let parent = parentOf(name); parent.length >= zone.name.length; parent = parentOf(parent)) {
    wildcards.push(`*.${parent}`);
    if (parent === zone.name) break;
  }
  return name === zone.name ? [] : wildcards;
}

function parentOf(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

function keyOf(zoneId: string, name: string, type: string): string {
  return `${zoneId} ${name} ${type}`;
}
