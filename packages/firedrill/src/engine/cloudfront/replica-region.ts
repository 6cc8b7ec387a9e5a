import { assert, distanceKm, REGIONS } from '../../model/index.ts';
import type { EdgeLocation } from './edge.ts';

/** Regions that have a regional edge cache: functions run there, not at the edge locations themselves (CF 5.22). */
const REPLICA_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ap-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'sa-east-1',
] as const;

const found = new WeakMap<EdgeLocation, string>();

/** Where the replica of a function runs that an edge location calls: the nearest of these Regions. */
export function replicaRegionOf(edge: EdgeLocation): string {
  const known = found.get(edge) ?? nearestTo(edge);
  found.set(edge, known);
  return known;
}

function nearestTo({ vantage }: EdgeLocation): string {
  let nearest: string = REPLICA_REGIONS[0];
  let leastKm = Infinity;
  for (const region of REPLICA_REGIONS) {
    const spot = REGIONS[region];
    assert(spot !== undefined, `the geography knows ${region}`);
    const km = distanceKm(vantage.spot, spot);
    if (km < leastKm) [nearest, leastKm] = [region, km];
  }
  return nearest;
}
