import type { Probe, RequestEnded } from '../../model/index.ts';
import { assert, base64Of, utf8Of } from '../../model/index.ts';
import type { Body, Headers, HttpRequest, Moment, TextBody, Vantage } from '../conversation.ts';
import type { RandomStream } from '../random.ts';
import type { Resolver, ResolverPolicy } from '../resolver.ts';
import { ConnectionPool } from './connection-pool.ts';
import type { Member } from './population.ts';
import { presetsOf, Users } from './population.ts';
import { PROFILES } from './profile.ts';
import { RESOLVER_PRESETS } from './resolver-presets.ts';
import type { Viewer } from './viewer.ts';

/** What a probe's viewers need of the world. */
export interface ProbeSurroundings {
  vantageOf(place: string): Vantage | undefined;
  drawsOf(stream: string): RandomStream;
  resolverOf(place: string, policy: ResolverPolicy): Resolver;
  /** One of the many resolvers of a population; `left` of its first answer's TTL is left when the drill begins. */
  memberResolverOf(place: string, policy: ResolverPolicy, left: number, upstream?: Resolver): Resolver;
  /** The users of a probe at a place, who will be counted. */
  readonly settled?: (place: string, host: string, users: Users) => void;
  readonly ended: (moment: Moment, ended: RequestEnded, cause: number) => void;
}

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** One viewer for each place and method; those of one place share its resolver. */
export function viewersOf(probe: Probe, around: ProbeSurroundings): Viewer[] {
  const url = /^(https?|wss?):\/\/([^/:?#]+)(?::(\d+))?([^#]*)$/.exec(probe.url);
  assert(url !== null, `the plan has only URLs of HTTP and WebSockets, not ${probe.url}`);
  const [, scheme, host = '', port, rest = ''] = url;
  const https = scheme === 'https' || scheme === 'wss';
  const target = rest === '' ? '/' : rest.startsWith('/') ? rest : `/${rest}`;
  const profile = PROFILES[probe.client];
  return probe.places.flatMap((place) => {
    const vantage = around.vantageOf(place);
    assert(vantage !== undefined, `the city ${place} has a place`);
    const users = usersOf(probe, place, around);
    const [first] = users?.members ?? [];
    const resolver = first?.resolver ?? around.resolverOf(place, profile.resolver);
    if (users !== undefined) around.settled?.(place, host.toLowerCase(), users);
    return probe.methods.map((method): Viewer => ({
      probe,
      place,
      method,
      host: host.toLowerCase(),
      port: port === undefined ? (https ? 443 : 80) : Number(port),
      tls: https ? { serverName: host.toLowerCase(), verifyNames: [host.toLowerCase()] } : undefined,
      request:
        probe.webSocket === undefined
          ? requestOf(probe, method, host.toLowerCase(), target)
          : handshakeOf(probe, host.toLowerCase(), target, around.drawsOf(`${probe.name}/${place}/key`)),
      vantage,
      resolver,
      connections: probe.keepAlive === undefined ? undefined : new ConnectionPool(probe.keepAlive),
      users,
      profile,
      draws: around.drawsOf(`${probe.name}/${place}/${method}`),
      ended: around.ended,
    }));
  });
}

/** The population of a probe at one place, if it has one. */
function usersOf(probe: Probe, place: string, around: ProbeSurroundings): Users | undefined {
  const { population, keepAlive } = probe;
  if (population === undefined) return undefined;
  const profile = PROFILES[probe.client];
  const draws = around.drawsOf(`population/${probe.name}/${place}`);
  return new Users(
    presetsOf(population, draws).map((preset): Member => {
      const recursive = around.memberResolverOf(place, RESOLVER_PRESETS[preset], draws.next());
      const resolver = profile.keepsNames
        ? around.memberResolverOf(place, profile.resolver, draws.next(), recursive)
        : recursive;
      return { recursive, resolver, connections: keepAlive === undefined ? undefined : new ConnectionPool(keepAlive) };
    }),
  );
}

function requestOf(probe: Probe, method: string, host: string, target: string): HttpRequest {
  const body: TextBody | undefined = WITH_BODY.has(method)
    ? textBody(probe.body ?? JSON.stringify({ probe: probe.name }))
    : undefined;
  const type = probe.body === undefined ? 'application/json' : 'text/plain; charset=utf-8';
  const ofBody: Headers =
    body === undefined
      ? []
      : [
          ['Content-Type', type],
          ['Content-Length', String(body.bytes)],
        ];
  const headers = headersOf(probe, [['User-Agent', 'firedrill-probe/1'], ['Accept', '*/*'], ...ofBody]);
  return { method, target, host, headers, body: body satisfies Body | undefined };
}

/** What begins a WebSocket (RFC 6455, 4.1). */
function handshakeOf(probe: Probe, host: string, target: string, draws: RandomStream): HttpRequest {
  const key = base64Of(Array.from({ length: 16 }, () => Math.floor(draws.next() * 256)));
  const headers = headersOf(probe, [
    ['User-Agent', 'firedrill-probe/1'],
    ['Sec-WebSocket-Key', key],
    ['Sec-WebSocket-Version', '13'],
  ]);
  return { method: 'GET', target, host, headers, body: undefined, upgrade: 'websocket' };
}

/** The usual ones, and the probe's own beside them or in their place. */
function headersOf(probe: Probe, usual: Headers): Headers {
  const own = Object.entries(probe.headers ?? {});
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  return [...usual.filter(([name]) => !names.has(name.toLowerCase())), ...own];
}

function textBody(text: string): TextBody {
  return { bytes: utf8Of(text).length, text };
}
