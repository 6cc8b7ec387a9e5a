import type { RandomStream } from '../src/engine/index.ts';
import { EDGE_HOST } from './edge-world.ts';

/* Malformed requests, made of requests that real clients send. */

const HOST = `Host: ${EDGE_HOST}`;

/** As curl, Chromium and Node send them; `/N` becomes a path of its own each time. */
const SOUND = [
  `GET /N HTTP/1.1\r\n${HOST}\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n`,
  `GET /N?q=1&r=%20 HTTP/1.1\r\n${HOST}\r\nConnection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: en\r\nCookie: a=b; c=d\r\n\r\n`,
  `GET /kept/N HTTP/1.1\r\n${HOST}\r\nRange: bytes=0-2\r\nIf-None-Match: "x"\r\n\r\n`,
  `HEAD /N HTTP/1.1\r\n${HOST}\r\n\r\n`,
  `OPTIONS /N HTTP/1.1\r\n${HOST}\r\nOrigin: https://example.com\r\nAccess-Control-Request-Method: PUT\r\n\r\n`,
  `POST /N HTTP/1.1\r\n${HOST}\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"a":"b c"}`,
  `POST /N HTTP/1.1\r\n${HOST}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n`,
  `PUT /N HTTP/1.1\r\n${HOST}\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi`,
  `POST /N HTTP/1.1\r\n${HOST}\r\nContent-Length: 52\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: ${EDGE_HOST.slice(0, 10)}\r\nX: xxxx\r\n\r\n`,
  `GET http://${EDGE_HOST}/N HTTP/1.1\r\n${HOST}\r\n\r\n`,
  `GET /N HTTP/1.0\r\n${HOST}\r\n\r\n`,
];

/** What tends to be read in two ways. */
const TOKENS = [
  'Content-Length: 5\r\n',
  'Content-Length: 0\r\n',
  'Content-Length: +5\r\n',
  'Content-Length:\r\n',
  'Content-Length: 5, 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: identity\r\n',
  'Transfer-Encoding:\tchunked\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Transfer-Encoding: chunked, identity\r\n',
  'Transfer-Encoding: x\r\n chunked\r\n',
  'Host: other.example.com\r\n',
  'Connection: close\r\n',
  'Connection: Host, Content-Length\r\n',
  'Connection: upgrade\r\nUpgrade: h2c\r\n',
  'Expect: 100-continue\r\n',
  ' folded\r\n',
  '\r\n',
  '\n',
  '\r',
  '\0',
  '\x0b',
  '\x80',
  '\xff',
  ':',
  ';',
  ' ',
  '\t',
  '0\r\n\r\n',
  'ffffffff\r\n',
  '-1\r\n',
  '99999999999999999999',
  'GET /smuggled HTTP/1.1\r\n',
  'HTTP/1.1',
  'HTTP/0.9',
  '%00',
  '/../',
  'X'.repeat(9000),
  `${'X: y\r\n'.repeat(3000)}`,
];

/** Mutates by chance: the same stream, the same requests. */
export class HttpMutator {
  private readonly draws: RandomStream;

  constructor(draws: RandomStream) {
    this.draws = draws;
  }

  /** The bytes of one connection. */
  next(n: number): Buffer {
    let text = this.one(SOUND);
    if (this.chance(0.2)) text += this.one(SOUND);
    text = text.replaceAll('/N', `/${n}`);
    const changes = 1 + this.below(4);
    for (let i = 0; i < changes; i++) text = this.changed(text);
    return Buffer.from(text, 'latin1');
  }

  private changed(text: string): string {
    const at = this.below(text.length + 1);
    const before = text.slice(0, at);
    const behind = text.slice(at);
    const lines = text.split('\r\n');
    switch (this.below(9)) {
      case 0:
        return before + this.one(TOKENS) + behind;
      case 1:
        return before + behind.slice(1 + this.below(4));
      case 2:
        return before + String.fromCodePoint(this.below(256)) + behind.slice(1);
      case 3:
        return before;
      case 4: {
        // Between two lines, where headers are.
        lines.splice(1 + this.below(lines.length), 0, this.one(TOKENS).trimEnd());
        return lines.join('\r\n');
      }
      case 5: {
        const line = this.below(lines.length);
        lines.splice(line, 0, lines[line] ?? '');
        return lines.join('\r\n');
      }
      case 6:
        return text.replace(/\d+/, String(this.below(200)));
      case 7:
        return text.replace('\r\n', this.one(['\n', '\r', '\r\r\n', '\n\r\n', '']));
      default:
        return before + this.one(SOUND) + behind;
    }
  }

  private one<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  private chance(share: number): boolean {
    return this.draws.next() < share;
  }

  private below(limit: number): number {
    return Math.floor(this.draws.next() * limit);
  }
}
