/*
 * The simulator's scenarios. Each is measured in a process of its own, as every drill runs in one, with the young generation
 * that suits the number of requests under way at a time (docs/performance.md).
 */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { simulate } from '../packages/firedrill/dist/sim/index.js';
import { answers503, estate, manyNames, plan } from './estate.mjs';
import { generatorsOnAHeap, promises } from './peers.mjs';

/** Rounds of each; the best counts, for others may use the machine. */
const ROUNDS = 6;

const requests = (architecture, drill) => () => {
  let ended = 0;
  simulate(architecture, drill, (event) => {
    if (event.what === 'request.ended') ended += 1;
  });
  return ended;
};

/** The scenario that the figure of the README and the ratio to bare events stand for. */
const REFERENCE = 'one city, primary answers, nothing kept';
const BARE_EVENTS = 'peer: generators on a heap, bare events';

const SCENARIOS = [
  {
    name: REFERENCE,
    youngMb: 32,
    run: requests(estate(), plan({ seconds: 600, ratePerSecond: 2000, places: ['Dublin'] })),
  },
  {
    name: 'one city, almost all hits',
    youngMb: 32,
    run: requests(estate(3600), plan({ seconds: 600, ratePerSecond: 2000, places: ['Dublin'] })),
  },
  {
    name: 'four continents, almost all hits',
    youngMb: 32,
    run: requests(estate(3600), plan({ seconds: 90, ratePerSecond: 2000 })),
  },
  {
    name: 'four continents, primary answers, nothing kept',
    youngMb: 64,
    run: requests(estate(), plan({ seconds: 90, ratePerSecond: 2000 })),
  },
  {
    name: 'four continents, primary says 503, backup answers',
    youngMb: 64,
    run: requests(estate(), plan({ seconds: 60, ratePerSecond: 1000, faults: [answers503(0, 60)] })),
  },
  {
    name: 'a day at 1 request/s, 32 checkers',
    youngMb: 32,
    run: requests(estate(), plan({ seconds: 86_400, ratePerSecond: 1, places: ['Dublin'] })),
  },
  {
    name: 'a day of 10,000 records and 1,000 checks',
    youngMb: 32,
    run: requests(
      manyNames(),
      plan({
        seconds: 86_400,
        ratePerSecond: 1,
        places: ['Dublin'],
        // An hour of errors, so that a thousand checks turn and turn back.
        faults: [answers503(43_200, 46_800)],
        switches: { 'route53.settled-checkers': 'rest' },
      }),
    ),
  },
  { name: BARE_EVENTS, youngMb: 32, run: () => (generatorsOnAHeap(2_000_000), 2_000_000) },
  { name: 'peer: promises, bare events', youngMb: 32, run: async () => (await promises(2_000_000), 2_000_000) },
];

/** How quick this machine is: additions in a plain loop, in millions a second. */
function calibrate() {
  const began = process.cpuUsage();
  let sum = 0;
  for (let i = 0; i < 300_000_000; i++) sum += i & 7;
  const { user, system } = process.cpuUsage(began);
  return sum > 0 ? 300_000_000 / (user + system) : 0;
}

/** One scenario, in this process: what it did a second of time on the core, collecting garbage included. */
async function measure({ name, run }) {
  let perSecond = 0;
  let seconds = Infinity;
  let count = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const began = process.cpuUsage();
    count = await run();
    const { user, system } = process.cpuUsage(began);
    seconds = Math.min(seconds, (user + system) / 1e6);
    perSecond = Math.max(perSecond, Math.round(count / ((user + system) / 1e6)));
  }
  return { name, count, perSecond, seconds, memoryMb: Math.round(process.memoryUsage().rss / 2 ** 20) };
}

const thisFile = fileURLToPath(import.meta.url);

/** The simulator's figures; `tell` gets each as soon as it is there. */
export async function benchSimulator(tell) {
  const additionsPerMicrosecond = calibrate();
  const results = [];
  for (const { name, youngMb } of SCENARIOS) {
    const { stdout } = await promisify(execFile)(process.execPath, [
      `--max-semi-space-size=${youngMb}`,
      thisFile,
      name,
    ]);
    const result = JSON.parse(stdout);
    results.push(result);
    tell(result);
  }
  const perSecondOf = (wanted) => results.find(({ name }) => name === wanted).perSecond;
  const ratioToBareGenerators = perSecondOf(REFERENCE) / perSecondOf(BARE_EVENTS);
  return { results, additionsPerMicrosecond, ratioToBareGenerators };
}

if (process.argv[1] === thisFile) {
  const scenario = SCENARIOS.find(({ name }) => name === process.argv[2]);
  console.log(JSON.stringify(await measure(scenario)));
}
