import { hybridArchitecture, PRIMARY } from '../../../test/hybrid-architecture.ts';
import type { ApiDomainName, HttpApi, LambdaFunction, RestApi } from '../../model/index.ts';
import { assert, BEGINNING } from '../../model/index.ts';
import type { CollectedBody, Headers, Invocation, Invoke, Reply, TextBody, Vantage } from '../conversation.ts';
import { Ways } from './routes.ts';
import { PLAIN_RESOLVER, Resolver } from '../resolver.ts';
import type { InjectedAnswer } from './serve.ts';
import { serveAtGateway } from './serve.ts';

const ASKER: Vantage = { index: 0, name: 'edge:DUB', spot: { latitude: 53, longitude: -6 }, address: '127.81.0.1' };

export const API_HOST = `aaaaaaaaaa.execute-api.${PRIMARY}.amazonaws.com`;
export const DOMAIN_NAME = 'api.example.com';
/** 21 November 2026, 06:30 UTC. */
export const EPOCH_MS = 1_795_242_600_000;

/** A Region's API Gateway whose functions answer by a script. */
export interface ScriptedGateway {
  readonly apis?: readonly RestApi[];
  readonly httpApis?: readonly HttpApi[];
  readonly domains?: readonly ApiDomainName[];
  readonly functions?: readonly LambdaFunction[];
  readonly region?: string;
  readonly fault?: InjectedAnswer;
  /** What the function does; by default it returns an empty 200. */
  readonly invocation?: Invocation;
  readonly collected?: CollectedBody;
}

/** A request; what is left out is a GET of the stage's root. */
export interface AskedGateway {
  readonly method?: string;
  readonly host?: string;
  readonly target?: string;
  readonly headers?: Headers;
  readonly bodyBytes?: number;
}

export interface GatewayAnswer {
  readonly reply: Reply;
  readonly text: string;
  /** Undefined when no function was to be run. */
  readonly invoke: Invoke | undefined;
  readonly event: unknown;
}

export function askGateway(asked: AskedGateway = {}, script: ScriptedGateway = {}): GatewayAnswer {
  const { restApis, apiDomainNames, functions } = hybridArchitecture();
  const byArn = new Map((script.functions ?? functions).map((fn) => [fn.arn, fn]));
  const hosts = {
    apis: new Map((script.apis ?? restApis).map((api) => [api.id, api])),
    httpApis: new Map((script.httpApis ?? []).map((api) => [api.id, api])),
    domains: new Map((script.domains ?? apiDomainNames).map((one) => [`${one.name} ${one.region}`, one])),
  };
  let count = 0;
  const around = {
    waysOf: (region: string) => new Ways(hosts, region),
    functionOf: (arn: string) => byArn.get(arn),
    fault: () => script.fault,
    nextRequestId: () => `${String((count += 1)).padStart(8, '0')}-0000-4000-8000-000000000000`,
    account: '123456789012',
    epochMs: () => EPOCH_MS,
    askerIn: () => ({ vantage: ASKER, resolver: new Resolver(ASKER, PLAIN_RESOLVER, () => 0, undefined) }),
  };
  const request = {
    method: asked.method ?? 'GET',
    host: asked.host ?? API_HOST,
    target: asked.target ?? '/prod/',
    headers: asked.headers ?? [],
    body: asked.bodyBytes === undefined ? undefined : { bytes: asked.bodyBytes },
  };
  const arrival = { to: '127.82.0.1', tls: true, serverName: request.host, request, from: ASKER };
  const moment = { now: BEGINNING };
  const conversation = serveAtGateway(around, script.region ?? PRIMARY, arrival, moment);
  const first = conversation.next();
  if (first.done === true)
    return { reply: first.value, text: textOf(first.value), invoke: undefined, event: undefined };
  const need = first.value;
  assert(need.kind === 'invoke', 'a gateway only runs functions');
  const event = need.payload(script.collected ?? null);
  const last = conversation.next(script.invocation ?? { kind: 'returned', payload: { statusCode: 200 } });
  assert(last.done === true, 'a gateway runs one function for a request');
  return { reply: last.value, text: textOf(last.value), invoke: need, event };
}

function textOf({ body }: Reply): string {
  return (body as TextBody).text;
}

export function restApi(): RestApi {
  const api = hybridArchitecture().restApis[0];
  assert(api !== undefined, 'the hybrid architecture has an API in each Region');
  return api;
}

export function apiDomainName(): ApiDomainName {
  const domain = hybridArchitecture().apiDomainNames[0];
  assert(domain !== undefined, 'the hybrid architecture has a domain name in each Region');
  return domain;
}

export function lambdaFunction(): LambdaFunction {
  const fn = hybridArchitecture().functions[0];
  assert(fn !== undefined, 'the hybrid architecture has a function in each Region');
  return fn;
}

/** The API with these resources, as `GET /orders/{id}`, all for the same function. */
export function apiOf(...routes: readonly string[]): RestApi {
  const api = restApi();
  const integration = { kind: 'lambda-proxy', functionArn: lambdaFunction().arn, timeoutMs: 29_000 } as const;
  const byPath = new Map<string, string[]>();
  for (const route of routes) {
    const [httpMethod = '', path = ''] = route.split(' ');
    byPath.set(path, [...(byPath.get(path) ?? []), httpMethod]);
  }
  const resources = [...byPath].map(([path, methods]) => ({
    id: path,
    path,
    methods: methods.map((httpMethod) => ({ httpMethod, integration })),
  }));
  return { ...api, resources };
}
