import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { GeoLocation, GeoProximityLocation, RecordChange, RecordSet, RoutingPolicy } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';

const POLICY_FIELDS = [
  ...(['Weight', 'Region', 'Failover', 'GeoLocation'] as const),
  ...(['MultiValueAnswer', 'GeoProximityLocation', 'CidrRoutingConfig'] as const),
];

/** A record as a request writes it. @throws AwsError for a set identifier without exactly one policy (R53 CH-17). */
export function readRecordSet(action: string, written: ResourceRecordSet): RecordChange['recordSet'] {
  const { AliasTarget: alias, TTL: ttlSeconds, HealthCheckId: healthCheckId } = written;
  return {
    name: nameOf(written.Name ?? ''),
    type: written.Type ?? '',
    policy: readPolicy(action, written),
    values: (written.ResourceRecords ?? []).map(({ Value }) => Value ?? ''),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
    ...(healthCheckId === undefined || healthCheckId === '' ? {} : { healthCheckId }),
    ...(alias === undefined
      ? {}
      : {
          alias: {
            dnsName: nameOf(alias.DNSName ?? ''),
            hostedZoneId: alias.HostedZoneId ?? '',
            ...(alias.EvaluateTargetHealth === undefined ? {} : { evaluateTargetHealth: alias.EvaluateTargetHealth }),
          },
        }),
  };
}

function readPolicy(action: string, written: ResourceRecordSet): RoutingPolicy {
  const given = POLICY_FIELDS.filter((field) => written[field] !== undefined && written[field] !== false);
  const { SetIdentifier: setIdentifier } = written;
  const [first] = given;
  if (setIdentifier === undefined && first === undefined) return { kind: 'simple' };
  if (given.length !== 1 || first === undefined) {
    const found = given.length === 0 ? 'none' : 'more than one';
    const which = `Change with [Action=${action}, Name=${written.Name ?? ''}, Type=${written.Type ?? ''}, SetIdentifier=${setIdentifier ?? ''}]`;
    throw new AwsError(
      'InvalidInput',
      `Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], but found ${found} in ${which}`,
    );
  }
  return policyOf(first, written, setIdentifier ?? '');
}

function policyOf(
  field: (typeof POLICY_FIELDS)[number],
  written: ResourceRecordSet,
  setIdentifier: string,
): RoutingPolicy {
  switch (field) {
    case 'Weight':
      return { kind: 'weighted', weight: written.Weight ?? 0, setIdentifier };
    case 'Region':
      return { kind: 'latency', region: written.Region ?? '', setIdentifier };
    case 'Failover':
      return { kind: 'failover', role: written.Failover ?? 'PRIMARY', setIdentifier };
    case 'GeoLocation':
      return { kind: 'geolocation', location: readGeoLocation(written.GeoLocation ?? {}), setIdentifier };
    case 'MultiValueAnswer':
      return { kind: 'multivalue', setIdentifier };
    case 'GeoProximityLocation': {
      const { Bias: bias = 0, ...place } = written.GeoProximityLocation ?? {};
      return { kind: 'geoproximity', location: readGeoProximity(place), bias, setIdentifier };
    }
    case 'CidrRoutingConfig': {
      const { CollectionId: collectionId = '', LocationName: locationName = '' } = written.CidrRoutingConfig ?? {};
      return { kind: 'ip-based', collectionId, locationName, setIdentifier };
    }
  }
}

function readGeoLocation({
  ContinentCode: continent,
  CountryCode: country = '',
  SubdivisionCode: subdivision,
}: NonNullable<ResourceRecordSet['GeoLocation']>): GeoLocation {
  if (continent !== undefined) return { kind: 'continent', continent };
  if (country === '*') return { kind: 'default' };
  return subdivision === undefined ? { kind: 'country', country } : { kind: 'subdivision', country, subdivision };
}

function readGeoProximity(place: NonNullable<ResourceRecordSet['GeoProximityLocation']>): GeoProximityLocation {
  if (place.AWSRegion !== undefined) return { kind: 'region', region: place.AWSRegion };
  if (place.LocalZoneGroup !== undefined) return { kind: 'local-zone-group', group: place.LocalZoneGroup };
  const { Latitude: latitude, Longitude: longitude } = place.Coordinates ?? {};
  return { kind: 'coordinates', latitude: Number(latitude), longitude: Number(longitude) };
}

/** A record as Route 53 lists it: names with their dot, special characters as octal numbers (R53 WS-07). */
export function writeRecordSet({
  name,
  type,
  policy,
  values,
  ttlSeconds,
  alias,
  healthCheckId,
}: RecordSet): ResourceRecordSet {
  return {
    Name: writtenName(name),
    Type: type as ResourceRecordSet['Type'],
    ...writePolicy(policy),
    ...(ttlSeconds === undefined ? {} : { TTL: ttlSeconds }),
    ...(values.length === 0 ? {} : { ResourceRecords: values.map((Value) => ({ Value })) }),
    ...(alias === undefined
      ? {}
      : {
          AliasTarget: {
            HostedZoneId: alias.hostedZoneId,
            DNSName: writtenName(alias.dnsName),
            EvaluateTargetHealth: alias.evaluateTargetHealth,
          },
        }),
    ...(healthCheckId === undefined ? {} : { HealthCheckId: healthCheckId }),
  };
}

function writePolicy(policy: RoutingPolicy): Partial<ResourceRecordSet> {
  if (policy.kind === 'simple') return {};
  const SetIdentifier = policy.setIdentifier;
  switch (policy.kind) {
    case 'failover':
      return { SetIdentifier, Failover: policy.role };
    case 'weighted':
      return { SetIdentifier, Weight: policy.weight };
    case 'latency':
      return { SetIdentifier, Region: policy.region as NonNullable<ResourceRecordSet['Region']> };
    case 'geolocation':
      return { SetIdentifier, GeoLocation: writeGeoLocation(policy.location) };
    case 'multivalue':
      return { SetIdentifier, MultiValueAnswer: true };
    case 'geoproximity':
      return { SetIdentifier, GeoProximityLocation: { ...writeGeoProximity(policy.location), Bias: policy.bias } };
    case 'ip-based':
      return {
        SetIdentifier,
        CidrRoutingConfig: { CollectionId: policy.collectionId, LocationName: policy.locationName },
      };
  }
}

function writeGeoLocation(location: GeoLocation): NonNullable<ResourceRecordSet['GeoLocation']> {
  switch (location.kind) {
    case 'default':
      return { CountryCode: '*' };
    case 'continent':
      return { ContinentCode: location.continent };
    case 'country':
      return { CountryCode: location.country };
    case 'subdivision':
      return { CountryCode: location.country, SubdivisionCode: location.subdivision };
  }
}

function writeGeoProximity(location: GeoProximityLocation): NonNullable<ResourceRecordSet['GeoProximityLocation']> {
  switch (location.kind) {
    case 'region':
      return { AWSRegion: location.region };
    case 'local-zone-group':
      return { LocalZoneGroup: location.group };
    case 'coordinates':
      return { Coordinates: { Latitude: String(location.latitude), Longitude: String(location.longitude) } };
  }
}

/** A name as the model holds it: lower case, without the last dot, `\052` as the character it stands for. */
export function nameOf(written: string): string {
  return written
    .replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .toLowerCase()
    .replace(/\.$/, '');
}

/** A name as Route 53 answers it. */
export function writtenName(name: string): string {
  const octal = (char: string): string => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
  return `${name.replaceAll(/[^a-z0-9_.\-/]/gi, octal)}.`;
}
