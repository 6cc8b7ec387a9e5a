import type { HostedZone, RecordSet, RoutingPolicy } from '../../model/index.ts';

/** What speaks against the written records beside all others of the zone, in AWS's words (R53 CH-12 to CH-21). */
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
    const target = (name: string, type: string): boolean =>
      (byName.get(name) ?? []).some((other) => other !== record && other.type === type);
    const found = ownName(zone, record, others) ?? ownGroup(record, others) ?? aliasProblem(zone, record, target);
    return found === undefined ? [] : [found];
  });
}

function ownName(zone: HostedZone, { name, type }: RecordSet, others: readonly RecordSet[]): string | undefined {
  const says = `RRSet of type ${type} with DNS name ${name}. is not permitted`;
  if (name !== zone.name && !name.endsWith(`.${zone.name}`))
    return `RRSet with DNS name ${name}. is not permitted in zone ${zone.name}.`;
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
  const twice = competesWith(policy, same);
  return twice === undefined ? undefined : `${says} ${twice} already exists.`;
}

/** What two records of a group may not have in common. */
function competesWith(policy: RoutingPolicy, same: readonly RecordSet[]): string | undefined {
  if (policy.kind === 'latency') {
    const twice = same.some((other) => other.policy.kind === 'latency' && other.policy.region === policy.region);
    return twice ? 'latency RRSet with the same name, type and region' : undefined;
  }
  if (policy.kind === 'failover') {
    const twice = same.some((other) => other.policy.kind === 'failover' && other.policy.role === policy.role);
    return twice ? 'failover RRSet with the same name, type and failover role' : undefined;
  }
  return undefined;
}

/** R53 AL-10, CH-20, CH-21: targets in AWS's own zones are not known here. */
function aliasProblem(
  zone: HostedZone,
  { type, alias }: RecordSet,
  exists: (name: string, type: string) => boolean,
): string | undefined {
  if (alias?.hostedZoneId !== zone.id) return undefined;
  const target = alias.dnsName.toLowerCase().replace(/\.$/, '');
  const says = `Tried to create an alias that targets ${target}., type ${type} in zone ${zone.id}, but`;
  if (target !== zone.name && !target.endsWith(`.${zone.name}`))
    return `${says} the alias target name does not lie within the target zone`;
  return exists(target, type) ? undefined : `${says} that target was not found`;
}
