import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { EdgeWorld } from './edge-world.ts';
import { EDGE_HOST, edgeArchitecture, FIRST, SECOND, withEdge } from './edge-world.ts';

/* What becomes of caches and connections when a distribution is changed while it serves. */

/** A server whose answers say whose they are. */
async function withServer<Result>(says: string, use: (port: number) => Promise<Result>): Promise<Result> {
  const server = createServer((_request, response) => response.end(says)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function ask({ address, httpPort }: EdgeWorld, path: string): Promise<string> {
  const options = { host: address, port: httpPort, path, headers: { Host: EDGE_HOST } };
  const [answer] = (await once(get(options), 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer as AsyncIterable<Buffer>) text += chunk.toString();
  return `${text} ${String(answer.headers['x-cache']).split(' ', 1)[0]}`;
}

test('CF 3.37: another domain for an origin leaves what caches hold; only what is not there is asked of the new one', async () => {
  await withServer('old', async (first) => {
    await withServer('new', async (second) => {
      const origins = { [FIRST]: first, [SECOND]: second };
      await withEdge({ origins }, async (edge) => {
        expect([await ask(edge, '/kept/a'), await ask(edge, '/b')]).toEqual(['old Miss', 'old Miss']);
        const before = edgeArchitecture({ origins });
        await edge.local.replace({
          ...before,
          distributions: before.distributions.map((distribution) => ({
            ...distribution,
            origins: distribution.origins.map((origin) => ({ ...origin, domainName: SECOND })),
          })),
        });
        expect([await ask(edge, '/kept/a'), await ask(edge, '/kept/c'), await ask(edge, '/b')]).toEqual([
          'old Hit',
          'new Miss',
          'new Miss',
        ]);
      });
    });
  });
});
