import { describe, expect, test } from 'vitest';
import { PRIMARY } from '../../../test/hybrid-architecture.ts';
import type { HttpApi, IntegrationResponse, RestApi, RestIntegration } from '../../model/index.ts';
import { after, assert, BEGINNING } from '../../model/index.ts';
import type { Answered, DnsReply, Exchange, Outcome, Reply, Resumption, TextBody } from '../conversation.ts';
import { headLimitOf } from '../request-head.ts';
import { PLAIN_RESOLVER, Resolver } from '../resolver.ts';
import type { AskedGateway } from './gateway-script.fixture.ts';
import { API_HOST, askGateway, restApi } from './gateway-script.fixture.ts';
import { Ways } from './routes.ts';
import type { GatewaySurroundings } from './serve.ts';
import { serveAtGateway } from './serve.ts';

const response = (over: Partial<IntegrationResponse> = {}): IntegrationResponse => ({
  selectionPattern: undefined,
  status: 200,
  headers: {},
  passedHeaders: {},
  body: undefined,
  ...over,
});

function apiWith(
  path: string,
  integration: RestIntegration,
  variables: Readonly<Record<string, string>> = {},
): RestApi {
  const stages = [{ name: 'prod', deploymentId: 'd1', variables }];
  return { ...restApi(), stages, resources: [{ id: 'r', path, methods: [{ httpMethod: 'ANY', integration }] }] };
}

describe('mocks', () => {
  const told = (
    statusByType: Readonly<Record<string, number | undefined>>,
    responses: readonly IntegrationResponse[],
    asked: AskedGateway = {},
  ): string => {
    const { reply, text } = askGateway(asked, { apis: [apiWith('/', { kind: 'mock', statusByType, responses })] });
    return `${reply.status} ${text}`;
  };
  const JSON_TYPE = 'application/json';

  test('RS 3.23, 3.23a: the status of the template chooses the response, the one without a pattern takes the rest', () => {
    const responses = [
      response({ selectionPattern: '5\\d\\d', status: 502, body: 'broken' }),
      response({ status: 204, body: '' }),
    ];
    expect(told({ [JSON_TYPE]: 503 }, responses)).toBe('502 broken');
    expect(told({ [JSON_TYPE]: 200 }, responses)).toBe('204 ');
  });

  test('RS 3.17, 3.23: without a status, or a response for it, it is 500, with nothing but a message', () => {
    const internal = '500 {"message":"Internal server error"}';
    expect(told({ [JSON_TYPE]: undefined }, [response()])).toBe(internal);
    expect(told({}, [response()])).toBe(internal);
    expect(told({ [JSON_TYPE]: 200 }, [response({ selectionPattern: '404' })])).toBe(internal);
  });

  test('RS 3.23: the template is that of the type of the request, JSON when it says none', () => {
    const types = { [JSON_TYPE]: 200, 'text/plain': 404 };
    const responses = [response({ selectionPattern: '404', status: 404 }), response()];
    expect(told(types, responses, { headers: [['Content-Type', 'text/plain; charset=utf-8']] })).toBe('404 ');
    expect(told(types, responses)).toBe('200 ');
  });

  test('RS 3.10: fixed headers are set, and JSON is the type unless one is', () => {
    const headersOf = (headers: Readonly<Record<string, string>>): unknown =>
      askGateway(
        {},
        {
          apis: [
            apiWith('/', { kind: 'mock', statusByType: { [JSON_TYPE]: 200 }, responses: [response({ headers })] }),
          ],
        },
      ).reply.headers.slice(0, -2);
    expect(headersOf({ 'X-A': 'b' })).toEqual([
      ['Content-Type', 'application/json'],
      ['X-A', 'b'],
    ]);
    expect(headersOf({ 'content-type': 'text/plain' })).toEqual([['content-type', 'text/plain']]);
  });

  test('a fault of functions spares what has none', () => {
    const apis = [apiWith('/', { kind: 'mock', statusByType: { [JSON_TYPE]: 200 }, responses: [response()] })];
    expect(askGateway({}, { apis, fault: { kind: 'throttle', cause: 1 } }).reply.status).toBe(200);
    expect(askGateway({}, { apis, fault: { kind: 'status', status: 503, cause: 1 } }).reply.status).toBe(503);
  });
});

