import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimelineEvent } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { runLocal } from './run-local.ts';
import { chat, estateOf, faultOf, listener, strands } from './websocket-story.ts';

/*
 * Two drivers, one WebSocket: for estates, clients and faults made by chance both drivers tell of the same handshakes with the same
 * answers, the same origins asked, and the same end of each connection. AGREEMENT_RUNS=… tries more of them, AGREEMENT_SEED=… others.
 */

const RUNS = Number(process.env['AGREEMENT_RUNS'] ?? 8);
const SEED = Number(process.env['AGREEMENT_SEED'] ?? 1);
const SPEED = 20;
const SOMETIMES = { messageIntervalMs: 8000 };
/** Whatever is given up is given up after the end. */
const PATIENT = { timeoutMs: 60_000 };

const origin = fc.record({
  latencyMs: fc.constantFrom(0, 50, 200),
  status: fc.constantFrom(200, 403, 503),
  webSocket: fc.constantFrom(
    undefined,
    { answers: true },
    { answers: true },
    { answers: true },
    { answers: true, messageIntervalMs: 15_000 },
  ),
});

const estate = fc.record({
  failsOver: fc.boolean(),
  forwards: fc.constantFrom(true, true, true, false),
  balancerSeconds: fc.constantFrom(undefined, undefined, 4000),
  first: origin,
  second: origin,
  probe: fc.constantFrom(
    chat(SOMETIMES, PATIENT),
    chat(SOMETIMES, PATIENT),
    chat({ ...SOMETIMES, isAnswered: false }, PATIENT),
    chat({ ...SOMETIMES, lifetimeMs: 26_000 }, PATIENT),
    chat({ ...SOMETIMES, reconnectMs: 3000 }, PATIENT),
    listener(),
    listener({ lifetimeMs: 26_000 }),
  ),
  fault: fc.option(
    fc.record({
      kind: fc.constantFrom('refuse', 'reset', 'blackhole', 'hang'),
      // From the beginning, or seconds from whatever a client or an origin has to say or to do.
      from: fc.constantFrom(0, 12, 20),
      where: fc.constantFrom({}, {}, { edge: 'DUB' }),
    }),
    { nil: undefined },
  ),
});

test(
  `sim and live tell the same of WebSockets in ${RUNS} estates (seed ${SEED})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(estate, async ({ fault, ...made }) => {
        const faults = fault === undefined ? [] : [faultOf(fault.kind, { from: fault.from, ...fault.where })];
        const { architecture, plan } = estateOf({ ...made, seconds: 50, faults });
        const sim: TimelineEvent[] = [];
        simulate(architecture, plan, (event) => void sim.push(event));
        expect(strands(await runLocal(architecture, plan, SPEED))).toEqual(strands(sim));
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  },
  600_000 + RUNS * 20_000,
);
