import type { Spot } from './geography.ts';

/** Light in fibre, kilometres in a millisecond. */
const FIBRE_KM_PER_MS = 200;
/** Cables do not follow the great circle. */
const ROUTE_FACTOR = 1.4;
/** What both ends add, however near they are. */
const ACCESS_RTT_MS = 2;
const EARTH_RADIUS_KM = 6371;

/** Great-circle distance on a sphere of the earth's mean radius. */
export function distanceKm(a: Spot, b: Spot): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const dLatitude = radians(b.latitude - a.latitude);
  const dLongitude = radians(b.longitude - a.longitude);
  const h =
    Math.sin(dLatitude / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(dLongitude / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The round trip over so much of cable route, in milliseconds, when nothing is in the way. */
export function roundTripOverKm(km: number): number {
  return ACCESS_RTT_MS + (2 * km * ROUTE_FACTOR) / FIBRE_KM_PER_MS;
}
