import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy, CorsHeaders, ResponseHeadersPolicy } from '../../model/index.ts';
import type { Headers } from '../conversation.ts';
import type { Asked, Deed, ScriptedEdge } from './edge-script.fixture.ts';
import { changedEdge, header, hybridDistribution } from './edge-script.fixture.ts';

const CACHING: CachePolicy = { ...CACHING_DISABLED, id: 'caching', defaultTtlSeconds: 60, maxTtlSeconds: 300 };

const CORS: CorsHeaders = {
  allowCredentials: false,
  allowHeaders: ['X-One', 'X-Two'],
  allowMethods: ['GET', 'PUT'],
  allowOrigins: ['*'],
  exposeHeaders: ['X-Seen'],
  maxAgeSeconds: 600,
  overrides: false,
};

function edgeWith(policy: Partial<ResponseHeadersPolicy>, cachePolicy = CACHING_DISABLED): ScriptedEdge {
  const responseHeadersPolicy = { id: 'own', name: 'own', removed: [], added: [], ...policy };
  const { behaviors } = hybridDistribution();
  const cachedMethods = ['GET', 'HEAD'];
  return changedEdge({
    behaviors: behaviors.map((behavior) => ({ ...behavior, cachePolicy, cachedMethods, responseHeadersPolicy })),
  });
}

function answer(headers: Headers): Deed {
  return { status: 200, headers };
}

/** The headers that a policy and the origin speak of, of one answer, as text. */
function seen(edge: ScriptedEdge, names: readonly string[], asked: Asked = {}): string {
  const reply = edge.ask(asked);
  return names
    .flatMap((name) => {
      const value = header(reply, name);
      return value === undefined ? [] : [`${name}: ${value}`];
    })
    .join('; ');
}

describe('what is added', () => {
  const added = [
    { name: 'X-Mine', value: 'policy', overrides: true },
    { name: 'X-Yours', value: 'policy', overrides: false },
  ];
  const names = ['X-Mine', 'X-Yours'];

  test('CF 3.23, 3.25: takes the place of the origin’s only where the policy says so', () => {
    const edge = edgeWith({ added });
    expect(seen(edge, names)).toBe('X-Mine: policy; X-Yours: policy');
    edge.primary(answer([['x-mine', 'origin'], ['x-yours', 'origin']])); // prettier-ignore
    expect(seen(edge, names)).toBe('X-Mine: policy; X-Yours: origin');
    expect(edge.ask().headers.filter(([name]) => name.toLowerCase() === 'x-mine')).toHaveLength(1);
  });

  test('CF 3.25: stands on hits and misses alike, and never in the cache', () => {
    const edge = edgeWith({ added: [{ name: 'Cache-Control', value: 'no-store', overrides: true }] }, CACHING);
    edge.primary(answer([['Cache-Control', 'max-age=60']]), 500);
    expect(seen(edge, ['Cache-Control', 'X-Cache'])).toBe('Cache-Control: no-store; X-Cache: Miss from cloudfront');
    expect(seen(edge.wait(59), ['Cache-Control', 'X-Cache'])).toBe(
      'Cache-Control: no-store; X-Cache: Hit from cloudfront',
    );
  });

  test('CF 3.25: stands on errors that CloudFront makes, too', () => {
    expect(seen(edgeWith({ added }), names, { bodyBytes: 1 })).toBe('X-Mine: policy; X-Yours: policy');
  });
});

describe('what is removed', () => {
  test('CF 3.25: goes first, so that what is also added stays', () => {
    const edge = edgeWith({
      removed: ['x-powered-by', 'X-Both'],
      added: [{ name: 'X-Both', value: 'policy', overrides: false }],
    });
    edge.primary(answer([['X-Powered-By', 'origin'], ['X-Both', 'origin']])); // prettier-ignore
    expect(seen(edge, ['X-Powered-By', 'X-Both'])).toBe('X-Both: policy');
  });

  test('CF 3.25: without the origin’s Server, CloudFront names itself', () => {
    const edge = edgeWith({ removed: ['Server'] }).primary(answer([['Server', 'nginx']]));
    expect(seen(edge, ['Server'])).toBe('Server: CloudFront');
  });
});

