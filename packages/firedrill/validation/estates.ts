import type { Architecture, Fault, FaultTarget, HealthCheck, Plan, Probe, RecordSet } from '../src/model/index.ts';
import { atSeconds, EMPTY_ARCHITECTURE, NEVER } from '../src/model/index.ts';
import { SWITCHES } from '../src/engine/index.ts';

/*
 * The estates of the measurements, as far as they decide about time: servers that Firedrill does not run stand for what
 * the authors ran behind their names.
 */

/** Name that clients ask for. */
export const NAME = 'www.example.com';
const ZONE = 'Z0EXAMPLE';

/** Two servers behind one failover name, the first with a health check. */
export interface TwoServers {
  readonly primary: string;
  readonly standby: string;
  readonly ttlSeconds: number;
  readonly check: Pick<HealthCheck, 'requestIntervalSeconds' | 'failureThreshold'> & Partial<HealthCheck>;
}

/** Id of the primary's health check. */
export const CHECK = 'check-of-primary';

/** Addresses that documents use (RFC 5737). */
const ADDRESSES = ['192.0.2.1', '198.51.100.1'] as const;

/** Servers at fixed addresses, plain records with a TTL: the simplest failover there is. */
export function twoServers({ primary, standby, ttlSeconds, check }: TwoServers): Architecture {
  const record = (address: string, role: 'PRIMARY' | 'SECONDARY', region: string): RecordSet => ({
    zoneId: ZONE,
    name: NAME,
    type: 'A',
    ttlSeconds,
    policy: { kind: 'failover', role, setIdentifier: role },
    values: [address],
    ...(role === 'PRIMARY' ? { healthCheckId: CHECK } : {}),
    stack: region,
  });
  return {
    ...EMPTY_ARCHITECTURE,
    hostedZones: [{ id: ZONE, name: 'example.com', private: false }],
    recordSets: [record(ADDRESSES[0], 'PRIMARY', primary), record(ADDRESSES[1], 'SECONDARY', standby)],
    healthChecks: [
      {
        id: CHECK,
        type: 'HTTP',
        ipAddress: ADDRESSES[0],
        port: 80,
        resourcePath: '/',
        enableSni: false,
        inverted: false,
        disabled: false,
        regions: [],
        stack: primary,
        ...check,
      },
    ],
    servers: [primary, standby].map((region, index) => ({
      id: `i-${index}`,
      region,
      otherNames: [ADDRESSES[index] ?? ''],
      stack: region,
    })),
  };
}

/** The estate in other Regions than those that it was written for. */
export function inRegions(architecture: Architecture, regions: Readonly<Record<string, string>>): Architecture {
  const names = new RegExp(Object.keys(regions).join('|'), 'g');
  const text = JSON.stringify(architecture).replace(names, (name) => regions[name] ?? name);
  return JSON.parse(text) as Architecture;
}

/** A plan with these and nothing else. */
export function planOf(seed: string, endSeconds: number, more: Partial<Plan>): Plan {
  return {
    name: 'validation',
    seed,
    end: atSeconds(endSeconds),
    probes: [],
    faults: [],
    switches: {},
    functionModels: {},
    ...more,
  };
}

/** Somebody who asks again and again, as with `while curl; do sleep; done`. */
export function asking(url: string, everySeconds: number, more: Partial<Probe> = {}): Probe {
  return {
    name: 'client',
    url,
    ratePerSecond: 1 / everySeconds,
    methods: ['GET'],
    places: ['New York'],
    timeoutMs: 60_000,
    client: 'plain',
    ...more,
  };
}

/** What breaks, from one second to another. */
export function broken(
  target: FaultTarget,
  effect: Fault['effect'],
  [fromSeconds, untilSeconds]: readonly [number, number?],
  share = 1,
): Fault {
  return {
    name: `${effect.kind} from ${fromSeconds}`,
    target,
    effect,
    from: atSeconds(fromSeconds),
    until: untilSeconds === undefined ? NEVER : atSeconds(untilSeconds),
    share,
  };
}

/** From the status of a health check to what name servers answer: assumed, for AWS publishes no figure (R53 HC-42). */
export const PROPAGATION_SECONDS = SWITCHES['route53.status-propagation-seconds'].default;
