import { hashOf } from './serverless-ids.ts';
import type { Serverless, ServerlessResource } from './serverless-stack.ts';
import { addMade, attribute, textOf } from './serverless-stack.ts';
import type { Node } from './node.ts';
import { get, map } from './node.ts';
import type { Entry } from './node.ts';
import type { Written } from './written-node.ts';

/** Groups of records that domain names of APIs ask for: one for each zone, whatever APIs share it (RS 8.34). */
export type RecordSetGroups = Map<string, Group>;

interface Group {
  readonly from: ServerlessResource;
  readonly zone: Readonly<Record<string, Node>>;
  readonly records: Written[];
}

/** Takes up what `Route53` of a domain name asks for: an alias, with IpV6 two of them; with Region a latency record. */
export function addRecords(
  sam: Serverless,
  from: ServerlessResource,
  { domain, domainId }: { readonly domain: Node; readonly domainId: string },
  groups: RecordSetGroups,
): void {
  const route53 = get(domain, 'Route53');
  const name = get(domain, 'DomainName');
  if (route53 === undefined || route53.kind === 'unknown' || name === undefined) return;
  const [zoneId, zoneName] = [get(route53, 'HostedZoneId'), get(route53, 'HostedZoneName')];
  const zone = zoneId ?? zoneName;
  if (zone === undefined) {
    const says = 'Route53 of a domain name needs HostedZoneId or HostedZoneName.';
    sam.tell.error('template/property', route53.at, says, { facts: ['RS 8.34'] });
    return;
  }
  const isSeparate = textOf(get(route53, 'SeparateRecordSetGroup')) === 'true';
  const named = isSeparate
    ? map(new Map<string, Entry>([...entry('zone', zone), ...entry('name', name)]), route53.at)
    : zone;
  const groupId = `RecordSetGroup${hashOf(named)}`;
  const group = groups.get(groupId) ?? {
    from,
    zone: zoneId === undefined ? { HostedZoneName: zone } : { HostedZoneId: zone },
    records: [],
  };
  groups.set(groupId, group);
  const health = get(route53, 'EvaluateTargetHealth');
  const isEdge = textOf(get(domain, 'EndpointConfiguration')) === 'EDGE';
  const types = textOf(get(route53, 'IpV6')) === 'true' ? ['A', 'AAAA'] : ['A'];
  for (const type of types) {
    group.records.push({
      Name: name,
      Type: type,
      AliasTarget: {
        ...(health === undefined ? {} : { EvaluateTargetHealth: health }),
        HostedZoneId: isEdge ? 'Z2FDTNDATAQYW2' : attribute(domainId, 'RegionalHostedZoneId'),
        DNSName: isEdge
          ? (get(route53, 'DistributionDomainName') ?? attribute(domainId, 'DistributionDomainName'))
          : attribute(domainId, 'RegionalDomainName'),
      },
      Region: get(route53, 'Region'),
      SetIdentifier: get(route53, 'SetIdentifier'),
    });
  }
}

/** Once all APIs are expanded. */
export function addGroups(sam: Serverless, groups: RecordSetGroups): void {
  for (const [groupId, { from, zone, records }] of groups)
    addMade(sam, from, groupId, {
      type: 'AWS::Route53::RecordSetGroup',
      properties: { ...zone, RecordSets: records },
    });
}

function entry(key: string, value: Node): [string, Entry][] {
  return [[key, { keyAt: value.at, value }]];
}
