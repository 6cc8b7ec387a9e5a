import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { after } from '../model/index.ts';
import type { Arrival, Reply, World } from '../engine/index.ts';
import { answering, bodyReply, EDGE, handMadeWorld, HOST, textReply, withWorld } from '../../test/hand-made-world.ts';
import { KeptBody } from './bodies.ts';
import type { LocalWorld } from './local-world.ts';

const get = (target: string, headers = '', method = 'GET'): string =>
  `${method} ${target} HTTP/1.1\r\nHost: ${HOST}\r\n${headers}\r\n`;
/** A blank line before a request is allowed, and not plain: Node's server reads what follows. */
const PAST_PLAIN = '\r\n';

function connected(local: LocalWorld): Socket {
  const edge = local.endpoints.find(({ endpoint }) => endpoint === EDGE);
  return connect({ host: edge?.address ?? '', port: edge?.httpPort ?? 0, allowHalfOpen: true });
}

/** All that comes back for what is sent, piece by piece, each when the one before has been answered. */
async function told(local: LocalWorld, ...pieces: readonly string[]): Promise<string> {
  const socket = connected(local);
  let text = '';
  socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    if (piece !== pieces.at(-1)) await once(socket, 'data');
  }
  socket.end();
  await once(socket, 'close');
  return text;
}

const bytes = Buffer.alloc(100_000, 'x');
const REPLIES: readonly (readonly [what: string, reply: Reply])[] = [
  ['a text', textReply('hello', { headers: [['X-One', '1']] })],
  ['an empty text', textReply('')],
  ['its own date', textReply('hello', { headers: [['date', 'Sat, 01 Jan 2022 00:00:00 GMT']] })],
  ['no body', textReply('', { status: 204 })],
  ['nothing new', textReply('', { status: 304, headers: [['ETag', '"a"']] })],
  ['a status without a name', textReply('hello', { status: 299 })],
  [
    'headers that cannot be sent',
    textReply('hello', {
      headers: [
        ['X-One', 'a\r\nb'],
        ['X Two', 'b'],
        ['Three', 'c'],
      ],
    }),
  ],
  [
    'framing of its own',
    textReply('hello', {
      headers: [
        ['Content-Length', '99'],
        ['Connection', 'close'],
      ],
    }),
  ],
  [
    'the same header twice',
    textReply('hello', {
      headers: [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ],
    }),
  ],
  ['a long body', bodyReply(new KeptBody(bytes))],
  [
    'a part of a body',
    bodyReply({ bytes: 3, of: new KeptBody(bytes), pieces: [{ first: 1, last: 3 }] } as Reply['body']),
  ],
  ['a compressed body', bodyReply({ bytes: undefined, of: new KeptBody(bytes), coding: 'gzip' } as Reply['body'])],
];

describe.each(['GET', 'HEAD'])('a plain %s', (method) => {
  test.each(REPLIES)('is answered with %s as Node’s server would write it', async (_what, reply) => {
    const arrivals: Arrival[] = [];
    const serve = answering((arrival) => {
      arrivals.push(arrival);
      return reply;
    });
    await withWorld(handMadeWorld({ serve }), async (local) => {
      const request = get('/a?b', 'X-One: 1\r\nx-two:2 \r\nConnection: keep-alive\r\n', method);
      const [plain, others] = [await told(local, request), await told(local, PAST_PLAIN + request)];
      expect(withoutDate(plain)).toBe(withoutDate(others));
      expect(plain).toMatch(/^HTTP\/1\.1 \d{3} [^]*\r\nDate: |date: /i);
      expect(arrivals[0]).toEqual(arrivals[1]);
    });
  });
});

/** The second may have changed between the two. */
function withoutDate(text: string): string {
  return text.replace(/\r\nDate: [^\r]*/, '\r\nDate:');
}

test.each([
  ['plain', ''],
  ['not plain', PAST_PLAIN],
])('a %s request is answered with the date of the world', async (_what, before) => {
  const setting = { beganAtEpochMs: Date.UTC(1994, 10, 6, 8) };
  await withWorld(
    handMadeWorld(echo),
    async (local) => expect(await told(local, before + get('/'))).toContain('\r\nDate: Sun, 06 Nov 1994 '),
    setting,
  );
});

