import type { AliasTarget, Place } from '../model/index.ts';
import { characterStringLengths, delegationSetOf } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { domainName } from './names.ts';
import type { Node } from './node.ts';
import { idFrom, UPPER_ALPHANUMERIC } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity, textProperty } from './resource-kind.ts';
import { readCidrCollection } from './route53-cidr.ts';
import { readHealthCheck } from './route53-health-check.ts';
import { POLICY_FIELDS, policyOf } from './route53-policy.ts';
import type { Identity } from './scope.ts';
import type { Placed } from './shape.ts';
import {
  boolean,
  inert,
  inertFields,
  integer,
  listOf,
  oneOf,
  optional,
  placed,
  required,
  shape,
  text,
} from './shape.ts';
import type { Teller } from './teller.ts';

const VPC = shape('VPC', { VPCId: required(text()), VPCRegion: required(text()) });

const HOSTED_ZONE = shape('AWS::Route53::HostedZone', {
  Name: required(text({ most: 1024 })),
  VPCs: optional(listOf(VPC)),
  HostedZoneFeatures: optional(placed(shape('HostedZoneFeatures', { EnableAcceleratedRecovery: optional(boolean) }))),
  ...inertFields('HostedZoneConfig', 'HostedZoneTags', 'QueryLoggingConfig'),
});

const RECORD_TYPES = [
  ...(['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'HTTPS', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SPF', 'SRV'] as const),
  ...(['SSHFP', 'SVCB', 'TLSA', 'TXT'] as const),
];

const RECORD_FIELDS = {
  Name: required(placed(text({ most: 1024 }))),
  Type: required(placed(oneOf(RECORD_TYPES, ['R53 CH-03']))),
  HostedZoneId: optional(placed(text())),
  HostedZoneName: optional(placed(text())),
  TTL: optional(placed(integer({ least: 0, most: 2_147_483_647, facts: ['R53 AL-06'] }))),
  ResourceRecords: optional(listOf(text({ most: 4000 }))),
  AliasTarget: optional(
    shape('AliasTarget', {
      DNSName: required(text({ most: 1024 })),
      HostedZoneId: required(text()),
      EvaluateTargetHealth: optional(boolean),
    }),
  ),
  HealthCheckId: optional(placed(text())),
  ...POLICY_FIELDS,
  Comment: inert,
} as const;

const RECORD_SET = shape('AWS::Route53::RecordSet', RECORD_FIELDS);

const RECORD_SET_GROUP = shape('AWS::Route53::RecordSetGroup', {
  HostedZoneId: optional(placed(text())),
  HostedZoneName: optional(placed(text())),
  RecordSets: optional(eachRecord),
  Comment: inert,
});

/** Zones, records and health checks. */
export const ROUTE53_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::Route53::HostedZone', { standing: 'acted-on', regional: false, read: readHostedZone }],
  ['AWS::Route53::RecordSet', { standing: 'acted-on', regional: false, read: readRecordSet }],
  ['AWS::Route53::RecordSetGroup', { standing: 'acted-on', regional: false, read: readRecordSetGroup }],
  ['AWS::Route53::CidrCollection', { standing: 'acted-on', regional: false, read: readCidrCollection }],
  ['AWS::Route53::HealthCheck', { standing: 'acted-on', regional: false, read: readHealthCheck }],
]);

type Record = NonNullable<ReturnType<typeof RECORD_SET>>;

/** Reads what it can: a mistake in one record of a group does not hide those in the others. */
function eachRecord(node: Node, tell: Teller): readonly Record[] {
  const items = node.kind === 'list' ? node.items : [node];
  return items.map((item) => RECORD_SET(item, tell)).filter((record) => record !== undefined);
}

function readHostedZone(input: ResourceInput, draft: Draft): Identity {
  const id = `Z${idFrom(`zone ${input.seed}`, 20, UPPER_ALPHANUMERIC)}`;
  const properties = HOSTED_ZONE(input.properties, input.tell);
  if (properties !== undefined) {
    const vpcs = (properties.VPCs ?? []).map((vpc) => ({ id: vpc.VPCId, region: vpc.VPCRegion }));
    const isPrivate = properties.written.has('VPCs');
    const features = properties.HostedZoneFeatures;
    const acceleratedRecovery = features?.value.EnableAcceleratedRecovery ?? false;
    if (acceleratedRecovery && isPrivate && features !== undefined) {
      const says = 'Accelerated recovery is for public zones; this one is private.';
      input.tell.error('template/property', features.at, says, { facts: ['R53 AR-01'] });
    }
    draft.hostedZones.push({
      id,
      name: domainName(properties.Name),
      private: isPrivate,
      ...(isPrivate ? { vpcs } : {}),
      ...(acceleratedRecovery ? { acceleratedRecovery } : {}),
    });
  }
  return identity(id, { Id: id, NameServers: delegationSetOf(id) });
}

function readRecordSet(input: ResourceInput, draft: Draft): Identity {
  const properties = RECORD_SET(input.properties, input.tell);
  if (properties !== undefined) addRecord(properties, zoneOf(properties), input, draft);
  return identity(textProperty(input, 'Name') ?? input.logicalId);
}

