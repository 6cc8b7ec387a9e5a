import type { CidrCollection, HostedZone, RecordChange, RecordSet } from '../../model/index.ts';
import { conflictsOf } from './change-conflicts.ts';
import { dataProblems } from './change-data.ts';
import { invalidInput } from './change-input.ts';
import { apexRecordsOf } from './zone-apex.ts';

/** What a change of records comes to. `code`, `status` and `message` are those of AWS's own answer (R53 CH-07). */
export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly records: readonly RecordSet[] }
  | { readonly kind: 'refused'; readonly code: string; readonly status: 400 | 404; readonly message: string };

/** What a batch is judged by. */
export interface ChangeScene {
  /** Undefined: there is no zone of that id. */
  readonly zone: HostedZone | undefined;
  /** What the zone holds now. */
  readonly records: readonly RecordSet[];
  readonly knowsHealthCheck: (id: string) => boolean;
  readonly cidrCollections: readonly CidrCollection[];
}

/** R53 CH-05. */
const BATCH_RECORDS_MAX = 1000;
const BATCH_CHARACTERS_MAX = 32_000;
const ZONE_RECORDS_MAX = 10_000;

/**
 * `ChangeResourceRecordSets`: all changes, in their order, or none (R53 CH-04). Names are judged as in the zone that results,
 * so that a batch may replace a simple record by a failover pair (R53 PP-10).
 */
export function changeRecordSets(scene: ChangeScene, changes: readonly RecordChange[]): ChangeOutcome {
  const { zone, knowsHealthCheck } = scene;
  if (zone === undefined) return refused('NoSuchHostedZone', 'No hosted zone found with that ID.', 404);
  const malformed = changes.map(invalidInput).find((says) => says !== undefined);
  if (malformed !== undefined) return refused('InvalidInput', malformed);
  const unknown = changes.find(({ action, recordSet: { healthCheckId } }) => {
    return action !== 'DELETE' && healthCheckId !== undefined && !knowsHealthCheck(healthCheckId);
  });
  if (unknown !== undefined) {
    return refused('NoSuchHealthCheck', `No health check exists with the ID ${unknown.recordSet.healthCheckId}.`, 404);
  }
  const tooMuch = beyondBatch(changes);
  if (tooMuch.length > 0) return invalidBatch(tooMuch);
  const written = changes.flatMap(({ action, recordSet }) => (action === 'DELETE' ? [] : [recordSet]));
  const data = written.flatMap((record) => dataProblems({ ...record, name: plain(record.name) }));
  if (data.length > 0) return invalidBatch(data);
  const { records, touched, messages } = applied(zone, scene.records, changes);
  const conflicts = conflictsOf(zone, records, touched);
  const unknownBlocks = written.flatMap((record) => unknownLocation(record, scene.cidrCollections));
  if (messages.length + conflicts.length + unknownBlocks.length > 0)
    return invalidBatch([...messages, ...unknownBlocks, ...conflicts]);
  if (records.length > ZONE_RECORDS_MAX && records.length > scene.records.length) {
    return refused('LimitsExceeded', `A hosted zone holds at most ${ZONE_RECORDS_MAX} records.`);
  }
  return { kind: 'changed', records };
}

/** The zone's records after all changes, those that were written, and what could not be done. */
function applied(zone: HostedZone, before: readonly RecordSet[], changes: readonly RecordChange[]): Applied {
  // Route 53's own name servers and SOA are records like any other, though no template has them.
  const own = apexRecordsOf(zone, before);
  const records = new Map([...own, ...before].map((record) => [keyOf(record), record]));
  const done = new Map<string, RecordChange['action'][]>();
  const touched = new Set<RecordSet>();
  const messages: string[] = [];
  for (const { action, recordSet } of changes) {
    const record = recordOf(recordSet, zone);
    const key = keyOf(record);
    const present = records.get(key);
    const earlier = done.get(key) ?? [];
    done.set(key, [...earlier, action]);
    if (earlier.length > 0 && !isReplacement(earlier, action)) {
      messages.push(
        `The request contains an invalid set of changes for a resource record set '${record.type} ${record.name}.'`,
      );
    } else if (action === 'DELETE') {
      if (present === undefined) messages.push(`Tried to delete ${named(record)} but it was not found`);
      else if (contentsOf(present) !== contentsOf(record))
        messages.push(`Tried to delete ${named(record)} but the values provided do not match the current values`);
      else records.delete(key);
    } else if (action === 'CREATE' && present !== undefined) {
      messages.push(`Tried to create ${named(record)} but it already exists`);
    } else {
      records.set(key, record);
      touched.add(record);
    }
  }
  const left = [...records.values()];
  const untouched = new Set(own);
  return {
    records: left.filter((record) => !untouched.has(record)),
    touched: left.filter((record) => touched.has(record)),
    messages: [...messages, ...apexProblems(zone, left)],
  };
}

