import { Course } from '../course.ts';
import { broken, CHECK, planOf, twoServers } from '../estates.ts';
import type { SetUp } from '../measurement.ts';
import { setUp } from '../measurement.ts';

const BROKEN = 120;
const HEALED = 480;

/** One server that answers 503 for six minutes, watched by the 16 checkers. */
function detection(
  [requestIntervalSeconds, failureThreshold]: readonly [10 | 30, number],
  seconds: { readonly down: number; readonly up: number },
): SetUp {
  const architecture = twoServers({
    primary: 'us-east-1',
    standby: 'us-west-2',
    ttlSeconds: 60,
    check: { requestIntervalSeconds, failureThreshold },
  });
  const fault = broken({ kind: 'region', region: 'us-east-1' }, { kind: 'status', status: 503 }, [BROKEN, HEALED]);
  const exactly = (value: number) => ({ measured: { kind: 'seen', least: value, most: value } }) as const;
  return setUp({
    name: `health check ${requestIntervalSeconds} s x ${failureThreshold}`,
    lines: ['R53 TL-04'],
    says: 'A server answers 503 to its health checkers, and later 200 again; mean of what 16 even phases give.',
    figures: { 'until unhealthy': exactly(seconds.down), 'until healthy': exactly(seconds.up) },
    simulate(seed) {
      const course = new Course(architecture, planOf(seed, 660, { faults: [fault] }));
      return {
        'until unhealthy': course.secondsToStatus(CHECK, false, BROKEN),
        'until healthy': course.secondsToStatus(CHECK, true, HEALED),
      };
    },
  });
}

/** How long health checks take to notice (R53 TL-04). */
export const DETECTIONS: readonly SetUp[] = [
  detection([10, 1], { down: 8.2, up: 1.8 }),
  detection([30, 1], { down: 24.7, up: 5.3 }),
  detection([10, 3], { down: 28.2, up: 21.8 }),
  detection([30, 3], { down: 84.7, up: 65.3 }),
];
