import type { GeoLocation, GeoProximityLocation, Place, RoutingPolicy } from '../model/index.ts';
import { CONTINENTS, continentOf, COUNTRIES_NOT_SUPPORTED, localZoneSpot, REGIONS } from '../model/index.ts';
import type { Node } from './node.ts';
import { isScalar } from './node.ts';
import type { Decoder, Placed, Shape } from './shape.ts';
import { boolean, integer, oneOf, optional, placed, required, shape, text } from './shape.ts';
import type { Teller } from './teller.ts';

/** Bias of geoproximity records: -99 to 99. */
const BIAS_MOST = 99;

const GEO_LOCATION = shape('GeoLocation', {
  ContinentCode: optional(oneOf(CONTINENTS, ['R53 RP-11'])),
  CountryCode: optional(countryCode),
  SubdivisionCode: optional(text({ most: 3, facts: ['R53 RP-11'] })),
});

const GEO_PROXIMITY_LOCATION = shape('GeoProximityLocation', {
  AWSRegion: optional(text()),
  LocalZoneGroup: optional(text()),
  Coordinates: optional(shape('Coordinates', { Latitude: required(degrees(90)), Longitude: required(degrees(180)) })),
  Bias: optional(integer({ least: -BIAS_MOST, most: BIAS_MOST, facts: ['R53 RP-13'] })),
});

const CIDR_ROUTING_CONFIG = shape('CidrRoutingConfig', {
  CollectionId: required(text()),
  LocationName: required(text({ most: 16, facts: ['R53 RP-15'] })),
});

/** The properties of a record that say how it competes (R53 CH-01). */
export const POLICY_FIELDS = {
  SetIdentifier: optional(placed(text({ most: 128, facts: ['R53 CH-01'] }))),
  Failover: optional(placed(oneOf(['PRIMARY', 'SECONDARY'], ['R53 RP-05']))),
  Weight: optional(integer({ least: 0, most: 255, facts: ['R53 RP-07'] })),
  Region: optional(placed(text())),
  GeoLocation: optional(GEO_LOCATION),
  GeoProximityLocation: optional(GEO_PROXIMITY_LOCATION),
  MultiValueAnswer: optional(boolean),
  CidrRoutingConfig: optional(CIDR_ROUTING_CONFIG),
} as const;

type PolicyProperties = Shape<typeof POLICY_FIELDS>;

/** What records with a property are called. */
const KINDS = {
  Weight: 'weighted',
  Region: 'latency',
  Failover: 'failover',
  GeoLocation: 'geolocation',
  GeoProximityLocation: 'geoproximity',
  MultiValueAnswer: 'multivalue',
  CidrRoutingConfig: 'IP-based',
} as const;

type PolicyProperty = keyof typeof KINDS;

/** Simple without SetIdentifier, else exactly one policy (R53 CH-01, CH-17). Undefined: what is wrong has been told. */
export function policyOf(record: PolicyProperties, tell: Teller): RoutingPolicy | undefined {
  const written = (Object.keys(KINDS) as PolicyProperty[]).filter(
    (key) => record.written.has(key) && !(key === 'MultiValueAnswer' && record.MultiValueAnswer === false),
  );
  const [property, ...more] = written;
  const { SetIdentifier: setIdentifier } = record;
  if (more.length > 0) {
    const says = `A record has one routing policy; this has ${written.join(' and ')}.`;
    tell.error('template/property', record.at, says, { facts: ['R53 CH-01'] });
    return undefined;
  }
  if (property === undefined) {
    if (setIdentifier === undefined) return record.written.has('SetIdentifier') ? undefined : { kind: 'simple' };
    const says = 'SetIdentifier stands without a routing policy; a simple record has none.';
    tell.error('template/property', setIdentifier.at, says, {
      remedy: 'Add a policy, as Failover or Weight, or remove SetIdentifier.',
      facts: ['R53 CH-17'],
    });
    return undefined;
  }
  if (setIdentifier === undefined) {
    if (record.written.has('SetIdentifier')) return undefined;
    const article = /^[aeiou]/i.test(KINDS[property]) ? 'An' : 'A';
    tell.error('template/property', record.at, `${article} ${KINDS[property]} record needs SetIdentifier.`, {
      facts: ['R53 CH-01'],
    });
    return undefined;
  }
  return readPolicy(property, record, setIdentifier, tell);
}

