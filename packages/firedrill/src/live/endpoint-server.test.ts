import { once } from 'node:events';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { after, atSeconds, NEVER } from '../model/index.ts';
import type { Arrival, Body, Exchange, Hindrance, Outcome, World } from '../engine/index.ts';
import {
  answering,
  bodyReply,
  CITY,
  EDGE,
  exchangeWith,
  handMadeWorld,
  HOST,
  planUntil,
  requestFor,
  textReply,
  withWorld,
} from '../../test/hand-made-world.ts';
import type { Got } from '../../test/edge-clients.ts';
import { connectionFor, gotFrom, overHttp1, VERSIONS } from '../../test/edge-clients.ts';
import { StreamedBody } from './bodies.ts';
import type { LocalWorld } from './local-world.ts';

/** Answers with what arrived. */
function recording(arrivals: Arrival[]): Partial<World> {
  return {
    serve: answering((arrival) => {
      arrivals.push(arrival);
      return textReply('hello', {
        headers: [
          ['X-Cache', 'Miss'],
          ['Set-Cookie', 'a=1'],
          ['Set-Cookie', 'b=2'],
        ],
      });
    }),
  };
}

describe.each(VERSIONS)('over %s', (_version, send) => {
  test('a request arrives as the contract says, and its answer goes back', async () => {
    const arrivals: Arrival[] = [];
    await withWorld(handMadeWorld(recording(arrivals)), async (local) => {
      const port = local.endpoints[0]?.httpsPort ?? 0;
      const wanted = {
        path: '/a?b=c%20d',
        method: 'PUT',
        headers: { 'X-One': '1', cookie: 'c=1; d=2' },
        body: 'hi',
        host: `WWW.example.com:${port}`,
      };
      const got = await send(local, wanted);
      expect(got).toMatchObject({
        status: 200,
        text: 'hello',
        headers: { 'x-cache': 'Miss', 'set-cookie': ['a=1', 'b=2'] },
      });
      expect(Number(got.headers['content-length'])).toBe(5);
    });
    const [arrival] = arrivals;
    expect(arrival).toMatchObject({ to: EDGE.address, tls: true, serverName: HOST, from: CITY });
    expect(arrival?.request).toMatchObject({ method: 'PUT', target: '/a?b=c%20d', host: HOST });
    const names = arrival?.request.headers.map(([name]) => name.toLowerCase());
    expect(names).not.toContain('host');
    expect(names?.some((name) => name.startsWith(':'))).toBe(false);
    expect(arrival?.request.headers).toContainEqual([expect.stringMatching(/^cookie$/i), 'c=1; d=2']);
    expect(arrival?.request.body).toBeDefined();
  });

  test('RFC 9110, 4.2.3: a host is the same with the port that everybody leaves out', async () => {
    const arrivals: Arrival[] = [];
    await withWorld(handMadeWorld(recording(arrivals)), async (local) => {
      await send(local, { path: '/', host: `${HOST}:443` });
      await send(local, { path: '/', host: `${HOST}:444` });
    });
    expect(arrivals.map(({ request }) => request.host)).toEqual([HOST, `${HOST}:444`]);
  });

  test('a GET has no body, and HEAD, 204 and 304 are answered without one', async () => {
    const bodies: (Body | undefined)[] = [];
    const world: Partial<World> = {
      serve: answering(({ request }) => {
        bodies.push(request.body);
        const status = Number(request.target.slice(1));
        return textReply('hello', { status });
      }),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      for (const wanted of [{ path: '/200', method: 'HEAD' }, { path: '/204' }, { path: '/304' }]) {
        expect(await send(local, wanted)).toMatchObject({ status: Number(wanted.path.slice(1)), text: '' });
      }
      expect((await send(local, { path: '/200' })).text).toBe('hello');
    });
    expect(bodies).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('RFC 9110, 8.6: a HEAD is told the length of what a GET would get, where it is known', async () => {
    const world: Partial<World> = {
      serve: answering(({ request: { target } }) => {
        // An origin has told it, and was asked for no body either.
        if (target === '/by-origin') return textReply('', { headers: [['Content-Length', '7']] });
        return textReply(target === '/unknown' ? '' : 'hello', { status: target === '/304' ? 304 : 200 });
      }),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      const lengthFor = async (path: string): Promise<unknown> =>
        (await send(local, { path, method: 'HEAD' })).headers['content-length'];
      expect(await lengthFor('/')).toBe('5');
      expect(await lengthFor('/by-origin')).toBe('7');
      expect(await lengthFor('/unknown')).toBeUndefined();
      expect(await lengthFor('/304')).toBeUndefined();
    });
  });

  test('headers that no message can carry are left out; the answer is sent', async () => {
    const headers = [
      ['X-Good', 'yes'],
      ['X-Bad', 'a\r\nX-Worse: b'],
      ['X Bad', 'c'],
      ['Transfer-Encoding', 'gzip'],
      ['Connection', 'x-good'],
      ['Content-Length', '99'],
    ] as const;
    await withWorld(
      handMadeWorld({
        serve: answering(() => textReply('hello', { headers })),
      }),
      async (local) => {
        const got = await send(local);
        expect(got).toMatchObject({ status: 200, text: 'hello', headers: { 'x-good': 'yes', 'content-length': '5' } });
        expect(got.headers).not.toHaveProperty('x-bad');
        expect(got.headers).not.toHaveProperty('x-worse');
      },
    );
  });

  test('an answer that breaks off is seen to be broken', async () => {
    const source = new Readable({ read: () => undefined });
    source.push('some');
    const world: Partial<World> = {
      serve: answering(() => bodyReply(new StreamedBody(source, 100))),
    };
    source.once('resume', () => setImmediate(() => source.destroy(new Error('gone'))));
    await withWorld(handMadeWorld(world), async (local) => {
      await expect(send(local)).rejects.toThrow(/aborted|NGHTTP2_INTERNAL_ERROR/);
    });
  });
});

