import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorld, PORTS } from '../../packages/firedrill/dist/live/index.js';
import { EMPTY_ARCHITECTURE } from '../../packages/firedrill/dist/model/index.js';
import { estate, plan } from '../estate.mjs';

/*
 * A distribution of the local world with a cache policy, an origin group and a timeline, in front of servers of one's own. Argument:
 * the origin's port. Says where it listens on standard output; on a line of input it says how much memory it holds; at the end of
 * input it ends.
 */

const [originPort, closedPort] = process.argv.slice(2);
const stateDirectory = mkdtempSync(path.join(tmpdir(), 'firedrill-bench-'));
const [distribution] = estate().distributions;
const [origin] = distribution.origins;
const originAt = (id) => ({
  ...origin,
  id,
  domainName: `${id}.example.net`,
  originPath: '',
  protocolPolicy: 'http-only',
});
const group = (id, primary) => ({ id, primary, secondary: 'second', statusCodes: [500, 502, 503, 504] });
const behavior = (pathPattern, targetOriginId, ttlSeconds) => ({
  ...distribution.behaviors[0],
  pathPattern,
  targetOriginId,
  viewerProtocolPolicy: 'allow-all',
  cachePolicy: { ...distribution.behaviors[0].cachePolicy, defaultTtlSeconds: ttlSeconds, maxTtlSeconds: ttlSeconds },
});
const place = (port) => ({
  url: `http://127.0.0.1:${port}`,
  region: 'eu-west-1',
  latencyMs: 0,
  status: 200,
  bodyBytes: 0,
});
let events = 0;
const world = await openWorld({
  architecture: {
    ...EMPTY_ARCHITECTURE,
    stacks: [],
    certificates: [],
    distributions: [
      {
        ...distribution,
        domainName: 'dbench.cloudfront.net',
        origins: ['first', 'second', 'broken', 'away'].map(originAt),
        originGroups: [group('sound', 'first'), group('failing', 'broken'), group('refusing', 'away')],
        behaviors: [
          behavior('/hit/*', 'sound', 86_400),
          behavior('/503/*', 'failing', 0),
          behavior('/refused/*', 'refusing', 0),
          behavior('*', 'sound', 0),
        ],
      },
    ],
  },
  plan: {
    ...plan({ seconds: 36_000, ratePerSecond: 1, places: ['Dublin'] }),
    probes: [],
    origins: {
      'first.example.net': place(originPort),
      'second.example.net': place(originPort),
      'broken.example.net': place(originPort),
      'away.example.net': place(closedPort),
    },
  },
  speed: 1,
  ports: PORTS.any,
  stateDirectory,
  sink: () => (events += 1),
});
const over = new AbortController();
const running = world.run(over.signal);
const edge = world.endpoints.find(({ endpoint }) => endpoint.kind === 'edge');
console.log(
  JSON.stringify({ address: edge.address, http: edge.httpPort, https: edge.httpsPort, host: 'dbench.cloudfront.net' }),
);
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
