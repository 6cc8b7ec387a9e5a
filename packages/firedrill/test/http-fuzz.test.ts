import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../src/engine/index.ts';
import { AnswerParser } from '../src/live/answer-parser.ts';
import type { EdgeWorld } from './edge-world.ts';
import { EDGE_HOST, FIRST, withEdge } from './edge-world.ts';
import { HttpMutator } from './http-mutator.ts';
import { settles } from './settles.ts';

/*
 * Malformed requests at the edge get CloudFront's answer, or 400 where it publishes none; they crash nothing, leave nothing open, and
 * no origin hears of them. `npm run fuzz:http` sends half a million of them. A seed that fails is printed; HTTP_FUZZ_SEED=… repeats it.
 */

const REQUESTS = Number(process.env['HTTP_FUZZ_REQUESTS'] ?? 3000);
const SEED = process.env['HTTP_FUZZ_SEED'] ?? '1';
const TIME_LIMIT_MS = 600_000 + REQUESTS * 10;
/** Connections at one time. */
const AT_ONCE = 16;

const HOST = `Host: ${EDGE_HOST}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const post = (headers: string, body: string, version = '1.1'): string =>
  `POST /a HTTP/${version}\r\n${HOST}${headers}\r\n${body}`;
const get = (headers: string, target = '/a', host = HOST): string => `GET ${target} HTTP/1.1\r\n${host}${headers}\r\n`;

const NO_REQUEST = [
  ['a length before chunks', post(`Content-Length: 6\r\n${CHUNKED}`, '0\r\n\r\nG')],
  ['chunks before a length', post(`${CHUNKED}Content-Length: 4\r\n`, '5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n')],
  ['two codings', post(`${CHUNKED}Transfer-Encoding: x\r\n`, '0\r\n\r\n')],
  ['a coding behind a space', post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n')],
  ['a coding that nobody knows', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n')],
  ['a coding that does not end in chunks', post('Transfer-Encoding: gzip\r\n', 'abc')],
  ['chunks before HTTP/1.1', post(CHUNKED, '0\r\n\r\n', '1.0')],
  ['two equal lengths', post('Content-Length: 2\r\nContent-Length: 2\r\n', 'hi')],
  ['two lengths', post('Content-Length: 2\r\nContent-Length: 3\r\n', 'hix')],
  ['a list of lengths', post('Content-Length: 2, 2\r\n', 'hi')],
  ['a length with a sign', post('Content-Length: +2\r\n', 'hi')],
  ['a negative length', post('Content-Length: -2\r\n', 'hi')],
  ['a length without bound', post('Content-Length: 99999999999999999999\r\n', 'hi')],
  ['a folded header', get('X-A: b\r\n c\r\n')],
  ['bare line feeds', `GET /a HTTP/1.1\nHost: ${EDGE_HOST}\n\n`],
  ['a bare carriage return', get('X-A: b\rc\r\n')],
  ['NUL in a header', get('X-A: b\0c\r\n')],
  ['NUL in its target', get('', '/a\0b')],
  ['a byte above ASCII in its target', get('', '/a\u00e9')],
  ['a space in its target', get('', '/a b')],
  ['a fragment', get('', '/a#b')],
  ['a target without slash', get('', 'a')],
  ['a target of another scheme', get('', `ftp://${EDGE_HOST}/a`)],
  ['all for its target', get('', '*')],
  ['no Host', get('', '/a', '')],
  ['two Hosts', get('Host: other.example.com\r\n')],
  ['the same Host twice', get(HOST)],
  ['a Host that is none', get('', '/a', `Host: ${EDGE_HOST}/x\r\n`)],
  ['no version', 'GET /a\r\n\r\n'],
  ['version 1.2', `GET /a HTTP/1.2\r\n${HOST}\r\n`],
  ['version 2.0 in words', `GET /a HTTP/2.0\r\n${HOST}\r\n`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['CONNECT', `CONNECT example.com:443 HTTP/1.1\r\n${HOST}\r\n`],
  ['a method that is none', `FOO /a HTTP/1.1\r\n${HOST}\r\n`],
  ['a method in lower case', `get /a HTTP/1.1\r\n${HOST}\r\n`],
  ['a header without name', get(': a\r\n')],
  ['a space in the name of a header', get('X A: a\r\n')],
  ['a TLS handshake on the port of HTTP', '\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003'],
] as const;

