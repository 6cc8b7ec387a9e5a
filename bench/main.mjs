import { parseArgs } from 'node:util';
import { simulate } from '../packages/firedrill/dist/sim/index.js';
import { benchDns, missing } from './dns/main.mjs';
import { answers503, estate, plan } from './estate.mjs';
import { generatorsOnAHeap, promises } from './peers.mjs';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, help: { type: 'boolean' }, only: { type: 'string' } },
});
if (values.help) {
  console.log(`npm run bench [-- --json] [-- --only simulator|dns]

Simulated requests a second on one core, through the engine that serves real requests too, with every request
on the timeline; beside it, in the same run, bare event loops that simulate nothing. Best of several rounds.

DNS answers a second of the local world on one core, with failover, health checks and timeline; beside it, in the same
run, BIND, NSD, Knot and PowerDNS with a static zone. Medians of several rounds. Debian has them all:
apt-get install dnsperf bind9 nsd knot pdns-server pdns-backend-bind

Example: npm run bench -- --json > bench.json`);
  process.exit();
}

/** Rounds of each; the best counts, for others may use the machine. */
const ROUNDS = 5;

const requests = (architecture, drill) => () => {
  let ended = 0;
  simulate(architecture, drill, (event) => {
    if (event.what === 'request.ended') ended += 1;
  });
  return ended;
};

const SCENARIOS = [
  [
    'one city, primary answers, nothing kept',
    requests(estate(), plan({ seconds: 120, ratePerSecond: 2000, places: ['Dublin'] })),
  ],
  ['four continents, primary answers, nothing kept', requests(estate(), plan({ seconds: 30, ratePerSecond: 2000 }))],
  [
    'four continents, primary says 503, backup answers',
    requests(estate(), plan({ seconds: 30, ratePerSecond: 1000, faults: [answers503(0, 30)] })),
  ],
  ['four continents, almost all hits', requests(estate(3600), plan({ seconds: 30, ratePerSecond: 2000 }))],
  [
    'a day at 1 request/s, 32 checkers',
    requests(estate(), plan({ seconds: 86_400, ratePerSecond: 1, places: ['Dublin'] })),
  ],
  ['peer: generators on a heap, bare events', () => (generatorsOnAHeap(2_000_000), 2_000_000)],
  ['peer: promises, bare events', async () => (await promises(2_000_000), 2_000_000)],
];

/** How quick this machine is: additions in a plain loop, in millions a second. */
function calibrate() {
  const began = process.cpuUsage();
  let sum = 0;
  for (let i = 0; i < 300_000_000; i++) sum += i & 7;
  const { user, system } = process.cpuUsage(began);
  return sum > 0 ? 300_000_000 / (user + system) : 0;
}

/** The simulator's figures. */
async function benchSimulator() {
  const results = [];
  const additions = calibrate();
  for (const [name, run] of SCENARIOS) {
    let best = 0;
    let count = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const began = process.cpuUsage();
      count = await run();
      const { user, system } = process.cpuUsage(began);
      best = Math.max(best, count / ((user + system) / 1e6));
    }
    results.push({ name, count, perSecond: Math.round(best) });
    if (!values.json)
      console.log(`${name.padEnd(50)} ${(best / 1e6).toFixed(3)} M/s  ${(1e6 / best).toFixed(2)} µs each`);
  }
  const [healthy] = results;
  const peer = results.find(({ name }) => name.startsWith('peer: generators'));
  const ratio = healthy.perSecond / peer.perSecond;
  const memoryMb = Math.round(process.memoryUsage().rss / 2 ** 20);
  if (!values.json) {
    console.log(
      `\nA simulated request costs as much as ${(1 / ratio).toFixed(1)} bare events of a generator simulation.`,
    );
    console.log(`This machine: ${additions.toFixed(0)} additions a microsecond; ${memoryMb} MB resident at the end.`);
  }
  return { results, additionsPerMicrosecond: additions, ratioToBareGenerators: ratio, memoryMb };
}

/** The name servers' figures; undefined without dnsperf. */
async function benchNameServers() {
  const notThere = missing();
  if (notThere !== '')
    console.error(`\nNot measured beside every peer: apt-get install ${notThere} brings those that are missing.`);
  const results = await benchDns();
  if (results === undefined || values.json) return results;
  console.log(
    '\nDNS answers a second, one core each                  by the wall       of BIND   of BIND by time on the core',
  );
  for (const { name, perSecond, ofBind, ofBindPerCpuSecond, lost } of results) {
    const shares = [ofBind, ofBindPerCpuSecond].map((share) =>
      (share === undefined ? '?' : share.toFixed(2)).padStart(13),
    );
    console.log(
      `${name.padEnd(50)} ${String(perSecond).padStart(9)}/s ${shares.join(' ')}${lost > 0 ? `  ${lost} lost` : ''}`,
    );
  }
  return results;
}

const figures = {
  ...(values.only === 'dns' ? {} : await benchSimulator()),
  ...(values.only === 'simulator' ? {} : { dns: await benchNameServers() }),
};
if (values.json) console.log(JSON.stringify(figures, null, 2));
