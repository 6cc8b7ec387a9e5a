import type { Spot } from './geography.ts';
import { CITIES } from './geography.ts';

/** Local Zone groups and the city that each is in; of those in cities unknown to the geography, where the city is. */
const GROUPS: Readonly<Record<string, string | Spot>> = {
  'us-east-1-atl-1': 'Atlanta',
  'us-east-1-atl-2': 'Atlanta',
  'us-east-1-bos-1': 'Boston',
  'us-east-1-bue-1': 'Buenos Aires',
  'us-east-1-chi-1': 'Chicago',
  'us-east-1-chi-2': 'Chicago',
  'us-east-1-dfw-1': 'Dallas',
  'us-east-1-dfw-2': 'Dallas',
  'us-east-1-iah-1': { latitude: 29.8, longitude: -95.4 },
  'us-east-1-iah-2': { latitude: 29.8, longitude: -95.4 },
  'us-east-1-lim-1': { latitude: -12.0, longitude: -77.0 },
  'us-east-1-mci-1': { latitude: 39.1, longitude: -94.6 },
  'us-east-1-mia-1': 'Miami',
  'us-east-1-mia-2': 'Miami',
  'us-east-1-msp-1': { latitude: 45.0, longitude: -93.3 },
  'us-east-1-nyc-1': 'New York',
  'us-east-1-nyc-2': 'New York',
  'us-east-1-phl-1': { latitude: 40.0, longitude: -75.2 },
  'us-east-1-qro-1': { latitude: 20.6, longitude: -100.4 },
  'us-east-1-scl-1': 'Santiago',
  'us-west-2-den-1': 'Denver',
  'us-west-2-hnl-1': { latitude: 21.3, longitude: -157.9 },
  'us-west-2-las-1': { latitude: 36.2, longitude: -115.1 },
  'us-west-2-lax-1': 'Los Angeles',
  'us-west-2-pdx-1': { latitude: 45.5, longitude: -122.7 },
  'us-west-2-phx-1': { latitude: 33.4, longitude: -112.1 },
  'us-west-2-phx-2': { latitude: 33.4, longitude: -112.1 },
  'us-west-2-sea-1': 'Seattle',
  'af-south-1-los-1': 'Lagos',
  'ap-northeast-1-tpe-1': 'Taipei',
  'ap-south-1-ccu-1': { latitude: 22.6, longitude: 88.4 },
  'ap-south-1-del-1': { latitude: 28.6, longitude: 77.2 },
  'ap-southeast-1-bkk-1': 'Bangkok',
  'ap-southeast-1-mnl-1': { latitude: 14.6, longitude: 121.0 },
  'ap-southeast-2-akl-1': 'Auckland',
  'ap-southeast-2-per-1': { latitude: -32.0, longitude: 115.9 },
  'eu-central-1-ham-1': { latitude: 53.6, longitude: 10.0 },
  'eu-central-1-waw-1': 'Warsaw',
  'eu-north-1-cph-1': 'Copenhagen',
  'eu-north-1-hel-1': 'Helsinki',
  'me-south-1-mct-1': { latitude: 23.6, longitude: 58.4 },
};

/** Where a Local Zone group is; undefined for groups that this list does not have. */
export function localZoneSpot(group: string): Spot | undefined {
  const place = Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined;
  return typeof place === 'string' ? CITIES[place] : place;
}
