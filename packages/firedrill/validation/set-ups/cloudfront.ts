import type { Architecture, Fault, TimelineEvent } from '../../src/model/index.ts';
import type { Overrides } from '../../test/hybrid-architecture.ts';
import { hybridArchitecture } from '../../test/hybrid-architecture.ts';
import { Course } from '../course.ts';
import { asking, broken, inRegions, planOf } from '../estates.ts';
import { setUp, spreadOf } from '../measurement.ts';

const BROKEN = 60;
const HEALED = 360;
/** The logs are those of a site in Japan; the origins' Regions are not told. */
const REGIONS = { 'eu-west-1': 'ap-northeast-1', 'us-east-1': 'ap-northeast-3' };
const PRIMARY_REGION = { kind: 'region', region: 'ap-northeast-1' } as const;

/** Distribution with an origin group, asked once a second; without health checks DNS never moves. */
function run(seed: string, effect: Fault['effect'], overrides: Overrides): Course {
  const whole: Architecture = inRegions(hybridArchitecture(overrides), REGIONS);
  const recordSets = whole.recordSets.map(({ healthCheckId: _unchecked, ...record }) => record);
  return new Course(
    { ...whole, recordSets, healthChecks: [] },
    planOf(seed, HEALED + 60, {
      probes: [asking('https://dhybrid.cloudfront.net/', 1, { timeoutMs: 200_000, places: ['Tokyo'] })],
      faults: [broken(PRIMARY_REGION, effect, [BROKEN, HEALED])],
    }),
  );
}

/** 95 % of the requests of the incident had their first byte by then. */
function p95Seconds({ events }: Course): number {
  const ttfbs = events.flatMap((event: TimelineEvent) =>
    event.what === 'request.ended' && event.data.sentAt >= BROKEN * 1e6 && event.data.sentAt < HEALED * 1e6
      ? [event.data.ttfbMs / 1000]
      : [],
  );
  return spreadOf(ttfbs).high;
}

/** Told as about 30.3 s. What is above 30 s is the way between viewers, edge and origins, whose places are not told. */
const AROUND_30 = { kind: 'about', least: 30, most: 31 } as const;

/** An incident of VPC origins in 2026, from somebody's logs (CF 8.3). */
export const vpcOriginIncident = setUp({
  name: 'VPC origin incident',
  lines: ['CF 8.3'],
  says: 'A primary that no longer answers, failover to the second origin at work; 95th percentile of the time to first byte.',
  figures: {
    'with one attempt': { measured: AROUND_30 },
    'with the default of three attempts': {
      measured: AROUND_30,
      explained:
        'How many attempts the distribution was set to is not told. AWS documents that a GET without an answer is tried as ' +
        'often as connections are (CF 1.15), which makes 90 s of three (CF 1.16); 30.3 s are one. Either one attempt was set, ' +
        'or what hung was not the answer but the way to it, at 3 x 10 s of connecting (CF 1.11), which comes to 30 s as well.',
    },
    'with three attempts that do not connect': { measured: AROUND_30 },
  },
  simulate: (seed) => ({
    'with one attempt': p95Seconds(run(seed, { kind: 'hang' }, { origin: { connectionAttempts: 1 } })),
    'with the default of three attempts': p95Seconds(run(seed, { kind: 'hang' }, {})),
    'with three attempts that do not connect': p95Seconds(run(seed, { kind: 'blackhole' }, {})),
  }),
});

/** AWS's own sample drill for origin failover (CF 8.11, RS 9.14). */
export const originDenies = setUp({
  name: 'origin that denies',
  lines: ['CF 8.11', 'RS 9.14'],
  says: 'The primary origin answers 403 for minutes, the cache is empty; AWS expects the second and then the first within 30 s.',
  figures: {
    'until the second origin answers': { measured: { kind: 'promised', least: 0, most: 30 } },
    'until the first answers again': { measured: { kind: 'promised', least: 0, most: 30 } },
  },
  simulate(seed) {
    const course = run(seed, { kind: 'status', status: 403 }, { statusCodes: [403, 404, 500, 502, 503, 504] });
    return {
      'until the second origin answers': course.secondsToAnswerOf('ap-northeast-3', BROKEN),
      'until the first answers again': course.secondsToAnswerOf('ap-northeast-1', HEALED),
    };
  },
});

/** First byte of an answer to what was asked once the primary was gone. */
function answeredAfter(seed: string, effect: Fault['effect'], overrides: Overrides, how: Partial<Asked> = {}): number {
  const { distribution = 'dhybrid', everywhere = false } = how;
  const whole: Architecture = inRegions(hybridArchitecture(overrides), REGIONS);
  const recordSets = whole.recordSets.map(({ healthCheckId: _unchecked, ...record }) => record);
  const targets = everywhere ? Object.values(REGIONS) : [PRIMARY_REGION.region];
  const course = new Course(
    { ...whole, recordSets, healthChecks: [] },
    planOf(seed, BROKEN + 30, {
      probes: [asking(`https://${distribution}.cloudfront.net/`, 10, { timeoutMs: 300_000, places: ['Tokyo'] })],
      faults: targets.map((region) => ({
        ...broken({ kind: 'region', region }, effect, [BROKEN]),
        name: `${region} is gone`,
      })),
    }),
  );
  const [first] = course.events.flatMap((event) =>
    event.what === 'request.ended' && event.data.sentAt >= BROKEN * 1e6 ? [event.data.ttfbMs / 1000] : [],
  );
  return first ?? Number.NaN;
}

interface Asked {
  readonly distribution: 'dhybrid' | 'droute53';
  /** Neither origin is there. */
  readonly everywhere: boolean;
}

/** A second for the way there and back. */
const about = (seconds: number) => ({ measured: { kind: 'about', least: seconds, most: seconds + 1 } }) as const;

/** What AWS's documents say of waits, with their own examples (CF 1.11, 1.12, 1.16, 1.19). */
export const documentedWaits = setUp({
  name: 'documented waits of CloudFront',
  lines: ['CF 1.11', 'CF 1.12', 'CF 1.16', 'CF 1.19'],
  says: 'Origins that do not connect, or connect and do not answer; defaults of 3 attempts, 10 s to connect, 30 s to read.',
  figures: {
    'no connection, second origin answers': about(30),
    'no connection to either': about(60),
    'no answer, second origin answers': about(90),
    'no answer, completion timeout of 60 s': about(60),
  },
  simulate: (seed) => ({
    'no connection, second origin answers': answeredAfter(seed, { kind: 'blackhole' }, {}),
    'no connection to either': answeredAfter(seed, { kind: 'blackhole' }, {}, { everywhere: true }),
    'no answer, second origin answers': answeredAfter(seed, { kind: 'hang' }, {}),
    'no answer, completion timeout of 60 s': answeredAfter(
      seed,
      { kind: 'hang' },
      { origin: { responseCompletionTimeoutSeconds: 60 } },
      { distribution: 'droute53' },
    ),
  }),
});
