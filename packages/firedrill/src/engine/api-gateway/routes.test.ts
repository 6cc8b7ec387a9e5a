import { describe, expect, test } from 'vitest';
import { BACKUP, PRIMARY } from '../../../test/hybrid-architecture.ts';
import type { ApiMapping, RestApi } from '../../model/index.ts';
import { API_HOST, apiDomainName, apiOf, askGateway, DOMAIN_NAME, restApi } from './gateway-script.fixture.ts';
import { entranceOf, routeOf } from './routes.ts';

const FORBIDDEN = '403 {"message":"Forbidden"} ForbiddenException';
const MISSING_TOKEN = '403 {"message":"Missing Authentication Token"} MissingAuthenticationTokenException';

/** Status, body and error type of a refusal. */
function refusal(asked: Parameters<typeof askGateway>[0], script: Parameters<typeof askGateway>[1] = {}): string {
  const { reply, text } = askGateway(asked, script);
  return `${reply.status} ${text} ${reply.headers.find(([name]) => name === 'x-amzn-ErrorType')?.[1] ?? ''}`;
}

describe('which resource and method', () => {
  function check(routes: readonly string[], asked: string, expected: string): void {
    const [method = '', path = ''] = asked.split(' ');
    const route = routeOf(apiOf(...routes), path, method);
    const found = route === undefined ? 'none' : `${route.method.httpMethod} ${route.resource.path}`;
    const parameters = route?.pathParameters ?? null;
    expect(parameters === null ? found : `${found} ${JSON.stringify(parameters)}`).toBe(expected);
  }

  test('RS 3.12: an exact segment comes before a parameter, and that before a greedy one', () => {
    const routes = ['GET /{proxy+}', 'GET /{one}', 'GET /orders', 'GET /orders/{id}', 'GET /orders/{rest+}'];
    check(routes, 'GET /orders', 'GET /orders');
    check(routes, 'GET /users', 'GET /{one} {"one":"users"}');
    check(routes, 'GET /users/7', 'GET /{proxy+} {"proxy":"users/7"}');
    check(routes, 'GET /orders/7', 'GET /orders/{id} {"id":"7"}');
    check(routes, 'GET /orders/7/lines', 'GET /orders/{rest+} {"rest":"7/lines"}');
  });

  test('RS 3.12: the order in which resources are listed does not matter', () => {
    check(['GET /orders', 'GET /{proxy+}'], 'GET /orders', 'GET /orders');
    check(['GET /{proxy+}', 'GET /orders'], 'GET /orders', 'GET /orders');
  });

  test('RS 3.12: a greedy parameter takes at least one segment', () => {
    check(['GET /{proxy+}'], 'GET /', 'none');
    check(['GET /', 'GET /{proxy+}'], 'GET /', 'GET /');
  });

  test('RS 3.22b: a method of its own comes before ANY; without either there is no route', () => {
    check(['GET /', 'ANY /'], 'GET /', 'GET /');
    check(['GET /', 'ANY /'], 'POST /', 'ANY /');
    check(['GET /'], 'POST /', 'none');
  });

  test('RS 3.12: a resource without the method leaves it to one that fits less well', () => {
    check(['GET /orders', 'ANY /{proxy+}'], 'POST /orders', 'ANY /{proxy+} {"proxy":"orders"}');
  });

  test('RS 3.12, 3.22b: an unknown path and a wrong method are both told Missing Authentication Token', () => {
    const apis = [apiOf('GET /orders')];
    expect(refusal({ target: '/prod/users' }, { apis })).toBe(MISSING_TOKEN);
    expect(refusal({ target: '/prod/orders', method: 'POST' }, { apis })).toBe(MISSING_TOKEN);
    expect(refusal({ target: '/prod/orders/7' }, { apis })).toBe(MISSING_TOKEN);
    expect(askGateway({ target: '/prod/orders?page=2' }, { apis }).reply.status).toBe(200);
  });
});