/** CloudFront's own answers to what can be read. */
const REFUSED = [
  ['CF 7.2, 2.28: a target of 8,193 characters', get('', `/${'a'.repeat(8192)}`), '413'],
  ['CF 7.2, 2.28: a target of 20,000 characters', get('', `/${'a'.repeat(20_000)}`), '413'],
  ['CF 7.2, 2.28: a head of 33,000 bytes', get(`X-A: ${'a'.repeat(33_000)}\r\n`), '413'],
  ['CF 7.2, 2.28: 10,000 headers', get('X: y\r\n'.repeat(10_000)), '413'],
  ['CF 2.28: a GET with a body', get('Content-Length: 2\r\n').concat('hi'), '403'],
  ['CF 2.28: a method that is not allowed', `TRACE /a HTTP/1.1\r\n${HOST}\r\n`, '403'],
  ['CF 2.28: a Host of nobody', get('', '/a', 'Host: other.example.com\r\n'), '403'],
  ['CF 2.28: an empty Host', get('', '/a', 'Host:\r\n'), '403'],
  ['CF 2.28: no Host before HTTP/1.1', 'GET /a HTTP/1.0\r\n\r\n', '403'],
  ['CF 2.28: the URL of somebody else on its line', get('', 'http://other.example.com/a'), '403'],
] as const;

const ANSWERED = [
  ['CF 7.2: a target of 8,192 characters', get('', `/${'a'.repeat(8191)}`), 1],
  ['CF 7.2: a head of 32,000 bytes', get(`X-A: ${'a'.repeat(32_000)}\r\n`), 1],
  ['2,000 headers', get(Array.from({ length: 2000 }, (_, n) => `X-${n}: y\r\n`).join('')), 1],
  ['HTTP/1.0', `GET /a HTTP/1.0\r\n${HOST}\r\n`, 1],
  ['its own URL on its line', get('', `http://${EDGE_HOST}/a`), 1],
  ['blank lines before it', `\r\n${get('')}`, 1],
  ['another behind it', get('') + get('', '/b'), 2],
  [
    'a request in its body',
    post('Content-Length: 40\r\n', `${'GET /smuggled HTTP/1.1\r\nHost: x.org\r\n'.padEnd(38)}\r\n`),
    1,
  ],
] as const;

describe('a request with', () => {
  test.each(NO_REQUEST)(
    '%s is answered with 400 and the end of the connection, and no origin hears of it',
    async (_what, text) => {
      const { statuses, heard } = await told([text]);
      expect(statuses).toEqual(['400']);
      expect(heard).toEqual([]);
    },
  );

  test.each(REFUSED)(
    '%s is refused with the status that CloudFront gives, and no origin hears of it',
    async (_what, text, status) => {
      const { statuses, heard } = await told([text]);
      expect(statuses).toEqual([status]);
      expect(heard).toEqual([]);
    },
  );

  test.each(ANSWERED)('%s is answered, and the origin hears of it once', async (_what, text, answers) => {
    const { statuses, heard } = await told([text]);
    expect(statuses).toEqual(Array.from({ length: answers }, () => '200'));
    expect(heard).toHaveLength(answers);
    expect(heard.join()).not.toContain('smuggled');
  });

  test('a chunk that is none ends in the middle, and the origin never takes it for whole', async () => {
    const { statuses, whole } = await told([
      post(CHUNKED, 'zz\r\nhi\r\n0\r\n\r\n'),
      post(CHUNKED, '1\r\nhi\r\n0\r\n\r\n'),
      post(CHUNKED, '2;\nhi\r\n0\r\n\r\n'),
    ]);
    expect(statuses).toEqual(['400', '400', '400']);
    expect(whole).toEqual([]);
  });
});

