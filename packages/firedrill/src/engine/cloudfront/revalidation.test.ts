import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy } from '../../model/index.ts';
import type { Headers } from '../conversation.ts';
import type { Asked, ScriptedAnswer, ScriptedEdge } from './edge-script.fixture.ts';
import { cacheControl, header, hybridEdge, xCache } from './edge-script.fixture.ts';

const CACHING: CachePolicy = {
  ...CACHING_DISABLED,
  id: 'caching',
  name: 'caching',
  defaultTtlSeconds: 60,
  maxTtlSeconds: 300,
};
const caching = { cachePolicy: CACHING, statusCodes: [503] };
const DATE = 'Sat, 21 Nov 2026 07:00:00 GMT';
const LATER = 'Sat, 21 Nov 2026 07:00:01 GMT';
const TAGGED: ScriptedAnswer = { status: 200, headers: [['ETag', '"a"'], ['Last-Modified', DATE]] }; // prettier-ignore

function look(edge: ScriptedEdge, asked: Asked = {}): string {
  const reply = edge.ask(asked);
  return `${reply.status} ${xCache(reply)} ${edge.takeRoute()}`.trimEnd();
}

/** What the latest request at an origin said of these headers. */
function said(edge: ScriptedEdge, ...names: string[]): string {
  const headers = edge.seen.at(-1)?.request.headers ?? [];
  return names.map((name) => header({ headers }, name) ?? '-').join(' ');
}

describe('asking the origin whether a kept answer still holds', () => {
  test('CF 3.28: what has expired is asked for with If-None-Match and If-Modified-Since', () => {
    const edge = hybridEdge(caching).primary(TAGGED);
    edge.ask();
    expect(said(edge, 'If-None-Match', 'If-Modified-Since')).toBe('- -');
    edge.wait(60).ask();
    expect(said(edge, 'If-None-Match', 'If-Modified-Since')).toBe(`"a" ${DATE}`);
  });

  test('CF 3.28, 2.32: a 304 refreshes it, and the viewer gets the object as RefreshHit', () => {
    const edge = hybridEdge(caching).primary({ ...TAGGED, bodyBytes: 7 }, 304);
    look(edge);
    const reply = edge.wait(60).ask();
    expect([reply.status, xCache(reply), reply.body.bytes, header(reply, 'Age')]).toEqual([200, 'RefreshHit', 7, '0']);
    edge.takeRoute();
    expect(look(edge.wait(59))).toBe('200 Hit');
    expect(look(edge.wait(1))).toBe('200 RefreshHit primary');
  });

  test('CF 3.28: headers of the 304 take the place of those kept, its lifetime among them', () => {
    const headers: Headers = [cacheControl('max-age=10'), ['X-Version', '2'], ['Content-Length', '0']];
    const edge = hybridEdge(caching).primary({ status: 200, headers: [['ETag', '"a"'], ['X-Version', '1']] }, { status: 304, headers }); // prettier-ignore
    edge.ask();
    expect(header(edge.wait(60).ask(), 'X-Version')).toBe('2');
    expect(header(edge.wait(9).ask(), 'Content-Length')).toBeUndefined();
    edge.takeRoute();
    expect(look(edge.wait(1))).toBe('200 RefreshHit primary');
  });

  test('CF 3.28: a 200 replaces what was kept', () => {
    const edge = hybridEdge(caching).primary(TAGGED, { status: 200, headers: [['ETag', '"b"']], bodyBytes: 9 });
    look(edge);
    expect(look(edge.wait(60))).toBe('200 Miss primary');
    expect(edge.ask().body.bytes).toBe(9);
  });

  test('CF 3.28: the secondary is asked with the same validators', () => {
    const edge = hybridEdge(caching).primary(TAGGED, 503).secondary(304);
    look(edge);
    expect(look(edge.wait(60))).toBe('200 RefreshHit primary secondary');
  });

  test('CF 3.28: with nothing to go by, the whole is fetched', () => {
    const edge = hybridEdge(caching).primary(200, 200);
    look(edge);
    edge.wait(60).ask();
    expect(said(edge, 'If-None-Match', 'If-Modified-Since')).toBe('- -');
  });

  test('CF 3.1, 3.28: with max-age=0 each request asks anew, with validators', () => {
    const edge = hybridEdge(caching).primary({ ...TAGGED, headers: [...(TAGGED.headers ?? []), cacheControl('max-age=0')] }, 304); // prettier-ignore
    expect([look(edge), look(edge), look(edge)]).toEqual([
      '200 Miss primary',
      '200 RefreshHit primary',
      '200 RefreshHit primary',
    ]);
  });

  test.each(['Cache-Control: no-store', 'Cache-Control: no-cache', 'Cache-Control: private', 'Vary: *'])(
    'CF 3.2, 3.29: %s with a minimum TTL of 0 is fetched whole each time, without validators',
    (line) => {
      const [name = '', value = ''] = line.split(': ');
      const edge = hybridEdge(caching).primary({ ...TAGGED, headers: [...(TAGGED.headers ?? []), [name, value]] });
      edge.ask();
      edge.ask();
      expect(said(edge, 'If-None-Match', 'If-Modified-Since')).toBe('- -');
      expect(edge.takeRoute()).toBe('primary primary');
    },
  );

  test('CF 3.12: where cookies are forwarded, nobody is asked and nobody told whether something has changed', () => {
    const edge = hybridEdge({ ...caching, cachePolicy: { ...CACHING, cookies: { kind: 'all' } } }).primary(TAGGED);
    edge.ask();
    edge.wait(60).ask();
    expect(said(edge, 'If-None-Match', 'If-Modified-Since')).toBe('- -');
    expect(edge.ask({ headers: [['If-None-Match', '"a"']] }).status).toBe(200);
  });

  test('CF 3.6: a HEAD can refresh what is kept', () => {
    const edge = hybridEdge(caching).primary(TAGGED, 304);
    look(edge);
    expect(look(edge.wait(60), { method: 'HEAD' })).toBe('200 RefreshHit primary');
    expect(look(edge)).toBe('200 Hit');
  });
});