test.each([
  ['without a host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['with two hosts', get('/', `Host: ${HOST}\r\n`), 400],
  ['of no path', get('nowhere'), 400],
  ['of a method that is none', get('/', '', 'NONE'), 400],
  ['to become a tunnel', get('/', '', 'CONNECT'), 400],
  ['with a head that is too long', get('/', `X: ${'x'.repeat(40_000)}\r\n`), 413],
  ['that is too long by its many headers', get('/', 'X:\r\n'.repeat(7000)), 413],
])('a request %s is refused once, with the date of the world', async (_what, request, status) => {
  const setting = { beganAtEpochMs: Date.UTC(1994, 10, 6, 8) };
  await withWorld(
    handMadeWorld(echo),
    async (local) => {
      const text = await told(local, request);
      expect(text.match(/HTTP\/1\.1 \d{3}/g)).toEqual([`HTTP/1.1 ${status}`]);
      expect(text.match(/\r\nDate: [^\d]*06 Nov 1994 /g)).toHaveLength(1);
      expect(text).toContain('\r\nConnection: close\r\n');
    },
    setting,
  );
});

test('CF 3.40: whoever expects what nobody knows of is answered all the same', async () => {
  await withWorld(handMadeWorld(echo), async (local) => {
    expect(await told(local, get('/', 'Expect: 200-ok\r\n'))).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });
});

test('RFC 9110, 4.2.3: the port that goes without saying is no part of the host; others are', async () => {
  const hosts: string[] = [];
  const serve = answering(({ request }) => {
    hosts.push(request.host);
    return textReply('');
  });
  await withWorld(handMadeWorld({ serve }), async (local) => {
    for (const port of ['', ':80', ':8443']) await told(local, get('/').replace(HOST, HOST + port));
  });
  expect(hosts).toEqual([HOST, HOST, `${HOST}:8443`]);
});

const echo: Partial<World> = { serve: answering(({ request }) => textReply(`<${request.method} ${request.target}>`)) };

test.each([
  ['one behind the other', [get('/1'), get('/2'), get('/3')], 3],
  ['all at once', [get('/1') + get('/2') + get('/3')], 3],
  [
    'before one with a body',
    [get('/1'), `POST /2 HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 2\r\n\r\nhi`, get('/3')],
    3,
  ],
  ['in pieces', [get('/1'), get('/2') + get('/3').slice(0, 20), get('/3').slice(20)], 3],
])('requests on one connection, %s, are answered in order', async (_how, pieces, answers) => {
  await withWorld(handMadeWorld(echo), async (local) => {
    const text = await told(local, ...pieces);
    expect([...text.matchAll(/<\w+ \/(\d)>/g)].map(([, n]) => n)).toEqual(['1', '2', '3'].slice(0, answers));
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(answers);
  });
});

test('what is no request behind a plain one is answered with 400 and the end of the connection', async () => {
  await withWorld(handMadeWorld(echo), async (local) => {
    const text = await told(local, get('/1'), 'GET /2 HTTP/1.1\r\nHost : x\r\n\r\n');
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '400']);
  });
});

test('what comes while a request is being answered waits for it', async () => {
  let asked: () => void = () => undefined;
  const slow: World['serve'] = function* serve({ request }, moment) {
    if (request.target === '/1') {
      asked();
      yield { kind: 'pause', until: after(moment.now, 200) };
    }
    return textReply(`<${request.method} ${request.target}>`);
  };
  await withWorld(handMadeWorld({ serve: slow }), async (local) => {
    local.clock.start();
    const socket = connected(local);
    asked = () => void socket.end(get('/2'));
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.write(get('/1'));
    await once(socket, 'close');
    expect([...text.matchAll(/<GET \/(\d)>/g)].map(([, n]) => n)).toEqual(['1', '2']);
  });
});

