import { describe, expect, test } from 'vitest';
import type { EdgeEventType } from '../../model/index.ts';
import { xCache } from './edge-script.fixture.ts';
import type { Handler, Handlers } from './lambda-script.fixture.ts';
import { LambdaEdge } from './lambda-script.fixture.ts';

/** What the viewer gets when a function at an event returns something, as `502 LambdaValidationError`. */
function outcome(event: EdgeEventType, handler: Handlers[EdgeEventType]): string {
  const edge = new LambdaEdge({ [event]: handler }).primary({
    status: 200,
    headers: [
      ['Via', '1.1 origin'],
      ['Content-Encoding', 'gzip'],
      ['Warning', '110'],
    ],
  });
  const reply = edge.ask({
    headers: [
      ['CDN-Loop', 'other'],
      ['If-None-Match', '"a"'],
    ],
  });
  return `${reply.status} ${xCache(reply)}`;
}

const INVALID = '502 LambdaValidationError';

const add =
  (name: string, value = 'x'): Handler =>
  ({ request, response, config }) => {
    const of = config.eventType.endsWith('request') ? request : response;
    return { ...of, headers: { ...of?.headers, [name.toLowerCase()]: [{ key: name, value }] } };
  };

const remove =
  (name: string): Handler =>
  ({ request, response, config }) => {
    const of = config.eventType.endsWith('request') ? request : response;
    const { [name]: _, ...headers } = of?.headers ?? {};
    return { ...of, headers };
  };

const EVENTS = ['viewer-request', 'origin-request', 'origin-response', 'viewer-response'] as const;

