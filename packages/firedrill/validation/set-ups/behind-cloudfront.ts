import { hybridArchitecture } from '../../test/hybrid-architecture.ts';
import { Course } from '../course.ts';
import { asking, broken, planOf } from '../estates.ts';
import type { Figure, SetUp } from '../measurement.ts';
import { setUp } from '../measurement.ts';

const BROKEN = 120;

/** A failover record as CloudFront's origin; POSTs, since nothing but DNS moves them. */
function failoverRecord(
  [requestIntervalSeconds, failureThreshold]: readonly [10 | 30, number],
  upperSeconds: number,
  explained?: string,
): SetUp {
  const architecture = hybridArchitecture({ requestIntervalSeconds, failureThreshold });
  const target = { kind: 'region', region: 'eu-west-1' } as const;
  const figure: Figure = {
    measured: { kind: 'promised', least: 0, most: upperSeconds },
    ...(explained === undefined ? {} : { explained }),
  };
  return setUp({
    name: `failover record behind CloudFront, ${requestIntervalSeconds} s x ${failureThreshold}`,
    lines: ['R53 TL-02', 'R53 TL-08'],
    says: 'The primary refuses connections; the naive upper figure is interval times threshold and a TTL of 60 s.',
    figures: { 'until the standby answers a POST': figure },
    simulate(seed) {
      const course = new Course(
        architecture,
        planOf(seed, 420, {
          probes: [asking('https://droute53.cloudfront.net/', 0.2, { methods: ['POST'], places: ['Dublin'] })],
          faults: [broken(target, { kind: 'status', status: 503 }, [BROKEN])],
        }),
      );
      return { 'until the standby answers a POST': course.secondsToAnswerOf('us-east-1', BROKEN) };
    },
  });
}

const NAIVE =
  'The sum leaves out that statuses take a while to DNS, 5 s here, which AWS gives no figure for (R53 HC-42, TL-01), and that ' +
  'probes from afar take up to a second (HC-03). Its source could not be confirmed (OQ-09), and nobody claims to have measured it.';

/** What is naively expected of the four usual settings (R53 TL-02). */
export const BEHIND_CLOUDFRONT: readonly SetUp[] = [
  failoverRecord([10, 1], 70, NAIVE),
  failoverRecord([10, 3], 90, NAIVE),
  failoverRecord([30, 1], 90),
  failoverRecord([30, 3], 150),
];
