import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnswerHead } from './answer-parser.ts';
import { AnswerParser, HEAD_BYTES_MAX } from './answer-parser.ts';

/** What a parser makes of the bytes of a connection that is closed behind them, cut where `cuts` says. */
function parsed(text: string, { method = 'GET', cuts = [] as readonly number[], closes = true } = {}): string {
  const parser = new AnswerParser();
  const heads: AnswerHead[] = [];
  let body = '';
  let isWhole = false;
  parser.expect(method, {
    head: (head) => void heads.push(head),
    short: (characters) => void (body += characters),
    piece: (bytes) => void (body += bytes.toString('latin1')),
    end: () => (isWhole = true),
  });
  const bytes = Buffer.from(text, 'latin1');
  const places = [0, ...new Set(cuts.map((cut) => cut % (bytes.length + 1))), bytes.length].toSorted((a, b) => a - b);
  const isHttp = places.every((from, i) => parser.write(bytes.subarray(from, places[i + 1])));
  if (isHttp && closes) parser.close();
  const [head] = heads;
  if (!isHttp) return isWhole ? `whole, then no HTTP: ${head?.status} ${body}` : 'no HTTP';
  if (head === undefined) return 'no head';
  return `${head.status} ${head.headers.map((pair) => pair.join('=')).join(',')} "${body}"${isWhole ? '' : ' broken off'}${head.persists ? '' : ' closes'}`;
}

const OK = 'HTTP/1.1 200 OK\r\n';

describe('an answer of another server', () => {
  test.each([
    [`${OK}Content-Length: 5\r\n\r\nhello`, '200 Content-Length=5 "hello"'],
    [`${OK}Content-Length: 0\r\n\r\n`, '200 Content-Length=0 ""'],
    [`${OK}Content-Length:5\r\nX-A: \t b \t\r\nx-a:\r\n\r\nhello`, '200 Content-Length=5,X-A=b,x-a= "hello"'],
    [`${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, '200 Content-Length=5,Content-Length=5 "hello"'],
    [`${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, '200 Transfer-Encoding=chunked "hello"'],
    [
      `${OK}Transfer-Encoding: Chunked\r\n\r\n3;x=y\r\nhel\r\n02\r\nlo\r\n0\r\nX-T: 1\r\nX-U: 2\r\n\r\n`,
      '200 Transfer-Encoding=Chunked "hello"',
    ],
    [`${OK}\r\nuntil it closes`, '200  "until it closes" closes'],
    ['HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi', '200 Content-Length=2 "hi" closes'],
    [`${OK}Connection: close\r\nContent-Length: 2\r\n\r\nhi`, '200 Connection=close,Content-Length=2 "hi" closes'],
    ['HTTP/1.1 204\r\n\r\n', '204  ""'],
    ['HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n', '304 Content-Length=7 ""'],
    [
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      '200 Content-Length=0 ""',
    ],
    [`${OK}Content-Length: 5\r\n\r\nhel`, '200 Content-Length=5 "hel" broken off'],
    [`${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`, '200 Transfer-Encoding=chunked "hello" broken off'],
    ['HTTP/1.1 200', 'no head'],
    ['', 'no head'],
  ])('%j is %s', (text, expected) => expect(parsed(text)).toBe(expected));

  test('to a HEAD has no body, whatever its length says (RFC 9112, 6.3)', () => {
    expect(parsed(`${OK}Content-Length: 5\r\n\r\n`, { method: 'HEAD' })).toBe('200 Content-Length=5 ""');
    expect(parsed(`${OK}Transfer-Encoding: chunked\r\n\r\n`, { method: 'HEAD' })).toBe(
      '200 Transfer-Encoding=chunked ""',
    );
  });

  test.each([
    ['a greeting of another protocol', '220 mail.example.com ESMTP\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['no status', 'HTTP/1.1 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a switch of protocols that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['two lengths', `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`],
    ['a list of lengths', `${OK}Content-Length: 5, 5\r\n\r\nhello`],
    ['a length with a sign', `${OK}Content-Length: +5\r\n\r\nhello`],
    ['a length beside chunks', `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['another coding', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['chunks twice', `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a folded line', `${OK}X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n`],
    ['a space before the colon', `${OK}X-A : b\r\n\r\n`],
    ['a NUL', `${OK}X-A: b\0c\r\n\r\n`],
    ['a bare line feed', `${OK}X-A: b\nX-C: d\r\n\r\n`],
    ['no lines but of bare line feeds', OK.replace('\r\n', '\nContent-Length: 0\n\n')],
    ['a line without colon', `${OK}nothing\r\n\r\n`],
    ['a chunk size that is none', `${OK}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n`],
    ['a chunk size out of bounds', `${OK}Transfer-Encoding: chunked\r\n\r\n100000005\r\nhello\r\n0\r\n\r\n`],
    ['a chunk longer than its size', `${OK}Transfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n`],
    ['a head without end', `${OK}${'X-A: b\r\n'.repeat(HEAD_BYTES_MAX / 8)}`],
    ['trailers without end', `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n${'X-A: b\r\n'.repeat(HEAD_BYTES_MAX / 8)}X`],
  ])('with %s is no HTTP', (_what, text) => expect(parsed(text)).toBe('no HTTP'));

  test('is told from what nobody asked for behind it', () => {
    expect(parsed(`${OK}Content-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n\r\n`)).toBe('whole, then no HTTP: 200 hi');
  });

  test('is the same however it is cut', () => {
    const answers = fc.constantFrom(
      `${OK}Content-Length: 5\r\nX-A: b\r\n\r\nhello`,
      `${OK}Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n02\r\nlo\r\n0\r\nX-T: 1\r\n\r\n`,
      `HTTP/1.1 100 Continue\r\n\r\n${OK}\r\nuntil it closes`,
      `${OK}Transfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n`,
      `${OK}X-A: b\r\n c\r\n\r\n`,
    );
    fc.assert(
      fc.property(answers, fc.array(fc.nat(200), { maxLength: 8 }), (text, cuts) => {
        expect(parsed(text, { cuts })).toBe(parsed(text));
      }),
    );
  });
});
