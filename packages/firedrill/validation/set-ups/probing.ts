import { createWorld } from '../../src/engine/index.ts';
import { Simulation } from '../../src/sim/simulation.ts';
import { hybridArchitecture, PRIMARY } from '../../test/hybrid-architecture.ts';
import { planOf } from '../estates.ts';
import { setUp } from '../measurement.ts';

const MINUTES = 5;

/** Probes a minute that an endpoint gets of its health checkers. */
function probesPerMinute(seed: string, requestIntervalSeconds: 10 | 30): number {
  const whole = hybridArchitecture({ requestIntervalSeconds });
  const healthChecks = whole.healthChecks.filter(({ stack }) => stack === PRIMARY);
  const world = createWorld({
    architecture: { ...whole, healthChecks, recordSets: [] },
    plan: planOf(seed, MINUTES * 60, {}),
    driver: 'sim',
    speed: 1,
    beganAtEpochMs: 0,
    sink: () => undefined,
  });
  let probes = 0;
  const simulation = new Simulation({
    ...world,
    gatewayAt(address) {
      const gateway = world.gatewayAt(address);
      if (gateway === undefined) return undefined;
      return (arrival, moment) => {
        probes += 1;
        return gateway(arrival, moment);
      };
    },
  });
  simulation.start();
  while (simulation.step(100_000));
  return probes / MINUTES;
}

/** How often endpoints are asked (R53 HC-22, HC-23). */
export const probing = setUp({
  name: 'probes a minute',
  lines: ['R53 HC-22', 'R53 HC-23'],
  says: 'What an endpoint sees of the checkers of one health check.',
  figures: {
    'at 30 s, today': { measured: { kind: 'about', least: 28, most: 32 }, unit: '/min' },
    'at 10 s, today': { measured: { kind: 'promised', least: 60, most: Number.POSITIVE_INFINITY }, unit: '/min' },
    'at 10 s, in 2014': {
      measured: { kind: 'about', least: 60, most: 70 },
      unit: '/min',
      explained:
        'The figure of the launch in 2014, with about a dozen checkers (R53 HC-23). Today there are 16 by an AWS post, and one ' +
        'request in two seconds at an interval of 30 s by the guide (HC-19, HC-22, OQ-02), which fits 16 and not a dozen.',
    },
  },
  simulate(seed) {
    const fast = probesPerMinute(seed, 10);
    return { 'at 30 s, today': probesPerMinute(seed, 30), 'at 10 s, today': fast, 'at 10 s, in 2014': fast };
  },
});
