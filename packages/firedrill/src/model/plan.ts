import type { PlannedAction } from './action.ts';
import type { Fault } from './fault.ts';
import type { Instant } from './instant.ts';
import type { LambdaFunction } from './lambda.ts';
import { unqualifiedFunctionArn } from './lambda.ts';
import type { BucketObjects } from './s3.ts';

/** How a client behaves when a request fails, and how it keeps names and connections. */
export type ClientProfile =
  /** Like one curl call for each request: no retry, the system resolver's cache. */
  | 'plain'
  /** Caches addresses for 60 s whatever the TTL, repeats an idempotent request once after a broken connection (R53 RV-09). */
  | 'browser'
  /** Up to three attempts with exponential back-off and full jitter on 5xx, throttling and broken connections. */
  | 'sdk'
  /** A Java virtual machine: keeps a name for 30 s whatever its TTL, a failure for 10 s (R53 RV-08). */
  | 'jvm'
  /** The same with a security manager: keeps a name for good (R53 RV-08). */
  | 'jvm-forever'
  /** A proxy such as nginx that resolves the names of its configuration once, when it starts (R53 RV-10). */
  | 'nginx'
  /** The same with a `resolver`: keeps to TTLs (R53 RV-10, RV-11). */
  | 'nginx-resolver';

/** How a recursive resolver treats lifetimes: published defaults, and what was measured of others; `engine/client/resolver-presets.ts`. */
export type ResolverPreset =
  | 'plain'
  | 'bind'
  | 'bind-stale'
  | 'unbound'
  | 'unbound-stale'
  | 'coredns'
  | 'coredns-stale'
  | 'rfc8767'
  | 'vpc'
  | 'ec2-60s'
  | 'public-floor'
  | 'macos'
  | 'stretches-ttl'
  | 'mobile-operator';

/** Many users at each place of a probe, each behind a recursive resolver of its own that others keep busy as well. */
export interface Population {
  /** At each place. */
  readonly clients: number;
  /** Shares of the clients by what their resolvers do; they add up to 1. */
  readonly resolvers: readonly { readonly preset: ResolverPreset; readonly share: number }[];
}

/** How long a client keeps a connection for further requests. */
export interface KeepAlive {
  /** Without a request. */
  readonly idleMs: number;
  /** In all. */
  readonly lifetimeMs: number;
}

/** What each client of a probe does with a WebSocket that it keeps open (RFC 6455). */
export interface WebSocketUse {
  /** Between two of its messages; undefined: it says nothing and only listens. */
  readonly messageIntervalMs?: number;
  /** Whether each message is to be answered by one, within the client's patience. */
  readonly isAnswered: boolean;
  /** After a handshake that failed, or a WebSocket that was lost, it begins another one so much later. */
  readonly reconnectMs: number;
  /** It closes its WebSocket itself after so long, and begins another one; undefined: it never does. */
  readonly lifetimeMs?: number;
}

/** A steady stream of requests from one or more places to one URL, for each method its own stream. */
export interface Probe {
  readonly name: string;
  /** With scheme, host and path; outputs already filled in. */
  readonly url: string;
  /** Requests a second, for each method and place. */
  readonly ratePerSecond: number;
  readonly methods: readonly string[];
  /** City names from the geography, as `Dublin`. */
  readonly places: readonly string[];
  /** The client's own patience; a later answer is a failure. */
  readonly timeoutMs: number;
  readonly client: ClientProfile;
  /** Answers with these statuses count as success; by default all below 500. */
  readonly successStatuses?: readonly number[];
  /** Requests come from its clients in turn; undefined: from one client at each place. */
  readonly population?: Population;
  /** Sent besides what every probe sends, or in its place; cookies as one header. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What POST, PUT and PATCH send; a small document that names the probe unless given. */
  readonly body?: string;
  /** Undefined: each request has a connection of its own. */
  readonly keepAlive?: KeepAlive;
  /** Nobody planned it: these are requests of programs of the user's own, and the rate is their mean. */
  readonly isHeard?: true;
  /** Its clients do not send requests: each keeps a WebSocket open. `methods` is {@link WEBSOCKET_METHODS} then, and the URL's scheme `ws` or `wss`. */
  readonly webSocket?: WebSocketUse;
}

/** How timeline and report call the stream of a probe with WebSockets. */
export const WEBSOCKET_METHODS: readonly string[] = ['WebSocket'];

/** What a function does in `sim`, where user code is replaced by a declared model. */
export interface FunctionModel {
  readonly latencyMs: number;
  readonly status: number;
  readonly bodyBytes: number;
  /** What its body says, for health checks that look into it; `bodyBytes` counts when undefined. */
  readonly body?: string;
}

/** A function that nobody declared a model for. */
const DEFAULT_MODEL: FunctionModel = { latencyMs: 20, status: 200, bodyBytes: 100 };

/** The model that stands for a function, or a version of it: declared by name, by ARN, or for all. */
export function modelOf(fn: LambdaFunction, models: Plan['functionModels']): FunctionModel {
  return models[fn.name] ?? models[unqualifiedFunctionArn(fn.arn)] ?? models['*'] ?? DEFAULT_MODEL;
}

/**
 * What stands for a server that Firedrill does not run: in `sim` always the model, in `live` the user's own server
 * when there is one.
 */
export interface OriginModel extends FunctionModel {
  /** Of a server on this machine, as `http://localhost:3000`: `live` passes requests on to it. */
  readonly url?: string;
  /** Where it stands: a Region, so that its faults befall the server too … */
  readonly region?: string;
  /** … or a city of the geography; the first of the plan's places when neither is given. */
  readonly city?: string;
  /** The model takes WebSockets; undefined: it answers a handshake as it answers any GET. */
  readonly webSocket?: WebSocketModel;
}

/** What a model says over a WebSocket that it has taken. */
export interface WebSocketModel {
  /** Whether it answers each message with one, after the model's latency. */
  readonly answers: boolean;
  /** It says something by itself so often; undefined: never. */
  readonly messageIntervalMs?: number;
}

/** What to do with the world and for how long: the value that both drivers run. */
export interface Plan {
  readonly name: string;
  /** Any text; the same seed gives the same run. */
  readonly seed: string;
  readonly end: Instant;
  readonly probes: readonly Probe[];
  /** Cities of the geography that clients from outside can stand in, beside those of the probes; for `live`. */
  readonly places?: readonly string[];
  readonly faults: readonly Fault[];
  /** What operators do meanwhile; what is due at the same moment is done in this order. */
  readonly actions?: readonly PlannedAction[];
  /** Behaviours that AWS does not document, by name; see `engine/switches.ts` for names and defaults. */
  readonly switches: Readonly<Record<string, string | number | boolean>>;
  /** By function name or ARN; `*` for all others. */
  readonly functionModels: Readonly<Record<string, FunctionModel>>;
  /** What key value stores hold beside what the templates say, by name of the store. */
  readonly keyValues?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Servers that Firedrill does not run, by host name, address or id; `*` for all others that the templates bring. */
  readonly origins?: Readonly<Record<string, OriginModel>>;
  /** What is in buckets at the beginning, by the bucket's name. */
  readonly objects?: Readonly<Record<string, BucketObjects>>;
  /** Public networks, as `203.0.113.0/24`, by the city that their clients and resolvers are in: for client subnets and IP-based records. */
  readonly networks?: Readonly<Record<string, string>>;
  /** Regions that have endpoints of API Gateway and S3 from the beginning, whatever the estate has there. */
  readonly regions?: readonly string[];
}
