import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as plainRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { after, atSeconds } from '../model/index.ts';
import type { Arrival, Body, CodedBody, CutBody, Exchange, Hindrance, Outcome, World } from '../engine/index.ts';
import {
  answering,
  bodyReply,
  CITY,
  EDGE,
  exchangeWith,
  GATEWAY,
  handMadeWorld,
  HOST,
  passOn,
  planUntil,
  requestFor,
  textReply,
  withWorld,
} from '../../test/hand-made-world.ts';
import { KeptBody, StreamedBody } from './bodies.ts';
import type { LocalWorld } from './local-world.ts';
import { KEPT_BODY_BYTES_MAX } from './body-keeper.ts';
import { SpooledBody } from './spooled-body.ts';

interface Wanted {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
  readonly host?: string;
}

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

async function options(
  local: LocalWorld,
  { path = '/', method = 'GET', headers = {}, host = HOST }: Wanted,
): Promise<object> {
  const edge = local.endpoints.find(({ endpoint }) => endpoint === EDGE);
  const ca = await readFile(local.caFile);
  return {
    host: edge?.address,
    port: edge?.httpsPort,
    servername: HOST,
    ca,
    agent: false,
    path,
    method,
    headers: { Host: host, ...headers },
  };
}

async function overHttp1(local: LocalWorld, wanted: Wanted = {}): Promise<Got> {
  const request = secureRequest(await options(local, wanted));
  request.end(wanted.body);
  return await gotFrom(request);
}

async function gotFrom(request: ReturnType<typeof secureRequest>): Promise<Got> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

async function overHttp2(
  local: LocalWorld,
  { path = '/', method = 'GET', headers = {}, body, host = HOST }: Wanted = {},
): Promise<Got> {
  const edge = local.endpoints.find(({ endpoint }) => endpoint === EDGE);
  const session = connectHttp2(`https://${edge?.address ?? ''}:${edge?.httpsPort ?? 0}`, {
    ca: await readFile(local.caFile),
    servername: HOST,
  });
  // It tells of the error a second time; the stream's own is what counts.
  session.on('error', () => undefined);
  try {
    const stream = session.request({ ':path': path, ':method': method, ':authority': host, ...headers });
    stream.end(body);
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { readonly ':status': number }];
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
    return { status: answer[':status'], headers: answer, text };
  } finally {
    session.destroy();
  }
}

const VERSIONS = [
  ['HTTP/1.1', overHttp1],
  ['HTTP/2', overHttp2],
] as const;

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

