import type { RecordSet } from '../model/index.ts';

export type FailoverRecord = RecordSet & { readonly policy: Extract<RecordSet['policy'], { kind: 'failover' }> };

/** Failover records by zone, name and type, in the order of the templates. */
export function failoverGroups(records: readonly RecordSet[]): readonly (readonly FailoverRecord[])[] {
  const groups = new Map<string, FailoverRecord[]>();
  for (const record of records.filter(isFailover)) {
    const key = `${record.zoneId} ${record.name} ${record.type}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()];
}

export function isFailover(record: RecordSet): record is FailoverRecord {
  return record.policy.kind === 'failover';
}

/** The first of a role. */
export function ofRole(group: readonly FailoverRecord[], role: 'PRIMARY' | 'SECONDARY'): FailoverRecord | undefined {
  return group.find(({ policy }) => policy.role === role);
}
