import * as z from 'zod';
import type {
  ChangeRecordSets,
  GeoLocation,
  GeoProximityLocation,
  ListRecordSets,
  RecordChange,
  RoutingPolicy,
} from '../model/index.ts';

type Text = z.ZodType<string, string>;

/** What a drill file says of `ChangeResourceRecordSets`: records as in a template, by AWS's own words. */
export function changeRecordSetsField(text: Text) {
  return z
    .strictObject({
      hostedZone: zoneField(text),
      changes: z
        .array(changeField(text))
        .min(1)
        .describe('All are made or none. A record is given whole, as AWS wants it.'),
    })
    .optional()
    .describe('ChangeResourceRecordSets of Route 53.');
}

/** What a drill file says of `GetChange` and `ListResourceRecordSets`. */
export function recordQuestionFields(text: Text) {
  return {
    getChange: z
      .strictObject({ change: text.describe('Name of the action that made the change.') })
      .optional()
      .describe('GetChange of Route 53: PENDING or INSYNC.'),
    listRecordSets: z
      .strictObject({
        hostedZone: zoneField(text),
        startName: text.optional().describe('The name that the page begins at.'),
        startType: text.optional().describe('With startName: the type that it begins at.'),
        startIdentifier: text.optional().describe('With startType: the SetIdentifier that it begins at.'),
        maxItems: z.int().optional().describe('Records of the page; 300 unless given, and never more.'),
      })
      .optional()
      .describe('ListResourceRecordSets of Route 53.'),
  };
}

function zoneField(text: Text) {
  return text.describe('Hosted zone: its id, its logical id in a template, or ${Output}.');
}

function changeField(text: Text) {
  const alias = z.strictObject({
    dnsName: text.describe('Name of the target.'),
    hostedZoneId: text.describe('Zone of the target; of an AWS service its fixed id.'),
    evaluateTargetHealth: z.boolean().optional().describe('Route 53 refuses an alias without it.'),
  });
  return z
    .strictObject({
      action: z.enum(['CREATE', 'UPSERT', 'DELETE']),
      name: text.describe('Name of the record.'),
      type: text.describe('A, AAAA, CNAME and so on.'),
      ttl: z.int().optional().describe('In seconds; not with an alias.'),
      values: z.array(text).default([]),
      alias: alias.optional(),
      healthCheck: text.optional().describe('Health check: its id, its logical id in a template, or ${Output}.'),
      setIdentifier: text.optional().describe('Tells records of one name and type apart; with a policy only.'),
      ...policyFields(text),
    })
    .superRefine((change, context) => {
      for (const says of policyMistakes(change)) {
        context.addIssue({ code: 'custom', message: `${says}\nGive a record exactly one routing policy, or none.` });
      }
    });
}

function policyFields(text: Text) {
  return {
    weight: z.int().optional().describe('0 to 255.'),
    failover: z.enum(['PRIMARY', 'SECONDARY']).optional(),
    latencyRegion: text.optional().describe('Region of a latency record.'),
    multiValueAnswer: z.literal(true).optional(),
    geoLocation: z
      .strictObject({
        continentCode: text.optional().describe('As EU; not with a country.'),
        countryCode: text.optional().describe('As US; * for the default record.'),
        subdivisionCode: text.optional().describe('Of US or UA, as CA; with its country.'),
      })
      .optional(),
    geoProximityLocation: z
      .strictObject({
        awsRegion: text.optional(),
        localZoneGroup: text.optional().describe('As us-west-2-lax-1.'),
        coordinates: z.strictObject({ latitude: z.number(), longitude: z.number() }).optional(),
        bias: z.int().default(0).describe('-99 to 99.'),
      })
      .optional()
      .describe('One of awsRegion, localZoneGroup and coordinates.'),
    cidrRoutingConfig: z
      .strictObject({
        collectionId: text.describe('CIDR collection: its id, its logical id in a template, or ${Output}.'),
        locationName: text.describe('A location of the collection; * for the default record.'),
      })
      .optional(),
  };
}

type ChangeText = z.output<ReturnType<typeof changeField>>;

/** The keys that say how a record competes. */
const POLICIES = [
  'weight',
  'failover',
  'latencyRegion',
  'multiValueAnswer',
  'geoLocation',
  'geoProximityLocation',
  'cidrRoutingConfig',
] as const;

