import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorld, PORTS } from '../../packages/firedrill/dist/live/index.js';
import { architecture, EDGE_HOST, planWith } from './estate.mjs';

/*
 * The estate of the bench on real sockets. Arguments: the origin's port, and one where nobody listens. Says where it listens on
 * standard output; on a line of input it says how much memory it holds; at the end of input it ends.
 */

const [originPort, closedPort] = process.argv.slice(2);
const stateDirectory = mkdtempSync(path.join(tmpdir(), 'firedrill-bench-'));
let events = 0;
const world = await openWorld({
  architecture,
  plan: planWith(originPort, closedPort),
  speed: 1,
  ports: PORTS.any,
  stateDirectory,
  sink: () => (events += 1),
});
const over = new AbortController();
const running = world.run(over.signal);
const edge = world.endpoints.find(({ endpoint }) => endpoint.kind === 'edge');
console.log(JSON.stringify({ address: edge.address, http: edge.httpPort, https: edge.httpsPort, host: EDGE_HOST }));
process.stdin.on('data', () => {
  globalThis.gc?.();
  console.log(JSON.stringify({ events, ...process.memoryUsage() }));
});
process.stdin.on('end', async () => {
  over.abort();
  await running;
  await world.close();
  rmSync(stateDirectory, { recursive: true });
  process.exit();
});
