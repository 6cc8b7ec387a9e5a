import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy } from '../../model/index.ts';
import { header, PRIMARY_NAME, SECONDARY_NAME, xCache } from './edge-script.fixture.ts';
import type { Handler } from './lambda-script.fixture.ts';
import { LambdaEdge } from './lambda-script.fixture.ts';

const CACHING: CachePolicy = { ...CACHING_DISABLED, defaultTtlSeconds: 60, maxTtlSeconds: 300 };
const ALL: CachePolicy = {
  ...CACHING,
  headers: { kind: 'only', names: ['x-note'] },
  queryStrings: { kind: 'all' },
  cookies: { kind: 'all' },
};
const caching = { overrides: { cachePolicy: CACHING } };

/** The four functions, each letting everything pass. */
const PASSING = {
  'viewer-request': ({ request }) => request,
  'origin-request': ({ request }) => request,
  'origin-response': ({ response }) => response,
  'viewer-response': ({ response }) => response,
} as const satisfies Record<string, Handler>;

describe('which events there are', () => {
  test('CF 5.1: a miss runs all four in order, a hit those of the viewer', () => {
    const edge = new LambdaEdge(PASSING, caching);
    edge.ask();
    expect(edge.ran).toBe('viewer-request origin-request origin-response viewer-response');
    edge.events.length = 0;
    expect(xCache(edge.ask())).toBe('Hit');
    expect(edge.ran).toBe('viewer-request viewer-response');
  });

  test('CF 5.1, 1.23: on failover the origin functions run for either member, those of the viewer once', () => {
    const edge = new LambdaEdge(PASSING).primary(503);
    expect(edge.ask().status).toBe(200);
    expect(edge.ran).toBe(
      'viewer-request origin-request origin-response origin-request origin-response viewer-response',
    );
  });

  test('CF 1.23: attempts at one origin are one call of its function', () => {
    const edge = new LambdaEdge(PASSING).primary('silent', 'silent', 200);
    edge.ask();
    expect(edge.ran).toBe('viewer-request origin-request origin-response viewer-response');
  });

  test('CF 5.2: an error of the origin reaches the viewer without viewer-response', () => {
    const edge = new LambdaEdge(PASSING, { overrides: { statusCodes: [500] } }).primary(404);
    expect(edge.ask().status).toBe(404);
    expect(edge.ran).toBe('viewer-request origin-request origin-response');
  });

  test('CF 5.2: nor does it run for an answer of viewer-request', () => {
    const edge = new LambdaEdge({ ...PASSING, 'viewer-request': () => ({ status: '200' }) });
    edge.ask();
    expect(edge.ran).toBe('viewer-request');
  });

  test('CF 5.2: a redirect to HTTPS runs none at all', () => {
    const edge = new LambdaEdge(PASSING, {}, { viewerProtocolPolicy: 'redirect-to-https' });
    expect(edge.ask({ tls: false }).status).toBe(301);
    expect(edge.ran).toBe('');
  });

  test('CF 5.3: origin-response is left out for what origin-request has answered; viewer-response is not', () => {
    const edge = new LambdaEdge({ ...PASSING, 'origin-request': () => ({ status: '200' }) });
    edge.ask();
    expect(edge.ran).toBe('viewer-request origin-request viewer-response');
    expect(edge.takeRoute()).toBe('');
  });

  test('CF 1.26: origin-response sees errors of the origin too, and not an origin that gave no answer', () => {
    const edge = new LambdaEdge(PASSING, { overrides: { statusCodes: [500] } }).primary(404, 'reset');
    edge.ask();
    expect(edge.events[2]?.response?.status).toBe('404');
    edge.events.length = 0;
    expect(edge.ask().status).toBe(502);
    expect(edge.ran).toBe('viewer-request origin-request');
  });
});

