import type { GeoLocation, GeoProximityLocation, RecordSet } from '../../model/index.ts';
import { never } from '../../model/index.ts';
import type { Locate } from './preference.ts';
import { biasedDistanceKm, latencyMs, matchedPrefixLength, spotOf } from './preference.ts';

/** The figure by which a policy ranks a record for an asker, in words; empty where it ranks none. */
export function whyPreferred(record: RecordSet, locate: Locate): string {
  const { policy } = record;
  switch (policy.kind) {
    case 'simple':
    case 'failover':
    case 'multivalue':
      return '';
    case 'weighted':
      return `weight ${policy.weight}`;
    case 'latency':
      return `${Math.round(latencyMs(policy.region, locate().place.spot))} ms to ${policy.region}`;
    case 'geolocation':
      return `for ${locationInWords(policy.location)}`;
    case 'geoproximity': {
      const { spot } = locate().place;
      const km = (bias: number): number => Math.round(biasedDistanceKm(spotOf(policy.location), bias, spot));
      const biased = policy.bias === 0 ? '' : `, with bias ${policy.bias} as if ${km(policy.bias)} km`;
      return `${km(0)} km to ${spotInWords(policy.location)}${biased}`;
    }
    case 'ip-based': {
      const length = matchedPrefixLength(record, locate());
      if (policy.locationName === '*') return 'for all networks that no other has';
      const network = locate().network ?? 'no address';
      return length === undefined
        ? `${policy.locationName} does not have ${network}`
        : `${policy.locationName} has ${network} in a /${length}`;
    }
    default:
      return never(policy);
  }
}

function locationInWords(location: GeoLocation): string {
  switch (location.kind) {
    case 'default':
      return 'all whom no other is for';
    case 'continent':
      return `continent ${location.continent}`;
    case 'country':
      return `country ${location.country}`;
    case 'subdivision':
      return `${location.country}-${location.subdivision}`;
    default:
      return never(location);
  }
}

function spotInWords(location: GeoProximityLocation): string {
  switch (location.kind) {
    case 'region':
      return location.region;
    case 'local-zone-group':
      return location.group;
    case 'coordinates':
      return `${location.latitude}, ${location.longitude}`;
    default:
      return never(location);
  }
}
