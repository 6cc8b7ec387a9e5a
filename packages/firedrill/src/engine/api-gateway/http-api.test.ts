import { describe, expect, test } from 'vitest';
import type { HttpApi, HttpApiCors } from '../../model/index.ts';
import type { Invocation } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import type { AskedGateway, GatewayAnswer, ScriptedGateway } from './gateway-script.fixture.ts';
import { apiDomainName, askGateway, DOMAIN_NAME, EPOCH_MS, lambdaFunction } from './gateway-script.fixture.ts';
import { PRIMARY } from '../../../test/hybrid-architecture.ts';

const HOST = `hhhhhhhhhh.execute-api.${PRIMARY}.amazonaws.com`;

/** An HTTP API with these routes, all for the same function. */
function httpApi(routes: readonly string[], over: Partial<HttpApi> = {}, format: '1.0' | '2.0' = '2.0'): HttpApi {
  const functionArn = lambdaFunction().arn;
  const integration = { kind: 'lambda-proxy', functionArn, timeoutMs: 30_000, payloadFormatVersion: format } as const;
  return {
    id: 'hhhhhhhhhh',
    name: 'web',
    region: PRIMARY,
    routes: routes.map((routeKey) => ({ routeKey, integration })),
    stages: [{ name: '$default', deploymentId: '', variables: {} }],
    disableExecuteApiEndpoint: false,
    stack: 'web',
    ...over,
  };
}

function ask(api: HttpApi, asked: AskedGateway = {}, script: ScriptedGateway = {}): GatewayAnswer {
  return askGateway({ host: HOST, target: '/', ...asked }, { httpApis: [api], ...script });
}

function told(api: HttpApi, asked: AskedGateway = {}, script: ScriptedGateway = {}): string {
  const { reply, text } = ask(api, asked, script);
  return `${reply.status} ${text}`;
}

describe('which stage and route of an HTTP API', () => {
  function check(routes: readonly string[], asked: string, expected: string | undefined): void {
    const [method = '', target = ''] = asked.split(' ');
    const { event } = ask(httpApi(routes), { method, target });
    expect((event as { readonly routeKey?: string } | undefined)?.routeKey).toBe(expected);
  }

  test('RS 3.29: a path that fits in full goes before {proxy+}, that before $default; the method before ANY', () => {
    const routes = ['ANY /{proxy+}', '$default', 'GET /pets/{proxy+}', 'GET /pets/dog/{id}', 'GET /pets/dog/1'];
    check(routes, 'GET /pets/dog/1', 'GET /pets/dog/1');
    check(routes, 'GET /pets/dog/2', 'GET /pets/dog/{id}');
    check(routes, 'GET /pets/cat/1', 'GET /pets/{proxy+}');
    check(routes, 'POST /test/5', 'ANY /{proxy+}');
    check(['ANY /a', 'POST /a', '$default'], 'POST /a', 'POST /a');
    check(['ANY /a', 'POST /a', '$default'], 'PUT /a', 'ANY /a');
    check(['POST /a', '$default'], 'PUT /a', '$default');
    check(['GET /a'], 'GET /b', undefined);
  });

  test('RS 3.29b: a slash at the end is part of the path, and nothing but {proxy+} takes it', () => {
    check(['GET /a', 'GET /{id}'], 'GET /a/', undefined);
    check(['GET /a', '$default'], 'GET /a/', '$default');
    check(['GET /a/{id}'], 'GET /a/', undefined);
    check(['GET /a', 'GET /a/{proxy+}'], 'GET /a/', 'GET /a/{proxy+}');
    check(['GET /'], 'GET /', 'GET /');
    const { event } = ask(httpApi(['GET /a/{proxy+}']), { target: '/a/b/c/' });
    expect(event).toMatchObject({ rawPath: '/a/b/c/', pathParameters: { proxy: 'b/c/' } });
  });

  test('RS 3.29: without a route, or without a stage, it is 404 Not Found', () => {
    const notFound = '404 {"message":"Not Found"}';
    expect(told(httpApi(['GET /a']), { target: '/b' })).toBe(notFound);
    expect(told(httpApi(['$default'], { stages: [] }))).toBe(notFound);
    expect(ask(httpApi([]), {}).reply.headers).toContainEqual(['content-type', 'application/json']);
  });

  const named = [{ name: 'live', deploymentId: '', variables: { color: 'blue' } }];

  test('RS 3.29, 3.29a, 3.32: a stage in the path is chosen before $default, and stays in rawPath', () => {
    const both = httpApi(['GET /a'], { stages: [...named, ...httpApi([]).stages] });
    expect(ask(both, { target: '/live/a' }).event).toMatchObject({
      rawPath: '/live/a',
      requestContext: { stage: 'live', http: { path: '/live/a' } },
      stageVariables: { color: 'blue' },
    });
    expect(ask(both, { target: '/a' }).event).toMatchObject({ rawPath: '/a', requestContext: { stage: '$default' } });
    expect(told(httpApi(['GET /a'], { stages: named }), { target: '/a' })).toBe('404 {"message":"Not Found"}');
  });

  test('RS 3.45: with its own host name disabled it is 404, and its domain name goes on', () => {
    const api = httpApi(['$default'], { disableExecuteApiEndpoint: true });
    expect(told(api)).toBe('404 {"message":"Not Found"}');
    const domains = [{ ...apiDomainName(), mappings: [{ path: 'v1', apiId: api.id, stage: '$default' }] }];
    expect(ask(api, { host: DOMAIN_NAME, target: '/v1/x' }, { domains }).reply.status).toBe(200);
  });

  test('RS 3.40: REST and HTTP APIs share a domain name', () => {
    const api = httpApi(['GET /x']);
    const mappings = [
      { path: 'v2', apiId: api.id, stage: '$default' },
      { path: '', apiId: 'aaaaaaaaaa', stage: 'prod' },
    ];
    const domains = [{ ...apiDomainName(), mappings }];
    expect(ask(api, { host: DOMAIN_NAME, target: '/v2/x' }, { domains }).event).toMatchObject({ version: '2.0' });
    expect(ask(api, { host: DOMAIN_NAME, target: '/x' }, { domains }).event).toMatchObject({ resource: '/{proxy+}' });
  });
});

