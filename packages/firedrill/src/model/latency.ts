import { distanceKm, roundTripOverKm } from './distance.ts';
import type { Spot } from './geography.ts';
import { CITIES } from './geography.ts';

/** Straight lines from East Asia to Europe and Africa cross Siberia, where few cables lie: traffic goes round by sea. */
const ROUNDABOUT_WAYS: readonly (readonly Spot[])[] = [
  // By Suez: Singapore and Marseille.
  [spotOf('Singapore'), { latitude: 43.3, longitude: 5.4 }],
  // By the Pacific, the United States and the Atlantic.
  [spotOf('Seattle'), spotOf('New York')],
];

/**
 * What a network is likely to measure between two places, in milliseconds of round trip when nothing is in the way: what `sim`
 * has for a network, and what latency records go by. Distance at the speed of light in fibre, along the way that cables take. AWS goes by measurements of its own, which it does
 * not publish and which change over weeks (R53 RP-10); where two Regions are nearly as far, it may well choose the other.
 */
export function likelyLatencyMs(a: Spot, b: Spot): number {
  const isRoundabout = (isEastAsia(a) && isWest(b)) || (isEastAsia(b) && isWest(a));
  if (!isRoundabout) return roundTripOverKm(distanceKm(a, b));
  const [from, to] = isEastAsia(a) ? [a, b] : [b, a];
  return roundTripOverKm(Math.min(...ROUNDABOUT_WAYS.map((way) => lengthKm([from, ...way, to]))));
}

/** Japan, Korea, Taiwan and China, with Hong Kong. */
function isEastAsia({ latitude, longitude }: Spot): boolean {
  return latitude > 20 && longitude > 105;
}

/** Europe, Africa and the Middle East. */
function isWest({ longitude }: Spot): boolean {
  return longitude > -30 && longitude < 60;
}

function lengthKm(way: readonly Spot[]): number {
  return way.reduce((sum, spot, i) => sum + distanceKm(way[i - 1] ?? spot, spot), 0);
}

function spotOf(city: string): Spot {
  return CITIES[city] ?? { latitude: 0, longitude: 0 };
}
