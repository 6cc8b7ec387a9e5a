import { ACCELERATED, acceleratedArchitecture } from '../../test/accelerated-architecture.ts';
import { Course } from '../course.ts';
import { asking, broken, planOf } from '../estates.ts';
import { setUp } from '../measurement.ts';

const BROKEN = 120;
const HEALED = 300;

/** Three failures in 30 s: "30 seconds for the ALB" as the workshop has it. */
const THIRTY_SECONDS = {
  enabled: true,
  protocol: 'HTTP',
  path: '/health',
  intervalSeconds: 10,
  timeoutSeconds: 5,
  healthyThresholdCount: 2,
  unhealthyThresholdCount: 3,
  matcher: [[200, 200]],
} as const;

/** AWS's workshop on Global Accelerator: a function answers 403 instead of 200 (RS 2.17, 2.18). */
export const acceleratorWorkshop = setUp({
  name: 'Global Accelerator workshop',
  lines: ['RS 2.17', 'RS 2.18'],
  says: 'A function behind a load balancer answers 403 to health checks; new connections are to move within a minute.',
  figures: {
    'until new connections avoid it': { measured: { kind: 'promised', least: 0, most: 60 } },
    'back after it was found healthy': { measured: { kind: 'about', least: 25, most: 35 } },
  },
  simulate(seed) {
    const target = { kind: 'service', service: 'lambda', region: 'eu-west-1' } as const;
    const course = new Course(
      acceleratedArchitecture({ targetGroup: { healthCheck: THIRTY_SECONDS } }),
      planOf(seed, 420, {
        probes: [asking(`https://${ACCELERATED}/`, 0.5, { places: ['Dublin'] })],
        faults: [broken(target, { kind: 'function-error' }, [BROKEN, HEALED])],
      }),
    );
    const healthyAgain = course.secondsTo(
      ({ what, data }) => what === 'accelerator.endpoint-changed' && data.healthy,
      HEALED,
    );
    return {
      'until new connections avoid it': course.secondsToAnswerOf('us-east-1', BROKEN),
      'back after it was found healthy': course.secondsToAnswerOf('eu-west-1', HEALED) - healthyAgain,
    };
  },
});