describe('events of HTTP APIs', () => {
  const asked: AskedGateway = {
    method: 'POST',
    target: '/orders/7?a=1&a=2&b=%C3%A9',
    headers: [
      ['User-Agent', 'curl/8'],
      ['Cookie', 'one=1; two=2'],
      ['X-Two', '1'],
      ['x-two', '2'],
    ],
  };
  const collected = { text: '{}', isBase64Encoded: false };

  test('RS 3.30, 3.31: format 2.0 joins what comes several times, and leaves out what is not there', () => {
    const api = httpApi(['POST /orders/{id}']);
    expect(ask(api, asked, { collected }).event).toEqual({
      version: '2.0',
      routeKey: 'POST /orders/{id}',
      rawPath: '/orders/7',
      rawQueryString: 'a=1&a=2&b=%C3%A9',
      cookies: ['one=1', 'two=2'],
      headers: {
        host: HOST,
        'user-agent': 'curl/8',
        'x-forwarded-for': '127.81.0.1',
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
        'x-two': '1,2',
      },
      queryStringParameters: { a: '1,2', b: 'é' },
      requestContext: {
        accountId: '123456789012',
        apiId: 'hhhhhhhhhh',
        domainName: HOST,
        domainPrefix: 'hhhhhhhhhh',
        http: { method: 'POST', path: '/orders/7', protocol: 'HTTP/1.1', sourceIp: '127.81.0.1', userAgent: 'curl/8' },
        requestId: '00000001-0000-4000-8000-000000000000',
        routeKey: 'POST /orders/{id}',
        stage: '$default',
        time: '21/Nov/2026:06:30:00 +0000',
        timeEpoch: EPOCH_MS,
      },
      pathParameters: { id: '7' },
      body: '{}',
      isBase64Encoded: false,
    });
    const bare = ask(httpApi(['$default'])).event as object;
    for (const key of ['cookies', 'queryStringParameters', 'pathParameters', 'stageVariables', 'body'])
      expect(Object.keys(bare)).not.toContain(key);
  });

  test('a path parameter is decoded, and a plus in it is one', () => {
    const { event } = ask(httpApi(['GET /orders/{id}']), { target: '/orders/a%2Fb+c' });
    expect(event).toMatchObject({ pathParameters: { id: 'a/b+c' } });
  });

  test('RS 3.31a: the type of a body says how the event carries it', () => {
    const encodingOf = (type: string): string | undefined =>
      ask(httpApi(['$default']), { method: 'POST', headers: [['content-type', type]] }).invoke?.bodyEncoding;
    expect([encodingOf('application/json'), encodingOf('application/x-www-form-urlencoded')]).toEqual([
      'text',
      'base64',
    ]);
  });

  test('RS 3.30: format 1.0 is the event of REST APIs with a version and lower-case names', () => {
    const { event } = ask(httpApi(['POST /orders/{id}'], {}, '1.0'), asked);
    expect(event).toMatchObject({
      version: '1.0',
      resource: '/orders/{id}',
      path: '/orders/7',
      httpMethod: 'POST',
      multiValueHeaders: { 'x-two': ['1', '2'] },
      multiValueQueryStringParameters: { a: ['1', '2'] },
      pathParameters: { id: '7' },
      body: null,
    });
  });
});