describe('over plain HTTP', () => {
  async function overPlain(local: LocalWorld, host = HOST): Promise<Got> {
    const edge = local.endpoints.find(({ endpoint }) => endpoint === EDGE);
    const request = plainRequest({ host: edge?.address, port: edge?.httpPort, headers: { Host: host }, agent: false });
    request.end();
    return await gotFrom(request);
  }

  test('a request arrives without TLS and server name', async () => {
    const arrivals: Arrival[] = [];
    await withWorld(handMadeWorld(recording(arrivals)), async (local) => {
      expect((await overPlain(local)).status).toBe(200);
    });
    expect(arrivals).toMatchObject([{ tls: false, serverName: undefined, request: { host: HOST } }]);
  });

  test.each(['GET / HTTP/1.1\r\n\r\n', 'nonsense\r\n\r\n', 'GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n'])(
    '%j is answered with 400',
    async (text) => {
      await withWorld(handMadeWorld(), async (local) => {
        const edge = local.endpoints.find(({ endpoint }) => endpoint === EDGE);
        const socket = connect(edge?.httpPort ?? 0, edge?.address ?? '');
        socket.write(Buffer.from(text, 'latin1'));
        const [chunk] = (await once(socket, 'data')) as [Buffer];
        socket.destroy();
        expect(chunk.toString('latin1')).toMatch(/^HTTP\/1\.1 400 /);
      });
    },
  );

  test('a URL on the request line counts more than the Host header (RFC 9112, 3.2.2)', async () => {
    const arrivals: Arrival[] = [];
    await withWorld(handMadeWorld(recording(arrivals)), async (local) => {
      const edge = local.endpoints.find(({ endpoint }) => endpoint === EDGE);
      const request = plainRequest({
        host: edge?.address,
        port: edge?.httpPort,
        path: `http://${HOST}/x?y`,
        headers: { Host: 'other' },
        agent: false,
      });
      request.end();
      await gotFrom(request);
    });
    expect(arrivals).toMatchObject([{ request: { host: HOST, target: '/x?y' } }]);
  });
});

