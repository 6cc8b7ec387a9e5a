import { Course } from '../course.ts';
import { asking, broken, CHECK, NAME, planOf, PROPAGATION_SECONDS, twoServers } from '../estates.ts';
import type { TwoServers } from '../estates.ts';
import { setUp } from '../measurement.ts';

/* Servers behind plain failover records, as people told of them. */

const BROKEN = 120;
const PRIMARY = { kind: 'region', region: 'us-east-1' } as const;
const REGIONS = { primary: 'us-east-1', standby: 'us-west-2' } as const;

function run(seed: string, how: Pick<TwoServers, 'ttlSeconds' | 'check'>, healed?: number): Course {
  const fault = broken(PRIMARY, { kind: 'refuse' }, healed === undefined ? [BROKEN] : [BROKEN, healed]);
  const plan = planOf(seed, healed === undefined ? 480 : 1200, {
    probes: [asking(`http://${NAME}/`, 1)],
    faults: [fault],
  });
  return new Course(twoServers({ ...REGIONS, ...how }), plan);
}

/** R53 MT-07. The post names the TTL and a fast check; a threshold of 1 is the fastest there is. */
export const shortTtl = setUp({
  name: 'TTL of 5 s, fast check',
  lines: ['R53 MT-07'],
  says: 'A record with a TTL of 5 s and a fast health check; somebody reloads a page and feels the time.',
  figures: {
    'until the page comes back': {
      measured: { kind: 'about', least: 8, most: 12 },
      explained:
        'Felt by one person, not timed, and neither interval nor threshold are told (R53 MT-07 is marked weak). The fastest ' +
        'check there is takes 8.2 s on average (TL-04), so that 10 s are possible only if statuses reach DNS within a ' +
        'second or two; no other measurement says that they do, and HC-42 infers 5 to 10 s.',
    },
  },
  simulate: (seed) => ({
    'until the page comes back': run(seed, {
      ttlSeconds: 5,
      check: { requestIntervalSeconds: 10, failureThreshold: 1 },
    }).secondsToAnswerOf(REGIONS.standby, BROKEN),
  }),
});

/** R53 MT-08. */
export const apigee = setUp({
  name: 'Apigee operators',
  lines: ['R53 MT-08'],
  says: 'A health check of 30 s x 3 watches a Region that fails; operators give a ballpark figure.',
  figures: { 'until the Region is marked failed': { measured: { kind: 'about', least: 85, most: 95 } } },
  simulate: (seed) => ({
    'until the Region is marked failed': run(seed, {
      ttlSeconds: 60,
      check: { requestIntervalSeconds: 30, failureThreshold: 3 },
    }).secondsToStatus(CHECK, false, BROKEN),
  }),
});

const HEALED = 600;

/** R53 MT-09: the code of the demo sets a threshold of 5 on its primary. */
export const ec2Demo = setUp({
  name: 'EC2 demo',
  lines: ['R53 MT-09'],
  says: 'TTL 60, a check of 30 s x 5 on the primary; the README expects at least 1.5 minutes each way.',
  figures: {
    'until the standby answers': { measured: { kind: 'promised', least: 90, most: Number.POSITIVE_INFINITY } },
    'until the primary answers again': { measured: { kind: 'promised', least: 90, most: Number.POSITIVE_INFINITY } },
  },
  simulate(seed) {
    const how = { ttlSeconds: 60, check: { requestIntervalSeconds: 30, failureThreshold: 5 } } as const;
    const course = run(seed, how, HEALED);
    return {
      'until the standby answers': course.secondsToAnswerOf(REGIONS.standby, BROKEN),
      'until the primary answers again': course.secondsToAnswerOf(REGIONS.primary, HEALED),
    };
  },
});

/** R53 MT-10, as far as it is about AWS; what clients and resolvers then held on to is held by population.test.ts. */
export const lateClients = setUp({
  name: 'authoritative answers within 90 s',
  lines: ['R53 MT-10'],
  says: 'TTL 60, a check of 30 s with the default threshold of 3: authoritative answers had changed within 90 s.',
  figures: { 'until name servers answer otherwise': { measured: { kind: 'about', least: 0, most: 90 } } },
  simulate(seed) {
    const course = run(seed, { ttlSeconds: 60, check: { requestIntervalSeconds: 30, failureThreshold: 3 } });
    return {
      'until name servers answer otherwise': course.secondsToStatus(CHECK, false, BROKEN) + PROPAGATION_SECONDS,
    };
  },
});
