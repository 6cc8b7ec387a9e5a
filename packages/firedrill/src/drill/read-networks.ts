import { CITIES, parseIpBlock } from '../model/index.ts';
import { complain, type Reading } from './reading.ts';
import { remedyFor } from './suggestion.ts';

/** Cities by network, as far as both are known. */
export function readNetworks(
  networks: Readonly<Record<string, string>> | undefined,
  reading: Reading,
): Readonly<Record<string, string>> {
  const read = Object.entries(networks ?? {}).filter(([network, city]) => {
    if (parseIpBlock(network) === undefined) {
      complain(reading, ['networks', network], {
        says: `${network} is not a network.`,
        remedy: 'Write an address and a prefix length, as 203.0.113.0/24.',
      });
      return false;
    }
    if (Object.hasOwn(CITIES, city)) return true;
    complain(reading, ['networks', network], {
      code: 'drill/unknown-place',
      says: `The network ${network} is in ${city}, a place that the geography does not know.`,
      remedy: remedyFor(city, Object.keys(CITIES), 'place'),
    });
    return false;
  });
  return Object.fromEntries(read);
}