test('CF 2.28, 4.6: over TLS the Host decides; a server name of nobody gets no handshake, a Host of nobody no origin', async () => {
  await withOrigin(async (port, heard) => {
    await withEdge({ origins: { [FIRST]: port } }, async (edge) => {
      const ask = (servername: string, host: string): Promise<string> => overTls(edge, servername, host);
      expect(await ask(EDGE_HOST, EDGE_HOST)).toBe('200');
      expect(await ask(EDGE_HOST, 'other.example.com')).toBe('403');
      expect(await ask('other.example.com', EDGE_HOST)).toBe('no handshake');
      expect(heard.heads).toHaveLength(1);
      // What a head may come to is the same.
      expect(await overTls(edge, EDGE_HOST, `${EDGE_HOST}\r\nX-A: ${'a'.repeat(32_000)}`)).toBe('200');
      expect(await overTls(edge, EDGE_HOST, `${EDGE_HOST}\r\nX-A: ${'a'.repeat(33_000)}`)).toBe('413');
      expect(heard.heads).toHaveLength(2);
    });
  });
});

test('clients that send their heads slowly are answered 408 in the end, and hold up nobody else', async () => {
  await withOrigin(async (port) => {
    await withEdge({ origins: { [FIRST]: port } }, async (edge) => {
      const slow = Array.from({ length: 50 }, () =>
        exchange(edge, `GET /a HTTP/1.1\r\n${HOST}X-Slow: `, { ends: false }),
      );
      expect((await exchange(edge, get(''))).statuses).toEqual(['200']);
      for (const { statuses } of await Promise.all(slow)) expect(statuses).toEqual(['408']);
    });
  });
});

test(
  `${REQUESTS} requests that are changed by chance (seed ${SEED}) crash nothing, leave nothing open, and reach no origin but whole`,
  async () => {
    const mutator = new HttpMutator(createRandom(SEED).stream('test/http-fuzz'));
    await withOrigin(async (port, heard) => {
      await withEdge({ origins: { [FIRST]: port } }, async (edge) => {
        const before = openSockets();
        let n = 0;
        const statuses = new Map<string, number>();
        const client = async (): Promise<void> => {
          while (n < REQUESTS) {
            const bytes = mutator.next((n += 1));
            const answers = await exchange(edge, bytes);
            for (const status of answers.statuses) statuses.set(status, (statuses.get(status) ?? 0) + 1);
            // What is no answer at all, or one of our own mistakes.
            if (!answers.isHttp || answers.statuses.includes('500'))
              expect.fail(`seed ${SEED}, request ${n}: ${bytes.toString('latin1')}`);
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, client));
        const { heads } = heard;
        for (const head of heads) expect(faultOf(head)).toBe('');
        // Each answer took the origin one request at most, each connection at most one that had no answer.
        const answers = [...statuses.values()].reduce((sum, count) => sum + count, 0);
        expect(heads.length).toBeLessThanOrEqual(answers + n);
        expect(heads.length).toBeGreaterThan(n / 20);
        expect(statuses.get('400') ?? 0).toBeGreaterThan(n / 10);
        expect((await exchange(edge, get(''))).statuses).toEqual(['200']);
        expect(await settles(() => openSockets() <= before)).toBe(true);
      });
    });
  },
  TIME_LIMIT_MS,
);

