import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instant, Plan } from '../src/model/index.ts';
import { atSeconds, EMPTY_ARCHITECTURE, NEVER } from '../src/model/index.ts';
import type {
  Arrival,
  Body,
  Conversation,
  DnsReply,
  Endpoint,
  Exchange,
  Header,
  HttpRequest,
  Moment,
  Reply,
  TextBody,
  Vantage,
  World,
} from '../src/engine/index.ts';
import { PureHandlers } from '../src/engine/index.ts';
import type { LocalWorld, Ports } from '../src/live/index.ts';
import { PORTS } from '../src/live/index.ts';
import type { LocalParts } from '../src/live/local-world.ts';
import { openParts } from '../src/live/local-world.ts';

/*
 * The world's contract, filled in by hand: for tests of a driver that is to be seen apart from AWS's behaviour.
 */

export const CITY: Vantage = vantage(0, 'city:Dublin', '127.84.9.1');
export const EDGE: Endpoint = endpoint(1, 'edge', 'DUB', '127.81.9.1');
export const GATEWAY: Endpoint = endpoint(2, 'api-gateway', 'eu-west-1', '127.82.9.1');
export const NAME_SERVER: Endpoint = endpoint(3, 'name-server', 'route53', '127.83.9.1');
export const HOST = 'www.example.com';

/** A world that answers `hello` everywhere, and what differs from it. */
export function handMadeWorld(differs: Partial<World> = {}): World {
  const endpoints = differs.endpoints ?? [EDGE, GATEWAY, NAME_SERVER];
  return {
    architecture: { ...EMPTY_ARCHITECTURE, hostedZones: [{ id: 'Z', name: 'example.com', private: false }] },
    plan: planUntil(3600),
    endpoints,
    vantages: [CITY, ...endpoints.map((one) => one.vantage)],
    replicas: [],
    pureHandlers: new PureHandlers(undefined),
    background: [],
    serve: answering(() => textReply('hello')),
    gatewayAt: () => undefined,
    answer: () => dnsReply('NXDOMAIN'),
    walk: () => undefined,
    endpointsBehind: () => undefined,
    calmUntil: () => NEVER,
    hindrance: () => undefined,
    returnHindrance: () => undefined,
    passage: () => undefined,
    certificateNames: (_address, serverName) => (serverName === HOST ? [HOST] : []),
    contentsOf: () => undefined,
    keyValuesOf: () => undefined,
    objectsRefusal: () => undefined,
    tables: {
      contentsOf: () => undefined,
      refusalIn: () => undefined,
      request: () => {
        throw new Error('a world made by hand has no tables');
      },
    },
    endpointAt: (address) => endpoints.find((one) => one.address === address),
    get control(): never {
      throw new Error('nobody operates a world that is made by hand');
    },
    prepare() {
      throw new Error('a world that is made by hand stays as it is');
    },
    note: () => undefined,
    tellRequest: () => undefined,
    tellResolved: () => 0,
    end: () => undefined,
    ...differs,
  };
}

export function planUntil(endSeconds: number, more: Partial<Plan> = {}): Plan {
  const end = atSeconds(endSeconds);
  return { name: 'test', seed: '1', end, probes: [], faults: [], switches: {}, functionModels: {}, ...more };
}

export function textReply(
  text: string,
  more: { readonly status?: number; readonly headers?: readonly Header[] } = {},
): Reply {
  const body: TextBody = { bytes: Buffer.byteLength(text), text };
  return bodyReply(body, more);
}

export function bodyReply(
  body: Body,
  more: { readonly status?: number; readonly headers?: readonly Header[] } = {},
): Reply {
  const account = { edge: 'DUB', origin: 'o', endpoint: 'eu-west-1', attempts: 1, result: 'Miss', cause: 7 };
  return { kind: 'reply', status: more.status ?? 200, headers: more.headers ?? [], body, account, store: undefined };
}