describe('how functions fail', () => {
  test.each(EVENTS)('CF 5.19, 2.25, 2.33: an exception at %s is 503', (event) => {
    const throwing: Handler = () => {
      throw new TypeError('no');
    };
    expect(outcome(event, throwing)).toBe('503 LambdaExecutionError');
  });

  test.each(EVENTS)('CF 5.19, 2.25: a function at %s that takes too long, or is throttled, is 503', (event) => {
    const late = { kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' } as const;
    expect(outcome(event, late)).toBe('503 LambdaLimitExceeded');
    expect(outcome(event, { kind: 'throttled' })).toBe('503 LambdaLimitExceeded');
  });

  test.each(EVENTS)('CF 5.19, 2.33: what is no request or response at %s is 502', (event) => {
    for (const result of [undefined, null, 'text', 7, [], true]) expect(outcome(event, () => result)).toBe(INVALID);
  });

  test.each(EVENTS)('CF 5.19: the timeline hears of a failure at %s, and the viewer has it from that', (event) => {
    const edge = new LambdaEdge({ [event]: () => ({ status: 'OK' }) });
    const reply = edge.ask();
    expect(edge.functionFailures).toMatchObject([
      { function: event, event, result: 'LambdaValidationError', says: 'status is not a number from 200 to 599' },
    ]);
    expect(reply.account).toMatchObject({ result: 'LambdaValidationError', cause: 1, endpoint: 'edge' });
  });

  test('CF 5.20: response events return a response, not the request', () => {
    expect(outcome('origin-response', ({ request }) => request)).toBe(INVALID);
    expect(outcome('viewer-response', ({ request }) => request)).toBe(INVALID);
    expect(outcome('viewer-request', ({ request }) => request)).toBe('200 Miss');
  });

  test('CF 5.21, 7.2: a function has the time that it is configured for', () => {
    const edge = new LambdaEdge({ 'viewer-request': ({ request }) => request }, { timeoutSeconds: 5 });
    edge.ask();
    expect(edge.invokes[0]?.timeoutMs).toBe(5000);
  });
});

describe('requests that are not valid (CF 5.6)', () => {
  test.each([
    ['a URI without a slash', { uri: 'index.html' }],
    ['a URI that is no text', { uri: 1 }],
    ['a URI with a query', { uri: '/a?b' }],
    ['no URI', { uri: undefined }],
    ['a query string that is no text', { querystring: { a: 1 } }],
    ['another method', { method: 'POST' }],
    ['another client', { clientIp: '192.0.2.1' }],
    ['headers that are a list', { headers: [] }],
    ['a header that is a text', { headers: { host: [{ value: 'dhybrid.cloudfront.net' }], a: 'b' } }],
    [
      'a header whose value is a number',
      { headers: { host: [{ value: 'dhybrid.cloudfront.net' }], a: [{ value: 1 }] } },
    ],
    [
      'a header with a line break',
      { headers: { host: [{ value: 'dhybrid.cloudfront.net' }], a: [{ value: 'a\r\nb' }] } },
    ],
    [
      'a header with a space in its name',
      { headers: { host: [{ value: 'dhybrid.cloudfront.net' }], 'a b': [{ value: '' }] } },
    ],
    [
      'a header with the key of another',
      { headers: { host: [{ value: 'dhybrid.cloudfront.net' }], a: [{ key: 'B', value: '' }] } },
    ],
  ])('CF 5.6, 5.19: %s', (_, changes) => {
    expect(outcome('viewer-request', ({ request }) => ({ ...request, ...changes }))).toBe(INVALID);
  });
});

describe('headers', () => {
  test.each([
    'Connection',
    'Expect',
    'Keep-Alive',
    'Proxy-Authorization',
    'Trailer',
    'Upgrade',
    'X-Accel-Redirect',
    'X-Amz-Cf-Id',
    'X-Amz-Cf-Anything',
    'X-Amzn-RequestId',
    'X-Cache',
    'X-Edge-Location',
    'X-Forwarded-Proto',
    'X-Real-IP',
  ])('CF 5.14: adding %s is 502 at every event, in a request, an answer, or one that is generated', (name) => {
    for (const event of EVENTS) expect(outcome(event, add(name))).toBe(INVALID);
    expect(outcome('origin-request', () => ({ status: '200', headers: { [name]: [{ value: 'x' }] } }))).toBe(INVALID);
  });

  test.each([
    ['viewer-request', ['cdn-loop', 'content-length', 'host', 'transfer-encoding', 'via']],
    [
      'origin-request',
      [
        'accept-encoding',
        'cdn-loop',
        'content-length',
        'if-modified-since',
        'if-none-match',
        'if-range',
        'if-unmodified-since',
        'transfer-encoding',
        'via',
      ],
    ],
    ['origin-response', ['transfer-encoding', 'via']],
    ['viewer-response', ['warning', 'via', 'content-length', 'content-encoding', 'transfer-encoding']],
  ] as const)('CF 5.15: at %s a function may only read %s', (event, names) => {
    for (const name of names) expect(`${name} ${outcome(event, add(name))}`).toBe(`${name} ${INVALID}`);
  });

  test('CF 5.15: neither may it take them away', () => {
    expect(outcome('viewer-request', remove('host'))).toBe(INVALID);
    expect(outcome('viewer-request', remove('cdn-loop'))).toBe(INVALID);
    expect(outcome('origin-request', remove('via'))).toBe(INVALID);
    expect(outcome('origin-response', remove('via'))).toBe(INVALID);
    expect(outcome('viewer-response', remove('content-encoding'))).toBe(INVALID);
  });

  test('CF 5.15, 5.16: what is read-only at one event may be free at another', () => {
    expect(outcome('origin-request', add('host', 'other.example.com'))).toBe('200 Miss');
    expect(outcome('origin-response', add('content-encoding', 'br'))).toBe('200 Miss');
    expect(outcome('viewer-request', add('accept-encoding', 'br'))).toBe('200 Miss');
  });

  test('CF 5.18: viewer-request must not add the country, which is not known yet; origin-request may', () => {
    expect(outcome('viewer-request', add('CloudFront-Viewer-Country'))).toBe(INVALID);
    expect(outcome('origin-request', add('CloudFront-Viewer-Country'))).toBe('200 Miss');
  });
});

describe('answers that are not valid', () => {
  test.each(['199', '600', 'OK', '', 0, 20.5, null, {}])('CF 5.10: status %j is 502', (status) => {
    expect(outcome('viewer-request', () => ({ status }))).toBe(INVALID);
    expect(outcome('origin-response', ({ response }) => ({ ...response, status }))).toBe(INVALID);
  });

  test.each([
    ['viewer-request', 40 * 1024],
    ['origin-request', 1024 * 1024],
    ['origin-response', 1024 * 1024],
    ['viewer-response', 40 * 1024],
  ] as const)('CF 5.11; RS 7.11: what a function at %s makes has at most %i bytes with its headers', (event, most) => {
    const made =
      (bytes: number): Handler =>
      ({ response }) => ({
        status: '200',
        headers: response?.headers ?? { a: [{ value: '' }] },
        body: 'x'.repeat(bytes),
      });
    expect(outcome(event, made(most))).toBe(INVALID);
    // The headers of the answer take less than a KB.
    expect(outcome(event, made(most - 1024))).toMatch(/^200 /);
  });

  test('CF 5.11: Base64 that is none, and a 204 with a body, are 502', () => {
    const bad = { status: '200', body: 'not Base64!', bodyEncoding: 'base64' };
    expect(outcome('viewer-request', () => bad)).toBe(INVALID);
    expect(outcome('viewer-request', () => ({ ...bad, bodyEncoding: 'hex' }))).toBe(INVALID);
    expect(outcome('viewer-request', () => ({ status: '204', body: 'x' }))).toBe(INVALID);
    expect(outcome('viewer-request', () => ({ status: '204' }))).toBe('204 LambdaGeneratedResponse');
  });
});
