import type { ApiDomainName, HttpApi, LambdaFunction, RestApi, RestMethod, RestResource } from '../../model/index.ts';
import type { HttpEntrance, HttpRoute } from './http-routes.ts';
import { httpEntrance, httpRouteOf } from './http-routes.ts';
import { segmentMatch, segmentsOf } from './segments.ts';

/** Which API, stage and path a request is for, and how it got there. */
export interface Entrance {
  readonly api: RestApi;
  readonly stage: string;
  /** Path within the stage, without the query; begins with a slash. */
  readonly path: string;
  /** The same as events have it: behind a custom domain with what was mapped (RS 3.2b). */
  readonly eventPath: string;
  /** Path as the client sent it, without the query. */
  readonly requestPath: string;
  readonly domainName: string;
}

/** What a Region's endpoint knows of hosts (RS 3.44). */
export interface Hosts {
  readonly apis: ReadonlyMap<string, RestApi>;
  readonly httpApis: ReadonlyMap<string, HttpApi>;
  /** By `host region`. */
  readonly domains: ReadonlyMap<string, ApiDomainName>;
}

/** Ways that are remembered; a scan of random paths must not grow without end. */
const WAYS_MAX = 4096;

/** How a request finds its function; found once for each host, path and method. */
export interface Way {
  readonly entrance: Entrance | undefined;
  readonly route: Route | undefined;
  /** Set when the host is one of an HTTP API; the other two are not, then. */
  readonly http?: HttpWay;
  /** The function at its end, once somebody went there. */
  invoked?: LambdaFunction | undefined;
}

/** The same of an HTTP API; without an entrance, or a route, it answers 404. */
export interface HttpWay {
  readonly entrance: HttpEntrance | undefined;
  readonly route: HttpRoute | undefined;
}

/** The ways of one Region's endpoint. */
export class Ways {
  private readonly hosts: Hosts;
  private readonly region: string;
  /** By host, then method, then path. */
  private readonly known = new Map<string, Map<string, Map<string, Way>>>();
  private count = 0;
  /** What was asked for latest: often the next is the same. */
  private latest:
    | { readonly host: string; readonly target: string; readonly method: string; readonly way: Way }
    | undefined;

  constructor(hosts: Hosts, region: string) {
    this.hosts = hosts;
    this.region = region;
  }

  find(host: string, target: string, method: string): Way {
    const { latest } = this;
    if (latest?.target === target && latest.host === host && latest.method === method) return latest.way;
    const query = target.indexOf('?');
    const path = query < 0 ? target : target.slice(0, query);
    const way = this.known.get(host)?.get(method)?.get(path) ?? this.findAnew(host, path, method);
    this.latest = { host, target, method, way };
    return way;
  }

  private findAnew(host: string, path: string, method: string): Way {
    const http = this.hosts.httpApis.size === 0 ? undefined : httpWayOf(this.hosts, this.region, host, path, method);
    const entrance = http === undefined ? entranceOf(this.hosts, this.region, host, path) : undefined;
    const route = entrance === undefined ? undefined : routeOf(entrance.api, entrance.path, method);
    const way: Way = { entrance, route, invoked: undefined, ...(http === undefined ? {} : { http }) };
    if (this.count >= WAYS_MAX) {
      this.known.clear();
      this.count = 0;
    }
    const methods = this.known.get(host) ?? new Map<string, Map<string, Way>>();
    const paths = methods.get(method) ?? new Map<string, Way>();
    this.known.set(host, methods.set(method, paths.set(path, way)));
    this.count += 1;
    return way;
  }
}

