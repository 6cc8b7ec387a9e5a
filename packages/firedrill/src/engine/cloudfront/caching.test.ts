import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy } from '../../model/index.ts';
import { cacheControl, changedEdge, header, hybridDistribution, hybridEdge, xCache } from './edge-script.fixture.ts';
import type { Asked, ScriptedEdge } from './edge-script.fixture.ts';

const CACHING: CachePolicy = {
  ...CACHING_DISABLED,
  id: 'caching',
  name: 'caching',
  defaultTtlSeconds: 60,
  maxTtlSeconds: 300,
};
const caching = { cachePolicy: CACHING };

/** Asks once: `status X-Cache`, and where it went if anywhere. */
function look(edge: ScriptedEdge, asked: Asked = {}): string {
  const reply = edge.ask(asked);
  return `${reply.status} ${xCache(reply)} ${edge.takeRoute()}`.trimEnd();
}

describe('hits', () => {
  test('CF 1.2: a hit touches neither origin, however broken both are', () => {
    const edge = hybridEdge(caching);
    expect(look(edge)).toBe('200 Miss primary');
    edge.primary('refused').secondary('refused');
    expect(look(edge)).toBe('200 Hit');
    expect(look(edge.wait(59))).toBe('200 Hit');
  });

  test('CF 1.2, 3.1: at the end of the TTL the origin is asked again', () => {
    const edge = hybridEdge(caching);
    look(edge);
    expect(look(edge.wait(59.999))).toBe('200 Hit');
    expect(look(edge.wait(0.001))).toBe('200 Miss primary');
  });

  test('CF 3.44: Age stands on kept answers, in whole seconds, and on no others', () => {
    const edge = hybridEdge(caching).wait(100);
    expect(header(edge.ask(), 'Age')).toBeUndefined();
    expect(header(edge.ask(), 'Age')).toBe('0');
    expect(header(edge.wait(7.9).ask(), 'Age')).toBe('7');
  });

  test('RFC 9111, 4.2.3: what a cache of the origin has kept for a while is fresh for what is left, and as old as both say', () => {
    const fifty = { status: 200, headers: [['Age', '50'], cacheControl('max-age=60')] } as const; // prettier-ignore
    const edge = hybridEdge(caching).primary(fifty);
    expect(header(edge.ask(), 'Age')).toBe('50');
    expect(header(edge.wait(9).ask(), 'Age')).toBe('59');
    edge.takeRoute();
    expect(look(edge.wait(1))).toBe('200 Miss primary');
    // The minimum TTL counts from when it came (CF 3.2); a default TTL is not the origin's to shorten (CF 3.3).
    const floor = hybridEdge({ cachePolicy: { ...CACHING, minTtlSeconds: 20 } }).primary(fifty);
    floor.ask();
    expect(header(floor.wait(19).ask(), 'Age')).toBe('69');
    const unasked = hybridEdge(caching).primary({ status: 200, headers: [['Age', '50']] });
    look(unasked);
    expect([look(unasked.wait(59)), look(unasked.wait(1))]).toEqual(['200 Hit', '200 Miss primary']);
    // Where nothing is kept, it is passed on.
    expect(header(hybridEdge().primary(fifty).ask(), 'Age')).toBe('50');
  });

  test('CF 3.1: Expires of an answer without a date counts from when it came, and every hit shows that date', () => {
    const edge = hybridEdge(caching)
      .wait(3600)
      .primary({ status: 200, headers: [['Expires', 'Thu, 01 Jan 1970 01:00:20 GMT']] });
    expect([look(edge), look(edge.wait(19)), look(edge.wait(1))]).toEqual([
      '200 Miss primary',
      '200 Hit',
      '200 Miss primary',
    ]);
    const again = hybridEdge(caching).wait(3600);
    expect([header(again.ask(), 'Date'), header(again.wait(30).ask(), 'Date')]).toEqual([
      'Thu, 01 Jan 1970 01:00:00 GMT',
      'Thu, 01 Jan 1970 01:00:00 GMT',
    ]);
  });

  test('CF 3.16: CachingDisabled looks for nothing and keeps nothing', () => {
    const edge = hybridEdge().primary({ status: 200, headers: [cacheControl('max-age=600')] });
    expect([look(edge), look(edge)]).toEqual(['200 Miss primary', '200 Miss primary']);
  });

  test('CF 2.40: an answer whose body breaks off is not kept', () => {
    const edge = hybridEdge(caching);
    edge.bodiesArrive = false;
    look(edge);
    edge.bodiesArrive = true;
    expect(look(edge)).toBe('200 Miss primary');
  });

  test('CF 3.32: an object above 50 GB is an error where answers are kept, and passed on where they are not', () => {
    const large = { status: 200, bodyBytes: 50 * 1024 ** 3 + 1 };
    expect(look(hybridEdge(caching).primary(large))).toBe('502 Error primary');
    expect(look(hybridEdge(caching).primary({ ...large, bodyBytes: 50 * 1024 ** 3 }))).toBe('200 Miss primary');
    expect(look(hybridEdge().primary(large))).toBe('200 Miss primary');
  });

  test('CF 3.20: where Host is in the key, the viewer’s goes to the origin', () => {
    const edge = hybridEdge({ cachePolicy: { ...CACHING, headers: { kind: 'only', names: ['Host', 'Origin'] } } });
    edge.ask();
    expect(edge.seen[0]?.request.host).toBe('dhybrid.cloudfront.net');
  });

  test('CF 3.4: Cache-Control and Pragma of the viewer never force a fetch', () => {
    const edge = hybridEdge(caching);
    look(edge);
    expect(look(edge, { headers: [cacheControl('no-cache'), ['Pragma', 'no-cache']] })).toBe('200 Hit');
  });

  test('CF 3.45: a redirect of the origin is kept and passed on, not followed', () => {
    const edge = hybridEdge(caching).primary({ status: 302, headers: [['Location', 'https://elsewhere.example/']] });
    expect([look(edge), look(edge)]).toEqual(['302 Miss primary', '302 Hit']);
    expect(header(edge.ask(), 'Location')).toBe('https://elsewhere.example/');
  });

  test.each([206, 304])('CF 3.28, 3.30: a %i is no whole object and is not kept as one', (status) => {
    const edge = hybridEdge(caching).primary(status, 200);
    expect([look(edge), look(edge)]).toEqual([`${status} Miss primary`, '200 Miss primary']);
  });

  test('CF 4.12: another edge location has not seen what this one has', () => {
    look(hybridEdge(caching));
    expect(look(hybridEdge(caching))).toBe('200 Miss primary');
  });
});

