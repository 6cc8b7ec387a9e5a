import type { Accelerator, ApiDomainName, HostedZone, LoadBalancer, RecordSet } from '../model/index.ts';
import { CLOUDFRONT_ZONE_ID } from './alias-zones.ts';
import { checkFrontEndAlias, isFrontEndName } from './check-front-end-alias.ts';
import type { Draft, DraftRecord } from './draft.ts';
import { liesWithin } from './names.ts';
import { checkWebsiteAlias, isWebsiteEndpoint } from './check-website-alias.ts';
import { checkGroups } from './record-groups.ts';
import type { Teller } from './teller.ts';

interface Around {
  readonly hostedZones: readonly HostedZone[];
  readonly apiDomainNames: readonly ApiDomainName[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly accelerators: readonly Accelerator[];
}

/** Records in their zones, held against the rules of Route 53; what it would refuse is left out. */
export function assembleRecords(draft: Draft, around: Around, tell: Teller): readonly RecordSet[] {
  const placed = draft.records.flatMap((record) => {
    const zone = zoneOf(record, around, tell);
    return zone === undefined ? [] : [{ record, zone }];
  });
  const grouped = checkGroups(placed, draft.cidrCollections, tell);
  tellCollections(draft, tell);
  const byName = recordsByName(grouped.map(({ record }) => record));
  const healthChecks = healthChecksIn(draft);
  return grouped.flatMap(({ record, zone }): RecordSet[] => {
    if (!isAliasUsable(record, zone, { ...around, draft, byName }, tell)) return [];
    const healthCheckId = healthCheckOf(record, draft, healthChecks, tell);
    return [
      {
        zoneId: zone.id,
        name: record.name,
        type: record.type,
        policy: record.policy,
        ...(record.ttlSeconds === undefined ? {} : { ttlSeconds: record.ttlSeconds }),
        values: record.values,
        ...(record.alias === undefined ? {} : { alias: record.alias }),
        ...(healthCheckId === undefined ? {} : { healthCheckId }),
        stack: record.stack,
        place: record.at,
      },
    ];
  });
}

function recordsByName(records: readonly DraftRecord[]): ReadonlyMap<string, readonly DraftRecord[]> {
  const byName = new Map<string, DraftRecord[]>();
  for (const record of records) {
    const known = byName.get(record.name);
    if (known === undefined) byName.set(record.name, [record]);
    else known.push(record);
  }
  return byName;
}

/** An account has five collections (R53 RP-15); a record whose collection is unknown has no networks but the default. */
function tellCollections({ cidrCollections, cidrCollectionsLeftOut, records }: Draft, tell: Teller): void {
  const known = new Set([...cidrCollections.map(({ id }) => id), ...cidrCollectionsLeftOut]);
  for (const { policy, name, at } of records) {
    if (policy.kind !== 'ip-based' || known.has(policy.collectionId)) continue;
    const says = `The record ${name} uses the CIDR collection ${policy.collectionId}, which is in no template read; no network is in its locations but those of the default.`;
    tell.warning('template/not-acted-on', at, says, {
      remedy: 'Give the template of the collection too.',
      facts: ['R53 RP-15'],
    });
  }
  const sixth = cidrCollections[COLLECTIONS_MOST];
  if (sixth?.place === undefined) return;
  const says = `There are ${cidrCollections.length} CIDR collections; an account may have ${COLLECTIONS_MOST}.`;
  tell.warning('template/property', sixth.place, says, { facts: ['R53 RP-15'] });
}

const COLLECTIONS_MOST = 5;

function zoneOf(record: DraftRecord, { hostedZones }: Around, tell: Teller): HostedZone | undefined {
  const { zoneId, zoneName, zoneAt } = record;
  const zone = hostedZones.find(({ id, name }) => (zoneId === undefined ? name === zoneName : id === zoneId));
  if (zone === undefined) {
    const called = zoneId ?? zoneName ?? '';
    const example = zoneId === undefined ? `${called}=Z0EXAMPLE` : `${zoneNameFor(record.name)}=${zoneId}`;
    tell.error(
      'template/unknown-zone',
      zoneAt,
      `The record ${record.name} is in the hosted zone ${called}, which is in no template and was not declared.`,
      {
        remedy: `Declare it: --zone ${example}, or in the drill file \`zones: { ${example.replace('=', ': ')} }\`.`,
      },
    );
    return undefined;
  }
  if (!liesWithin(record.name, zone.name)) {
    const says = `The record ${record.name} does not lie in its zone ${zone.name}.`;
    tell.error('template/property', record.at, says, { remedy: 'Correct the name, or the zone.' });
    return undefined;
  }
  return zone;
}

/** What the zone of a name is probably called: for `api.example.com` it is `example.com`. */
function zoneNameFor(name: string): string {
  const labels = name.split('.');
  return labels.length > 2 ? labels.slice(1).join('.') : name;
}

interface AliasAround extends Around {
  readonly draft: Draft;
  readonly byName: ReadonlyMap<string, readonly DraftRecord[]>;
}

/** Holds an alias against what it targets (R53 AL-07 to AL-10). */
function isAliasUsable(record: DraftRecord, zone: HostedZone, around: AliasAround, tell: Teller): boolean {
  const { alias } = record;
  if (alias === undefined) return true;
  if (alias.dnsName.endsWith('.cloudfront.net')) return checkCloudFrontAlias(record, around, tell);
  if (/\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(alias.dnsName))
    return checkApiAlias(record, around, tell);
  if (isFrontEndName(alias.dnsName)) return checkFrontEndAlias(record, around, tell);
  if (alias.hostedZoneId === zone.id || liesWithin(alias.dnsName, zone.name))
    return checkZoneAlias(record, zone, around, tell);
  if (isWebsiteEndpoint(alias.dnsName)) return checkWebsiteAlias(record, around, tell);
  const says = `Firedrill does not act on aliases to ${alias.dnsName} yet; the record ${record.name} is left out, so its name is not answered from it.`;
  tell.warning('template/not-acted-on', record.at, says, {
    remedy:
      'Aliases to CloudFront, regional API Gateway domain names, S3 websites, load balancers, accelerators and records of the same zone are acted on.',
  });
  return false;
}

/** Left out of the world it would answer nothing, which is what a wrong alias does. */
function checkCloudFrontAlias({ alias, at }: DraftRecord, { draft }: AliasAround, tell: Teller): boolean {
  if (alias?.hostedZoneId !== CLOUDFRONT_ZONE_ID) {
    tell.error('template/property', at, `An alias to CloudFront has the HostedZoneId ${CLOUDFRONT_ZONE_ID}.`, {
      facts: ['R53 AL-12'],
    });
    return false;
  }
  const distribution = draft.distributions.find(({ domainName }) => domainName === alias.dnsName);
  if (distribution === undefined) {
    tell.warning(
      'template/not-acted-on',
      at,
      `The alias targets the distribution ${alias.dnsName}, which is in no template read; its name is not answered.`,
    );
    return false;
  }
  return true;
}

function checkApiAlias({ alias, at }: DraftRecord, { apiDomainNames }: AliasAround, tell: Teller): boolean {
  const target = apiDomainNames.find(({ regionalDomainName }) => regionalDomainName === alias?.dnsName);
  if (target === undefined) {
    const says = `The alias targets ${alias?.dnsName}, which is the regional domain name of no custom domain read; its name is not answered.`;
    tell.warning('template/not-acted-on', at, says, {
      remedy: 'An alias to API Gateway targets RegionalDomainName of a custom domain name, never execute-api itself.',
      facts: ['R53 AL-09', 'RS 3.39'],
    });
    return false;
  }
  if (target.regionalHostedZoneId !== alias?.hostedZoneId) {
    const says = `The alias to ${target.name} in ${target.region} has the HostedZoneId ${alias?.hostedZoneId}; it must be ${target.regionalHostedZoneId}.`;
    tell.error('template/property', at, says, {
      remedy: 'Use !GetAtt with RegionalHostedZoneId.',
      facts: ['R53 AL-15'],
    });
    return false;
  }
  return true;
}

function checkZoneAlias(record: DraftRecord, zone: HostedZone, { byName, draft }: AliasAround, tell: Teller): boolean {
  const { alias, at, type } = record;
  if (alias === undefined) return true;
  const refuse = (says: string, facts: readonly string[]): boolean => {
    tell.error('template/property', at, says, { facts });
    return false;
  };
  if (alias.hostedZoneId !== zone.id || !liesWithin(alias.dnsName, zone.name)) {
    return refuse(
      `The alias targets ${alias.dnsName} in zone ${alias.hostedZoneId}; an alias to a record stays in its own zone ${zone.id}.`,
      ['R53 CH-20', 'R53 AL-10'],
    );
  }
  if (type === 'NS' || type === 'SOA')
    return refuse(`A record of type ${type} cannot be an alias to a record.`, ['R53 AL-10']);
  const targets = byName.get(alias.dnsName) ?? [];
  if (record.name === zone.name && targets.some((target) => target.type === 'CNAME')) {
    return refuse('An alias at the apex of a zone cannot target a CNAME.', ['R53 AL-10']);
  }
  if (draft.recordsLeftOut.has(`${alias.dnsName} ${type}`)) {
    const says = `The alias targets ${alias.dnsName}, a record that is left out; ${record.name} is left out with it.`;
    tell.warning('template/not-acted-on', at, says);
    return false;
  }
  if (!targets.some((target) => target.type === type)) {
    return refuse(`The alias targets ${alias.dnsName} of type ${type}, and the zone has no such record.`, [
      'R53 CH-21',
    ]);
  }
  return true;
}

/** Ids of the health checks that the world has. */
function healthChecksIn({ healthChecks, derivedHealthChecks, healthChecksLeftOut }: Draft): ReadonlySet<string> {
  const derived = derivedHealthChecks.map(({ check }) => check.id).filter((id) => !healthChecksLeftOut.has(id));
  return new Set([...healthChecks.map(({ id }) => id), ...derived]);
}

/** Without a check that the world has, the record counts as always healthy (R53 RP-02). */
function healthCheckOf(
  { healthCheckId, name }: DraftRecord,
  draft: Draft,
  healthChecks: ReadonlySet<string>,
  tell: Teller,
): string | undefined {
  if (healthCheckId === undefined) return undefined;
  if (healthChecks.has(healthCheckId.value)) return healthCheckId.value;
  if (!draft.healthChecksLeftOut.has(healthCheckId.value)) {
    const says = `The record ${name} has the health check ${healthCheckId.value}, which is in no template read; it counts as always healthy.`;
    tell.warning('template/not-acted-on', healthCheckId.at, says, {
      remedy: 'Give the template of the health check too.',
      facts: ['R53 RP-02'],
    });
  }
  return undefined;
}
