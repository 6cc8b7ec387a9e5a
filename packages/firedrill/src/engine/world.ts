import type {
  Architecture,
  FaultEffect,
  Instant,
  LambdaFunction,
  Plan,
  RequestEnded,
  TimelineEvent,
} from '../model/index.ts';
import type { Control } from './control.ts';
import type { CodeSandbox } from './edge-code.ts';
import type { PureHandlers } from './pure-handlers.ts';
import type { Tables } from './tables.ts';
import type { BucketContents } from './s3/buckets.ts';
import type { ResolverChanged } from './resolver.ts';
import type { Walk } from './route53/walk.ts';
import type {
  Arrival,
  Conversation,
  DnsReply,
  Exchange,
  LastInvoke,
  Moment,
  Question,
  ReplicaPlace,
  Reply,
  Vantage,
} from './conversation.ts';
import type { KeyValues } from './edge-code.ts';

/** Ports that edges and gateways listen on; a connection to any other is refused. */
export const HTTP_PORTS: ReadonlySet<number> = new Set([443, 80]);

/** Something with an address. `live` opens sockets for it, `sim` finds it by its address. */
export interface Endpoint {
  readonly address: string;
  readonly kind:
    | 'edge'
    | 'api-gateway'
    | 'name-server'
    | 'load-balancer'
    | 'accelerator'
    | 'server'
    | 's3'
    | 's3-website'
    | 'function-url';
  /** As `DUB` or `eu-west-1`. */
  readonly label: string;
  readonly vantage: Vantage;
  /** What it belongs to, as the ARN of a load balancer; undefined where its address says it all. */
  readonly resource?: string;
  /** Ports it listens on; {@link HTTP_PORTS} when undefined, 443 with TLS and 80 without. */
  readonly ports?: ReadonlyMap<number, 'http' | 'https' | 'tcp'>;
  /** Set when it passes connections on as they come, TLS and all: {@link World.passage} says whereto. */
  readonly passesThrough?: true;
}

/** Where an endpoint that passes connections on sends one: all of them, for as long as it lives (RS 2.19). */
export interface Passage {
  /** Where it is accepted, and through what it goes on; at least one. */
  readonly hops: readonly Vantage[];
  /** Address of the endpoint it ends at; undefined: there is none, and the connection is reset. */
  readonly to: string | undefined;
  readonly port: number;
  /** Whom that endpoint takes for its client. */
  readonly from: Vantage;
  /** The event that led it there and not elsewhere; 0 for none. */
  readonly cause: number;
  /** A connection so long without a packet is forgotten, and reset with the next one. */
  readonly idleTimeoutMs: number;
}

/** A conversation that runs from the beginning: a checker, a probe, the calendar of faults. */
export interface Background {
  readonly name: string;
  readonly start: (moment: Moment) => Conversation<void>;
}

/** What the network does to a connection or an answer. `slow` adds to the time; the others end it. */
export type Hindrance = Extract<FaultEffect, { kind: 'refuse' | 'blackhole' | 'hang' | 'reset' | 'slow' | 'tls' }>;

/** Answers a request, or tells the function that it needs for that. */
export type Gateway = (arrival: Arrival, moment: Moment) => Reply | LastInvoke;

/** A copy of a numbered version of a function, in a Region near edge locations. */
export interface Replica extends ReplicaPlace {
  readonly function: LambdaFunction;
}

/** A request of a client that the world did not make, when it has ended. */
export interface ToldRequest {
  readonly at: Instant;
  /** Address of the endpoint that it came to. */
  readonly to: string;
  readonly ended: RequestEnded;
  /** `seq` of the event that explains it; 0: the latest fault of that endpoint does, if it failed. */
  readonly cause: number;
}

/** The whole estate, come to life. Holds all state; performs nothing; has no clock of its own. */
export interface World {
  readonly architecture: Architecture;
  readonly plan: Plan;
  readonly endpoints: readonly Endpoint[];
  readonly vantages: readonly Vantage[];
  /** Start each of these at the beginning. */
  readonly background: readonly Background[];

  /** Copies of functions that edge locations may call, each once; a driver that runs code has them ready (CF 5.22). */
  readonly replicas: readonly Replica[];
  /** Those of them that need no process. */
  readonly pureHandlers: PureHandlers;

  /** A request arrives at an endpoint; the conversation ends with its answer. */
  serve(arrival: Arrival, moment: Moment): Conversation<Reply>;

  /**
   * The gateway at an address, whose requests need nothing but their function: for a driver that knows at once what comes of
   * that. Undefined when there is none.
   */
  gatewayAt(address: string): Gateway | undefined;

