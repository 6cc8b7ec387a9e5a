import type { Instant } from '../model/index.ts';
import { CITIES, distanceKm } from '../model/index.ts';
import type { Vantage } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { Health } from './route53/asking.ts';
import { calculatedHealth } from './route53/calculated.ts';
import type { SeenStatus } from './route53/status-history.ts';

const HEALTHY: Health = { healthy: true, seq: 0 };

/**
 * What the name servers near an asker make of a health check. Each location judges by the checkers that it hears, so that in a
 * partition locations may disagree with each other (R53 HC-40). One that hears none keeps what it knew.
 */
export function dnsLocationsOf(
  {
    input,
    faults,
    settings,
  }: Pick<Parts, 'faults' | 'settings'> & { readonly input: Pick<Parts['input'], 'architecture'> },
  health: ReadonlyMap<string, SeenStatus>,
): (healthCheckId: string, asker: Vantage, now: Instant) => Health {
  const propagation = settings.number('route53.status-propagation-seconds');
  const seenEverywhere = (id: string, now: Instant): Health => health.get(id)?.seenByDns(now, propagation) ?? HEALTHY;
  const locations = new Map<Vantage, string>();
  const derived = new Map(input.architecture.derivedHealthChecks.map((check) => [check.id, check]));
  return (id, asker, now) => {
    const everywhere = seenEverywhere(id, now);
    // Nobody is looked up a location for as long as all of them agree.
    if (!faults.mayPartition) return everywhere;
    const edge = locations.get(asker) ?? nearestEdge(asker);
    locations.set(asker, edge);
    const partition = faults.unheard(edge, now);
    if (partition === undefined) return everywhere;
    const seenHere = (each: string): boolean => {
      const status = health.get(each);
      if (status === undefined) return true;
      return status.seenWithout(partition.regions, now, propagation) ?? seenEverywhere(each, partition.from).healthy;
    };
    // What counts others is counted where it is asked for.
    const here = calculatedHealth(derived.get(id), () => true, seenHere) ?? seenHere(id);
    return here === everywhere.healthy ? everywhere : { healthy: here, seq: partition.seq };
  };
}

/** Name servers are anycast: the location nearest to the asker answers. */
function nearestEdge({ spot }: Vantage): string {
  const cities = Object.values(CITIES);
  const [first, ...rest] = cities;
  if (first === undefined) return '';
  return rest.reduce((best, city) => (distanceKm(spot, city) < distanceKm(spot, best) ? city : best), first).edge;
}
