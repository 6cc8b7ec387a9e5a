import type { CidrCollection, HostedZone, RoutingPolicy } from '../model/index.ts';
import type { DraftRecord } from './draft.ts';
import type { Teller } from './teller.ts';

/** A record in the zone that it was found to be in. */
export interface PlacedRecord {
  readonly record: DraftRecord;
  readonly zone: HostedZone;
}

/** Records of one name and type that may compete; of geoproximity records 30 (R53 RP-13, RP-19). */
const GROUP_MOST = 100;
const GEOPROXIMITY_MOST = 30;

/** What a rule over records is held against. */
interface Candidate {
  readonly record: DraftRecord;
  readonly zone: HostedZone;
  /** Those of its name that stand already. */
  readonly sameName: readonly DraftRecord[];
  /** Those of them that are of its type too. */
  readonly group: readonly DraftRecord[];
  readonly collections: ReadonlyMap<string, CidrCollection>;
}

/** Why Route 53 would refuse a record. */
interface Objection {
  readonly says: string;
  readonly facts: readonly string[];
}

/** Rules over records of one name (R53 CH-01, CH-02, CH-12 to CH-19); answers with those that can stand together. */
export function checkGroups(
  placed: readonly PlacedRecord[],
  cidrCollections: readonly CidrCollection[],
  tell: Teller,
): readonly PlacedRecord[] {
  const collections = new Map(cidrCollections.map((collection) => [collection.id, collection]));
  const byName = new Map<string, DraftRecord[]>();
  return placed.filter(({ record, zone }) => {
    const key = `${zone.id} ${record.name}`;
    const sameName = byName.get(key) ?? [];
    const group = sameName.filter((each) => each.type === record.type);
    const candidate = { record, zone, sameName, group, collections };
    const objection = objectionTo(candidate);
    if (objection === undefined) byName.set(key, [...sameName, record]);
    else tell.error('template/property', record.at, objection.says, { facts: objection.facts });
    return objection === undefined;
  });
}

function objectionTo(candidate: Candidate): Objection | undefined {
  return mixture(candidate) ?? ofGroup(candidate) ?? ofPolicy(candidate, candidate.record.policy);
}

/** A CNAME stands alone at its name, and all records of a group have one policy. */
function mixture({ record: { name, type, policy }, zone, sameName, group }: Candidate): Objection | undefined {
  if (type === 'CNAME' && name === zone.name)
    return { says: `A CNAME cannot stand at the apex ${name} of its zone.`, facts: ['R53 CH-12'] };
  const other = sameName.find((each) => each.type !== type && (type === 'CNAME' || each.type === 'CNAME'));
  if (other !== undefined) {
    const says = `${name} has a record of type ${other.type}; a CNAME stands alone at its name.`;
    return { says, facts: ['R53 CH-13', 'R53 CH-14', 'R53 WS-09'] };
  }
  if (group.some((each) => each.policy.kind !== policy.kind)) {
    const says = `Records ${name} of type ${type} have different routing policies; all of one name and type share one.`;
    return { says, facts: ['R53 CH-02', 'R53 CH-15'] };
  }
  return undefined;
}

/** SetIdentifiers tell the records of a group apart, and there are not too many. */
function ofGroup({ record: { name, type, policy }, group }: Candidate): Objection | undefined {
  if (policy.kind === 'simple') {
    if (group.length === 0) return undefined;
    const says = `There are two simple records ${name} of type ${type}; put all values into one.`;
    return { says, facts: ['R53 CH-23'] };
  }
  if (group.some((each) => each.policy.kind !== 'simple' && each.policy.setIdentifier === policy.setIdentifier)) {
    const says = `Two records ${name} of type ${type} have the SetIdentifier ${policy.setIdentifier}.`;
    return { says, facts: ['R53 CH-01'] };
  }
  const most = policy.kind === 'geoproximity' ? GEOPROXIMITY_MOST : GROUP_MOST;
  if (group.length === most) {
    const says = `There are more than ${most} ${policy.kind} records ${name} of type ${type}.`;
    return { says, facts: [policy.kind === 'geoproximity' ? 'R53 RP-13' : 'R53 RP-19'] };
  }
  return undefined;
}

/** What each policy asks of its records. */
function ofPolicy(candidate: Candidate, policy: RoutingPolicy): Objection | undefined {
  const { record, group } = candidate;
  const { name, type } = record;
  switch (policy.kind) {
    case 'failover':
      if (policy.role === 'PRIMARY' && record.alias === undefined && record.healthCheckId === undefined) {
        const says = `The primary failover record ${name} is no alias, so it must have a health check.`;
        return { says, facts: ['R53 CH-19'] };
      }
      return undefined;
    case 'weighted': {
      const other = group.find((each) => each.alias === undefined && each.ttlSeconds !== record.ttlSeconds);
      if (record.alias !== undefined || other === undefined) return undefined;
      const says = `Weighted records ${name} of type ${type} have the TTLs ${other.ttlSeconds} and ${record.ttlSeconds}; they must share one.`;
      return { says, facts: ['R53 RP-18'] };
    }
    case 'latency':
      return twice(candidate, `the Region ${policy.region}`, 'R53 CH-16');
    case 'geolocation':
      return twice(candidate, 'the same GeoLocation', 'R53 RP-11');
    case 'multivalue':
      return ofMultivalue(record);
    case 'ip-based':
      return ofCidr(candidate, policy) ?? twice(candidate, `the location ${policy.locationName}`, 'R53 RP-15');
    default:
      return undefined;
  }
}

/** Two records of a group for the same askers. */
function twice({ record, group }: Candidate, what: string, fact: string): Objection | undefined {
  const own = withoutIdentifier(record.policy);
  if (!group.some((each) => withoutIdentifier(each.policy) === own)) return undefined;
  return { says: `Two records ${record.name} of type ${record.type} have ${what}.`, facts: [fact] };
}

function withoutIdentifier(policy: RoutingPolicy): string {
  return JSON.stringify({ ...policy, setIdentifier: undefined });
}

function ofMultivalue({ name, type, alias, values }: DraftRecord): Objection | undefined {
  const facts = ['R53 RP-14'];
  if (alias !== undefined) return { says: `The multivalue record ${name} is an alias; it must have a value.`, facts };
  if (type === 'CNAME' || type === 'NS')
    return { says: `A record of type ${type} cannot be a multivalue record.`, facts };
  if (values.length === 1) return undefined;
  return {
    says: `The multivalue record ${name} has ${values.length} values; each has one, and a health check of its own.`,
    facts,
  };
}

function ofCidr(
  { record: { name, type }, zone, group, collections }: Candidate,
  { collectionId, locationName }: Extract<RoutingPolicy, { readonly kind: 'ip-based' }>,
): Objection | undefined {
  const facts = ['R53 RP-15'];
  if (zone.private) return { says: `${name} is in a private zone, and IP-based records are for public ones.`, facts };
  if (group.some(({ policy }) => policy.kind === 'ip-based' && policy.collectionId !== collectionId))
    return { says: `Records ${name} of type ${type} use different CIDR collections; they must share one.`, facts };
  const collection = collections.get(collectionId);
  if (collection === undefined || locationName === '*') return undefined;
  if (collection.locations.some((each) => each.name === locationName)) return undefined;
  return { says: `The CIDR collection ${collection.name} has no location ${locationName}.`, facts };
}
