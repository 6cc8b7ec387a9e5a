import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hybridArchitecture } from '../../../test/hybrid-architecture.ts';
import type { AskedGateway, ScriptedGateway } from './gateway-script.fixture.ts';
import {
  API_HOST,
  apiDomainName,
  apiOf,
  askGateway,
  DOMAIN_NAME,
  EPOCH_MS,
  restApi,
} from './gateway-script.fixture.ts';
import { proxyEvent } from './proxy-event.ts';

function eventOf(asked: AskedGateway = {}, script: ScriptedGateway = {}): Readonly<Record<string, unknown>> {
  const { event } = askGateway(asked, script);
  return event as Readonly<Record<string, unknown>>;
}

function contextOf(asked: AskedGateway = {}, script: ScriptedGateway = {}): Readonly<Record<string, unknown>> {
  return eventOf(asked, script)['requestContext'] as Readonly<Record<string, unknown>>;
}

/** Where a request comes from (RS 3.2a). */
const FORWARDED = { 'X-Forwarded-For': '127.81.0.1', 'X-Forwarded-Port': '443', 'X-Forwarded-Proto': 'https' };
const ALL_FORWARDED = Object.fromEntries(Object.entries(FORWARDED).map(([name, value]) => [name, [value]]));

describe('the event', () => {
  test('RS 3.2: it has these keys and no others; maps that are not there are null', () => {
    expect(eventOf()).toEqual({
      resource: '/',
      path: '/',
      httpMethod: 'GET',
      headers: { Host: API_HOST, ...FORWARDED },
      multiValueHeaders: { Host: [API_HOST], ...ALL_FORWARDED },
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      requestContext: expect.any(Object),
      body: null,
      isBase64Encoded: false,
    });
  });

  test('RS 3.1: path is without the stage, requestContext.path with it', () => {
    const asked = { target: '/prod/orders/7?page=2' };
    expect(eventOf(asked)).toMatchObject({ resource: '/{proxy+}', path: '/orders/7' });
    expect(contextOf(asked)).toMatchObject({ resourcePath: '/{proxy+}', path: '/prod/orders/7', stage: 'prod' });
  });

  test('RS 3.1: behind a custom domain there is no stage to strip', () => {
    const asked = { host: DOMAIN_NAME, target: '/orders/7' };
    expect(eventOf(asked)).toMatchObject({ path: '/orders/7' });
    expect(contextOf(asked)).toMatchObject({
      path: '/orders/7',
      stage: 'prod',
      domainName: DOMAIN_NAME,
      domainPrefix: 'api',
    });
  });

  test('RS 3.2b: behind a base path mapping, path has what was mapped, and the parameters have not', () => {
    const domains = [{ ...apiDomainName(), mappings: [{ path: 'shop', apiId: 'aaaaaaaaaa', stage: 'prod' }] }];
    const asked = { host: DOMAIN_NAME, target: '/shop/orders/7' };
    expect(eventOf(asked, { domains })).toMatchObject({
      resource: '/{proxy+}',
      path: '/shop/orders/7',
      pathParameters: { proxy: 'orders/7' },
      requestContext: { path: '/shop/orders/7', stage: 'prod' },
    });
  });

  test('RS 3.2: path parameters are those of the resource', () => {
    const apis = [apiOf('GET /orders/{id}/{rest+}')];
    expect(eventOf({ target: '/prod/orders/7/a/b' }, { apis })['pathParameters']).toEqual({ id: '7', rest: 'a/b' });
  });

  test('RS 3.2: header names keep their case; of several values the last is the single one', () => {
    const event = eventOf({
      headers: [
        ['X-oNe', '1'],
        ['X-oNe', '2'],
      ],
    });
    expect(event['headers']).toEqual({ 'X-oNe': '2', Host: API_HOST, ...FORWARDED });
    expect(event['multiValueHeaders']).toEqual({ 'X-oNe': ['1', '2'], Host: [API_HOST], ...ALL_FORWARDED });
  });

  test('RS 3.2a: the client comes after whom the request says it is from; port and protocol are those of the endpoint', () => {
    const event = eventOf({
      headers: [
        ['x-forwarded-for', '192.0.2.1'],
        ['x-forwarded-proto', 'http'],
        ['Connection', 'keep-alive'],
        ['Content-Length', '2'],
      ],
    });
    expect(event['headers']).toEqual({ Host: API_HOST, ...FORWARDED, 'X-Forwarded-For': '192.0.2.1, 127.81.0.1' });
  });

  test('RS 3.2: query strings are decoded; one without a value is empty, a broken escape stays', () => {
    const event = eventOf({ target: '/prod/?a=1&a=2&b=%C3%A9+x&c&d=%&e=x=y&&__proto__=z' });
    const single = event['queryStringParameters'] as Readonly<Record<string, string>>;
    expect(Object.entries(single)).toEqual([
      ['a', '2'],
      ['b', 'é x'],
      ['c', ''],
      ['d', '%'],
      ['e', 'x=y'],
      ['__proto__', 'z'],
    ]);
    const multi = event['multiValueQueryStringParameters'] as Readonly<Record<string, string[]>>;
    expect(multi['a']).toEqual(['1', '2']);
    expect(Object.keys(multi)).toEqual(Object.keys(single));
    expect(eventOf({ target: '/prod/?' })['queryStringParameters']).toBeNull();
  });

  test('RS 3.2: a body is text, or Base64 and said to be', () => {
    expect(eventOf({ method: 'POST' }, { collected: { text: '{}', isBase64Encoded: false } })).toMatchObject({
      body: '{}',
      isBase64Encoded: false,
    });
    expect(eventOf({ method: 'POST' }, { collected: { text: '/w==', isBase64Encoded: true } })).toMatchObject({
      body: '/w==',
      isBase64Encoded: true,
    });
  });

  test('RS 3.9: no body is Base64, since no binary media types are known', () => {
    const { invoke } = askGateway({ method: 'POST', headers: [['Content-Type', 'image/png']] });
    expect(invoke?.bodyEncoding).toBe('text');
  });

  test('RS 3.2: stage variables are those of the stage', () => {
    const stages = [{ name: 'prod', deploymentId: 'd1', variables: { table: 'orders' } }];
    expect(eventOf({}, { apis: [{ ...restApi(), stages }] })['stageVariables']).toEqual({ table: 'orders' });
  });
});