/** The policy by its property; undefined where that was written and did not fit. */
function readPolicy(
  property: PolicyProperty,
  record: PolicyProperties,
  { value: setIdentifier }: Placed<string>,
  tell: Teller,
): RoutingPolicy | undefined {
  switch (property) {
    case 'Failover':
      return record.Failover && { kind: 'failover', role: record.Failover.value, setIdentifier };
    case 'Weight':
      return record.Weight === undefined ? undefined : { kind: 'weighted', weight: record.Weight, setIdentifier };
    case 'Region': {
      if (record.Region === undefined) return undefined;
      const { value: region, at } = record.Region;
      tellUnknownRegion(region, at, tell);
      return { kind: 'latency', region, setIdentifier };
    }
    case 'GeoLocation': {
      const location = geoLocationOf(record, tell);
      return location && { kind: 'geolocation', location, setIdentifier };
    }
    case 'GeoProximityLocation': {
      const location = geoProximityOf(record, tell);
      const { Bias: bias = 0, written } = record.GeoProximityLocation ?? {};
      const isBiasWrong = written?.has('Bias') === true && record.GeoProximityLocation?.Bias === undefined;
      return location === undefined || isBiasWrong
        ? undefined
        : { kind: 'geoproximity', location, bias, setIdentifier };
    }
    case 'MultiValueAnswer':
      return record.MultiValueAnswer === true ? { kind: 'multivalue', setIdentifier } : undefined;
    case 'CidrRoutingConfig': {
      const config = record.CidrRoutingConfig;
      if (config === undefined) return undefined;
      return { kind: 'ip-based', collectionId: config.CollectionId, locationName: config.LocationName, setIdentifier };
    }
  }
}

function tellUnknownRegion(region: string, at: Place, tell: Teller): void {
  if (Object.hasOwn(REGIONS, region)) return;
  const says = `Firedrill's geography does not have the Region ${region}; the record counts as the farthest from everywhere.`;
  tell.warning('template/not-acted-on', at, says, { remedy: `It has ${Object.keys(REGIONS).join(', ')}.` });
}

/** One of continent, country, and country with subdivision; `*` for the default (R53 RP-11, RP-12). */
function geoLocationOf({ GeoLocation: location }: PolicyProperties, tell: Teller): GeoLocation | undefined {
  if (location === undefined) return undefined;
  const { ContinentCode: continent, CountryCode: country, SubdivisionCode: subdivision } = location;
  const refuse = (says: string): undefined => {
    tell.error('template/property', location.at, says, { facts: ['R53 RP-11'] });
    return undefined;
  };
  if (continent !== undefined) {
    return country === undefined && subdivision === undefined
      ? { kind: 'continent', continent }
      : refuse('GeoLocation names a continent or a country, not both.');
  }
  if (country === undefined) {
    return location.written.has('ContinentCode') || location.written.has('CountryCode')
      ? undefined
      : refuse('GeoLocation needs ContinentCode or CountryCode.');
  }
  if (subdivision === undefined) return country === '*' ? { kind: 'default' } : { kind: 'country', country };
  if (country !== 'US' && country !== 'UA')
    return refuse(`Route 53 tells subdivisions of US and UA apart, not of ${country}.`);
  return { kind: 'subdivision', country, subdivision };
}

/** Exactly one way of saying where it is (R53 RP-13). */
function geoProximityOf(
  { GeoProximityLocation: location }: PolicyProperties,
  tell: Teller,
): GeoProximityLocation | undefined {
  if (location === undefined) return undefined;
  const named = (['AWSRegion', 'LocalZoneGroup', 'Coordinates'] as const).filter((key) => location.written.has(key));
  if (named.length !== 1) {
    const says = `GeoProximityLocation has one of AWSRegion, LocalZoneGroup and Coordinates; this has ${named.length === 0 ? 'none' : named.join(' and ')}.`;
    tell.error('template/property', location.at, says, { facts: ['R53 RP-13'] });
    return undefined;
  }
  const { AWSRegion: region, LocalZoneGroup: group, Coordinates: spot } = location;
  if (region !== undefined) {
    tellUnknownRegion(region, location.at, tell);
    return { kind: 'region', region };
  }
  if (group !== undefined) {
    if (localZoneSpot(group) !== undefined) return { kind: 'local-zone-group', group };
    const says = `Firedrill's geography does not have the Local Zone group ${group}; the record is left out.`;
    tell.warning('template/not-acted-on', location.at, says, { remedy: 'Give Coordinates instead.' });
    return undefined;
  }
  return spot && { kind: 'coordinates', latitude: spot.Latitude, longitude: spot.Longitude };
}

/** `*`, or a country that Route 53 takes. */
function countryCode(node: Node, tell: Teller): string | undefined {
  const code = text({ most: 2 })(node, tell);
  if (code === undefined || code === '*' || continentOf(code) !== undefined) return code;
  const says = COUNTRIES_NOT_SUPPORTED.includes(code)
    ? `Route 53 has no geolocation records for ${code}; askers there get the default record.`
    : `CountryCode is ${code}; it must be a country of ISO 3166 in capitals, or *.`;
  tell.error('template/property', node.at, says, { facts: ['R53 RP-12'] });
  return undefined;
}

/** Degrees with at most two decimals, as a number or a text. */
function degrees(most: number): Decoder<number> {
  return (node, tell) => {
    if (node.kind === 'unknown') return undefined;
    const value = isScalar(node) ? Number(node.text) : Number.NaN;
    if (isScalar(node) && node.text.trim() !== '' && Math.abs(value) <= most) return value;
    tell.error(
      'template/property',
      node.at,
      `${most === 90 ? 'Latitude' : 'Longitude'} must be a number from -${most} to ${most}.`,
      {
        facts: ['R53 RP-13'],
      },
    );
    return undefined;
  };
}
