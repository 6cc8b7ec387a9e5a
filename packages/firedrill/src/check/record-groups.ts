import type { RecordSet } from '../model/index.ts';
import { groupedBy } from './memory.ts';

export type FailoverRecord = RecordSet & { readonly policy: Extract<RecordSet['policy'], { kind: 'failover' }> };

/** Failover records by zone, name and type, in the order of the templates. */
export function failoverGroups(records: readonly RecordSet[]): readonly (readonly FailoverRecord[])[] {
  return [...groupedBy(records.filter(isFailover), ({ zoneId, name, type }) => `${zoneId} ${name} ${type}`).values()];
}

export function isFailover(record: RecordSet): record is FailoverRecord {
  return record.policy.kind === 'failover';
}

/** The first of a role. */
export function ofRole(group: readonly FailoverRecord[], role: 'PRIMARY' | 'SECONDARY'): FailoverRecord | undefined {
  return group.find(({ policy }) => policy.role === role);
}
