import type { Spot } from '../../model/index.ts';
import { assert, distanceKm, REGIONAL_CACHE_REGIONS, REGIONS } from '../../model/index.ts';
import type { EdgeLocation } from './edge.ts';

const found = new WeakMap<EdgeLocation, string>();

/** Where the replica of a function runs that an edge location calls: the nearest of these Regions. */
export function replicaRegionOf(edge: EdgeLocation): string {
  if (edge.region !== undefined) return edge.region;
  const known = found.get(edge) ?? nearestTo(edge);
  found.set(edge, known);
  return known;
}

function nearestTo({ vantage }: EdgeLocation): string {
  return nearestCacheRegion(vantage.spot);
}

/** The nearest Region that has a regional edge cache: functions run there, not at the edge locations themselves (CF 5.22). */
export function nearestCacheRegion(from: Spot): string {
  let nearest: string = REGIONAL_CACHE_REGIONS[0];
  let leastKm = Infinity;
  for (const region of REGIONAL_CACHE_REGIONS) {
    const spot = REGIONS[region];
    assert(spot !== undefined, `the geography knows ${region}`);
    const km = distanceKm(from, spot);
    if (km < leastKm) [nearest, leastKm] = [region, km];
  }
  return nearest;
}
