import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CacheBehavior, CachePolicy, Origin, OriginRequestPolicy, Selection } from '../../model/index.ts';
import type { Header } from '../conversation.ts';
import type { Asked, ScriptedEdge, Seen } from './edge-script.fixture.ts';
import {
  changedEdge,
  header,
  hybridDistribution,
  hybridEdge,
  PRIMARY_NAME,
  SECONDARY_NAME,
} from './edge-script.fixture.ts';

const NONE: Selection = { kind: 'none' };
const ALL: Selection = { kind: 'all' };

function only(...names: readonly string[]): Selection {
  return { kind: 'only', names };
}

function requestPolicy(more: Partial<OriginRequestPolicy>): OriginRequestPolicy {
  return { id: 'own', name: 'own', headers: NONE, cookies: NONE, queryStrings: NONE, ...more };
}

function cachePolicy(more: Partial<CachePolicy>): CachePolicy {
  return { ...CACHING_DISABLED, ...more };
}

/** The hybrid distribution with another default behaviour. */
function edgeWith(behavior: Partial<CacheBehavior>): ScriptedEdge {
  const { behaviors } = hybridDistribution();
  return changedEdge({ behaviors: behaviors.map((before) => ({ ...before, ...behavior })) });
}

/** The hybrid distribution with something of both origins changed. */
function edgeWithOrigin(origin: Partial<Origin>): ScriptedEdge {
  return hybridEdge({ origin });
}

/** What the first origin sees of a request. */
function seenOf(edge: ScriptedEdge, asked: Asked = {}): Seen {
  edge.ask(asked);
  const [seen] = edge.seen.splice(0);
  if (seen === undefined) throw new Error('no exchange took place');
  return seen;
}

/** Names of the headers that the origin gets, in lower case, without those that are always added. */
function namesOf(edge: ScriptedEdge, headers: readonly Header[], asked: Asked = {}): string {
  const always = new Set(['user-agent', 'x-amz-cf-id', 'via', 'x-forwarded-for']);
  return seenOf(edge, { ...asked, headers })
    .request.headers.map(([name]) => name.toLowerCase())
    .filter((name) => !always.has(name))
    .toSorted()
    .join(' ');
}

describe('the host', () => {
  test("CF 3.38: it is the origin's domain name unless Host is listed in a policy", () => {
    expect(seenOf(hybridEdge()).request.host).toBe(PRIMARY_NAME);
    const host = 'dhybrid.cloudfront.net';
    expect(seenOf(edgeWith({ cachePolicy: cachePolicy({ headers: only('Host') }) })).request.host).toBe(host);
    expect(seenOf(edgeWith({ originRequestPolicy: requestPolicy({ headers: only('host') }) })).request.host).toBe(host);
    expect(seenOf(edgeWith({ originRequestPolicy: requestPolicy({ headers: ALL }) })).request.host).toBe(host);
    const allButHost = requestPolicy({ headers: { kind: 'except', names: ['Host'] } });
    expect(seenOf(edgeWith({ originRequestPolicy: allButHost })).request.host).toBe(PRIMARY_NAME);
  });

  test('CF 4.20: server name and certificate follow the Host that is used', () => {
    expect(seenOf(hybridEdge()).exchange.tls).toEqual({ serverName: PRIMARY_NAME, verifyNames: [PRIMARY_NAME] });
    expect(seenOf(edgeWith({ originRequestPolicy: requestPolicy({ headers: ALL }) })).exchange.tls).toEqual({
      serverName: 'dhybrid.cloudfront.net',
      verifyNames: [PRIMARY_NAME, 'dhybrid.cloudfront.net'],
    });
  });

  test('CF 1.33: both members of a group get the same headers, a forwarded Host among them', () => {
    const edge = edgeWith({ originRequestPolicy: requestPolicy({ headers: only('Host', 'X-One') }) }).primary(503);
    edge.ask({ headers: [['X-One', '1']] });
    expect(edge.seen.map(({ request }) => [request.host, header(request, 'X-One')])).toEqual([
      ['dhybrid.cloudfront.net', '1'],
      ['dhybrid.cloudfront.net', '1'],
    ]);
  });
});