describe('viewers that have a copy of their own', () => {
  const CONDITIONS: readonly (readonly [string, string, number])[] = [
    ['If-None-Match', '"a"', 304],
    ['If-None-Match', 'W/"a"', 304],
    ['If-None-Match', '"b", "a"', 304],
    ['If-None-Match', '*', 304],
    ['If-None-Match', '"b"', 200],
    ['If-Modified-Since', DATE, 304],
    ['If-Modified-Since', LATER, 304],
    ['If-Modified-Since', 'Sat, 21 Nov 2026 06:59:59 GMT', 200],
    ['If-Modified-Since', 'yesterday', 200],
  ];

  test.each(CONDITIONS)('RFC 9110, 13: %s: %s is answered %i from the cache (CF 3.28)', (name, value, status) => {
    const edge = hybridEdge(caching).primary(TAGGED);
    edge.ask();
    edge.takeRoute();
    const reply = edge.ask({ headers: [[name, value]] });
    expect([reply.status, xCache(reply), edge.takeRoute()]).toEqual([status, 'Hit', '']);
    expect(reply.body.bytes).toBe(status === 304 ? 0 : 2);
    expect(header(reply, 'ETag')).toBe('"a"');
  });

  test('RFC 9110, 13.1.3: a tag that differs counts more than a date that does not', () => {
    const edge = hybridEdge(caching).primary(TAGGED);
    edge.ask();
    expect(edge.ask({ headers: [['If-None-Match', '"b"'], ['If-Modified-Since', LATER]] }).status).toBe(200); // prettier-ignore
  });

  test('CF 3.28: what was fetched for a viewer that has it already is kept for others', () => {
    const edge = hybridEdge(caching).primary(TAGGED);
    expect(look(edge, { headers: [['If-None-Match', '"a"']] })).toBe('304 Miss primary');
    const reply = edge.ask();
    expect([reply.status, xCache(reply), reply.body.bytes]).toEqual([200, 'Hit', 2]);
  });
});

test('CF 3.11: no-cache="Set-Cookie" keeps the answer without that header', () => {
  const answer = { status: 200, headers: [cacheControl('no-cache="Set-Cookie, X-Own"'), ['Set-Cookie', 'a=1'], ['X-Own', '1'], ['X-All', '1']] } as const; // prettier-ignore
  const edge = hybridEdge({ ...caching, cachePolicy: { ...CACHING, cookies: { kind: 'all' } } }).primary(answer);
  expect(header(edge.ask(), 'Set-Cookie')).toBe('a=1');
  const hit = edge.ask();
  expect([xCache(hit), header(hit, 'Set-Cookie'), header(hit, 'X-Own'), header(hit, 'X-All')]).toEqual([
    'Hit',
    undefined,
    undefined,
    '1',
  ]);
});

test('CF 3.29: viewers are told of Vary by what the origin can have seen, and by nothing else', () => {
  const vary = { status: 200, headers: [['Vary', 'Accept-Encoding, User-Agent, Cookie, X-Listed']] } as const;
  const edge = hybridEdge({ ...caching, cachePolicy: { ...CACHING, headers: { kind: 'only', names: ['x-listed'] } } });
  expect(header(edge.primary(vary).ask(), 'Vary')).toBe('Accept-Encoding, Cookie, X-Listed');
  expect(
    header(
      hybridEdge(caching)
        .primary({ status: 200, headers: [['Vary', 'User-Agent']] })
        .ask(),
      'Vary',
    ),
  ).toBeUndefined();
  expect(xCache(edge.ask({ headers: [['User-Agent', 'another']] }))).toBe('Hit');
});