  /** What the authoritative name servers say. `timeout`: nothing (a fault). Names of no zone of the world: REFUSED. */
  answer(question: Question, asker: Vantage, now: Instant): DnsReply;

  /**
   * How Route 53 would come to its answer now, as data; nothing is drawn and nothing recorded. Undefined: no zone of the world
   * has the name.
   * @param unhealthy health checks and AWS names to be taken as unhealthy, whatever they are.
   */
  readonly walk: (
    question: Question,
    asker: Vantage,
    now: Instant,
    unhealthy?: ReadonlySet<string>,
  ) => Walk | undefined;

  /** Endpoints behind a name that AWS itself answers for, as the asker gets them; undefined: no such name in the world. */
  readonly endpointsBehind: (awsName: string, asker: Vantage) => readonly Endpoint[] | undefined;

  /** What befalls a new connection at this moment, before anything was sent. */
  hindrance(exchange: Exchange, now: Instant): Hindrance | undefined;

  /**
   * The same for an answer on its way back: `blackhole` loses it, `reset` breaks it off. Only of faults that befall
   * everybody: a share is drawn once for each connection, by {@link hindrance}.
   */
  returnHindrance(exchange: Exchange, now: Instant): Hindrance | undefined;

  /** Until when no fault acts, from a moment on; that moment itself when one does. Nothing is drawn before. */
  calmUntil(now: Instant): Instant;

  /** Names that a certificate presented at this endpoint for this server name covers; empty: the handshake fails. */
  certificateNames(address: string, serverName: string | undefined): readonly string[];

  /**
   * Where a new connection to an endpoint that passes connections on leads. Draws: ask once for each connection.
   * Undefined for any other endpoint.
   */
  passage(connection: Pick<Exchange, 'to' | 'port' | 'from'>, now: Instant): Passage | undefined;

  /** A bucket with what is in it now, for whoever may see all of it; undefined: there is none of that name. */
  readonly contentsOf: (bucket: string) => BucketContents | undefined;
  /** Tells the timeline what a resolver of the driver's own has come to hold; gives the `seq` of the event. */
  tellResolved(resolver: string, ...told: Parameters<ResolverChanged>): number;

  /** What stands against any call of S3's API in a Region; undefined: nothing does. */
  readonly objectsRefusal: (
    region: string,
    now: Instant,
  ) => { readonly code: string; readonly message: string } | undefined;

  /** What was written last into a key value store of CloudFront's; undefined: there is none of that ARN. */
  readonly keyValuesOf: (arn: string) => KeyValues | undefined;

  /** DynamoDB's tables. */
  readonly tables: Tables;

  /** The endpoint at an address. */
  endpointAt(address: string): Endpoint | undefined;

  /** What operators do to the estate while it runs, and what they see of it. */
  readonly control: Control;

  /**
   * Makes another estate ready to take this one's place while the world runs. Nothing changes before it is committed, so whatever
   * else the driver needs for it can fail without harm.
   */
  prepare(architecture: Architecture): Deployment;

  /** Puts a request of a client that is none of the plan's on the timeline, as those of probes are. */
  tellRequest(told: ToldRequest): void;

  /** Puts something that the driver itself has to say on the timeline. */
  note(at: Instant, says: string): void;

  /** Call once, when everything has come to its end: the last event of the timeline. */
  end(at: Instant, reason: 'finished' | 'interrupted'): void;
}

/** Another estate, ready to take the place of the one that a world has. */
export interface Deployment {
  readonly architecture: Architecture;
  /** All that there will be; those that there are already keep their addresses. */
  readonly endpoints: readonly Endpoint[];
  readonly replicas: readonly Replica[];
  /** As {@link World.certificateNames} will be. */
  certificateNames(address: string, serverName: string | undefined): readonly string[];
  /**
   * Puts the estate in the other's place, at once: everything that both have keeps its state, and what is new begins now.
   * Call it for the one that was prepared last, once.
   * @returns what runs from now on; what belongs to things that are gone ends by itself.
   */
  commit(moment: Moment): readonly Background[];
}

/** Everything {@link createWorld} needs. */
export interface WorldInput {
  readonly architecture: Architecture;
  readonly plan: Plan;
  readonly driver: 'sim' | 'local';
  readonly speed: number;
  /** What a wall clock of the world shows at the beginning, in milliseconds since 1970. */
  readonly beganAtEpochMs: number;
  /** Runs code of users at once; a world whose estate has CloudFront Functions needs it. */
  readonly sandbox?: CodeSandbox;
  /** Receives every event, in order. */
  readonly sink: (event: TimelineEvent) => void;
}
