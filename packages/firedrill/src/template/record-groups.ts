import type { HostedZone } from '../model/index.ts';
import type { DraftRecord } from './draft.ts';
import type { Teller } from './teller.ts';

/** A record in the zone that it was found to be in. */
export interface PlacedRecord {
  readonly record: DraftRecord;
  readonly zone: HostedZone;
}

/** Rules over records of one name (R53 CH-01, CH-02, CH-12 to CH-19); answers with those that can stand together. */
export function checkGroups(placed: readonly PlacedRecord[], tell: Teller): readonly PlacedRecord[] {
  const standing: PlacedRecord[] = [];
  for (const candidate of placed) {
    const { record, zone } = candidate;
    const sameName = standing.filter((other) => other.zone.id === zone.id && other.record.name === record.name);
    const objection = objectionTo(
      record,
      zone,
      sameName.map((other) => other.record),
    );
    if (objection === undefined) standing.push(candidate);
    else tell.error('template/property', record.at, objection.says, { facts: objection.facts });
  }
  return standing;
}

interface Objection {
  readonly says: string;
  readonly facts: readonly string[];
}

function objectionTo(record: DraftRecord, zone: HostedZone, sameName: readonly DraftRecord[]): Objection | undefined {
  const { name, type, policy } = record;
  if (type === 'CNAME' && name === zone.name) {
    return { says: `A CNAME cannot stand at the apex ${name} of its zone.`, facts: ['R53 CH-12'] };
  }
  const other = sameName.find((each) => each.type !== type && (type === 'CNAME' || each.type === 'CNAME'));
  if (other !== undefined) {
    const says = `${name} has a record of type ${other.type}; a CNAME stands alone at its name.`;
    return { says, facts: ['R53 CH-13', 'R53 CH-14', 'R53 WS-09'] };
  }
  const group = sameName.filter((each) => each.type === type);
  if (group.some((each) => each.policy.kind !== policy.kind)) {
    const says = `Records ${name} of type ${type} have different routing policies; all of one name and type share one.`;
    return { says, facts: ['R53 CH-02', 'R53 CH-15'] };
  }
  if (policy.kind === 'simple') {
    if (group.length === 0) return undefined;
    return {
      says: `There are two simple records ${name} of type ${type}; put all values into one.`,
      facts: ['R53 CH-23'],
    };
  }
  const twice = group.some(
    (each) => each.policy.kind !== 'simple' && each.policy.setIdentifier === policy.setIdentifier,
  );
  if (twice) {
    return {
      says: `Two records ${name} of type ${type} have the SetIdentifier ${policy.setIdentifier}.`,
      facts: ['R53 CH-01'],
    };
  }
  if (
    policy.kind === 'failover' &&
    policy.role === 'PRIMARY' &&
    record.alias === undefined &&
    record.healthCheckId === undefined
  ) {
    return {
      says: `The primary failover record ${name} is no alias, so it must have a health check.`,
      facts: ['R53 CH-19'],
    };
  }
  return undefined;
}