describe('requestContext', () => {
  test('RS 3.3: it has these keys and no others', () => {
    const nothing = {
      accessKey: null,
      accountId: null,
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      user: null,
      userArn: null,
    };
    expect(contextOf({ headers: [['user-agent', 'curl/8']] })).toEqual({
      accountId: '123456789012',
      apiId: 'aaaaaaaaaa',
      deploymentId: 'd1',
      domainName: API_HOST,
      domainPrefix: 'aaaaaaaaaa',
      extendedRequestId: '0000000100004000',
      httpMethod: 'GET',
      identity: { ...nothing, sourceIp: '127.81.0.1', userAgent: 'curl/8' },
      path: '/prod/',
      protocol: 'HTTP/1.1',
      requestId: '00000001-0000-4000-8000-000000000000',
      requestTime: '21/Nov/2026:06:30:00 +0000',
      requestTimeEpoch: EPOCH_MS,
      resourceId: 'r0',
      resourcePath: '/',
      stage: 'prod',
    });
  });

  test('RS 3.3: requestTime is the day and time of requestTimeEpoch, on every day of the calendar', () => {
    const api = hybridArchitecture().restApis[0] ?? restApi();
    const [resource] = api.resources;
    const [method] = resource?.methods ?? [];
    if (resource === undefined || method === undefined) throw new Error('the API has a resource with a method');
    const entrance = { api, stage: 'prod', eventPath: '/', requestPath: '/prod/', domainName: API_HOST };
    const request = { method: 'GET', target: '/prod/', host: API_HOST, headers: [], body: undefined };
    const timeOf = (epochMs: number): unknown => {
      const ids = { account: '1', sourceIp: '127.0.0.1', requestId: 'a-b', body: null };
      const route = { resource, method, pathParameters: null };
      const event = proxyEvent({ ...ids, entrance, route, request, epochMs });
      return (event['requestContext'] as Readonly<Record<string, unknown>>)['requestTime'];
    };
    const expected = (epochMs: number): string => {
      const [, weekday = '', day = '', month = '', year = '', time = ''] =
        /^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/.exec(new Date(epochMs).toUTCString()) ?? [];
      expect(weekday).not.toBe('');
      return `${day}/${month}/${year}:${time} +0000`;
    };
    for (const day of ['2000-02-29', '2024-02-29', '2026-12-31', '2027-01-01', '2100-03-01'])
      expect(timeOf(Date.parse(day))).toBe(expected(Date.parse(day)));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) }), (epochMs) => {
        expect(timeOf(epochMs)).toBe(expected(epochMs));
      }),
      { numRuns: 300 },
    );
  });
});