describe('bodies', () => {
  /** The edge passes on, the gateway sends the request's body back. */
  const echo: Partial<World> = { serve: passOn(({ request }) => bodyReply(request.body ?? { bytes: 0 })) };

  test('128 MB go through an edge and back without ever being held whole', async () => {
    const bytes = 128 * 1024 * 1024;
    const chunk = Buffer.alloc(64 * 1024, 'firedrill');
    await withWorld(handMadeWorld(echo), async (local) => {
      const request = secureRequest(
        await options(local, { method: 'POST', headers: { 'Content-Length': String(bytes) } }),
      );
      const sent = createHash('sha256');
      const received = createHash('sha256');
      const began = process.memoryUsage().arrayBuffers;
      let most = 0;
      const source = Readable.from(
        (function* chunks() {
          for (let left = bytes; left > 0; left -= chunk.length) {
            sent.update(chunk);
            yield chunk;
          }
        })(),
      );
      const response = once(request, 'response') as Promise<[IncomingMessage]>;
      const sending = pipeline(source, request);
      const [answer] = await response;
      expect(answer.headers['content-length']).toBe(String(bytes));
      for await (const part of answer as AsyncIterable<Buffer>) {
        received.update(part);
        most = Math.max(most, process.memoryUsage().arrayBuffers - began);
      }
      await sending;
      expect(received.digest('hex')).toBe(sent.digest('hex'));
      expect(most).toBeLessThan(bytes / 2);
    });
  });

  test('a client that leaves ends what was being fetched for it', async () => {
    const source = new Readable({ read: () => undefined });
    source.push('some');
    const closed = new Promise<void>((resolve) => source.once('close', resolve));
    const world: Partial<World> = {
      serve: answering(() => bodyReply(new StreamedBody(source, 100))),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      const request = secureRequest(await options(local, {}));
      request.on('error', () => undefined);
      request.end();
      await once(request, 'response');
      request.destroy();
      await closed;
      expect(source.destroyed).toBe(true);
    });
  });

  test('answers that a conversation does not pass on are given up', async () => {
    const closed: Promise<void>[] = [];
    const world: Partial<World> = {
      *serve(arrival) {
        if (arrival.to === GATEWAY.address) {
          const endless = new Readable({ read: () => undefined });
          endless.push('some');
          closed.push(new Promise((resolve) => void endless.once('close', resolve)));
          return bodyReply(new StreamedBody(endless, undefined));
        }
        for (let i = 0; i < 2; i++) yield exchangeWith({ to: GATEWAY.address });
        return textReply('neither');
      },
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect((await overHttp1(local)).text).toBe('neither');
      await Promise.all(closed);
      expect(closed).toHaveLength(2);
    });
  });

  test('an edge keeps a body that came whole, a large one on disk, and none that broke off (CF 2.40)', async () => {
    const kept: (Body | 'none')[] = [];
    const bodies: Readable[] = [
      Readable.from([Buffer.from('whole')]),
      Readable.from([Buffer.alloc(KEPT_BODY_BYTES_MAX, 'a'), Buffer.from('b')]),
      Readable.from(
        (function* broken() {
          yield Buffer.from('some');
          throw new Error('gone');
        })(),
      ),
    ];
    const world: Partial<World> = {
      serve: answering(() => {
        const stream = bodies.shift() ?? new PassThrough();
        return { ...bodyReply(new StreamedBody(stream, undefined)), store: (body) => void kept.push(body ?? 'none') };
      }),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect((await overHttp1(local)).text).toBe('whole');
      expect((await overHttp1(local)).text).toHaveLength(KEPT_BODY_BYTES_MAX + 1);
      await expect(overHttp1(local)).rejects.toThrow('aborted');
    });
    await vi.waitFor(() => expect(kept).toHaveLength(3));
    expect(kept[2]).toBe('none');
    const large = kept[1] as SpooledBody;
    expect(large).toBeInstanceOf(SpooledBody);
    for (const read of [large.read(), large.read()]) {
      const content = await buffer(read);
      expect([content.length, content.at(-2), content.at(-1)]).toEqual([KEPT_BODY_BYTES_MAX + 1, 97, 98]);
    }
    expect(kept[0]).toBeInstanceOf(KeptBody);
    expect((kept[0] as KeptBody).content.toString()).toBe('whole');
  });

  test('a large body that breaks off leaves nothing on disk (CF 2.40)', async () => {
    const kept: (Body | 'none')[] = [];
    const world: Partial<World> = {
      serve: answering(() => {
        const broken = Readable.from(
          (function* parts() {
            yield Buffer.alloc(KEPT_BODY_BYTES_MAX + 1);
            throw new Error('gone');
          })(),
        );
        return { ...bodyReply(new StreamedBody(broken, undefined)), store: (body) => void kept.push(body ?? 'none') };
      }),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      await expect(overHttp1(local)).rejects.toThrow('aborted');
    });
    await vi.waitFor(() => expect(kept).toEqual(['none']));
  });

  test.each(['as it comes', 'kept'])('pieces are cut out of a body that is there %s (CF 3.30, 3.31)', async (how) => {
    const content = Buffer.from('0123456789');
    const kept: Body[] = [];
    const world: Partial<World> = {
      serve: answering(() => {
        const chunks = [content.subarray(0, 3), content.subarray(3, 4), content.subarray(4)];
        const of: Body = how === 'kept' ? new KeptBody(content) : new StreamedBody(Readable.from(chunks), 10);
        const pieces = ['<', { first: 1, last: 4 }, '|', { first: 8, last: 9 }, '>'];
        const store = (body: Body | undefined): void => void kept.push(body ?? { bytes: -1 });
        const body: CutBody = { of, pieces, bytes: 9 };
        return { ...bodyReply(body), store };
      }),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect((await overHttp1(local)).text).toBe('<1234|89>');
      expect((await overHttp1(local)).text).toBe('<1234|89>');
    });
    // Of pieces it is the whole that is kept.
    expect(kept.map((body) => (body as KeptBody).content.toString())).toEqual(['0123456789', '0123456789']);
  });

  test.each(['br', 'gzip'] as const)(
    'what CloudFront compresses comes compressed with %s, and is kept so (CF 3.33)',
    async (coding) => {
      const text = 'compressible '.repeat(1000);
      const kept: (Body | undefined)[] = [];
      const bodies: Body[] = [
        new StreamedBody(Readable.from([Buffer.from(text)]), text.length),
        new KeptBody(Buffer.from(text)),
      ];
      const world: Partial<World> = {
        serve: answering(() => {
          const body: CodedBody = { of: bodies.shift() ?? { bytes: 0 }, coding, bytes: undefined };
          return {
            ...bodyReply(body),
            headers: [['Content-Encoding', coding]],
            store: (whole) => void kept.push(whole),
          };
        }),
      };
      await withWorld(handMadeWorld(world), async (local) => {
        await overHttp1(local);
        await overHttp1(local);
        await vi.waitFor(() => expect(kept).toHaveLength(2));
      });
      const decode = coding === 'br' ? brotliDecompressSync : gunzipSync;
      for (const body of kept) {
        expect((body as KeptBody).bytes).toBeLessThan(1000);
        expect(decode((body as KeptBody).content).toString()).toBe(text);
      }
    },
  );

  test('a body that a viewer has already is read all the same, so that it can be kept (CF 3.28)', async () => {
    const kept: (Body | undefined)[] = [];
    const world: Partial<World> = {
      serve: answering(() => {
        const of = new StreamedBody(Readable.from([Buffer.from('whole')]), 5);
        const body: CutBody = { of, pieces: [], bytes: 0 };
        return { ...bodyReply(body), status: 304, store: (whole) => void kept.push(whole) };
      }),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect((await overHttp1(local)).status).toBe(304);
      await vi.waitFor(() => expect(kept).toHaveLength(1));
    });
    expect((kept[0] as KeptBody).content.toString()).toBe('whole');
  });

  test('what an edge keeps can be served again and again', async () => {
    const world: Partial<World> = {
      serve: answering(() => bodyReply(new KeptBody(Buffer.from('kept')))),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect((await overHttp1(local)).text).toBe('kept');
      expect((await overHttp2(local)).text).toBe('kept');
    });
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
      const request = secureRequest(await options(local, {}));
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