describe('which API and stage', () => {
  test.each(['/', '/test/', '/Prod/', '/orders'])('RS 3.13: %s names no stage of the API: 403 Forbidden', (target) => {
    expect(refusal({ target })).toBe(FORBIDDEN);
  });

  test.each([
    'unknown.example.com',
    'zzzzzzzzzz.execute-api.eu-west-1.amazonaws.com',
    'bbbbbbbbbb.execute-api.eu-west-1.amazonaws.com',
    'bbbbbbbbbb.execute-api.us-east-1.amazonaws.com',
    'dhybrid.cloudfront.net',
    'aaaaaaaaaa.other.execute-api.eu-west-1.amazonaws.com',
  ])('RS 3.44: the host %s is unknown to the Region: 403 Forbidden', (host) => {
    expect(refusal({ host })).toBe(FORBIDDEN);
  });

  test('RS 3.44: one custom name is served by each Region that has it registered, by that Region alone', () => {
    expect(askGateway({ host: DOMAIN_NAME }, { region: PRIMARY }).reply.account.endpoint).toBe(PRIMARY);
    expect(askGateway({ host: DOMAIN_NAME }, { region: BACKUP }).reply.account.endpoint).toBe(BACKUP);
    expect(refusal({ host: DOMAIN_NAME }, { region: BACKUP, domains: [apiDomainName()] })).toBe(FORBIDDEN);
  });

  test('RS 3.45: a disabled execute-api endpoint is Forbidden, the custom name goes on', () => {
    const apis: RestApi[] = [{ ...restApi(), disableExecuteApiEndpoint: true }];
    expect(refusal({ host: API_HOST }, { apis })).toBe(FORBIDDEN);
    expect(askGateway({ host: DOMAIN_NAME }, { apis }).reply.status).toBe(200);
  });

  test('RS 3.1: the stage is stripped from the path, and stays in the path as it was sent', () => {
    const hosts = { apis: new Map([[restApi().id, restApi()]]), httpApis: new Map(), domains: new Map() };
    for (const [sent, path] of [
      ['/prod', '/'],
      ['/prod/', '/'],
      ['/prod/a/b', '/a/b'],
      ['/prod/prod', '/prod'],
    ] as const) {
      expect(entranceOf(hosts, PRIMARY, API_HOST, sent)).toMatchObject({ stage: 'prod', path, requestPath: sent });
    }
  });
});

describe('which mapping of a custom domain', () => {
  const orders: RestApi = { ...restApi(), id: 'orders' };
  const nested: RestApi = { ...restApi(), id: 'nested' };

  function check(mappings: readonly ApiMapping[], requestPath: string, expected: string): void {
    const apis = new Map([restApi(), orders, nested].map((api) => [api.id, api]));
    const domains = new Map([[`${DOMAIN_NAME} ${PRIMARY}`, { ...apiDomainName(), mappings }]]);
    const entrance = entranceOf({ apis, httpApis: new Map(), domains }, PRIMARY, DOMAIN_NAME, requestPath);
    expect(entrance === undefined ? 'none' : `${entrance.api.id} ${entrance.path}`).toBe(expected);
  }

  const none: ApiMapping = { path: '', apiId: 'aaaaaaaaaa', stage: 'prod' };
  const mappings: ApiMapping[] = [
    none,
    { path: 'orders', apiId: 'orders', stage: 'prod' },
    { path: 'orders/v2', apiId: 'nested', stage: 'prod' },
  ];

  test('RS 3.40: the longest matching mapping path wins, segment by segment, else the (none) mapping', () => {
    check(mappings, '/', 'aaaaaaaaaa /');
    check(mappings, '/orders', 'orders /');
    check(mappings, '/orders/', 'orders /');
    check(mappings, '/orders/7', 'orders /7');
    check(mappings, '/orders/v2/7', 'nested /7');
    check(mappings, '/orders/v23', 'orders /v23');
    check(mappings, '/ordersx', 'aaaaaaaaaa /ordersx');
    check(mappings.toReversed(), '/orders/v2/7', 'nested /7');
  });

  test('RS 3.42: without a mapping that matches it is 403 Forbidden', () => {
    check(mappings.slice(1), '/users', 'none');
    const domains = [{ ...apiDomainName(), mappings: [] }];
    expect(refusal({ host: DOMAIN_NAME }, { domains })).toBe(FORBIDDEN);
  });

  test('RS 3.43: the stage name in the path of a custom domain is not a stage but a path', () => {
    expect(refusal({ host: DOMAIN_NAME, target: '/prod/orders' }, { apis: [apiOf('GET /orders')] })).toBe(
      MISSING_TOKEN,
    );
    expect(askGateway({ host: DOMAIN_NAME, target: '/orders' }, { apis: [apiOf('GET /orders')] }).reply.status).toBe(
      200,
    );
  });
});
