import type { Architecture, DeployedResource, DeployedValue } from '../model/index.ts';
import { itemsAt, resourcesOf, textAt, textsAt, valueAt } from './deployed.ts';
import { groupedBy, onceFor } from './memory.ts';

/** Routing policies by the property that says them (R53 CH-01). */
const POLICIES = {
  Failover: 'failover',
  Weight: 'weighted',
  Region: 'latency',
  GeoLocation: 'geolocation',
  GeoProximityLocation: 'geoproximity',
  MultiValueAnswer: 'multivalue',
  CidrRoutingConfig: 'ip-based',
} as const;

/**
 * A record set as it is written, also one that the world leaves out: aliases to what it does not act on, and
 * health checks of types that it does not know, are traps as well.
 */
export interface WrittenRecord {
  readonly properties: DeployedValue;
  /** Id or name, as it is written. */
  readonly zone: string;
  /** Lower case, no trailing dot. */
  readonly name: string;
  readonly type: string;
  readonly policy: (typeof POLICIES)[keyof typeof POLICIES] | 'simple';
  readonly setIdentifier: string | undefined;
  readonly healthCheckId: string | undefined;
  readonly failover: string | undefined;
  /** Names that it leads to. */
  readonly targets: readonly string[];
  /** Undefined for what is no alias. */
  readonly evaluatesTarget: boolean | undefined;
}

/** Record sets, alone or in groups. */
export const writtenRecords: (architecture: Architecture) => readonly WrittenRecord[] = onceFor((architecture) =>
  resourcesOf(architecture, 'AWS::Route53::RecordSet', 'AWS::Route53::RecordSetGroup').flatMap((resource) => {
    const sets =
      resource.type === 'AWS::Route53::RecordSet' ? [resource.properties] : itemsAt(resource.properties, 'RecordSets');
    return sets.map((properties) => writtenRecord(resource, properties));
  }),
);

const byName = onceFor((architecture) => groupedBy(writtenRecords(architecture), ({ name }) => name));

/** Record sets of a name. */
export function writtenNamed(name: string, architecture: Architecture): readonly WrittenRecord[] {
  return byName(architecture).get(name) ?? [];
}

/** Records that compete with each other: of one zone, name, type and policy. */
export const competingRecords: (architecture: Architecture) => readonly (readonly WrittenRecord[])[] = onceFor(
  (architecture) => [
    ...groupedBy(
      writtenRecords(architecture).filter(({ policy }) => policy !== 'simple'),
      ({ zone, name, type, policy }) => `${zone} ${name} ${type} ${policy}`,
    ).values(),
  ],
);

function writtenRecord({ properties: around }: DeployedResource, properties: DeployedValue): WrittenRecord {
  const alias = textAt(properties, 'AliasTarget.DNSName');
  const type = textAt(properties, 'Type') ?? '';
  const values = type === 'CNAME' ? textsAt(properties, 'ResourceRecords') : [];
  const zones = [properties, around].flatMap((each) => [textAt(each, 'HostedZoneId'), textAt(each, 'HostedZoneName')]);
  const policy = Object.entries(POLICIES).find(([key]) => valueAt(properties, key) !== undefined);
  return {
    properties,
    zone: zones.find((zone) => zone !== undefined) ?? '',
    name: plainName(textAt(properties, 'Name') ?? ''),
    type,
    policy: policy?.[1] ?? 'simple',
    setIdentifier: textAt(properties, 'SetIdentifier'),
    healthCheckId: textAt(properties, 'HealthCheckId'),
    failover: textAt(properties, 'Failover'),
    targets: (alias === undefined ? values : [alias]).map(plainName),
    evaluatesTarget:
      alias === undefined ? undefined : textAt(properties, 'AliasTarget.EvaluateTargetHealth') === 'true',
  };
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