function readRecordSetGroup(input: ResourceInput, draft: Draft): Identity {
  const properties = RECORD_SET_GROUP(input.properties, input.tell);
  for (const record of properties?.RecordSets ?? []) {
    addRecord(record, zoneOf(record) ?? (properties === undefined ? undefined : zoneOf(properties)), input, draft);
  }
  return identity(`${input.context.name}-${input.logicalId}`);
}

/** The zone by id or by name. */
interface ZoneReference {
  readonly zoneId: string | undefined;
  readonly zoneName: string | undefined;
  readonly zoneAt: Place;
}

function zoneOf(properties: {
  readonly HostedZoneId: Placed<string> | undefined;
  readonly HostedZoneName: Placed<string> | undefined;
}): ZoneReference | undefined {
  const { HostedZoneId: id, HostedZoneName: name } = properties;
  // Route 53 itself writes ids as /hostedzone/Z….
  if (id !== undefined) {
    return { zoneId: id.value.replace(/^\/?hostedzone\//, ''), zoneName: undefined, zoneAt: id.at };
  }
  return name === undefined ? undefined : { zoneId: undefined, zoneName: domainName(name.value), zoneAt: name.at };
}

function addRecord(
  record: Record,
  zone: ZoneReference | undefined,
  { tell, context, properties }: ResourceInput,
  draft: Draft,
): void {
  if (zone === undefined) {
    // A zone that is there but unknown has been told.
    const isThere = ['HostedZoneId', 'HostedZoneName'].some((key) => properties.entries.has(key));
    if (!isThere) tell.error('template/property', record.at, 'A record needs HostedZoneId or HostedZoneName.');
    return;
  }
  const policy = policyOf(record, tell);
  const target = targetOf(record, tell);
  const name = domainName(record.Name.value);
  if (policy === undefined || target === undefined) {
    draft.recordsLeftOut.add(`${name} ${record.Type.value}`);
    return;
  }
  draft.records.push({
    ...zone,
    name,
    type: record.Type.value,
    policy,
    ...target,
    healthCheckId: record.HealthCheckId,
    stack: context.name,
    at: record.at,
  });
}

interface Target {
  readonly ttlSeconds: number | undefined;
  readonly values: readonly string[];
  readonly alias: AliasTarget | undefined;
}

/** Either an alias, or values with a TTL (R53 CH-24). */
function targetOf(record: Record, tell: Teller): Target | undefined {
  const { AliasTarget: alias, ResourceRecords: values, TTL: ttl } = record;
  if (alias !== undefined) {
    if (record.written.has('ResourceRecords') || record.written.has('TTL')) {
      const says = 'A record has either AliasTarget, or TTL and ResourceRecords.';
      tell.error('template/property', record.at, says, { facts: ['R53 CH-24', 'R53 AL-01'] });
      return undefined;
    }
    return { ttlSeconds: undefined, values: [], alias: aliasOf(alias) };
  }
  if (values === undefined || values.length === 0 || ttl === undefined) {
    const missing = ['ResourceRecords', 'TTL'].filter((key) => !record.written.has(key));
    if (values?.length === 0) missing.unshift('ResourceRecords');
    // What is written and wrong has been told.
    if (missing.length === 0 || record.written.has('AliasTarget')) return undefined;
    const says = `A record needs AliasTarget, or TTL and ResourceRecords; this lacks ${missing.join(' and ')}.`;
    tell.error('template/property', record.at, says, { facts: ['R53 CH-24'] });
    return undefined;
  }
  const invalid = values.find((value) => !isValueOf(record.Type.value, value));
  if (invalid !== undefined) {
    const says = `${invalid.slice(0, 80)} is not a value of a record of type ${record.Type.value}.`;
    const remedy = 'A text has quotation marks of its own, as in \'"v=spf1 -all"\'.';
    tell.error(
      'template/property',
      record.at,
      says,
      isTextual(record.Type.value) ? { remedy, facts: ['R53 CH-28'] } : {},
    );
    return undefined;
  }
  return { ttlSeconds: ttl.value, values: values.map((value) => valueOf(record.Type.value, value)), alias: undefined };
}

function aliasOf(alias: NonNullable<Record['AliasTarget']>): AliasTarget {
  return {
    dnsName: domainName(alias.DNSName),
    hostedZoneId: alias.HostedZoneId.replace(/^\/?hostedzone\//, ''),
    evaluateTargetHealth: alias.EvaluateTargetHealth ?? false,
  };
}

function isTextual(type: string): boolean {
  return type === 'TXT' || type === 'SPF';
}

function isValueOf(type: string, value: string): boolean {
  if (isTextual(type)) return characterStringLengths(value) !== undefined;
  if (type === 'A')
    return /^(\d{1,3}\.){3}\d{1,3}$/.test(value) && value.split('.').every((part) => Number(part) <= 255);
  return type === 'AAAA' ? /^[0-9a-fA-F:.]+$/.test(value) && value.includes(':') : true;
}

/** Names lose their trailing dot; texts keep their quotes, which say where one string ends and the next begins. */
function valueOf(type: string, value: string): string {
  if (type === 'CNAME' || type === 'NS' || type === 'PTR') return domainName(value);
  return value;
}
