import type { HostedZone, RecordChange, RecordSet } from '../../model/index.ts';
import { conflictsOf } from './change-conflicts.ts';
import { invalidInput } from './change-input.ts';

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
  const { records, touched, messages } = applied(zone, scene.records, changes);
  const conflicts = conflictsOf(zone, records, touched);
  if (messages.length + conflicts.length > 0) return invalidBatch([...messages, ...conflicts]);
  if (records.length > ZONE_RECORDS_MAX && records.length > scene.records.length) {
    return refused('LimitsExceeded', `A hosted zone holds at most ${ZONE_RECORDS_MAX} records.`);
  }
  return { kind: 'changed', records };
}

/** The zone's records after all changes, those that were written, and what could not be done. */
function applied(zone: HostedZone, before: readonly RecordSet[], changes: readonly RecordChange[]): Applied {
  const records = new Map(before.map((record) => [keyOf(record), record]));
  const touched = new Set<RecordSet>();
  const messages: string[] = [];
  for (const { action, recordSet } of changes) {
    const record: RecordSet = { ...recordSet, name: plain(recordSet.name), zoneId: zone.id, stack: '' };
    const key = keyOf(record);
    const present = records.get(key);
    if (action === 'DELETE') {
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
  return { records: left, touched: left.filter((record) => touched.has(record)), messages };
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
  const identifier = policy.kind === 'simple' ? '' : `, set identifier='${policy.setIdentifier}'`;
  return `resource record set [name='${name}.', type='${type}'${identifier}]`;
}

/** All that a DELETE has to say as it is (R53 CH-04, CH-22); the order of values does not matter. */
function contentsOf({ policy, ttlSeconds, values, alias, healthCheckId }: RecordSet): string {
  const target = alias && [plain(alias.dnsName), alias.hostedZoneId, alias.evaluateTargetHealth];
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