describe('each member of a group', () => {
  test('CF 1.32, 4.9: has its own host and origin path; method, path and query are the same', () => {
    const edge = edgeWith({ originRequestPolicy: requestPolicy({ queryStrings: ALL }) }).primary(503);
    edge.ask({ method: 'HEAD', target: '/orders?page=2' });
    expect(edge.seen.map(({ request: { method, host, target } }) => `${method} ${host} ${target}`)).toEqual([
      `HEAD ${PRIMARY_NAME} /orders?page=2`,
      `HEAD ${SECONDARY_NAME} /prod/orders?page=2`,
    ]);
  });

  test('CF 1.32: has its own headers, protocol, ports and timeouts', () => {
    const { origins } = hybridDistribution();
    const [first, second] = origins;
    if (first === undefined || second === undefined) throw new Error('the hybrid distribution has two origins');
    const plain: Origin = {
      ...second,
      customHeaders: { 'X-Member': 'second' },
      protocolPolicy: 'http-only',
      httpPort: 8080,
      connectionTimeoutSeconds: 2,
      responseTimeoutSeconds: 7,
    };
    const edge = changedEdge({ origins: [{ ...first, customHeaders: { 'X-Member': 'first' } }, plain] }).primary(503);
    edge.ask();
    const told = edge.seen.map(({ request, exchange: { port, tls, connectTimeoutMs, responseTimeoutMs } }) => [
      header(request, 'X-Member'),
      port,
      tls !== undefined,
      connectTimeoutMs,
      responseTimeoutMs,
    ]);
    expect(told).toEqual([
      ['first', 443, true, 10_000, 30_000],
      ['second', 8080, false, 2000, 7000],
    ]);
  });

  test('CF 4.10: match-viewer takes the protocol of the viewer', () => {
    const matching = { protocolPolicy: 'match-viewer', httpPort: 81, httpsPort: 444 } as const;
    const { behaviors } = hybridDistribution();
    const open = behaviors.map((behavior) => ({ ...behavior, viewerProtocolPolicy: 'allow-all' }) as const);
    const edge = changedEdge({ behaviors: open }, { origin: matching });
    expect(seenOf(edge, { tls: true }).exchange).toMatchObject({ port: 444 });
    expect(seenOf(edge, { tls: false }).exchange).toMatchObject({ port: 81, tls: undefined });
  });
});

