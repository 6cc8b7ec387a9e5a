import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { createRandom } from '../engine/index.ts';
import { HttpMutator } from '../../test/http-mutator.ts';
import { headersOf } from './framing.ts';
import { isMalformed } from './malformed.ts';
import { PLAIN_BYTES_MAX, PlainReader } from './plain-request.ts';

const get = (headers: string, target = '/a', host = 'Host: example.com\r\n'): string =>
  `GET ${target} HTTP/1.1\r\n${host}${headers}\r\n`;

test('a plain request is read as it stands', () => {
  const text = `HEAD /a?b=%20 HTTP/1.1\r\nX-One:  1 \t\r\nHOST: example.com:8080\r\nX-One: \u00a02\u00a0\r\nConnection: Keep-Alive\r\nX-Empty:\r\n\r\n`;
  expect(new PlainReader().read(text)).toEqual({
    method: 'HEAD',
    target: '/a?b=%20',
    host: 'example.com:8080',
    headers: [
      ['X-One', '1'],
      ['X-One', '\u00a02\u00a0'],
      ['Connection', 'Keep-Alive'],
      ['X-Empty', ''],
    ],
  });
});

test.each([
  ['another method', get('').replace('GET', 'POST')],
  ['another version', get('').replace('1.1', '1.0')],
  ['a whole URL', get('', 'http://example.com/a')],
  ['all for its target', get('', '*')],
  ['a fragment', get('', '/a#b')],
  ['a space in its target', get('', '/a b')],
  ['no Host', get('X: y\r\n', '/a', '')],
  ['two Hosts', get('Host: example.com\r\n')],
  ['an empty Host', get('', '/a', 'Host:\r\n')],
  ['a Host that is none', get('', '/a', 'Host: example.com/a\r\n')],
  ['a length', get('Content-Length: 0\r\n')],
  ['a coding', get('Transfer-Encoding: chunked\r\n')],
  ['a wish to upgrade', get('Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n')],
  ['the wish to close', get('Connection: close\r\n')],
  ['an expectation', get('Expect: 100-continue\r\n')],
  ['a folded header', get('X: a\r\n b\r\n')],
  ['a space before a colon', get('X : a\r\n')],
  ['a header without name', get(': a\r\n')],
  ['a header without colon', get('X\r\n')],
  ['a bare line feed', get('X: a\n')],
  ['a bare carriage return', get('X: a\rb\r\n')],
  ['NUL', get('X: a\0b\r\n')],
  ['blank lines before it', `\r\n${get('')}`],
  ['something behind it', `${get('')}x`],
  ['another behind it', get('') + get('')],
  ['no end', get('').slice(0, -1)],
  ['a long head', get(`X: ${'a'.repeat(PLAIN_BYTES_MAX)}\r\n`)],
])('a request with %s is left to Node’s parser', (_what, text) => {
  expect(new PlainReader().read(text)).toBeUndefined();
});

test('what is taken for plain, Node’s parser and its checks read in the same way', async () => {
  const mutator = new HttpMutator(createRandom('plain').stream('test/plain-request'));
  const reader = new PlainReader();
  let taken = 0;
  for (let n = 0; n < 20_000; n++) {
    const bytes = mutator.next(n);
    const plain = reader.read(bytes.toString('latin1'));
    if (plain === undefined) continue;
    taken += 1;
    const request = await asNodeReads(bytes);
    const { method, url = '', headers, rawHeaders } = request;
    const others = headersOf(rawHeaders).filter(([name]) => name.toLowerCase() !== 'host');
    expect({ method, target: url, host: headers.host, headers: others }).toEqual(plain);
    expect(isMalformed(request, url)).toBe(false);
  }
  expect(taken).toBeGreaterThan(500);
});

async function asNodeReads(bytes: Buffer): Promise<IncomingMessage> {
  const server = createServer();
  const connection = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  const read = once(server, 'request');
  server.emit('connection', connection);
  connection.push(bytes);
  const [request] = (await Promise.race([
    read,
    once(server, 'clientError').then(([error]) => Promise.reject(error as Error)),
  ])) as [IncomingMessage];
  connection.destroy();
  return request;
}