describe('answers of HTTP APIs', () => {
  const returning = (payload: unknown): ScriptedGateway => ({ invocation: { kind: 'returned', payload } });
  const api = httpApi(['$default']);

  test.each([
    [{ hello: 'world' }, '200 {"hello":"world"}'],
    ['hello', '200 hello'],
    [[1, 2], '200 [1,2]'],
    [null, '200 null'],
    [{ statusCode: 201, body: 'made' }, '201 made'],
    [{ statusCode: '201' }, '201 '],
    [{ statusCode: 'many' }, '500 {"message":"Internal Server Error"}'],
    [{ statusCode: 200, body: { no: 'text' } }, '500 {"message":"Internal Server Error"}'],
    [{ statusCode: 200, headers: 'none' }, '500 {"message":"Internal Server Error"}'],
  ])('RS 3.33, 3.35: a function that returns %j makes %s', (payload, expected) => {
    expect(told(api, {}, returning(payload))).toBe(expected);
  });

  test('RS 3.33: cookies become headers, Base64 is undone, JSON is the type unless another is given', () => {
    const { reply } = ask(api, {}, returning({ statusCode: 200, cookies: ['a=1', 'b=2'], headers: { 'X-A': true } }));
    expect(reply.headers.slice(0, -1)).toEqual([
      ['content-type', 'application/json'],
      ['x-a', 'true'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    const binary = ask(api, {}, returning({ statusCode: 200, body: '/w==', isBase64Encoded: true })).reply.body;
    expect(binary).toMatchObject({ bytes: 1, text: '/w==', isBase64Encoded: true });
  });

  const failed = (errorType: string): Invocation => ({ kind: 'failed', errorType, errorMessage: '' });

  test('RS 3.34: when the integration gives up it is 503, not 504', () => {
    const functions = [{ ...lambdaFunction(), timeoutSeconds: 900 }];
    const script = { functions, invocation: failed('Sandbox.Timedout') };
    expect(told(api, {}, script)).toBe('503 {"message":"Service Unavailable"}');
    expect(ask(api, {}, script).invoke?.timeoutMs).toBe(30_000);
  });

  test('RS 3.35: errors of the function, its own timeout among them, are 500', () => {
    const internal = '500 {"message":"Internal Server Error"}';
    expect(told(api, {}, { invocation: failed('Error') })).toBe(internal);
    expect(told(api, {}, { invocation: failed('Sandbox.Timedout') })).toBe(internal);
    expect(told(api, {}, { fault: { kind: 'throttle', cause: 7 } })).toBe(internal);
    expect(told(api, {}, { functions: [{ ...lambdaFunction(), reservedConcurrency: 0 }] })).toBe(internal);
  });

  test('RS 3.36: every answer carries apigw-requestid', () => {
    for (const script of [returning('x'), returning({ statusCode: 'x' })])
      expect(headerOf(ask(api, {}, script).reply.headers, 'apigw-requestid')).toMatch(/^[0-9a-f]{15}=$/);
  });

  test('RS 3.22a: a body of more than 10 MB is 413', () => {
    expect(told(api, { method: 'POST' }, { invocation: { kind: 'too-large' } })).toBe(
      '413 {"message":"Request Entity Too Large"}',
    );
    expect(ask(api).invoke?.bodyBytesMax).toBe(10 * 1024 * 1024);
  });
});

describe('browsers that ask across origins (RS 3.36b)', () => {
  const cors: HttpApiCors = {
    allowOrigins: ['https://www.example.com'],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['x-own'],
    exposeHeaders: ['x-seen'],
    maxAgeSeconds: 600,
    allowCredentials: true,
  };
  const preflight = (origin: string): AskedGateway => ({
    method: 'OPTIONS',
    headers: [
      ['Origin', origin],
      ['Access-Control-Request-Method', 'POST'],
    ],
  });

  test('RS 3.36b: preflights are answered without any route, with headers for origins that are allowed', () => {
    const api = httpApi(['GET /a'], { cors });
    const { reply, invoke } = ask(api, preflight('https://www.example.com'));
    expect(invoke).toBeUndefined();
    expect(reply.status).toBe(204);
    expect(reply.headers.slice(0, -1)).toEqual([
      ['access-control-allow-origin', 'https://www.example.com'],
      ['access-control-allow-credentials', 'true'],
      ['access-control-allow-methods', 'GET,POST'],
      ['access-control-allow-headers', 'x-own'],
      ['access-control-max-age', '600'],
    ]);
    expect(ask(api, preflight('https://evil.example')).reply.headers).toHaveLength(1);
  });

  test('RS 3.36b: rules of the API stand in the place of headers that the function gives', () => {
    const script: ScriptedGateway = {
      invocation: {
        kind: 'returned',
        payload: { statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'mine' } },
      },
    };
    const headersFor = (own: HttpApiCors): unknown =>
      ask(
        httpApi(['$default'], { cors: own }),
        { headers: [['Origin', 'https://www.example.com']] },
        script,
      ).reply.headers.filter(([name]) => name.startsWith('access-control'));
    expect(headersFor(cors)).toEqual([
      ['access-control-allow-origin', 'https://www.example.com'],
      ['access-control-allow-credentials', 'true'],
      ['access-control-expose-headers', 'x-seen'],
    ]);
    expect(headersFor({ ...cors, allowOrigins: ['*'], allowCredentials: false, exposeHeaders: [] })).toEqual([
      ['access-control-allow-origin', '*'],
    ]);
  });
});
