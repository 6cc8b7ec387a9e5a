import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { HttpRequest, Outcome } from '../engine/index.ts';
import { WorldClock } from './clock.ts';
import { OriginClient } from './origin-client.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that answers whatever it is asked. */
class Origin {
  readonly connections: Socket[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((socket) => {
      this.connections.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', () => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    });
    closers.push(() => this.close());
  }

  /** @param port any that is free unless given. */
  async listen(port = 0): Promise<number> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.connections) socket.destroy();
  }
}

function request(): HttpRequest {
  return { method: 'GET', target: '/', host: 'origin.example.com', headers: [], body: undefined };
}

function client(): OriginClient {
  const made = new OriginClient(new WorldClock(1));
  closers.push(() => made.close());
  return made;
}

async function asked(from: OriginClient, port: number, what = request()): Promise<string> {
  const outcome = await new Promise<Outcome>((came) => from.send({ host: '127.0.0.1', port }, what, came));
  return outcome.kind === 'answered' ? String(outcome.status) : outcome.why;
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const origin = new Origin();
  const port = await origin.listen();
  origin.close();
  return port;
}

test('a server that is down refuses each of those who ask at the same time, the first time and later', async () => {
  const port = await closedPort();
  const from = client();
  for (let round = 0; round < 3; round++) {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => asked(from, port)));
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
  }
});

test('a server that has come up again answers all who ask at the same time, each on a connection of its own', async () => {
  const port = await closedPort();
  const from = client();
  expect(await asked(from, port)).toBe('refused');
  const origin = new Origin();
  await origin.listen(port);
  expect(await Promise.all([asked(from, port), asked(from, port), asked(from, port)])).toEqual(['200', '200', '200']);
  expect(origin.connections).toHaveLength(3);
});

test('who is refused and asks again at once makes a new attempt', async () => {
  const port = await closedPort();
  const from = client();
  expect(await asked(from, port)).toBe('refused');
  const whys: string[] = [];
  await new Promise<void>((over) => {
    const again = (outcome: Outcome): void => {
      whys.push(outcome.kind === 'unanswered' ? outcome.why : 'answered');
      if (whys.length === 6) over();
      else if (whys.length < 5) from.send({ host: '127.0.0.1', port }, request(), again);
    };
    from.send({ host: '127.0.0.1', port }, request(), again);
    from.send({ host: '127.0.0.1', port }, request(), again);
  });
  expect(whys).toEqual(Array.from({ length: 6 }, () => 'refused'));
});

test.each(['the one that tries', 'one that waits'])(
  '%s gives up, and the others are told all the same',
  async (who) => {
    const port = await closedPort();
    const from = client();
    expect(await asked(from, port)).toBe('refused');
    const requests = [request(), request(), request()] as const;
    const outcomes = requests.map((each) => asked(from, port, each));
    from.abandon(who === 'one that waits' ? requests[1] : requests[0]);
    expect((await Promise.all(outcomes)).toSorted()).toEqual(['refused', 'refused', 'reset']);
  },
);

test('a client that is closed tells all who wait, and connects to nobody any more', async () => {
  const port = await closedPort();
  const from = client();
  expect(await asked(from, port)).toBe('refused');
  const origin = new Origin();
  await origin.listen(port);
  const outcomes = [asked(from, port), asked(from, port)];
  from.close();
  expect(await Promise.all(outcomes)).toEqual(['reset', 'reset']);
  expect(origin.connections.length).toBeLessThanOrEqual(1);
});
