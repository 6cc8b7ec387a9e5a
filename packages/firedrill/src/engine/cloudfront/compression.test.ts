import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy } from '../../model/index.ts';
import type { CodedBody } from '../conversation.ts';
import { compressed, normalizedEncoding } from './compression.ts';
import type { Asked, ScriptedAnswer, ScriptedEdge } from './edge-script.fixture.ts';
import { cacheControl, changedEdge, header, hybridDistribution, xCache } from './edge-script.fixture.ts';

const BOTH: CachePolicy = {
  ...CACHING_DISABLED,
  id: 'c',
  name: 'c',
  defaultTtlSeconds: 60,
  maxTtlSeconds: 300,
  gzip: true,
  brotli: true,
};
const TEXT: ScriptedAnswer = { status: 200, headers: [['Content-Type', 'text/html; charset=utf-8']], bodyBytes: 1000 };

function edgeWith(policy: Partial<CachePolicy> = {}, compress = true): ScriptedEdge {
  const { behaviors } = hybridDistribution({ cachePolicy: { ...BOTH, ...policy }, statusCodes: [] });
  return changedEdge({ behaviors: behaviors.map((behavior) => ({ ...behavior, compress })) }, { statusCodes: [] });
}

function accepting(value: string, more: Asked = {}): Asked {
  return { ...more, headers: [['Accept-Encoding', value]] };
}

/** The coding of what a viewer gets; `-` when it is as the origin sent it. */
function coding(answer: ScriptedAnswer, value = 'gzip, br', edge = edgeWith()): string {
  const reply = edge.primary(answer).ask(accepting(value));
  expect((reply.body as Partial<CodedBody>).coding).toBe(header(reply, 'Content-Encoding'));
  return header(reply, 'Content-Encoding') ?? '-';
}

describe('Accept-Encoding', () => {
  function check(sent: string | undefined, formats: string, expected: string | undefined): void {
    const encodings = { gzip: formats.includes('gzip'), brotli: formats.includes('br'), compresses: true };
    expect(normalizedEncoding(sent === undefined ? [] : [['Accept-Encoding', sent]], encodings)).toBe(expected);
  }

  test('CF 3.35: is reduced to the formats that viewer and policy both know', () => {
    check('gzip, deflate, br, zstd', 'gzip br', 'br,gzip');
    check('br', 'gzip br', 'br');
    check('gzip', 'gzip br', 'gzip');
    check('br, gzip', 'gzip', 'gzip');
    check('deflate', 'gzip br', 'identity');
    check('br', 'gzip', 'identity');
    check(undefined, 'gzip br', undefined);
  });

  test('RFC 9110, 12.5.3: a weight of 0 is a no, a * stands for the rest (CF 3.35)', () => {
    check('gzip;q=0, br;q=0.5', 'gzip br', 'br');
    check('*', 'gzip br', 'br,gzip');
    check('*, br;q=0', 'gzip br', 'gzip');
  });

  test('CF 3.35, 3.14: so it goes to the origin, and into the key', () => {
    const edge = edgeWith().primary(TEXT);
    edge.ask(accepting('gzip, deflate, br'));
    const { headers } = edge.seen[0]?.request ?? { headers: [] };
    expect(headers.filter(([name]) => name === 'Accept-Encoding')).toEqual([['Accept-Encoding', 'br,gzip']]);
    expect(xCache(edge.ask(accepting('br, gzip')))).toBe('Hit');
    expect(xCache(edge.ask(accepting('gzip')))).toBe('Miss');
    expect(xCache(edge.ask())).toBe('Miss');
    expect(header({ headers: edge.seen.at(-1)?.request.headers ?? [] }, 'Accept-Encoding')).toBeUndefined();
  });

  test('CF 3.15, 3.35: without formats in the policy it splits no entry and is not sent', () => {
    const edge = edgeWith({ gzip: false, brotli: false }).primary(TEXT);
    edge.ask(accepting('gzip'));
    expect(header({ headers: edge.seen[0]?.request.headers ?? [] }, 'Accept-Encoding')).toBeUndefined();
    expect(xCache(edge.ask(accepting('br')))).toBe('Hit');
  });
});

