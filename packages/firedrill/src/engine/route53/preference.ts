import type { GeoLocation, GeoProximityLocation, RecordSet, Spot } from '../../model/index.ts';
import {
  assert,
  blockCovers,
  continentOf,
  distanceKm,
  likelyLatencyMs,
  localZoneSpot,
  never,
  parseIpBlock,
  REGIONS,
} from '../../model/index.ts';
import type { Asker } from './asker.ts';
import type { RecordGroup } from './zones.ts';

/**
 * In which order a policy considers the records of a group. The first tier with a healthy record gives the answer; among
 * its healthy ones the answer is the first, one drawn by weight, or as many as a multivalue answer takes.
 */
export interface Preference {
  readonly tiers: readonly (readonly RecordSet[])[];
  readonly among: 'first' | 'weight' | 'many';
}

/** Where somebody who asks stands, for policies that go by it. Called for those only. */
export type Locate = () => Asker;

/** What a group's policy prefers for one asker. */
export function preferenceOf(group: RecordGroup, locate: Locate): Preference {
  if (group.preference !== undefined) return group.preference;
  switch (group.policy) {
    case 'simple':
    case 'failover':
    case 'weighted':
    case 'multivalue':
      return (group.preference = sameForAll(group));
    case 'latency':
    case 'geolocation':
    case 'geoproximity':
      return byPlace(group, locate());
    case 'ip-based':
      return byNetwork(group, locate());
    default:
      return never(group.policy);
  }
}

/** Whether the answer depends on where the asker is (R53 RP-16). */
export function isLocated(policy: RecordGroup['policy']): boolean {
  return policy === 'latency' || policy === 'geolocation' || policy === 'geoproximity' || policy === 'ip-based';
}

function sameForAll({ policy, records }: RecordGroup): Preference {
  switch (policy) {
    case 'failover': {
      const having = (role: string): readonly RecordSet[] =>
        records.filter((record) => record.policy.kind === 'failover' && record.policy.role === role);
      return { tiers: withoutEmpty([having('PRIMARY'), having('SECONDARY')]), among: 'first' };
    }
    case 'weighted':
      // Weight 0 is a standby for when all others are unhealthy, not "off" (R53 RP-08).
      return {
        tiers: withoutEmpty([
          records.filter((each) => weightOf(each) > 0),
          records.filter((each) => weightOf(each) === 0),
        ]),
        among: 'weight',
      };
    case 'multivalue':
      return { tiers: [records], among: 'many' };
    default:
      return { tiers: [records], among: 'first' };
  }
}

/** 0 to 255; 1 for a record that has no weight. */
export function weightOf({ policy }: RecordSet): number {
  return policy.kind === 'weighted' ? policy.weight : 1;
}

/** Kept for each place that ever asked: there are as many as the world has. */
function byPlace(group: RecordGroup, { place }: Asker): Preference {
  const known = group.preferences.get(place.index);
  if (known !== undefined) return known;
  const found: Preference = { tiers: rankedByPlace(group, place), among: 'first' };
  group.preferences.set(place.index, found);
  return found;
}

function rankedByPlace({ policy, records }: RecordGroup, place: Asker['place']): readonly (readonly RecordSet[])[] {
  const ranked = records
    .map((record) => ({ record, rank: rankOf(record, place) }))
    .filter((each): each is { record: RecordSet; rank: number } => each.rank !== undefined)
    .toSorted((a, b) => a.rank - b.rank);
  assert(policy !== 'simple', 'simple records have no rank');
  return ranked.map(({ record }) => [record]);
}

/** How far down a record stands for askers of a place; undefined: it is not for them at all. */
function rankOf({ policy }: RecordSet, place: Asker['place']): number | undefined {
  switch (policy.kind) {
    case 'latency':
      return latencyMs(policy.region, place.spot);
    case 'geolocation':
      return generality(policy.location, place);
    case 'geoproximity':
      return biasedDistanceKm(spotOf(policy.location), policy.bias, place.spot);
    default:
      return undefined;
  }
}

/** The latency model between a place and a Region (R53 RP-10). A Region unknown to the geography is farthest. */
export function latencyMs(region: string, from: Spot): number {
  const spot = REGIONS[region];
  return spot === undefined ? Number.MAX_VALUE : likelyLatencyMs(from, spot);
}

/** 0 for a subdivision, then country, continent, default; undefined where it does not match (R53 RP-11). */
function generality(location: GeoLocation, { territory }: Asker['place']): number | undefined {
  switch (location.kind) {
    case 'subdivision': {
      const matches = territory?.country === location.country && territory.subdivision === location.subdivision;
      return matches ? 0 : undefined;
    }
    case 'country':
      return territory?.country === location.country ? 1 : undefined;
    case 'continent':
      return territory !== undefined && continentOf(territory.country) === location.continent ? 2 : undefined;
    case 'default':
      return 3;
    default:
      return never(location);
  }
}

/** A positive bias shrinks the distance, a negative one stretches it; the smallest wins (R53 RP-13). */
export function biasedDistanceKm(to: Spot | undefined, bias: number, from: Spot): number {
  if (to === undefined) return Number.MAX_VALUE;
  const distance = distanceKm(from, to);
  return bias >= 0 ? distance * (1 - bias / 100) : distance / (1 + bias / 100);
}

/** Where a geoproximity record's target stands; undefined where the geography does not know it. */
export function spotOf(location: GeoProximityLocation): Spot | undefined {
  switch (location.kind) {
    case 'region':
      return REGIONS[location.region];
    case 'local-zone-group':
      return localZoneSpot(location.group);
    case 'coordinates':
      return location;
    default:
      return never(location);
  }
}

/** The longest block that covers the asker's network comes first, the default location last (R53 RP-15). */
function byNetwork({ records }: RecordGroup, asker: Asker): Preference {
  const ranked = records
    .map((record) => ({ record, length: matchedPrefixLength(record, asker) }))
    .filter((each): each is { record: RecordSet; length: number } => each.length !== undefined)
    .toSorted((a, b) => b.length - a.length);
  return { tiers: ranked.map(({ record }) => [record]), among: 'first' };
}

/** Of the longest block of the record's location that covers the asker; -1 for the default, undefined for no match. */
export function matchedPrefixLength({ policy }: RecordSet, { network, locations }: Asker): number | undefined {
  if (policy.kind !== 'ip-based') return undefined;
  if (policy.locationName === '*') return -1;
  const asking = network === undefined ? undefined : parseIpBlock(network);
  if (asking === undefined) return undefined;
  let longest: number | undefined;
  for (const block of locations(policy.collectionId, policy.locationName)) {
    if (blockCovers(block, asking) && block.prefixLength > (longest ?? -1)) longest = block.prefixLength;
  }
  return longest;
}

function withoutEmpty(tiers: readonly (readonly RecordSet[])[]): readonly (readonly RecordSet[])[] {
  return tiers.filter((tier) => tier.length > 0);
}