describe('what functions are given', () => {
  test('CF 5.5: the distribution, the event, and the id that the viewer gets as X-Amz-Cf-Id', () => {
    const edge = new LambdaEdge(PASSING);
    const reply = edge.ask();
    expect(edge.events.map(({ config }) => config)).toEqual(
      ['viewer-request', 'origin-request', 'origin-response', 'viewer-response'].map((eventType) => ({
        distributionDomainName: 'dhybrid.cloudfront.net',
        distributionId: 'EHYBRID',
        eventType,
        requestId: header(reply, 'X-Amz-Cf-Id'),
      })),
    );
  });

  test('CF 5.6: viewer-request has the request as the viewer sent it', () => {
    const edge = new LambdaEdge({ 'viewer-request': PASSING['viewer-request'] });
    edge.ask({
      target: '/a%20b?x=1&y',
      headers: [
        ['User-Agent', 'curl/8'],
        ['x-Note', 'one'],
        ['X-Note', 'two'],
      ],
    });
    expect(edge.events[0]?.request).toEqual({
      clientIp: '127.84.0.1',
      headers: {
        host: [{ key: 'Host', value: 'dhybrid.cloudfront.net' }],
        'user-agent': [{ key: 'User-Agent', value: 'curl/8' }],
        'x-note': [
          { key: 'x-Note', value: 'one' },
          { key: 'X-Note', value: 'two' },
        ],
      },
      method: 'GET',
      querystring: 'x=1&y',
      uri: '/a%20b',
    });
    edge.ask({ target: '/' });
    expect(edge.events[1]?.request).toMatchObject({ uri: '/', querystring: '' });
  });

  test('CF 5.7, 1.24: origin-request has the request as the origin would get it, and the origin, so it can tell members apart', () => {
    const edge = new LambdaEdge({ 'origin-request': PASSING['origin-request'] }).primary(503);
    edge.ask({ target: '/a', headers: [['User-Agent', 'curl/8']] });
    expect(edge.events.map(({ request }) => request)).toMatchObject([
      {
        headers: {
          host: [{ key: 'Host', value: PRIMARY_NAME }],
          'user-agent': [{ key: 'User-Agent', value: 'Amazon CloudFront' }],
          'x-forwarded-for': [{ key: 'X-Forwarded-For', value: '127.84.0.1' }],
          via: [{ key: 'Via', value: '1.1 ehybrid.cloudfront.net (CloudFront)' }],
        },
        uri: '/a',
        origin: {
          custom: {
            customHeaders: {},
            domainName: PRIMARY_NAME,
            keepaliveTimeout: 5,
            path: '',
            port: 443,
            protocol: 'https',
            readTimeout: 30,
            sslProtocols: ['TLSv1', 'TLSv1.1', 'TLSv1.2'],
          },
        },
      },
      { uri: '/a', origin: { custom: { domainName: SECONDARY_NAME, path: '/prod' } } },
    ]);
  });

  test("CF 5.7: the origin's own headers are told with the origin, not with the request", () => {
    const origin = { customHeaders: { 'X-Key': 'secret' } };
    const edge = new LambdaEdge({ 'origin-request': PASSING['origin-request'] }, { overrides: { origin } });
    edge.ask();
    expect(edge.events[0]?.request.headers['x-key']).toBeUndefined();
    expect(edge.events[0]?.request.origin).toMatchObject({
      custom: { customHeaders: { 'x-key': [{ key: 'X-Key', value: 'secret' }] } },
    });
    expect(edge.seen[0]?.request.headers.filter(([name]) => name === 'X-Key')).toEqual([['X-Key', 'secret']]);
  });

  test('CF 5.10: response events have status as text, its name, and headers, never the body of the origin', () => {
    const edge = new LambdaEdge({ 'origin-response': PASSING['origin-response'] }).primary({
      status: 201,
      headers: [
        ['Content-Type', 'text/plain'],
        ['x-amzn-RequestId', 'hidden'],
      ],
    });
    const reply = edge.ask();
    expect(edge.events[0]?.response).toEqual({
      headers: { 'content-type': [{ key: 'Content-Type', value: 'text/plain' }] },
      status: '201',
      statusDescription: 'Created',
    });
    expect(edge.events[0]?.request.origin).toMatchObject({ custom: { domainName: PRIMARY_NAME } });
    // CF 5.14: what functions do not see goes past them.
    expect(header(reply, 'x-amzn-RequestId')).toBe('hidden');
  });

  test('CF 5.17: origin events see the query strings that are forwarded, and no others', () => {
    const none = new LambdaEdge({ 'origin-request': PASSING['origin-request'] });
    none.ask({ target: '/?a=1' });
    expect(none.events[0]?.request.querystring).toBe('');
    const all = new LambdaEdge({ 'origin-request': PASSING['origin-request'] }, { overrides: { cachePolicy: ALL } });
    all.ask({ target: '/?a=1&b=2' });
    expect(all.events[0]?.request.querystring).toBe('a=1&b=2');
  });

  test('CF 1.25: what viewer-request has added is there in the calls for both members', () => {
    const note: Handler = ({ request }) => ({
      ...request,
      headers: { ...request.headers, 'x-note': [{ key: 'X-Note', value: 'from the viewer' }] },
    });
    const edge = new LambdaEdge(
      { 'viewer-request': note, 'origin-request': PASSING['origin-request'] },
      { overrides: { cachePolicy: ALL } },
    ).primary(503);
    edge.ask();
    const notes = edge.events.slice(1).map(({ request }) => request.headers['x-note']?.[0]?.value);
    expect(notes).toEqual(['from the viewer', 'from the viewer']);
  });

  test('CF 5.22: a replica runs in the Region of a regional edge cache that is nearest to the edge location', () => {
    const edge = new LambdaEdge({ 'viewer-request': PASSING['viewer-request'] });
    edge.ask();
    expect(edge.invokes[0]?.replica).toEqual({
      region: 'eu-west-1',
      versionArn: 'arn:aws:lambda:us-east-1:123456789012:function:viewer-request:1',
    });
  });
});

