import type { Architecture, Plan, Spot } from '../model/index.ts';
import { assert, CITIES, REGIONS } from '../model/index.ts';
import type { Vantage } from './conversation.ts';
import type { FrontEnds } from './front-ends.ts';
import { layOutFrontEnds } from './front-ends.ts';
import type { PlaceKind } from './ground.ts';
import { Ground } from './ground.ts';
import { nearestCacheRegion } from './cloudfront/replica-region.ts';
import { CHECKER_REGIONS } from './route53/facts.ts';
import type { S3Places } from './s3-places.ts';
import { layOutS3 } from './s3-places.ts';
import type { Endpoint } from './world.ts';

/** Every place of a world, and the endpoints among them. Addresses are the same in every run. */
export interface Layout {
  readonly vantages: readonly Vantage[];
  readonly edges: readonly Endpoint[];
  /** By Region. */
  readonly gateways: ReadonlyMap<string, Endpoint>;
  readonly nameServer: Endpoint;
  /** By city name. */
  readonly cities: ReadonlyMap<string, Vantage>;
  /** By Region. */
  readonly checkers: ReadonlyMap<string, Vantage>;
  readonly frontEnds: FrontEnds;
  readonly s3: S3Places;
  /** Caches of CloudFront that edge locations share, by Region; none where nothing is kept (CF 4.11). */
  readonly regionalCaches: ReadonlyMap<string, Vantage>;
}

/** Where a world without probes is looked at from. */
const DEFAULT_CITY = 'Dublin';

/**
 * Lays out the places that a plan and an architecture need, and no others.
 * @param ground where others stand already, when an estate takes the place of another.
 */
export function layOutPlaces(architecture: Architecture, plan: Plan, ground = new Ground()): Layout {
  const { vantages } = ground;
  const place = (kind: PlaceKind, name: string, spot: Spot): Vantage => ground.place(kind, name, spot);
  const cityNames = [...new Set([...plan.probes.flatMap(({ places }) => places), ...(plan.places ?? [])])];
  if (cityNames.length === 0) cityNames.push(DEFAULT_CITY);
  const cities = new Map(cityNames.map((name) => [name, place('city', name, cityOf(name))]));
  const edges = cityNames.map((name): Endpoint => {
    const { edge, latitude, longitude } = cityOf(name);
    const vantage = place('edge', edge, { latitude, longitude });
    return { address: vantage.address, kind: 'edge', label: edge, vantage };
  });
  const regions = new Set([
    ...(plan.regions ?? []),
    ...[...architecture.restApis, ...architecture.httpApis, ...architecture.apiDomainNames].map(({ region }) => region),
  ]);
  const gateways = new Map(
    [...regions].map((region): [string, Endpoint] => {
      const vantage = place('region', region, regionOf(region));
      return [region, { address: vantage.address, kind: 'api-gateway', label: region, vantage }];
    }),
  );
  const probing = new Set(
    architecture.healthChecks.flatMap((check) => (check.regions.length > 0 ? check.regions : CHECKER_REGIONS)),
  );
  const checkers = new Map([...probing].map((region) => [region, place('checker', region, regionOf(region))]));
  // Name servers are anycast: wherever one asks from, one is near. The driver's network knows.
  const vantage = place('name-server', 'route53', cityOf(DEFAULT_CITY));
  const nameServer: Endpoint = { address: vantage.address, kind: 'name-server', label: 'route53', vantage };
  const regionVantages = new Map([...gateways].map(([region, gateway]) => [region, gateway.vantage]));
  const regionVantage = (region: string): Vantage => {
    const known = regionVantages.get(region) ?? place('region', region, regionOf(region));
    regionVantages.set(region, known);
    return known;
  };
  const addressIn = (kind: PlaceKind, name: string): string => ground.addressIn(kind, name);
  const s3 = layOutS3(architecture, plan.regions ?? [], { addressIn, regionVantage });
  const laidOut = layOutFrontEnds(architecture, plan, {
    addressIn,
    place,
    regionVantage,
    checkerVantage(region) {
      const known = checkers.get(region) ?? place('checker', region, regionOf(region));
      checkers.set(region, known);
      return known;
    },
    cities,
    vantages,
  });
  const frontEnds = {
    ...laidOut,
    endpoints: [...laidOut.endpoints, ...s3.rest.values(), ...s3.websites.values()],
  };
  const regionalCaches = new Map(
    cacheRegionsOf(architecture, edges).map((region) => [region, place('regional-cache', region, regionOf(region))]),
  );
  return { vantages, edges, gateways, nameServer, cities, checkers, frontEnds, s3, regionalCaches };
}

/** Those next to edge locations, where any distribution keeps answers, and those that are an Origin Shield (CF 4.11, 4.13). */
function cacheRegionsOf({ distributions }: Architecture, edges: readonly Endpoint[]): readonly string[] {
  const enabled = distributions.filter((distribution) => distribution.enabled);
  const keeps = enabled.some(({ behaviors }) => behaviors.some(({ cachePolicy }) => cachePolicy.maxTtlSeconds > 0));
  const nearest = keeps ? edges.map(({ vantage }) => nearestCacheRegion(vantage.spot)) : [];
  const shields = enabled.flatMap(({ origins }) =>
    origins.flatMap(({ originShieldRegion }) => originShieldRegion ?? []),
  );
  return [...new Set([...nearest, ...shields])];
}

function cityOf(name: string): { readonly edge: string; readonly latitude: number; readonly longitude: number } {
  const city = CITIES[name];
  assert(city !== undefined, `the plan names only cities of the geography, not ${name}`);
  return city;
}

function regionOf(name: string): { readonly latitude: number; readonly longitude: number } {
  // A Region newer than the geography is put where most others are; only its distances suffer.
  return REGIONS[name] ?? { latitude: 39, longitude: -77.5 };
}