describe('other servers', () => {
  const ADDRESS = '127.88.0.1';
  const found: DnsReply = {
    kind: 'dns',
    rcode: 'NOERROR',
    answers: [{ name: 'origin.example.com', type: 'A', ttlSeconds: 60, data: ADDRESS }],
    authority: [],
    negativeTtlSeconds: 0,
    cause: 0,
  };
  const answered: Answered = {
    kind: 'answered',
    status: 200,
    headers: [
      ['Content-Type', 'text/plain'],
      ['Date', 'today'],
      ['Connection', 'close'],
      ['X-Own', '1'],
    ],
    body: { bytes: 5 },
    firstByteAt: BEGINNING,
    account: undefined,
  };

  /** A request to `/prod…` of an API whose integration asks a server that does as the script says. */
  function ask(
    integration: Partial<Extract<RestIntegration, { kind: 'http' }>>,
    {
      path = '/{proxy+}',
      target = '/prod/a/b?x=1',
      dns = found,
      outcome = answered as Outcome,
      variables = {},
      isHttpApi = false,
    } = {},
  ): { readonly reply: Reply; readonly text: string; readonly exchange: Exchange | undefined } {
    const whole: RestIntegration = {
      kind: 'http',
      isProxy: true,
      httpMethod: 'ANY',
      uri: 'https://origin.example.com/base/{proxy}',
      pathParameters: {},
      timeoutMs: 29_000,
      responses: [],
      ...integration,
    };
    const api = apiWith(path, whole, variables);
    const from = { index: 0, name: 'region:eu-west-1', spot: { latitude: 53, longitude: -6 }, address: '127.82.0.1' };
    const httpApi: HttpApi = {
      id: api.id,
      name: 'web',
      region: PRIMARY,
      stages: api.stages,
      disableExecuteApiEndpoint: false,
      stack: 's',
      routes: [{ routeKey: `ANY ${path}`, integration: whole }],
    };
    const apis = new Map(isHttpApi ? [] : [[api.id, api]]);
    const httpApis = new Map(isHttpApi ? [[api.id, httpApi]] : []);
    const ways = new Ways({ apis, httpApis, domains: new Map() }, PRIMARY);
    const around: GatewaySurroundings = {
      waysOf: () => ways,
      functionOf: () => undefined,
      fault: () => undefined,
      nextRequestId: () => '00000001-0000-4000-8000-000000000000',
      account: '123456789012',
      epochMs: () => 0,
      askerIn: () => ({ vantage: from, resolver: new Resolver(from, PLAIN_RESOLVER, () => 0, undefined) }),
    };
    const request = { method: 'POST', target, host: API_HOST, headers: [['X-A', 'b']] as const, body: { bytes: 3 } };
    const arrival = { to: '127.82.0.1', tls: true, serverName: API_HOST, request, from };
    const moment = { now: BEGINNING };
    const conversation = serveAtGateway(around, PRIMARY, arrival, moment);
    let exchange: Exchange | undefined;
    let resumption: Resumption;
    for (;;) {
      const step = conversation.next(resumption);
      if (step.done === true)
        return { reply: step.value, text: (step.value.body as Partial<TextBody>).text ?? '', exchange };
      assert(step.value.kind === 'query' || step.value.kind === 'exchange', 'a server is looked up and asked');
      if (step.value.kind === 'exchange') exchange = step.value;
      resumption = step.value.kind === 'query' ? dns : outcome;
    }
  }

  test('RS 3.24: parameters of the path and stage variables are filled in, the query goes along', () => {
    expect(ask({}).exchange).toMatchObject({
      to: ADDRESS,
      port: 443,
      tls: { serverName: 'origin.example.com', verifyNames: ['origin.example.com'] },
      request: { method: 'POST', host: 'origin.example.com', target: '/base/a/b?x=1', body: { bytes: 3 } },
      until: after(BEGINNING, 29_000),
    });
    const uri = 'http://${stageVariables.host}:8080/{id}?fixed=1';
    const variables = { host: 'origin.example.com' };
    const named = ask(
      { uri, httpMethod: 'GET', pathParameters: { id: 'order' } },
      { path: '/{order}', target: '/prod/7?x=1', variables },
    );
    expect(named.exchange).toMatchObject({
      port: 8080,
      tls: undefined,
      request: { method: 'GET', host: 'origin.example.com:8080', target: '/7?fixed=1&x=1' },
    });
  });

  test('what the server gets says where the request came from', () => {
    expect(ask({}).exchange?.request?.headers).toEqual([
      ['X-A', 'b'],
      ['User-Agent', 'AmazonAPIGateway_aaaaaaaaaa'],
      ['x-amzn-apigateway-api-id', 'aaaaaaaaaa'],
      ['X-Forwarded-For', '127.82.0.1'],
    ]);
  });

  test('RS 3.36c: an HTTP API says so in a Forwarded header, without any X-Forwarded', () => {
    const headers = ask({}, { isHttpApi: true }).exchange?.request?.headers ?? [];
    expect(headers.slice(2)).toEqual([
      ['x-amzn-apigateway-api-id', 'aaaaaaaaaa'],
      ['Forwarded', `by=127.82.0.1;for=127.82.0.1;host=${API_HOST};proto=https`],
    ]);
  });

  test('RS 3.27: answers pass as they are, with some headers renamed', () => {
    const { reply } = ask({});
    expect(reply).toMatchObject({ status: 200, body: answered.body });
    expect(reply.headers.slice(0, -2)).toEqual([
      ['Content-Type', 'text/plain'],
      ['x-amzn-Remapped-Date', 'today'],
      ['x-amzn-Remapped-Connection', 'close'],
      ['X-Own', '1'],
    ]);
  });

  test('RS 3.27a: without proxy the server gets nothing of the request but its type and body', () => {
    expect(ask({ isProxy: false }).exchange?.request).toMatchObject({
      target: '/base/a/b',
      body: { bytes: 3 },
      headers: [
        ['Accept', 'application/json'],
        ['User-Agent', 'AmazonAPIGateway_aaaaaaaaaa'],
        ['x-amzn-apigateway-api-id', 'aaaaaaaaaa'],
      ],
    });
  });

  test('without proxy the response for the status says what becomes of an answer', () => {
    const responses = [
      response({ selectionPattern: '4\\d\\d', status: 404, body: 'gone' }),
      response({ status: 201, passedHeaders: { 'x-passed': 'x-own' } }),
    ];
    const asked = (status: number) => ask({ isProxy: false, responses }, { outcome: { ...answered, status } });
    expect(asked(200).reply).toMatchObject({ status: 201, body: answered.body });
    expect(asked(200).reply.headers).toContainEqual(['x-passed', '1']);
    expect(asked(410)).toMatchObject({ reply: { status: 404 }, text: 'gone' });
  });

  test.each([
    ['response-timeout', '504 {"message":"Endpoint request timed out"}'],
    ['connect-timeout', '504 {"message":"Endpoint request timed out"}'],
    ['refused', '504 {"message":"Network error communicating with endpoint"}'],
    ['tls', '504 {"message":"Network error communicating with endpoint"}'],
  ] as const)('RS 3.15, 3.19: a server that ends in %s is %s', (why, expected) => {
    const { reply, text } = ask({}, { outcome: { kind: 'unanswered', why } });
    expect(`${reply.status} ${text}`).toBe(expected);
  });

  test('RS 3.15: a name that nobody knows is a failure, too', () => {
    expect(ask({}, { dns: { ...found, rcode: 'NXDOMAIN', answers: [] } }).reply.status).toBe(504);
  });
});

test('RS 3.22, 3.22a: line and headers of a request may have 10,240 bytes', () => {
  const vantage = { index: 0, name: 'region:eu-west-1', spot: { latitude: 53, longitude: -6 }, address: '127.82.0.1' };
  const endpoint = { address: '127.82.0.1', kind: 'api-gateway', label: PRIMARY, vantage } as const;
  expect(headLimitOf(endpoint)).toEqual({ bytesMax: 10_240, status: 413 });
});