describe('bodies of requests', () => {
  const post = { method: 'POST', bodyBytes: 5 };
  const passing = { 'viewer-request': PASSING['viewer-request'], 'origin-request': PASSING['origin-request'] };

  test('CF 5.13: come as Base64 with IncludeBody, and not at all without', () => {
    const edge = new LambdaEdge(passing, { includeBody: true, bodyText: 'hello' });
    edge.ask(post);
    const body = { action: 'read-only', data: 'aGVsbG8=', encoding: 'base64', inputTruncated: false };
    expect(edge.events.map(({ request }) => request.body)).toEqual([body, body]);
    const without = new LambdaEdge(passing, { bodyText: 'hello' });
    without.ask(post);
    expect(without.events.map(({ request }) => request.body)).toEqual([undefined, undefined]);
    // A request without a body has none to tell about.
    const get = new LambdaEdge(passing, { includeBody: true });
    get.ask();
    expect(get.events[0]?.request.body).toBeUndefined();
  });

  test('CF 5.13: are cut off at 40 KB for viewer events and at 1 MB for origin events', () => {
    const edge = new LambdaEdge(passing, { includeBody: true, bodyText: 'x'.repeat(1024 * 1024 + 1) });
    edge.ask({ method: 'POST', bodyBytes: 1024 * 1024 + 1 });
    const seen = edge.events.map(({ request: { body } }) => [atob(body?.data ?? '').length, body?.inputTruncated]);
    expect(seen).toEqual([
      [40 * 1024, true],
      [1024 * 1024, true],
    ]);
    const exact = new LambdaEdge(passing, { includeBody: true, bodyText: 'x'.repeat(40 * 1024) });
    exact.ask({ method: 'POST', bodyBytes: 40 * 1024 });
    expect(exact.events[0]?.request.body?.inputTruncated).toBe(false);
  });

  test('CF 5.13: go on as they are, however much a function saw, unless it puts another in their place', () => {
    const edge = new LambdaEdge(passing, { includeBody: true, bodyText: 'hello' });
    edge.ask(post);
    expect(edge.seen[0]?.request.body).toEqual({ bytes: 5 });
    const replace: Handler = ({ request }) => ({
      ...request,
      body: { action: 'replace', encoding: 'text', data: 'grüß' },
    });
    const replaced = new LambdaEdge({ 'origin-request': replace }, { includeBody: true, bodyText: 'hello' });
    replaced.ask(post);
    expect(replaced.seen[0]?.request.body).toEqual({ bytes: 6, text: 'grüß' });
    expect(header({ headers: replaced.seen[0]?.request.headers ?? [] }, 'content-length')).toBe('6');
  });

  test.each([
    ['viewer-request', 'text', 40 * 1024],
    ['origin-request', 'text', 1024 * 1024],
    ['viewer-request', 'base64', 40 * 1024],
  ] as const)(
    'CF 5.13: at %s what takes its place as %s may have %i bytes, and one more is 502',
    (event, encoding, most) => {
      const data = (bytes: number): string => (encoding === 'text' ? 'x'.repeat(bytes) : btoa('x'.repeat(bytes)));
      const status = (bytes: number): number =>
        new LambdaEdge(
          {
            [event]: (({ request }) => ({
              ...request,
              body: { action: 'replace', encoding, data: data(bytes) },
            })) as Handler,
          },
          { includeBody: true, bodyText: 'hello' },
        ).ask(post).status;
      expect([status(most), status(most + 1)]).toEqual([200, 502]);
    },
  );
});
