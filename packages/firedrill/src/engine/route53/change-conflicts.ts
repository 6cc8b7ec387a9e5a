import type { HostedZone, RecordSet, RoutingPolicy } from '../../model/index.ts';
import { aliasProblem } from './change-alias.ts';

/** Records of one name and type that may compete (R53 RP-19); of geoproximity records (R53 RP-13). */
const GROUP_MOST = 100;
const GEOPROXIMITY_MOST = 30;

/** What speaks against the written records beside all others of the zone, in AWS's words (R53 CH-02, CH-12 to CH-21). */
export function conflictsOf(
  zone: HostedZone,
  records: readonly RecordSet[],
  written: readonly RecordSet[],
): readonly string[] {
  const byName = new Map<string, RecordSet[]>();
  for (const record of records) {
    const same = byName.get(record.name);
    if (same === undefined) byName.set(record.name, [record]);
    else same.push(record);
  }
  return written.flatMap((record) => {
    const others = (byName.get(record.name) ?? []).filter((other) => other !== record);
    const found =
      ownName(zone, record, others) ??
      ownGroup(record, others) ??
      aliasProblem(zone, record, (name) => byName.get(name) ?? []);
    return found === undefined ? [] : [found];
  });
}

function ownName(
  zone: HostedZone,
  { name, type, policy }: RecordSet,
  others: readonly RecordSet[],
): string | undefined {
  const says = `RRSet of type ${type} with DNS name ${name}. is not permitted`;
  if (name !== zone.name && !name.endsWith(`.${zone.name}`))
    return `RRSet with DNS name ${name}. is not permitted in zone ${zone.name}.`;
  if (zone.private && policy.kind === 'ip-based') return `${says} as zone ${zone.name}. is private.`;
  if (type === 'CNAME') {
    if (name === zone.name) return `${says} at apex in zone ${zone.name}.`;
    if (others.some((other) => other.type !== 'CNAME'))
      return `${says} as it conflicts with other records with the same DNS name in zone ${zone.name}.`;
  } else if (others.some((other) => other.type === 'CNAME')) {
    return `${says} because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone.name}.`;
  }
  return undefined;
}

/** What AWS calls records of a policy. */
const WORDS: Readonly<Record<RoutingPolicy['kind'], string>> = {
  simple: 'simple',
  failover: 'failover',
  weighted: 'weighted',
  latency: 'latency',
  geolocation: 'geolocation',
  geoproximity: 'geoproximity',
  multivalue: 'multivalue answer',
  'ip-based': 'CIDR routing',
};

/** R53 CH-02, CH-15, CH-16, CH-18. */
function ownGroup(record: RecordSet, others: readonly RecordSet[]): string | undefined {
  const { name, type, policy } = record;
  const same = others.filter((other) => other.type === type);
  const identifier = policy.kind === 'simple' ? '' : `, SetIdentifier ${policy.setIdentifier}`;
  const region = policy.kind === 'latency' ? `, and Region Name=${policy.region}` : '';
  const says = `RRSet with DNS name ${name}., type ${type}${identifier}${region} cannot be created because a`;
  if (same.some((other) => other.policy.kind !== policy.kind)) {
    return policy.kind === 'multivalue'
      ? `${says} non multivalue answer rrset exists with the same name and type.`
      : `${says} non-${WORDS[policy.kind]} RRSet with the same name and type already exists.`;
  }
  if (policy.kind === 'weighted' && record.alias === undefined && same.some((other) => hasOtherTtl(record, other)))
    return `RRSet with DNS name ${name}., type ${type}${identifier} cannot be created as weighted sets must contain the same TTL.`;
  const twice = twin(policy, same);
  if (twice !== undefined) return `${says} ${twice} already exists.`;
  const most = policy.kind === 'geoproximity' ? GEOPROXIMITY_MOST : GROUP_MOST;
  return same.length < most
    ? undefined
    : `${says} name and type can have at most ${most} ${WORDS[policy.kind]} RRSets, and they exist already.`;
}

/** R53 RP-18. Aliases have no TTL of their own. */
function hasOtherTtl({ ttlSeconds }: RecordSet, other: RecordSet): boolean {
  return other.alias === undefined && other.ttlSeconds !== ttlSeconds;
}

/** What two records of a group may not have in common (R53 CH-16, RP-05, RP-11, RP-15). */
const APART = {
  failover: 'failover role',
  latency: 'region',
  geolocation: 'location',
  'ip-based': 'location',
} as const;

/** Another record of the group that is for the same askers, or goes by another CIDR collection. */
function twin(policy: RoutingPolicy, same: readonly RecordSet[]): string | undefined {
  const { kind } = policy;
  if (kind === 'ip-based') {
    const isOther = same.some(
      (other) => other.policy.kind === kind && other.policy.collectionId !== policy.collectionId,
    );
    if (isOther) return 'CIDR routing RRSet with the same name and type and another CIDR collection';
  }
  if (kind !== 'failover' && kind !== 'latency' && kind !== 'geolocation' && kind !== 'ip-based') return undefined;
  const own = withoutIdentifier(policy);
  const isTwin = same.some((other) => withoutIdentifier(other.policy) === own);
  return isTwin ? `${WORDS[kind]} RRSet with the same name, type and ${APART[kind]}` : undefined;
}

function withoutIdentifier(policy: RoutingPolicy): string {
  const entries = Object.entries(policy).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(entries.filter(([key]) => key !== 'setIdentifier'));
}