describe('what CloudFront compresses', () => {
  test('CF 3.33: with both formats to choose from it takes Brotli, else what there is', () => {
    expect(coding(TEXT)).toBe('br');
    expect(coding(TEXT, 'gzip')).toBe('gzip');
    expect(coding(TEXT, 'deflate')).toBe('-');
    expect(coding(TEXT, 'br, gzip', edgeWith({ brotli: false }))).toBe('gzip');
    expect(coding(TEXT, 'br', edgeWith({ brotli: false }))).toBe('-');
  });

  test('CF 3.33: only where the behaviour says so, and answers are kept', () => {
    expect(coding(TEXT, 'br', edgeWith({}, false))).toBe('-');
    expect(coding(TEXT, 'br', edgeWith({ defaultTtlSeconds: 0, maxTtlSeconds: 0 }))).toBe('-');
  });

  test.each([999, 1000, 10_000_000, 10_000_001])(
    'CF 3.33: an answer of %i bytes, from 1,000 to 10,000,000',
    (bodyBytes) => {
      expect(coding({ ...TEXT, bodyBytes })).toBe(bodyBytes >= 1000 && bodyBytes <= 10_000_000 ? 'br' : '-');
    },
  );

  test.each([200, 403, 404, 201, 301, 500, 410])('CF 3.33: a %i, of 200, 403 and 404 only', (status) => {
    expect(coding({ ...TEXT, status })).toBe([200, 403, 404].includes(status) ? 'br' : '-');
  });

  test.each([
    ['application/json', 'br'],
    ['APPLICATION/JavaScript', 'br'],
    ['image/svg+xml', 'br'],
    ['image/png', '-'],
    ['application/octet-stream', '-'],
  ])('CF 3.33: %s', (type, expected) => {
    expect(coding({ ...TEXT, headers: [['Content-Type', type]] })).toBe(expected);
  });

  test('CF 3.33: not what has no type, and not what the origin has encoded', () => {
    expect(coding({ ...TEXT, headers: [] })).toBe('-');
    const encoded = edgeWith().primary({
      ...TEXT,
      headers: [...(TEXT.headers ?? []), ['Content-Encoding', 'deflate']],
    });
    const reply = encoded.ask(accepting('br'));
    expect([header(reply, 'Content-Encoding'), 'coding' in reply.body]).toEqual(['deflate', false]);
  });

  test('CF 3.33: nothing for HTTP/1.0', () => {
    expect(
      'coding' in
        edgeWith()
          .primary(TEXT)
          .ask({ ...accepting('br'), httpVersion: '1.0' }).body,
    ).toBe(false);
  });

  test('CF 3.34: a strong tag becomes weak, a weak one stays, a malformed one goes', () => {
    const tagged = (etag: string): string | undefined => {
      const body = { bytes: 2000 };
      const headers = [['Content-Type', 'text/css'], ['ETag', etag]] as const; // prettier-ignore
      const answer = { kind: 'answered', status: 200, headers, body, firstByteAt: 0, account: undefined } as never;
      return header(compressed(answer, 'br'), 'ETag');
    };
    expect([tagged('"a"'), tagged('W/"a"'), tagged('a')]).toEqual(['W/"a"', 'W/"a"', undefined]);
  });

  test('CF 3.33: hits are as compressed as what was kept, and take less room', () => {
    const edge = edgeWith().primary({
      ...TEXT,
      headers: [...(TEXT.headers ?? []), ['ETag', '"a"'], cacheControl('max-age=5')],
    });
    edge.ask(accepting('br'));
    const hit = edge.ask(accepting('br'));
    expect([xCache(hit), header(hit, 'Content-Encoding'), header(hit, 'Vary'), hit.body.bytes]).toEqual([
      'Hit',
      'br',
      'Accept-Encoding',
      300,
    ]);
    expect(edge.ask({ headers: [['Accept-Encoding', 'br'], ['If-None-Match', 'W/"a"']] }).status).toBe(304); // prettier-ignore
  });
});

test('CF 3.28, 3.34: what was compressed has its weak tag, and differs by Accept-Encoding, after a 304 too', () => {
  const headers = [...(TEXT.headers ?? []), ['ETag', '"a"'] as const];
  const refreshed = { status: 304, headers: [['ETag', '"a"'], ['Vary', 'Origin'], cacheControl('max-age=5')] } as const; // prettier-ignore
  const edge = edgeWith({ headers: { kind: 'only', names: ['Origin'] } }).primary({ ...TEXT, headers }, refreshed);
  const told = (): readonly unknown[] => {
    const reply = edge.ask(accepting('gzip'));
    const vary = reply.headers.filter(([name]) => name === 'Vary').map(([, value]) => value);
    return [xCache(reply), header(reply, 'ETag'), header(reply, 'Content-Encoding'), vary.join()];
  };
  expect(told()).toEqual(['Miss', 'W/"a"', 'gzip', 'Accept-Encoding']);
  edge.wait(60);
  expect(told()).toEqual(['RefreshHit', 'W/"a"', 'gzip', 'Origin,Accept-Encoding']);
  expect(told()).toEqual(['Hit', 'W/"a"', 'gzip', 'Origin,Accept-Encoding']);
});

test('CF 3.33: an origin that says already what its answer varies by is not repeated', () => {
  const headers = [...(TEXT.headers ?? []), ['Vary', 'Cookie, accept-encoding'] as const];
  const reply = edgeWith()
    .primary({ ...TEXT, headers })
    .ask(accepting('gzip'));
  expect(reply.headers.filter(([name]) => name === 'Vary')).toEqual([['Vary', 'Cookie, accept-encoding']]);
});