/** By execute-api name and stage, or by custom domain and mapping; undefined: 403 Forbidden (RS 3.13, 3.42, 3.44, 3.45). */
export function entranceOf(hosts: Hosts, region: string, host: string, requestPath: string): Entrance | undefined {
  const domain = hosts.domains.get(`${host} ${region}`);
  if (domain !== undefined) return mappedEntrance(hosts, domain, requestPath);
  const suffix = `.execute-api.${region}.amazonaws.com`;
  const apiId = host.endsWith(suffix) ? host.slice(0, -suffix.length) : '';
  const api = hosts.apis.get(apiId);
  if (api === undefined || api.region !== region || api.disableExecuteApiEndpoint) return undefined;
  const [, stage = '', ...rest] = requestPath.split('/');
  if (!api.stages.some(({ name }) => name === stage)) return undefined;
  const path = `/${rest.join('/')}`;
  return { api, stage, path, eventPath: path, requestPath, domainName: host };
}

function mappedEntrance(hosts: Hosts, domain: ApiDomainName, requestPath: string): Entrance | undefined {
  const mapped = mappingOf(domain, requestPath);
  const api = mapped === undefined ? undefined : hosts.apis.get(mapped.apiId);
  if (mapped === undefined || api === undefined) return undefined;
  const { stage, path } = mapped;
  return { api, stage, path, eventPath: requestPath, requestPath, domainName: domain.name };
}

/** The longest mapping path that the request path begins with, segment by segment; else the (none) mapping (RS 3.40). */
function mappingOf(
  { mappings }: ApiDomainName,
  requestPath: string,
): { readonly apiId: string; readonly stage: string; readonly path: string } | undefined {
  const path = requestPath.slice(1);
  const mapping = mappings
    .filter((candidate) => candidate.path === '' || path === candidate.path || path.startsWith(`${candidate.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  if (mapping === undefined) return undefined;
  const rest = mapping.path === '' ? requestPath : path.slice(mapping.path.length);
  return { apiId: mapping.apiId, stage: mapping.stage, path: rest === '' ? '/' : rest };
}

/** Undefined: the host is none of an HTTP API. REST and HTTP APIs may share a domain name (RS 3.40). */
function httpWayOf(
  hosts: Hosts,
  region: string,
  host: string,
  requestPath: string,
  method: string,
): HttpWay | undefined {
  const entrance = httpEntranceOf(hosts, region, host, requestPath);
  if (entrance === undefined) return undefined;
  if (entrance === 'closed') return { entrance: undefined, route: undefined };
  return { entrance, route: httpRouteOf(entrance.api, method, entrance.path) };
}

function httpEntranceOf(
  hosts: Hosts,
  region: string,
  host: string,
  requestPath: string,
): HttpEntrance | 'closed' | undefined {
  const domain = hosts.domains.get(`${host} ${region}`);
  if (domain !== undefined) {
    const mapped = mappingOf(domain, requestPath);
    const api = mapped === undefined ? undefined : hosts.httpApis.get(mapped.apiId);
    if (mapped === undefined || api === undefined) return undefined;
    return { api, stage: mapped.stage, path: mapped.path, requestPath, domainName: domain.name };
  }
  const suffix = `.execute-api.${region}.amazonaws.com`;
  const api = host.endsWith(suffix) ? hosts.httpApis.get(host.slice(0, -suffix.length)) : undefined;
  if (api === undefined || api.region !== region) return undefined;
  return httpEntrance(api, host, requestPath) ?? 'closed';
}

/** A route of an API, with what its path parameters took. */
export interface Route {
  readonly resource: RestResource;
  readonly method: RestMethod;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * The resource that fits best: exact segments before {parameters}, those before {proxy+}; then its method or
 * ANY. Undefined: 403 Missing Authentication Token (RS 3.12, 3.22b).
 */
export function routeOf(api: RestApi, path: string, httpMethod: string): Route | undefined {
  const segments = segmentsOf(path);
  let best: { readonly route: Route; readonly rank: string } | undefined;
  for (const resource of api.resources) {
    const match = segmentMatch(resource.path, segments);
    const method =
      resource.methods.find((m) => m.httpMethod === httpMethod) ?? resource.methods.find((m) => m.httpMethod === 'ANY');
    if (match === undefined || method === undefined) continue;
    if (best !== undefined && match.rank >= best.rank) continue;
    best = { route: { resource, method, pathParameters: match.parameters }, rank: match.rank };
  }
  return best?.route;
}