export function dnsReply(rcode: DnsReply['rcode'], more: Partial<DnsReply> = {}): DnsReply {
  return { kind: 'dns', rcode, answers: [], authority: [], negativeTtlSeconds: 0, cause: 0, ...more };
}

/** A request from the city to the edge over HTTPS, and what differs from it. */
export function exchangeWith(differs: Partial<Exchange> = {}): Exchange {
  return {
    kind: 'exchange',
    from: CITY,
    to: EDGE.address,
    port: 443,
    tls: { serverName: HOST, verifyNames: [HOST] },
    request: requestFor('/'),
    connectTimeoutMs: 600_000,
    responseTimeoutMs: 600_000,
    until: atSeconds(3000),
    ...differs,
  };
}

export function requestFor(target: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', target, host: HOST, headers: [], body: undefined, ...more };
}

/** An endpoint that needs nothing to answer. */
export function answering(reply: (arrival: Arrival, moment: Moment) => Reply): World['serve'] {
  return function* serve(arrival, moment) {
    // A moment that has passed: resumed at once.
    yield { kind: 'pause', until: moment.now };
    return reply(arrival, moment);
  };
}

/** An edge that passes everything on to the gateway and the answer back; the gateway does what it is given. */
export function passOn(gateway: (arrival: Arrival, moment: Moment) => Reply): World['serve'] {
  return function* serve(arrival, moment) {
    if (arrival.to === GATEWAY.address) return gateway(arrival, moment);
    const outcome = yield exchangeWith({ from: EDGE.vantage, to: GATEWAY.address, request: arrival.request });
    if (outcome?.kind !== 'answered')
      return textReply(outcome?.kind === 'unanswered' ? outcome.why : '', { status: 502 });
    return bodyReply(outcome.body, outcome);
  };
}

/** How a test wants its world. */
export interface Setting {
  readonly speed?: number;
  readonly ports?: Ports;
  readonly queryLog?: LocalParts['queryLog'];
  /** What the calendar of the world shows at its beginning. */
  readonly beganAtEpochMs?: number;
  readonly hearsClients?: boolean;
}

/** Opens a world for as long as a test uses it. */
export async function withWorld<Result>(
  world: World,
  use: (local: LocalWorld, stateDirectory: string) => Promise<Result>,
  { speed = 1, ports = PORTS.any, queryLog, beganAtEpochMs, hearsClients = false }: Setting = {},
): Promise<Result> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'firedrill-live-'));
  const local = await openParts({
    world,
    speed,
    ports,
    stateDirectory,
    hearsClients,
    ...(queryLog === undefined ? {} : { queryLog }),
    ...(beganAtEpochMs === undefined ? {} : { beganAtEpochMs }),
  });
  try {
    return await use(local, stateDirectory);
  } finally {
    await local.close();
    await rm(stateDirectory, { recursive: true, force: true });
  }
}

/** Runs one conversation in a world and answers with its result. */
export async function converse<Result>(
  world: Partial<World>,
  conversation: (moment: Moment) => Conversation<Result>,
  setting: Setting = {},
): Promise<Result> {
  const done = new AbortController();
  const results: Result[] = [];
  const start = function* once(moment: Moment): Conversation<void> {
    results.push(yield* conversation(moment));
    done.abort();
  };
  const whole = handMadeWorld({ ...world, background: [...(world.background ?? []), { name: 'test', start }] });
  await withWorld(whole, async (local) => await local.run(done.signal), setting);
  if (!(0 in results)) throw new Error('The conversation did not come to its end.');
  return results[0] as Result;
}

/** How long something takes in world time, in milliseconds. */
export function elapsedMs(from: Instant, to: Instant): number {
  return (to - from) / 1000;
}

function vantage(index: number, name: string, address: string): Vantage {
  return { index, name, spot: { latitude: 53, longitude: -6 }, address };
}

function endpoint(index: number, kind: Endpoint['kind'], label: string, address: string): Endpoint {
  return { address, kind, label, vantage: vantage(index, `${kind}:${label}`, address) };
}