describe('headers that are always set', () => {
  test('CF 3.39: Via, X-Amz-Cf-Id, X-Forwarded-For and User-Agent', () => {
    const { request } = seenOf(hybridEdge(), { headers: [['User-Agent', 'curl/8']] });
    expect(header(request, 'Via')).toBe('1.1 ehybrid.cloudfront.net (CloudFront)');
    expect(header(request, 'X-Amz-Cf-Id')).toHaveLength(56);
    expect(header(request, 'X-Forwarded-For')).toBe('127.84.0.1');
    expect(header(request, 'User-Agent')).toBe('Amazon CloudFront');
  });

  test.each(['1.0', '1.1', '2.0'] as const)(
    'CF 3.39: Via tells the origin that the viewer speaks HTTP/%s',
    (httpVersion) => {
      const { request } = seenOf(hybridEdge(), { httpVersion });
      expect(header(request, 'Via')).toBe(`${httpVersion} ehybrid.cloudfront.net (CloudFront)`);
    },
  );

  test('CF 3.39: a listed User-Agent stays that of the viewer', () => {
    const edge = edgeWith({ originRequestPolicy: requestPolicy({ headers: only('User-Agent') }) });
    const { request } = seenOf(edge, { headers: [['User-Agent', 'curl/8']] });
    expect(request.headers.filter(([name]) => name === 'User-Agent')).toEqual([['User-Agent', 'curl/8']]);
  });

  test("CF 3.39: the viewer's address is appended to the X-Forwarded-For that it sent", () => {
    const { request } = seenOf(hybridEdge(), { headers: [['x-forwarded-for', '198.51.100.7']] });
    expect(header(request, 'X-Forwarded-For')).toBe('198.51.100.7, 127.84.0.1');
  });

  test('CF 3.39: copies of the viewer are replaced even where every header is forwarded', () => {
    const edge = edgeWith({ originRequestPolicy: requestPolicy({ headers: ALL }) });
    const sent: Header[] = [
      ['Via', '1.0 elsewhere'],
      ['X-Amz-Cf-Id', 'forged'],
      ['X-Forwarded-For', '198.51.100.7'],
    ];
    const { request } = seenOf(edge, { headers: sent });
    for (const name of ['via', 'x-amz-cf-id', 'x-forwarded-for'])
      expect(request.headers.filter((one) => one[0].toLowerCase() === name)).toHaveLength(1);
    expect(header(request, 'X-Amz-Cf-Id')).not.toBe('forged');
  });

  test('CF 3.39: the id is the same at every attempt, in the answer, and new for every request', () => {
    const edge = hybridEdge().primary(503);
    const first = edge.ask();
    const ids = edge.seen.map(({ request }) => header(request, 'X-Amz-Cf-Id'));
    expect(new Set([...ids, header(first, 'X-Amz-Cf-Id')]).size).toBe(1);
    expect(header(edge.ask(), 'X-Amz-Cf-Id')).not.toBe(ids[0]);
  });
});

describe('headers of the viewer', () => {
  const sent: Header[] = [
    ['Accept', '*/*'],
    ['Accept-Language', 'en'],
    ['Authorization', 'Bearer x'],
    ['Cookie', 'a=1'],
    ['Referer', 'https://example.com/'],
    ['X-One', '1'],
  ];
  const neverSent: Header[] = [
    ['Connection', 'close'],
    ['Expect', '100-continue'],
    ['Proxy-Authorization', 'x'],
    ['Proxy-Anything', 'x'],
    ['TE', 'trailers'],
    ['Trailer', 'X'],
    ['Upgrade', 'h2c'],
    ['X-Edge-Anything', 'x'],
    ['X-Forwarded-Proto', 'http'],
    ['X-Real-IP', '198.51.100.7'],
  ];

  test('CF 3.40, 3.41: with policies nothing passes but what one of them lists', () => {
    expect(namesOf(hybridEdge(), sent)).toBe('');
    expect(namesOf(edgeWith({ cachePolicy: cachePolicy({ headers: only('authorization') }) }), sent)).toBe(
      'authorization',
    );
    expect(namesOf(edgeWith({ originRequestPolicy: requestPolicy({ headers: only('X-ONE') }) }), sent)).toBe('x-one');
  });

  test('CF 3.8: an allow-list of one policy wins over a block-list of the other', () => {
    const blocking = requestPolicy({ headers: { kind: 'except', names: ['Authorization', 'Host'] } });
    const edge = edgeWith({
      cachePolicy: cachePolicy({ headers: only('Authorization') }),
      originRequestPolicy: blocking,
    });
    expect(namesOf(edge, sent)).toBe('accept accept-language authorization referer x-one');
  });

  test('CF 3.40: some are never sent on, even where every header is forwarded', () => {
    expect(namesOf(edgeWith({ originRequestPolicy: requestPolicy({ headers: ALL }) }), neverSent)).toBe('');
  });

  test('CF 3.40: what describes a body goes with it', () => {
    const described: Header[] = [
      ['Content-Type', 'text/plain'],
      ['Content-Length', '2'],
    ];
    expect(namesOf(hybridEdge(), described, { method: 'POST', bodyBytes: 2 })).toBe('content-length content-type');
    expect(namesOf(hybridEdge(), described, { method: 'POST' })).toBe('');
  });

  test.each(['X-One', 'x-one'])("CF 3.42: the origin's own header overwrites the viewer's %s", (name) => {
    const { behaviors, origins } = hybridDistribution();
    const edge = changedEdge({
      behaviors: behaviors.map((before) => ({ ...before, originRequestPolicy: requestPolicy({ headers: ALL }) })),
      origins: origins.map((origin) => ({ ...origin, customHeaders: { 'X-One': 'own' } })),
    });
    const { request } = seenOf(edge, { headers: [[name, 'sent']] });
    expect(request.headers.filter((one) => one[0].toLowerCase() === 'x-one')).toEqual([['X-One', 'own']]);
  });

  test("CF 3.42: the origin's own User-Agent stands alone", () => {
    const { request } = seenOf(edgeWithOrigin({ customHeaders: { 'User-Agent': 'own' } }));
    expect(request.headers.filter(([name]) => name === 'User-Agent')).toEqual([['User-Agent', 'own']]);
  });
});