describe('the cache key', () => {
  test('CF 3.5: another path or another distribution is another entry', () => {
    const edge = hybridEdge(caching);
    look(edge, { target: '/a' });
    expect(look(edge, { target: '/a' })).toBe('200 Hit');
    expect(look(edge, { target: '/A' })).toBe('200 Miss primary');
    expect(look(edge, { target: '/a', host: 'droute53.cloudfront.net' })).toBe('200 Miss primary');
  });

  test('CF 3.5, 3.7: query strings, headers and cookies that no policy lists do not split the entry', () => {
    const edge = hybridEdge(caching);
    look(edge);
    expect(look(edge, { target: '/?a=1', headers: [['Cookie', 'a=1']] })).toBe('200 Hit');
    expect(look(edge, { headers: [['Accept', 'text/html']] })).toBe('200 Hit');
  });

  test('CF 3.6: GET and HEAD share an entry; a HEAD does not fill it', () => {
    const edge = hybridEdge(caching);
    expect(look(edge, { method: 'HEAD' })).toBe('200 Miss primary');
    expect(look(edge)).toBe('200 Miss primary');
    expect(look(edge, { method: 'HEAD' })).toBe('200 Hit');
  });

  test('CF 3.5, 3.6: OPTIONS is kept only where it is a cached method, and apart from GET', () => {
    const edge = hybridEdge(caching);
    look(edge, { method: 'OPTIONS' });
    expect(look(edge, { method: 'OPTIONS' })).toBe('200 Miss primary');
    const cached = hybridEdge({ ...caching, cachedMethods: ['GET', 'HEAD', 'OPTIONS'] });
    look(cached, { method: 'OPTIONS' });
    expect(look(cached, { method: 'OPTIONS' })).toBe('200 Hit');
    expect(look(cached)).toBe('200 Miss primary');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('CF 3.6: an answer to %s is never kept nor taken', (method) => {
    const edge = hybridEdge(caching);
    look(edge);
    expect([look(edge, { method }), look(edge, { method })]).toEqual(['200 Miss primary', '200 Miss primary']);
  });

  test('CF 3.9: names of listed headers are compared without case, values with it, order does not matter', () => {
    const policy: CachePolicy = { ...CACHING, headers: { kind: 'only', names: ['X-One', 'X-Two'] } };
    const edge = hybridEdge({ cachePolicy: policy });
    const first = { headers: [['X-One', 'a'], ['X-Two', 'b']] } as const; // prettier-ignore
    look(edge, first);
    expect(look(edge, { headers: [['x-two', 'b'], ['x-one', 'a']] })).toBe('200 Hit'); // prettier-ignore
    expect(look(edge, { headers: [['X-One', 'A'], ['X-Two', 'b']] })).toBe('200 Miss primary'); // prettier-ignore
  });

  test('CF 3.10: order and case of listed query strings make entries of their own', () => {
    const edge = hybridEdge({ cachePolicy: { ...CACHING, queryStrings: { kind: 'all' } } });
    for (const target of ['/?a=1&b=2', '/?b=2&a=1', '/?A=1&b=2', '/?a=1&b=2&c=3'])
      expect(look(edge, { target })).toBe('200 Miss primary');
    expect(look(edge, { target: '/?a=1&b=2' })).toBe('200 Hit');
  });

  test('CF 3.10: a listed query string name is meant in its own case', () => {
    const edge = hybridEdge({ cachePolicy: { ...CACHING, queryStrings: { kind: 'only', names: ['id'] } } });
    look(edge);
    expect(look(edge, { target: '/?ID=1' })).toBe('200 Hit');
    expect(look(edge, { target: '/?id=1' })).toBe('200 Miss primary');
  });

  test('CF 3.11: listed cookies split the entry, in whatever order they come; names are case-sensitive', () => {
    const edge = hybridEdge({ cachePolicy: { ...CACHING, cookies: { kind: 'only', names: ['a', 'b'] } } });
    const cookie = (value: string): Asked => ({ headers: [['Cookie', value]] });
    look(edge, cookie('a=1; b=2'));
    expect(look(edge, cookie('b=2; a=1; c=3'))).toBe('200 Hit');
    expect(look(edge, cookie('a=2; b=2'))).toBe('200 Miss primary');
    look(edge);
    expect(look(edge, cookie('A=1'))).toBe('200 Hit');
  });

  test('CF 3.11a: in the older settings * and ? of a name of cookies stand for others, in a policy for themselves', () => {
    const legacy = { ...CACHING, forwardsOthers: true, cookies: { kind: 'only', names: ['user_*', 'id?'] } } as const;
    const cookie = (value: string): Asked => ({ headers: [['Cookie', value]] });
    const edge = hybridEdge({ cachePolicy: legacy });
    edge.ask(cookie('other=1; user_7=a; id2=b; id22=c'));
    expect(header(edge.seen[0]?.request ?? { headers: [] }, 'Cookie')).toBe('id2=b; user_7=a');
    edge.takeRoute();
    expect(look(edge, cookie('user_7=a; id2=b'))).toBe('200 Hit');
    expect(look(edge, cookie('user_8=a; id2=b'))).toBe('200 Miss primary');
    const policy = hybridEdge({ cachePolicy: { ...CACHING, cookies: legacy.cookies } });
    policy.ask(cookie('user_7=a'));
    expect(header(policy.seen[0]?.request ?? { headers: [] }, 'Cookie')).toBeUndefined();
  });

  test('CF 3.7: cookies and headers on several lines count all, since the origin gets all of them', () => {
    const cookies = hybridEdge({ cachePolicy: { ...CACHING, cookies: { kind: 'all' } } });
    look(cookies, { headers: [['Cookie', 'a=1'], ['Cookie', 'session=mine']] }); // prettier-ignore
    expect(look(cookies, { headers: [['Cookie', 'a=1'], ['Cookie', 'session=yours']] })).toBe('200 Miss primary'); // prettier-ignore
    expect(look(cookies, { headers: [['Cookie', 'session=yours; a=1']] })).toBe('200 Hit');
    // Of one name the order counts: it is theirs at the origin too.
    look(cookies, { headers: [['Cookie', 'a=1; a=2']] });
    expect(look(cookies, { headers: [['Cookie', 'a=2; a=1']] })).toBe('200 Miss primary');
    const headers = hybridEdge({ cachePolicy: { ...CACHING, headers: { kind: 'only', names: ['X-One'] } } });
    look(headers, { headers: [['X-One', 'a'], ['X-One', 'mine']] }); // prettier-ignore
    expect(look(headers, { headers: [['x-one', 'a'], ['x-one', 'yours']] })).toBe('200 Miss primary'); // prettier-ignore
  });
});

describe('caching and failover', () => {
  test('CF 1.31, 9.5: what the secondary delivered is kept, and served on after the primary recovers', () => {
    const edge = hybridEdge(caching).primary(503, 200).secondary(200);
    expect(look(edge)).toBe('200 Miss primary secondary');
    expect(look(edge)).toBe('200 Hit');
    expect(edge.ask().account.origin).toBe('backup-api');
    expect(look(edge.wait(60))).toBe('200 Miss primary');
  });

  test('CF 1.31: the TTL is that of the origin that delivered', () => {
    const edge = hybridEdge(caching)
      .primary({ status: 503, headers: [cacheControl('max-age=200')] })
      .secondary({ status: 200, headers: [cacheControl('max-age=20')] });
    look(edge);
    expect(look(edge.wait(19))).toBe('200 Hit');
    expect(look(edge.wait(1))).toBe('200 Miss primary secondary');
  });

  test('CF 1.31, 9.5: the failed answer of the primary is not kept when the secondary fails otherwise', () => {
    const edge = hybridEdge(caching).primary(503).secondary(404);
    expect(look(edge)).toBe('404 Error primary secondary');
    expect(look(edge)).toBe('404 Error');
  });
});

describe('error caching', () => {
  test('CF 2.1, 2.2: an error is answered from the cache for 10 s', () => {
    const edge = hybridEdge({ ...caching, statusCodes: [] }).primary(503, 200);
    expect(look(edge)).toBe('503 Error primary');
    expect(look(edge.wait(9))).toBe('503 Error');
    expect(look(edge.wait(1))).toBe('200 Miss primary');
  });

  test('CF 2.1, 9.4: so is an error that CloudFront made itself', () => {
    const edge = hybridEdge({ ...caching, statusCodes: [] }).primary('refused');
    expect(look(edge)).toBe('502 Error primary primary primary');
    edge.primary(200);
    expect(look(edge.wait(9))).toBe('502 Error');
    expect(look(edge.wait(1))).toBe('200 Miss primary');
  });

  test('CF 2.1, 1.29: the error caching minimum TTL is that of the status', () => {
    const edge = changedEdge(
      { customErrorResponses: [{ errorCode: 404, errorCachingMinTtlSeconds: 0 }] },
      { ...caching, statusCodes: [] },
    ).primary(404, 500, 200);
    expect([look(edge), look(edge), look(edge)]).toEqual(['404 Error primary', '500 Error primary', '500 Error']);
  });

  test('CF 2.6: with CachingDisabled no error is kept', () => {
    const edge = hybridEdge({ statusCodes: [] }).primary(503, 'tls', 200);
    expect([look(edge), look(edge), look(edge)]).toEqual([
      '503 Error primary',
      '502 Error primary',
      '200 Miss primary',
    ]);
  });
});

describe('stale answers', () => {
  test.each([500, 502, 503, 504, 'refused', 'silent', 'hang', 'reset', 'tls'] as const)(
    'CF 2.7, 2.8, 9.4: after %s of both origins the stale copy is served, and for 10 s more without asking',
    (deed) => {
      const edge = hybridEdge(caching);
      look(edge);
      edge.wait(61).primary(deed).secondary(deed);
      const route = edge.ask();
      expect([route.status, xCache(route)]).toEqual([200, 'Hit']);
      expect(edge.takeRoute()).toMatch(/^primary.* secondary/);
      edge.primary(200);
      expect(look(edge.wait(9))).toBe('200 Hit');
      expect(look(edge.wait(1))).toBe('200 Miss primary');
    },
  );

  test('CF 2.15, 9.4: the secondary comes before the stale copy', () => {
    const edge = hybridEdge(caching);
    look(edge);
    expect(look(edge.wait(61).primary(503).secondary(200))).toBe('200 Miss primary secondary');
  });

  test('CF 2.9: a 4xx goes to the viewer, stale copy or not', () => {
    const edge = hybridEdge(caching);
    look(edge);
    expect(look(edge.wait(61).primary(404))).toBe('404 Error primary');
  });

  test('CF 2.10: nothing stale is served beyond the maximum TTL', () => {
    const edge = hybridEdge({ ...caching, statusCodes: [] });
    look(edge);
    edge.primary(503);
    expect(look(edge.wait(295))).toBe('200 Hit primary');
    expect(look(edge.wait(4))).toBe('200 Hit');
    expect(look(edge.wait(1))).toBe('503 Error primary');
  });

  test('CF 2.10: nor when the maximum TTL ran out while the origin was waited for', () => {
    const edge = hybridEdge({ ...caching, statusCodes: [] });
    look(edge);
    expect(look(edge.wait(250).primary('hang'))).toBe('504 Error primary primary primary');
  });

  test('CF 2.8: a kept error is never served stale', () => {
    const edge = hybridEdge({ ...caching, statusCodes: [] }).primary(503, 'refused');
    look(edge);
    expect(look(edge.wait(10))).toBe('502 Error primary primary primary');
  });
});

test('CF 3.5: two behaviours of one distribution keep their own time', () => {
  const { behaviors } = hybridDistribution(caching);
  const long = behaviors.map((behavior) => ({
    ...behavior,
    pathPattern: '/long/*',
    cachePolicy: { ...CACHING, defaultTtlSeconds: 200 },
  }));
  const edge = changedEdge({ behaviors: [...long, ...behaviors] });
  look(edge, { target: '/long/a' });
  look(edge, { target: '/a' });
  edge.wait(100);
  expect(look(edge, { target: '/long/a' })).toBe('200 Hit');
  expect(look(edge, { target: '/a' })).toBe('200 Miss primary');
});