test('who does not read the answers is not read from, and gets them all in the end', async () => {
  const REQUESTS = 400;
  let served = 0;
  let askNext: () => void = () => undefined;
  const serve = answering(() => {
    served += 1;
    setImmediate(() => askNext());
    return bodyReply(new KeptBody(bytes));
  });
  await withWorld(handMadeWorld({ serve }), async (local) => {
    const socket = connected(local);
    socket.pause();
    askNext = () => void (served < REQUESTS ? socket.write(get('/')) : socket.end());
    askNext();
    // Until nothing has been served for a while.
    for (let before = -1; served > before; await pause(100)) before = served;
    expect(served).toBeLessThan(REQUESTS);
    let received = 0;
    socket.on('data', (chunk: Buffer) => (received += chunk.length));
    socket.resume();
    await once(socket, 'close');
    expect(served).toBe(REQUESTS);
    expect(received).toBeGreaterThan(REQUESTS * bytes.length);
  });
});

/** Passes everything on to a server of this machine. */
function passingTo(port: number): World['serve'] {
  const url = `http://127.0.0.1:${port}`;
  return function* serve({ request }) {
    const outcome = yield { kind: 'forward', url, request };
    return outcome?.kind === 'answered' ? bodyReply(outcome.body, outcome) : textReply('', { status: 502 });
  };
}

test('long bodies that come at the same time are not mixed up, whoever reads slowly or leaves', async () => {
  const LENGTH = 400_000;
  const origin = createHttpServer((request, response) => {
    response.writeHead(200, { 'Content-Length': LENGTH });
    response.end((request.url ?? '').slice(1, 2).repeat(LENGTH));
  });
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  const serve = passingTo((origin.address() as AddressInfo).port);
  await withWorld(handMadeWorld({ serve }), async (local) => {
    const course = async (letter: string, n: number): Promise<void> => {
      if (n % 4 === 0) {
        const leaving = connected(local);
        leaving.write(get(`/${letter}`));
        await once(leaving, 'data');
        leaving.destroy();
      }
      const text = await told(local, get(`/${letter}`));
      expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(letter.repeat(LENGTH));
    };
    const letters = 'abcdefghijklmnop'.split('');
    for (let round = 0; round < 3; round++) await Promise.all(letters.map(course));
  });
  origin.closeAllConnections();
  origin.close();
});

test.each([true, false])(
  'a client that resets its connection in the middle of an answer ends nothing else (TLS: %s)',
  async (isTls) => {
    const asked: (() => void)[] = [];
    const slow: World['serve'] = function* serve({ request }, moment) {
      if (request.target === '/slow') {
        for (const tell of asked.splice(0)) tell();
        yield { kind: 'pause', until: after(moment.now, 100) };
      }
      return bodyReply(new KeptBody(bytes));
    };
    await withWorld(handMadeWorld({ serve: slow }), async (local) => {
      local.clock.start();
      const edge = local.endpoints.find(({ endpoint }) => endpoint === EDGE);
      const [host, port] = [edge?.address ?? '', (isTls ? edge?.httpsPort : edge?.httpPort) ?? 0];
      for (let n = 0; n < 10; n++) {
        const under = connect({ host, port });
        under.on('error', () => undefined);
        const heard = new Promise<void>((resolve) => void asked.push(resolve));
        const client = isTls ? connectTls({ socket: under, servername: HOST, rejectUnauthorized: false }) : under;
        client.on('error', () => undefined);
        client.write(get('/slow'));
        await heard;
        under.resetAndDestroy();
        await once(under, 'close');
      }
      expect(await told(local, get('/'))).toContain('HTTP/1.1 200 OK');
    });
  },
);

test('a body that breaks off ends the connection, so that nobody takes it for whole', async () => {
  const gateway = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n' + 'x'.repeat(100_000));
      setImmediate(() => socket.destroy());
    });
  });
  gateway.listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  const serve = passingTo((gateway.address() as AddressInfo).port);
  await withWorld(handMadeWorld({ serve }), async (local) => {
    const text = await told(local, get('/'));
    expect(text).toContain('Content-Length: 200000');
    expect(text.length).toBeLessThan(200_000);
  });
  gateway.close();
});