/** In one batch a record set may be deleted and then made anew; all else is said twice (R53 CH-31). */
function isReplacement(earlier: readonly RecordChange['action'][], action: RecordChange['action']): boolean {
  return earlier.length === 1 && earlier[0] === 'DELETE' && action !== 'DELETE';
}

/** Values that are names. */
const NAMING: ReadonlySet<string> = new Set(['CNAME', 'NS', 'PTR']);

/** The record as zones hold it: all names in lower case, without the last dot (R53 WS-07). */
function recordOf({ alias, ...recordSet }: RecordChange['recordSet'], zone: HostedZone): RecordSet {
  const target = alias && {
    dnsName: plain(alias.dnsName),
    hostedZoneId: alias.hostedZoneId.replace(/^\/?hostedzone\//, ''),
    evaluateTargetHealth: alias.evaluateTargetHealth === true,
  };
  const values = NAMING.has(recordSet.type) ? recordSet.values.map(plain) : recordSet.values;
  const own = target === undefined ? {} : { alias: target };
  return { ...recordSet, ...own, values, name: plain(recordSet.name), zoneId: zone.id, stack: '' };
}

/** A zone keeps its SOA and its name servers (R53 CH-30). */
function apexProblems(zone: HostedZone, records: readonly RecordSet[]): readonly string[] {
  const types = new Set(records.filter(({ name }) => name === zone.name).map(({ type }) => type));
  return [
    ...(types.has('NS') ? [] : ['A HostedZone must contain at least one NS record for the zone itself.']),
    ...(types.has('SOA') ? [] : ['A HostedZone must contain exactly one SOA record.']),
  ];
}

/** R53 RP-15. */
function unknownLocation(
  { policy }: RecordChange['recordSet'],
  collections: readonly CidrCollection[],
): readonly string[] {
  if (policy.kind !== 'ip-based') return [];
  const { collectionId, locationName } = policy;
  const collection = collections.find(({ id }) => id === collectionId);
  if (collection === undefined) return [`The CIDR collection ${collectionId} was not found.`];
  const isThere = locationName === '*' || collection.locations.some(({ name }) => name === locationName);
  return isThere ? [] : [`The CIDR location ${locationName} was not found in the collection ${collectionId}.`];
}

interface Applied {
  readonly records: readonly RecordSet[];
  readonly touched: readonly RecordSet[];
  readonly messages: readonly string[];
}

/** An UPSERT counts double (R53 CH-05). */
function beyondBatch(changes: readonly RecordChange[]): readonly string[] {
  let records = 0;
  let characters = 0;
  for (const { action, recordSet } of changes) {
    const times = action === 'UPSERT' ? 2 : 1;
    records += times * Math.max(1, recordSet.values.length);
    for (const value of recordSet.values) characters += times * value.length;
  }
  return [
    ...(records > BATCH_RECORDS_MAX ? [`Number of records limit of ${BATCH_RECORDS_MAX} exceeded.`] : []),
    ...(characters > BATCH_CHARACTERS_MAX ? [`Number of characters limit of ${BATCH_CHARACTERS_MAX} exceeded.`] : []),
  ];
}

function keyOf({ name, type, policy }: RecordSet): string {
  return `${name} ${type} ${policy.kind === 'simple' ? '' : policy.setIdentifier}`;
}

function named({ name, type, policy }: RecordSet): string {
  const identifier = policy.kind === 'simple' ? '' : `, set-identifier='${policy.setIdentifier}'`;
  return `resource record set [name='${name}.', type='${type}'${identifier}]`;
}

/** All that a DELETE has to say as it is (R53 CH-04, CH-22); the order of values does not matter. */
function contentsOf({ policy, ttlSeconds, values, alias, healthCheckId }: RecordSet): string {
  const target = alias && [alias.dnsName, alias.hostedZoneId, alias.evaluateTargetHealth];
  return JSON.stringify([sortedEntries(policy), ttlSeconds, values.toSorted(), target, healthCheckId]);
}

function sortedEntries(fields: object): readonly unknown[] {
  const entries = Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'object' && value !== null ? sortedEntries(value) : value,
  ]);
}

/** Names are compared in lower case, and without the last dot (R53 WS-07). */
function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function invalidBatch(messages: readonly string[]): ChangeOutcome {
  return refused('InvalidChangeBatch', `[${messages.join(', ')}]`);
}

function refused(code: string, message: string, status: 400 | 404 = 400): ChangeOutcome {
  return { kind: 'refused', code, status, message };
}