/** What would have to be dropped to make one policy of it (R53 CH-01, CH-17). */
function policyMistakes(change: ChangeText): readonly string[] {
  const { setIdentifier, geoLocation, geoProximityLocation } = change;
  const given = POLICIES.filter((key) => change[key] !== undefined);
  const { continentCode, countryCode, subdivisionCode } = geoLocation ?? {};
  const { awsRegion, localZoneGroup, coordinates } = geoProximityLocation ?? {};
  const spots = [awsRegion, localZoneGroup, coordinates].filter((spot) => spot !== undefined);
  return [
    ...(given.length > 1 ? [`has several routing policies: ${given.join(', ')}`] : []),
    ...(given.length === 0 && setIdentifier !== undefined ? ['has setIdentifier without a routing policy'] : []),
    ...(geoLocation !== undefined && (continentCode === undefined) === (countryCode === undefined)
      ? ['has a geoLocation that is not one continentCode or one countryCode']
      : []),
    ...(subdivisionCode !== undefined && countryCode === undefined
      ? ['has a subdivisionCode without countryCode']
      : []),
    ...(geoProximityLocation !== undefined && spots.length !== 1
      ? ['has a geoProximityLocation that is not one of awsRegion, localZoneGroup and coordinates']
      : []),
  ];
}

/** The action that was written. `changeId` is what `getChange` calls it. */
export function readRecordChanges(
  { hostedZone, changes }: { readonly hostedZone: string; readonly changes: readonly ChangeText[] },
  changeId: string,
): ChangeRecordSets {
  return { kind: 'change-record-sets', hostedZoneId: hostedZone, changes: changes.map(changeOf), changeId };
}

/** The listing that was written. */
export function readListing({
  hostedZone,
  startName,
  startType,
  startIdentifier,
  maxItems,
}: NonNullable<z.output<ReturnType<typeof recordQuestionFields>['listRecordSets']>>): ListRecordSets {
  return {
    kind: 'list-record-sets',
    hostedZoneId: hostedZone,
    ...(startName === undefined ? {} : { startName }),
    ...(startType === undefined ? {} : { startType }),
    ...(startIdentifier === undefined ? {} : { startIdentifier }),
    ...(maxItems === undefined ? {} : { maxItems }),
  };
}

function changeOf(text: ChangeText): RecordChange {
  const { action, name, type, ttl, values, alias, healthCheck } = text;
  return {
    action,
    recordSet: {
      name,
      type,
      policy: policyOf(text),
      values,
      ...(ttl === undefined ? {} : { ttlSeconds: ttl }),
      ...(alias === undefined ? {} : { alias: aliasOf(alias) }),
      ...(healthCheck === undefined ? {} : { healthCheckId: healthCheck }),
    },
  };
}

function aliasOf({ dnsName, hostedZoneId, evaluateTargetHealth }: NonNullable<ChangeText['alias']>) {
  return { dnsName, hostedZoneId, ...(evaluateTargetHealth === undefined ? {} : { evaluateTargetHealth }) };
}

function policyOf(text: ChangeText): RoutingPolicy {
  const { setIdentifier = '', weight, failover, latencyRegion, multiValueAnswer } = text;
  const { geoLocation, geoProximityLocation, cidrRoutingConfig } = text;
  if (weight !== undefined) return { kind: 'weighted', weight, setIdentifier };
  if (failover !== undefined) return { kind: 'failover', role: failover, setIdentifier };
  if (latencyRegion !== undefined) return { kind: 'latency', region: latencyRegion, setIdentifier };
  if (multiValueAnswer !== undefined) return { kind: 'multivalue', setIdentifier };
  if (geoLocation !== undefined) return { kind: 'geolocation', location: placeOf(geoLocation), setIdentifier };
  if (geoProximityLocation !== undefined) {
    const { bias } = geoProximityLocation;
    return { kind: 'geoproximity', location: spotOf(geoProximityLocation), bias, setIdentifier };
  }
  if (cidrRoutingConfig !== undefined) return { kind: 'ip-based', ...cidrRoutingConfig, setIdentifier };
  return { kind: 'simple' };
}

function placeOf({
  continentCode,
  countryCode = '*',
  subdivisionCode,
}: NonNullable<ChangeText['geoLocation']>): GeoLocation {
  if (continentCode !== undefined) return { kind: 'continent', continent: continentCode };
  if (subdivisionCode !== undefined) return { kind: 'subdivision', country: countryCode, subdivision: subdivisionCode };
  return countryCode === '*' ? { kind: 'default' } : { kind: 'country', country: countryCode };
}

function spotOf({
  awsRegion,
  localZoneGroup,
  coordinates,
}: NonNullable<ChangeText['geoProximityLocation']>): GeoProximityLocation {
  if (coordinates !== undefined) return { kind: 'coordinates', ...coordinates };
  return localZoneGroup === undefined
    ? { kind: 'region', region: awsRegion ?? '' }
    : { kind: 'local-zone-group', group: localZoneGroup };
}
