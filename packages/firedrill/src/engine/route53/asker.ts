import type { IpBlock, Spot, Territory } from '../../model/index.ts';
import { CITIES, REGIONS } from '../../model/index.ts';
import type { Vantage } from '../conversation.ts';

/** A place as policies see it. */
export interface AskersPlace {
  /** Of the vantage, dense from 0; negative for cities where the world has none. */
  readonly index: number;
  readonly spot: Spot;
  /** Undefined: nobody knows, so that only a default geolocation record is for it (R53 RP-11). */
  readonly territory: Territory | undefined;
}

/** Who asks: the resolver's client where the resolver tells of it, else the resolver (R53 RP-16). */
export interface Asker {
  readonly place: AskersPlace;
  /** As `203.0.113.0/24`, or an address; undefined: it has none that a CIDR collection could hold. */
  readonly network: string | undefined;
  /** The blocks of a location of a CIDR collection. */
  readonly locations: (collectionId: string, locationName: string) => readonly IpBlock[];
}

/** The place of a vantage, with the territory it lies in. */
export function placeOf({ index, spot }: Vantage): AskersPlace {
  return { index, spot, territory: territoryAt(spot) };
}

/** A city of the geography, whether or not the world has a vantage there; undefined: there is no such city. */
export function placeOfCity(name: string): AskersPlace | undefined {
  const city = CITIES[name];
  return city && { index: -1 - Object.keys(CITIES).indexOf(name), spot: city, territory: city };
}

const TERRITORIES: readonly (Spot & Territory)[] = [...Object.values(CITIES), ...Object.values(REGIONS)];

/** All vantages are in cities or Regions of the geography; elsewhere nobody knows. */
function territoryAt({ latitude, longitude }: Spot): Territory | undefined {
  return TERRITORIES.find((each) => each.latitude === latitude && each.longitude === longitude);
}
