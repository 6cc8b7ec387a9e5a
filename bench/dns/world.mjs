import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorld, PORTS } from '../../packages/firedrill/dist/live/index.js';
import { EMPTY_ARCHITECTURE } from '../../packages/firedrill/dist/model/index.js';
import { estate, plan } from '../estate.mjs';
import { ZONE } from './zone.mjs';

/*
 * The local world as `firedrill drill --in local` runs it: failover records, health checks that probe, faults, timeline. Says
 * its port on standard output; on end of input it says how many events the timeline had, and ends.
 */

const CODE = 'exports.handler = async () => ({ statusCode: 200, body: "{}" });';
const whole = estate();
const stateDirectory = mkdtempSync(path.join(tmpdir(), 'firedrill-bench-'));
const fixed = ZONE.map(([label, type, value]) => ({
  zoneId: 'Z0EXAMPLE',
  name: `${label}.example.com`,
  type,
  policy: { kind: 'simple' },
  ttlSeconds: 60,
  values: [value],
  stack: 'Dns',
}));
let events = 0;
const world = await openWorld({
  architecture: {
    ...EMPTY_ARCHITECTURE,
    ...whole,
    recordSets: [...whole.recordSets, ...fixed],
    functions: whole.functions.map((one) => ({ ...one, code: { kind: 'inline', text: CODE } })),
  },
  plan: plan({ seconds: 3600, ratePerSecond: 1, places: ['Dublin'] }),
  speed: 1,
  ports: PORTS.any,
  stateDirectory,
  sink: () => (events += 1),
});
const over = new AbortController();
const running = world.run(over.signal);
console.log(JSON.stringify(world.dns));
process.stdin.on('end', async () => {
  over.abort();
  await running;
  await world.close();
  rmSync(stateDirectory, { recursive: true });
  console.log(JSON.stringify({ events, rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) }));
  process.exit();
});
process.stdin.resume();
