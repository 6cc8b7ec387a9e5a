import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../engine/index.ts';
import { WorldClock } from './clock.ts';
import { forward } from './forward.ts';
import { OriginClient } from './origin-client.ts';

/** What comes of a request to a server that answers with these lines. */
async function answerOf(head: string): Promise<Outcome> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(`${head}\r\n\r\n`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const request = { method: 'GET', target: '/health', host: 'origin.example.com', headers: [], body: undefined };
  const client = new OriginClient(new WorldClock(1));
  try {
    return await new Promise((came) =>
      forward({ kind: 'forward', url: `http://127.0.0.1:${port}`, request }, client, came),
    );
  } finally {
    client.close();
    server.close();
  }
}

describe('what a server of the user answers', () => {
  test('is passed on with its headers', async () => {
    const { status, headers } = (await answerOf('HTTP/1.1 204 No Content\r\nX-One: 1')) as Outcome & {
      readonly status: number;
      readonly headers: readonly unknown[];
    };
    expect([status, headers]).toEqual([204, [['X-One', '1']]]);
  });

  test.each(['Bad Name: 1', ': no name', 'X-Control: a\u0000b', 'no colon at all'])(
    'R53 HC-10: headers that RFC 7230 does not allow are no answer, so that a probe fails: %j',
    async (header) => {
      expect(await answerOf(`HTTP/1.1 200 OK\r\n${header}`)).toEqual({ kind: 'unanswered', why: 'reset' });
    },
  );
});