describe('query strings and cookies', () => {
  const target = '/?a=1&b=2&A=3&c';

  test.each([
    [NONE, undefined, '/'],
    [ALL, undefined, target],
    [only('a'), undefined, '/?a=1'],
    [NONE, only('b', 'c'), '/?b=2&c'],
    [only('a'), only('b'), '/?a=1&b=2'],
    [{ kind: 'except', names: ['a'] }, undefined, '/?b=2&A=3&c'],
  ] as const)('CF 3.7, 3.10: key %j and request policy %j send %s', (key, more, expected) => {
    const edge = edgeWith({
      cachePolicy: cachePolicy({ queryStrings: key }),
      ...(more === undefined ? {} : { originRequestPolicy: requestPolicy({ queryStrings: more }) }),
    });
    expect(seenOf(edge, { target }).request.target).toBe(expected);
  });

  test.each([
    [NONE, undefined, undefined],
    [ALL, undefined, 'A=3; a=1; b=2'],
    [only('a'), undefined, 'a=1'],
    [only('z'), undefined, undefined],
    [NONE, ALL, 'A=3; a=1; b=2'],
    [NONE, only('b'), 'b=2'],
    [only('a'), only('b'), 'a=1; b=2'],
    [NONE, { kind: 'except', names: ['b'] }, 'A=3; a=1'],
  ] as const)('CF 3.7, 3.11: key %j and request policy %j send the cookies %s, by name', (key, more, expected) => {
    const edge = edgeWith({
      cachePolicy: cachePolicy({ cookies: key }),
      ...(more === undefined ? {} : { originRequestPolicy: requestPolicy({ cookies: more }) }),
    });
    const { request } = seenOf(edge, { headers: [['Cookie', 'b=2; a=1; A=3']] });
    expect(header(request, 'Cookie')).toBe(expected);
  });

  test('CF 3.7: cookies are a matter of their own selection, not of the headers', () => {
    const edge = edgeWith({ originRequestPolicy: requestPolicy({ headers: ALL }) });
    expect(header(seenOf(edge, { headers: [['Cookie', 'a=1']] }).request, 'Cookie')).toBeUndefined();
  });

  test('CF 3.11: Set-Cookie reaches the viewer only where cookies are forwarded', () => {
    const answer = { status: 200, headers: [['Set-Cookie', 'a=1']] } as const; // prettier-ignore
    const without = hybridEdge().primary(answer).ask();
    expect(header(without, 'Set-Cookie')).toBeUndefined();
    const forwarding = edgeWith({ originRequestPolicy: requestPolicy({ cookies: ALL }) });
    expect(header(forwarding.primary(answer).ask(), 'Set-Cookie')).toBe('a=1');
  });
});
