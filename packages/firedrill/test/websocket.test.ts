import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { Agent as Dispatcher, WebSocket as UndiciWebSocket } from 'undici';
import { describe, expect, test } from 'vitest';
import type { ClientOptions } from 'ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { OriginModel } from '../src/model/index.ts';
import { atSeconds } from '../src/model/index.ts';
import { balancerIn, targetGroupIn } from './accelerated-architecture.ts';
import type { EdgeSettings, EdgeWorld } from './edge-world.ts';
import { EDGE_HOST, FIRST, SECOND, withEdge } from './edge-world.ts';
import { ALL_VIEWER, chat, faultOf, strands } from './websocket-story.ts';

/* WebSockets through an edge: clients and servers that others have written, real sockets between them. */

interface Echo {
  readonly port: number;
  /** Handshakes that it has taken. */
  readonly taken: IncomingMessage[];
  readonly clients: ReadonlySet<WebSocket>;
  /** Ends every connection without a word. */
  die(): void;
}

/** A server that says back what it hears; where `refuses` has a status for the path, handshakes are answered with that. */
async function withEcho<Result>(
  use: (echo: Echo) => Promise<Result>,
  refuses: Readonly<Record<string, number>> = {},
): Promise<Result> {
  const server = createServer((_request, response) => response.end('no WebSocket'));
  const sockets = new WebSocketServer({ noServer: true });
  const taken: IncomingMessage[] = [];
  const connections = new Set<Socket>();
  server.on('connection', (socket) => connections.add(socket));
  server.on('upgrade', (request, socket, head) => {
    const status = refuses[request.url ?? ''];
    if (status !== undefined) return socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`);
    sockets.handleUpgrade(request, socket, head, (client) => {
      taken.push(request);
      client.on('error', () => undefined);
      client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const die = (): void => {
    for (const socket of connections) socket.destroy();
  };
  try {
    const { port } = server.address() as AddressInfo;
    return await use({ port, taken, clients: sockets.clients, die });
  } finally {
    die();
    server.close();
  }
}

/** A WebSocket of `ws` to the edge; its Host is the distribution's whatever its address. */
function socketTo(edge: EdgeWorld, path = '/chat', more: ClientOptions = {}): WebSocket {
  const { address, httpPort } = edge;
  const socket = new WebSocket(`ws://${address}:${httpPort}${path}`, { headers: { Host: EDGE_HOST }, ...more });
  socket.on('error', () => undefined);
  return socket;
}

/** Status, X-Cache and body of the answer to a handshake that came to nothing. */
async function refusal(socket: WebSocket): Promise<string> {
  const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  let body = '';
  for await (const chunk of answer as AsyncIterable<Buffer>) body += chunk.toString();
  return `${answer.statusCode} ${String(answer.headers['x-cache'])} ${body.startsWith('<!DOCTYPE') ? 'page' : body}`;
}

const forwarding = (origins: EdgeSettings['origins'], more: Partial<EdgeSettings> = {}): EdgeSettings => ({
  origins,
  originRequestPolicy: ALL_VIEWER,
  ...more,
});

describe('a WebSocket through an edge', () => {
  test('CF 4.21, 4.21a: the handshake goes to the origin, bytes go both ways, and the timeline tells of it as a Miss', async () => {
    await withEcho(async (echo) => {
      await withEdge(forwarding({ [FIRST]: echo.port }), async (edge) => {
        const socket = socketTo(edge, '/chat?room=1', { headers: { Host: EDGE_HOST, Cookie: 'who=me' } });
        const [answer] = (await once(socket, 'upgrade')) as [IncomingMessage];
        expect(answer.headers['x-cache']).toBe('Miss from cloudfront');
        expect(answer.headers.via).toContain('(CloudFront)');
        if (socket.readyState !== WebSocket.OPEN) await once(socket, 'open');
        const large = Buffer.alloc(3_000_000, 'abc');
        for (const message of [Buffer.from('hello'), large]) {
          socket.send(message);
          const [echoed] = (await once(socket, 'message')) as [Buffer];
          expect(echoed.equals(message)).toBe(true);
        }
        const [seen] = echo.taken;
        expect([seen?.url, seen?.headers.cookie, seen?.headers.upgrade]).toEqual([
          '/chat?room=1',
          'who=me',
          'websocket',
        ]);
        expect(seen?.headers['x-forwarded-for']).toBeDefined();
        socket.close(1000);
        const closed = await edge.first('websocket.closed');
        expect(edge.events.filter(({ what }) => what === 'websocket.opened')).toMatchObject([
          { data: { origin: FIRST, endpoint: 'eu-west-1' } },
        ]);
        // Of two that close at each other's wish the server ends the connection (RFC 6455, 7.1.1).
        expect(closed.data).toMatchObject({ origin: FIRST, endpoint: 'eu-west-1', why: 'origin' });
      });
    });
  });

  test('CF 4.21b: undici opens one over TLS, by the name and certificate of the distribution', async () => {
    await withEcho(async (echo) => {
      await withEdge(forwarding({ [FIRST]: echo.port }), async (edge) => {
        const { address, httpsPort, caFile } = edge;
        const dispatcher = new Dispatcher({
          connect: {
            ca: readFileSync(caFile),
            lookup: (_host, { all }, done) =>
              all === true ? done(null, [{ address, family: 4 }]) : done(null, address, 4),
          },
        });
        const socket = new UndiciWebSocket(`wss://${EDGE_HOST}:${httpsPort}/chat`, { dispatcher });
        const heard = new Promise<unknown>((resolve, reject) => {
          socket.addEventListener('open', () => socket.send('over TLS'));
          socket.addEventListener('message', ({ data }) => resolve(data));
          socket.addEventListener('error', ({ error }) => reject(error as Error));
        });
        expect(await heard).toBe('over TLS');
        const over = new Promise((resolve) => socket.addEventListener('close', resolve));
        socket.close();
        await over;
        await dispatcher.close();
      });
    });
  });

  test('CF 4.21a: a behaviour that keeps Sec-WebSocket-Key from the origin has no WebSockets', async () => {
    await withEcho(async (echo) => {
      const headers = { kind: 'only', names: ['Sec-WebSocket-Version'] } as const;
      const originRequestPolicy = { ...ALL_VIEWER, headers };
      await withEdge({ origins: { [FIRST]: echo.port }, originRequestPolicy }, async (edge) => {
        expect(await refusal(socketTo(edge))).toMatch(/^400 Error from cloudfront /);
        expect(echo.taken).toEqual([]);
      });
    });
  });

  test('CF 4.21, 2.23: a handshake that is refused is answered as any request is', async () => {
    await withEcho(
      async (echo) => {
        await withEdge(forwarding({ [FIRST]: echo.port }), async (edge) => {
          expect(await refusal(socketTo(edge, '/private'))).toBe('403 Error from cloudfront no');
        });
        echo.die();
        await withEdge(forwarding({ [FIRST]: 1 }), async (edge) => {
          expect(await refusal(socketTo(edge))).toBe('502 Error from cloudfront page');
          expect(edge.events.some(({ what }) => what === 'websocket.opened')).toBe(false);
        });
      },
      { '/private': 403 },
    );
  });

  test('CF 1.3: a handshake is a GET, so a dead first origin leads to the second; an open WebSocket leads nowhere else', async () => {
    await withEcho(async (echo) => {
      await withEdge(forwarding({ [FIRST]: 1, [SECOND]: echo.port }, { failsOver: true }), async (edge) => {
        const socket = socketTo(edge);
        await once(socket, 'open');
        echo.die();
        const [code] = (await once(socket, 'close')) as [number];
        // Without a close frame (RFC 6455, 7.1.5).
        expect(code).toBe(1006);
        expect((await edge.first('websocket.closed')).data).toMatchObject({ origin: SECOND, why: 'origin' });
        expect(echo.taken).toHaveLength(1);
      });
    });
  });

  test('what a reader does not take waits at its sender', async () => {
    await withEcho(async (echo) => {
      await withEdge(forwarding({ [FIRST]: echo.port }), async (edge) => {
        const socket = socketTo(edge, '/chat', { perMessageDeflate: false });
        await once(socket, 'open');
        socket.pause();
        const [server] = echo.clients;
        const pieces = 64;
        for (let n = 0; n < pieces; n++) server?.send(Buffer.alloc(1_000_000));
        // Another one comes and goes meanwhile.
        const other = socketTo(edge);
        await once(other, 'open');
        other.send('hello');
        await once(other, 'message');
        expect(server?.bufferedAmount).toBeGreaterThan(30_000_000);
        let heard = 0;
        const all = new Promise<void>((resolve) => {
          socket.on('message', () => {
            heard += 1;
            if (heard === pieces) resolve();
          });
        });
        socket.resume();
        await all;
        socket.terminate();
        other.terminate();
      });
    });
  });
});

test('one that is open when the world ends adds nothing to its timeline, and is ended', async () => {
  await withEcho(async (echo) => {
    const [socket, events] = await withEdge(forwarding({ [FIRST]: echo.port }), async (edge) => {
      const open = socketTo(edge);
      await once(open, 'open');
      return [open, edge.events] as const;
    });
    if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
    expect(events.at(-1)?.what).toBe('world.ended');
  });
});

describe('through a load balancer', () => {
  const region = 'eu-west-1';
  const behindBalancer = (port: number, idleTimeoutSeconds: number): EdgeSettings => ({
    ...forwarding({ [FIRST]: port }),
    plan: {
      origins: { '10.0.0.1': { latencyMs: 0, status: 200, bodyBytes: 0, region, url: `http://127.0.0.1:${port}` } },
    },
    change: (made) => ({
      ...made,
      loadBalancers: [{ ...balancerIn(region), idleTimeoutSeconds }],
      targetGroups: [{ ...targetGroupIn(region), targetType: 'ip', targets: [{ id: '10.0.0.1', port: 80 }] }],
      distributions: made.distributions.map((distribution) => ({
        ...distribution,
        origins: distribution.origins.map((origin) => ({ ...origin, domainName: balancerIn(region).dnsName })),
      })),
    }),
  });

  test('bytes go both ways, over real connections of edge and load balancer', async () => {
    await withEcho(async (echo) => {
      await withEdge(behindBalancer(echo.port, 4000), async (edge) => {
        const socket = socketTo(edge);
        await once(socket, 'open');
        const large = Buffer.alloc(2_000_000, 'xyz');
        socket.send(large);
        const [echoed] = (await once(socket, 'message')) as [Buffer];
        expect(echoed.equals(large)).toBe(true);
        expect(echo.taken[0]?.headers['x-forwarded-port']).toBe('80');
        expect(edge.events.find(({ what }) => what === 'websocket.opened')?.data).toMatchObject({ endpoint: region });
        socket.terminate();
        expect((await edge.first('websocket.closed')).data.why).toBe('viewer');
      });
    });
  });

  test('its idle timeout ends what is silent both ways, sooner than the edge would (CF 4.21c)', async () => {
    await withEcho(async (echo) => {
      await withEdge({ ...behindBalancer(echo.port, 60), speed: 60 }, async (edge) => {
        const socket = socketTo(edge);
        await once(socket, 'open');
        await once(socket, 'close');
        const { data } = await edge.first('websocket.closed');
        expect(data.why).toBe('origin');
        expect(data.seconds).toBeGreaterThanOrEqual(60);
        expect(data.seconds).toBeLessThan(600);
      });
    });
  });
});

describe('when the Region of the origin goes', () => {
  test('CF 4.21c: silent, it leaves the WebSocket open until nothing has come from the origin for ten minutes', async () => {
    await withEcho(async (echo) => {
      const plan = { faults: [faultOf('blackhole', { from: 60 })] };
      await withEdge(forwarding({ [FIRST]: echo.port }, { speed: 300, plan }), async (edge) => {
        const socket = socketTo(edge);
        await once(socket, 'open');
        const over = once(socket, 'close');
        // What the viewer says does not keep it open.
        const chatter = setInterval(() => socket.send('anybody there?'), 50);
        const closed = await edge.first('websocket.closed');
        clearInterval(chatter);
        await over;
        expect(closed.data.why).toBe('idle');
        expect(closed.data.seconds).toBeGreaterThan(600);
        const started = edge.events.find(({ what }) => what === 'fault.started');
        expect(closed.cause).toBe(started?.seq);
      });
    });
  });

  test('CF 4.21d: answering nobody, it ends the WebSocket with the next byte, and nobody brings it back', async () => {
    await withEcho(async (echo) => {
      const plan = { faults: [faultOf('refuse', { from: 20 })] };
      await withEdge(forwarding({ [FIRST]: echo.port }, { speed: 20, plan }), async (edge) => {
        const socket = socketTo(edge);
        await once(socket, 'open');
        const over = once(socket, 'close');
        const chatter = setInterval(() => socket.send('hello'), 20);
        const closed = await edge.first('websocket.closed');
        clearInterval(chatter);
        await over;
        expect(closed.data.why).toBe('reset');
        expect(await refusal(socketTo(edge))).toBe('502 Error from cloudfront page');
      });
    });
  });

  test('a silence that ends in time ends without harm: what was said meanwhile arrives', async () => {
    await withEcho(async (echo) => {
      const plan = { faults: [faultOf('blackhole', { from: 20, until: 80 })] };
      await withEdge(forwarding({ [FIRST]: echo.port }, { speed: 20, plan }), async (edge) => {
        const socket = socketTo(edge);
        await once(socket, 'open');
        await edge.local.clock.until(atSeconds(25));
        socket.send('said into the silence');
        const [echoed] = (await once(socket, 'message')) as [Buffer];
        expect(echoed.toString()).toBe('said into the silence');
        expect(edge.local.clock.now()).toBeGreaterThanOrEqual(atSeconds(80));
        socket.terminate();
      });
    });
  });
});

describe('clients and servers of a drill', () => {
  test('a probe talks to a server of the user’s own, through the edge, and hears its end', async () => {
    await withEcho(async (echo) => {
      const plan = { probes: [chat({ messageIntervalMs: 1000, reconnectMs: 300_000 })] };
      await withEdge(forwarding({ [FIRST]: echo.port }, { plan }), async (edge) => {
        await edge.first('websocket.opened');
        const [server] = echo.clients;
        for (let heard = 0; heard < 2; heard++) await once(server as WebSocket, 'message');
        server?.close(1000);
        await edge.first('websocket.closed');
        expect(strands(edge.events).edge).toEqual(['opened to 1, closed to 1: origin']);
        expect(strands(edge.events).client.slice(0, 2)).toEqual([
          'handshake 101 Miss from 1 after 1',
          'message answered by 1',
        ]);
      });
    });
  });

  test('a WebSocket of somebody else’s client is answered by the model of an origin, message by message', async () => {
    const model: OriginModel = { latencyMs: 0, status: 200, bodyBytes: 5, webSocket: { answers: true } };
    await withEdge(forwarding({}, { plan: { origins: { [FIRST]: model } } }), async (edge) => {
      const socket = socketTo(edge);
      await once(socket, 'open');
      for (const message of ['hello', 'x'.repeat(100_000)]) {
        socket.send(message);
        await once(socket, 'message');
      }
      socket.ping('p');
      const [pong] = (await once(socket, 'pong')) as [Buffer];
      expect(pong.toString()).toBe('p');
      socket.close(1000);
      const [code] = (await once(socket, 'close')) as [number];
      // Both sides have said so (RFC 6455, 7.1.5): a close frame without a status.
      expect(code).toBe(1005);
    });
  });
});

describe('what is no WebSocket', () => {
  test('RFC 9110, 7.8: a wish for another protocol is passed over, bodies and further requests included', async () => {
    await withEcho(async (echo) => {
      await withEdge(forwarding({ [FIRST]: echo.port }), async (edge) => {
        const socket = connect({ host: edge.address, port: edge.httpPort });
        const ask = (method: string, body: string): string =>
          `${method} / HTTP/1.1\r\nHost: ${EDGE_HOST}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
        let text = '';
        socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
        for (const [method, body] of [
          ['POST', 'hello'],
          ['GET', ''],
        ] as const) {
          text = '';
          socket.write(ask(method, body));
          while (!text.endsWith('no WebSocket')) await once(socket, 'data');
          expect(text).toMatch(/^HTTP\/1\.1 200 /);
        }
        socket.destroy();
      });
    });
  });

  test('over HTTP/2 none is offered, so that viewers open one over HTTP/1.1 (RFC 8441, 3)', async () => {
    await withEdge(forwarding({}), async (edge) => {
      const session = connectHttp2(`https://${EDGE_HOST}:${edge.httpsPort}`, {
        ca: readFileSync(edge.caFile),
        lookup: (_host, { all }, done) =>
          all === true ? done(null, [{ address: edge.address, family: 4 }]) : done(null, edge.address, 4),
      });
      const [settings] = (await once(session, 'remoteSettings')) as [{ readonly enableConnectProtocol?: boolean }];
      expect(settings.enableConnectProtocol ?? false).toBe(false);
      session.destroy();
    });
  });
});