describe('CORS', () => {
  const all = ['Origin', 'Credentials', 'Methods', 'Headers'].map((name) => `Access-Control-Allow-${name}`);
  const names = [...all, 'Access-Control-Expose-Headers', 'Access-Control-Max-Age', 'Vary'];
  const from = (origin: string): Asked => ({ headers: [['Origin', origin]] });
  const preflight: Asked = {
    method: 'OPTIONS',
    headers: [['Origin', 'https://a.example'], ['Access-Control-Request-Method', 'PUT']], // prettier-ignore
  };

  test('CF 3.24: headers stand on answers to requests that name an origin; a preflight gets more', () => {
    const edge = edgeWith({ cors: CORS });
    expect(seen(edge, names)).toBe('');
    expect(seen(edge, names, from('https://a.example'))).toBe(
      'Access-Control-Allow-Origin: *; Access-Control-Expose-Headers: X-Seen',
    );
    expect(seen(edge, names, preflight)).toBe(
      'Access-Control-Allow-Origin: *; Access-Control-Allow-Methods: GET, PUT; Access-Control-Allow-Headers: X-One, X-Two; Access-Control-Expose-Headers: X-Seen; Access-Control-Max-Age: 600',
    );
  });

  test('CF 3.24: AWS’s own policy with preflight exposes to preflights only, and allows all seven methods', () => {
    const cors: CorsHeaders = {
      ...CORS,
      allowMethods: ['ALL'],
      allowHeaders: [],
      exposeHeaders: ['*'],
      exposesToPreflightsOnly: true,
    };
    const edge = edgeWith({ cors });
    expect(seen(edge, names, from('https://a.example'))).toBe('Access-Control-Allow-Origin: *');
    expect(seen(edge, names, preflight)).toContain(
      'Methods: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT; Access-Control-Expose-Headers: *',
    );
  });

  test.each([
    ['https://www.example.org', 'https://www.example.org', true],
    ['https://www.example.org', 'http://www.example.org', false],
    ['www.example.org', 'http://www.example.org', true],
    ['*.example.org', 'https://www.example.org', true],
    ['*.example.org', 'https://example.org', false],
    ['https://*.example.org', 'https://a.example.org.evil.com', false],
  ])('an allowed origin %s and a request from %s: %s', (allowed, origin, isAllowed) => {
    const edge = edgeWith({ cors: { ...CORS, allowOrigins: [allowed], exposeHeaders: [] } });
    expect(seen(edge, names, from(origin))).toBe(
      isAllowed ? `Access-Control-Allow-Origin: ${origin}; Vary: Origin` : '',
    );
  });

  test('the origin’s own stays unless the policy overrides it', () => {
    const own = answer([['Access-Control-Allow-Origin', 'https://own.example']]);
    const asked = from('https://a.example');
    expect(seen(edgeWith({ cors: CORS }).primary(own), [...all], asked)).toBe(
      'Access-Control-Allow-Origin: https://own.example',
    );
    expect(seen(edgeWith({ cors: { ...CORS, overrides: true } }).primary(own), [...all], asked)).toBe(
      'Access-Control-Allow-Origin: *',
    );
    const credentials = { ...CORS, allowCredentials: true };
    expect(seen(edgeWith({ cors: credentials }), all, asked)).toContain('Access-Control-Allow-Credentials: true');
  });
});

describe('Server-Timing', () => {
  const full = { serverTiming: { samplingRate: 100 } };
  const timing = (edge: ScriptedEdge, asked: Asked = {}): string | undefined =>
    header(edge.ask(asked), 'Server-Timing');

  test('CF 3.26: a miss tells of the origin and of the way to the viewer, a hit of the layer that held it', () => {
    const edge = edgeWith(full, CACHING).primary({
      status: 200,
      afterMs: 40,
      headers: [['Server-Timing', 'db;dur=3']],
    });
    expect(timing(edge)).toMatch(
      /^cdn-upstream-layer;desc="EDGE",cdn-upstream-dns;dur=0,cdn-upstream-fbl;dur=40,cdn-cache-miss,cdn-pop;desc="DUB50-P1",cdn-rid;desc="[^"]{56}",cdn-downstream-fbl;dur=40,db;dur=3$/,
    );
    expect(timing(edge)).toMatch(
      /^cdn-cache-hit,cdn-pop;desc="DUB50-P1",cdn-rid;desc="[^"]{56}",cdn-hit-layer;desc="EDGE",cdn-downstream-fbl;dur=0$/,
    );
  });

  test('CF 3.26: a share of the answers carries it, and each that is asked for it by Pragma', () => {
    const edge = edgeWith({ serverTiming: { samplingRate: 25 } });
    const count = Array.from({ length: 1000 }, () => timing(edge)).filter((value) => value !== undefined).length;
    expect([count >= 240, count <= 260]).toEqual([true, true]);
    const none = edgeWith({ serverTiming: { samplingRate: 0 } });
    expect(timing(none)).toBeUndefined();
    expect(timing(none, { headers: [['Pragma', 'server-timing']] })).toContain('cdn-cache-miss');
    expect(timing(edgeWith({}), { headers: [['Pragma', 'server-timing']] })).toBeUndefined();
  });
});