/** Sockets of this process that are connected to anything. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

/** Why a request that an origin got is none; empty for a sound one. */
function faultOf(head: string): string {
  const [line = '', ...headers] = head.split('\r\n');
  if (!/^[A-Z]+ (?:\/[\x21-\x7e]*|\*) HTTP\/1\.1$/.test(line)) return `line ${JSON.stringify(line)}`;
  const names = headers.map((header) =>
    /^([!#$%&'*+.^_`|~\w-]+): [\t\x20-\x7e\x80-\xff]*$/.exec(header)?.[1]?.toLowerCase(),
  );
  if (names.includes(undefined)) return `headers ${JSON.stringify(headers)}`;
  const count = (wanted: string): number => names.filter((name) => name === wanted).length;
  if (count('host') !== 1 || !headers.includes(`Host: ${FIRST}`)) return `host ${JSON.stringify(headers)}`;
  if (count('content-length') + count('transfer-encoding') > 1) return `framing ${JSON.stringify(headers)}`;
  return '';
}

interface Heard {
  /** Heads of all requests that began. */
  readonly heads: string[];
  /** Of those whose body came whole. */
  readonly whole: string[];
}

/** What the edge answers to some connections, each with bytes of its own, and what the origin heard of them. */
async function told(texts: readonly string[]): Promise<{ statuses: string[]; heard: string[]; whole: string[] }> {
  return await withOrigin(async (port, heard) => {
    return await withEdge({ origins: { [FIRST]: port } }, async (edge) => {
      const statuses: string[] = [];
      for (const text of texts) statuses.push(...(await exchange(edge, text)).statuses);
      return { statuses, heard: heard.heads, whole: heard.whole };
    });
  });
}

/** An origin that reads requests strictly and answers each that is whole. */
async function withOrigin<Result>(use: (port: number, heard: Heard) => Promise<Result>): Promise<Result> {
  const heard: Heard = { heads: [], whole: [] };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    let text = '';
    let hasTold = false;
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = text.slice(0, end);
        if (!hasTold) heard.heads.push(head);
        hasTold = true;
        const rest = bodyTaken(head, text.slice(end + 4));
        if (rest === undefined) return;
        heard.whole.push(head);
        hasTold = false;
        text = rest;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${head.startsWith('HEAD ') ? '' : 'ok'}`);
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port, heard);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** What is behind a request's body; undefined while the body is not whole. */
function bodyTaken(head: string, behind: string): string | undefined {
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  if (length !== undefined) return behind.length < Number(length) ? undefined : behind.slice(Number(length));
  if (!/^transfer-encoding: chunked$/im.test(head)) return behind;
  const end = /(?:^|\r\n)0\r\n\r\n/.exec(behind);
  return end === null ? undefined : behind.slice(end.index + end[0].length);
}

interface Answers {
  /** Of all final answers, in order. */
  readonly statuses: readonly string[];
  /** Whether what came was HTTP, as a strict reader sees it. */
  readonly isHttp: boolean;
}

/** Sends bytes on a connection of their own and takes what comes until the edge closes it. */
async function exchange(edge: EdgeWorld, bytes: string | Buffer, { ends = true } = {}): Promise<Answers> {
  return await new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: edge.address, port: edge.httpPort, allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
    socket.once('end', () => socket.end());
    socket.once('close', () => resolve(answersIn(Buffer.concat(chunks), bytes)));
    const content = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    if (ends) socket.end(content);
    else socket.write(content);
  });
}

function answersIn(content: Buffer, request: string | Buffer): Answers {
  const statuses: string[] = [];
  // Bodies of answers to HEAD are not there; whose answer is whose is known by the first request only.
  const isHead = request.toString('latin1').includes('HEAD ');
  const parser = new AnswerParser();
  let isHttp = true;
  const expectNext = (): void =>
    parser.expect('GET', {
      head: ({ status }) => void statuses.push(String(status)),
      short: () => undefined,
      piece: () => undefined,
      end: expectNext,
    });
  if (isHead) {
    statuses.push(
      ...[...content.toString('latin1').matchAll(/HTTP\/1\.1 ([2-5]\d\d)/g)].map(([, status]) => status ?? ''),
    );
  } else {
    expectNext();
    isHttp = parser.write(content);
  }
  return { statuses, isHttp };
}

async function overTls(edge: EdgeWorld, servername: string, host: string): Promise<string> {
  return await new Promise((resolve) => {
    let text = '';
    const ca = readFileSync(edge.caFile);
    const socket = connectTls({
      host: edge.address,
      port: edge.httpsPort,
      servername,
      ca,
      ALPNProtocols: ['http/1.1'],
    });
    socket.once('secureConnect', () => socket.write(`GET /a HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
    socket.on('error', () => resolve('no handshake'));
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.once('close', () => resolve(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'no answer'));
  });
}