describe('a client from outside meets faults of the network', () => {
  const under = (effect: Hindrance, more: Partial<World> = {}): World =>
    handMadeWorld({ hindrance: () => effect, ...more });

  test.each(['refuse', 'reset', 'tls'] as const)('%s as a connection that is reset', async (kind) => {
    await withWorld(under({ kind }), async (local) => {
      for (const [, send] of VERSIONS)
        await expect(send(local)).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|ERR_HTTP2/) });
    });
  });

  test('slow as an answer that comes later', async () => {
    await withWorld(
      under({ kind: 'slow', delayMs: 3000 }),
      async (local) => {
        local.clock.start();
        const began = local.clock.now();
        expect((await overHttp1(local)).text).toBe('hello');
        expect(local.clock.now() - began).toBeGreaterThanOrEqual(3_000_000);
      },
      { speed: 20 },
    );
  });

  test('a black hole as silence that ends when it is healed', async () => {
    const healedAt = atSeconds(4);
    const fault = {
      name: 'f',
      target: { kind: 'edge', edge: 'DUB' },
      effect: { kind: 'blackhole' },
      from: atSeconds(0),
      until: healedAt,
      share: 1,
    } as const;
    const world = handMadeWorld({
      plan: planUntil(3600, { faults: [fault] }),
      hindrance: (_exchange, now) => (now < healedAt ? fault.effect : undefined),
    });
    await withWorld(
      world,
      async (local) => {
        local.clock.start();
        expect((await overHttp1(local)).text).toBe('hello');
        expect(local.clock.now()).toBeGreaterThanOrEqual(healedAt);
      },
      { speed: 20 },
    );
  });

  test('a black hole that somebody heals in a world without an end, as silence until then', async () => {
    let looks = 0;
    const world = handMadeWorld({
      plan: { ...planUntil(0), end: NEVER },
      hindrance: () => (++looks < 3 ? { kind: 'blackhole' } : undefined),
    });
    await withWorld(
      world,
      async (local) => {
        local.clock.start();
        expect((await overHttp1(local)).text).toBe('hello');
        expect(local.clock.now()).toBeGreaterThanOrEqual(atSeconds(2));
      },
      { speed: 20 },
    );
  });

  test('one that is never healed stays mute until the world closes', async () => {
    const asked: Exchange[] = [];
    const world = under(
      { kind: 'hang' },
      {
        hindrance(exchange) {
          asked.push(exchange);
          return { kind: 'hang' };
        },
      },
    );
    const failed = await withWorld(world, async (local) => {
      const request = secureRequest(await connectionFor(local, {}));
      const error = once(request, 'error');
      request.end();
      while (asked.length === 0) await turn();
      return { error };
    });
    expect((await failed.error)[0]).toMatchObject({ code: 'ECONNRESET' });
    expect(asked[0]).toMatchObject({ to: EDGE.address, port: 443, from: CITY, request: { host: HOST } });
  });

  test('on the way back, as a connection that is reset', async () => {
    await withWorld(handMadeWorld({ returnHindrance: () => ({ kind: 'reset' }) }), async (local) => {
      await expect(overHttp1(local)).rejects.toMatchObject({ code: 'ECONNRESET' });
    });
  });

  test('the world’s own clients have met them already, and do not meet them twice', async () => {
    let asked = 0;
    const outcomes: Outcome[] = [];
    const done = new AbortController();
    const world = handMadeWorld({
      hindrance: () => {
        asked += 1;
        return undefined;
      },
      background: [
        {
          name: 'own',
          *start(moment) {
            outcomes.push(
              (yield exchangeWith({ request: requestFor('/'), until: after(moment.now, 60_000) })) as Outcome,
            );
            done.abort();
          },
        },
      ],
    });
    await withWorld(world, async (local) => await local.run(done.signal));
    expect(outcomes).toMatchObject([{ kind: 'answered', status: 200 }]);
    expect(asked).toBe(1);
  });
});
