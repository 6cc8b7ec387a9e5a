import type { Distribution, Instant } from '../../model/index.ts';
import { after, assert, BEGINNING } from '../../model/index.ts';
import type { Overrides } from '../../../test/hybrid-architecture.ts';
import { hybridArchitecture } from '../../../test/hybrid-architecture.ts';
import type {
  Conversation,
  DnsReply,
  Exchange,
  Header,
  Headers,
  HttpRequest,
  HttpVersion,
  Invocation,
  Invoke,
  Need,
  Outcome,
  Reply,
  Resumption,
  Spawn,
  Vantage,
} from '../conversation.ts';
import { httpDate } from '../calendar.ts';
import { headerOf } from '../headers.ts';
import { createRandom } from '../random.ts';
import { PLAIN_RESOLVER, Resolver } from '../resolver.ts';
import type { EdgeCache } from './cache.ts';
import type { EdgeSurroundings, FailedAttempt, FailedFunction, FailoverStep } from './edge.ts';
import { EdgeLocation } from './edge.ts';
import type { EdgeFunctions } from './edge-function.ts';
import { serveAtEdge } from './serve.ts';
import { siteOf } from './site.ts';
import { tiersOf } from './tiers.ts';

/** The failover name and the backup API of the hybrid architecture, and where the script puts them. */
export const PRIMARY_NAME = 'api.example.com';
export const SECONDARY_NAME = 'bbbbbbbbbb.execute-api.us-east-1.amazonaws.com';
const PRIMARY_ADDRESS = '192.0.2.1';
export const SECONDARY_ADDRESS = '192.0.2.2';

const EDGE: Vantage = { index: 0, name: 'edge:DUB', spot: { latitude: 53, longitude: -6 }, address: '127.81.0.1' };
const VIEWER: Vantage = { index: 1, name: 'city:Dublin', spot: EDGE.spot, address: '127.84.0.1' };

/** What an origin does with one exchange: a status, or a way to fail. `hang` accepts and never answers. */
export type Deed = number | 'refused' | 'silent' | 'hang' | 'reset' | 'tls' | ScriptedAnswer;

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Headers;
  readonly afterMs?: number;
  /** 2 unless given. */
  readonly bodyBytes?: number;
}

/** What a name server says about one name. */
export type Name =
  | { readonly addresses: readonly string[]; readonly ttlSeconds: number }
  | { readonly rcode: 'NXDOMAIN' | 'SERVFAIL'; readonly negativeTtlSeconds: number };

/** A viewer request; what is left out is an ordinary GET over TLS at the hybrid distribution. */
export interface Asked {
  readonly method?: string;
  readonly target?: string;
  readonly host?: string;
  readonly headers?: Headers;
  readonly tls?: boolean;
  readonly bodyBytes?: number;
  readonly from?: Vantage;
  readonly httpVersion?: HttpVersion;
  readonly upgrade?: 'websocket';
}

/** An exchange with an origin, with what was asked worked out and the moment it began. */
export interface Seen {
  readonly at: Instant;
  readonly to: string;
  readonly exchange: Exchange;
  readonly request: HttpRequest;
  /** Whether its connection was open before. */
  readonly reused: boolean;
}

/** Functions at the edge, and what runs them. */
export interface ScriptedCode {
  readonly functions: EdgeFunctions;
  readonly run: (need: Invoke) => Invocation;
  /** As the switch `cloudfront.failover-status` has it. */
  readonly decidesFailover?: boolean;
}

/** An edge location whose name servers and origins follow a script; time passes as the outcomes need it. */
export class ScriptedEdge {
  readonly moment = { now: BEGINNING };
  readonly names = new Map<string, Name>([
    [PRIMARY_NAME, { addresses: [PRIMARY_ADDRESS], ttlSeconds: 60 }],
    [SECONDARY_NAME, { addresses: [SECONDARY_ADDRESS], ttlSeconds: 60 }],
  ]);
  /** By address. The last deed goes on for ever. */
  readonly deeds = new Map<string, readonly Deed[]>();
  readonly seen: Seen[] = [];
  readonly queries: string[] = [];
  readonly failures: FailedAttempt[] = [];
  readonly failovers: FailoverStep[] = [];
  readonly functionFailures: FailedFunction[] = [];
  /** What the timeline hears of WebSockets. */
  readonly sockets: string[] = [];
  /** False: the bodies of answers break off. */
  bodiesArrive = true;
  private edge: EdgeLocation;
  private readonly first: EdgeLocation;
  private readonly around: EdgeSurroundings;
  private readonly tiers = new Map<string, EdgeLocation>();
  /** Ways between caches since the last look, as `DUB>eu-west-1`. */
  readonly hops: string[] = [];
  private readonly done = new Map<string, number>();
  private readonly runFunction: ScriptedCode['run'] | undefined;
  /** What was begun beside a request: it runs when that has been answered. */
  private readonly besides: Spawn['start'][] = [];

  constructor(
    distributions: readonly Distribution[],
    strictCriteria = true,
    edgeCode?: ScriptedCode,
    keepsConnections = false,
  ) {
    this.runFunction = edgeCode?.run;
    const sites = new Map(
      distributions.map((distribution) => [distribution.domainName, siteOf(distribution, edgeCode?.functions)]),
    );
    this.around = {
      tiers: tiersOf((region) => this.tiers.get(region)),
      siteOf: (host) => sites.get(host),
      endpointLabel: (address) => address,
      httpDate: (now) => httpDate(Math.floor(now / 1_000_000)),
      attemptFailed: (_edge, _call, failed) => this.failures.push(failed),
      functionFailed: (_edge, _call, failed) => this.functionFailures.push(failed),
      websocketOpened: (_call, { endpoint }) => this.sockets.push(`opened ${endpoint}`),
      websocketClosed: (_call, { endpoint }, { why, seconds }) =>
        void this.sockets.push(`closed ${endpoint} ${why} ${seconds}s`),
      failedOver: (_edge, _call, step) => this.failovers.push(step),
      strictCriteria,
      keepsConnections,
      functionDecidesFailover: edgeCode?.decidesFailover ?? false,
    };
    this.first = this.locate('DUB');
    this.edge = this.first;
  }

  /** Puts caches behind the edge: the first is the regional edge cache next to it, all can be an Origin Shield. */
  behind(next: string | undefined, ...regions: readonly string[]): this {
    for (const region of [...(next === undefined ? [] : [next]), ...regions])
      this.tiers.set(region, this.locate(region, region));
    this.edge.regionalCache = this.tiers.get(next ?? '');
    return this;
  }

  /** From now on viewers reach another edge location, with the same caches behind. */
  elsewhere(): this {
    const { regionalCache } = this.edge;
    this.edge = this.locate('LHR');
    this.edge.regionalCache = regionalCache;
    return this;
  }

  /** Viewers reach the first edge location again. */
  back(): this {
    this.edge = this.first;
    return this;
  }

  /** The cache in a Region. */
  tier(region: string): EdgeLocation {
    const found = this.tiers.get(region);
    assert(found !== undefined, `there is a cache in ${region}`);
    return found;
  }

  private locate(label: string, region?: string): EdgeLocation {
    const vantage = { ...EDGE, name: region === undefined ? `edge:${label}` : label };
    const resolver = new Resolver(vantage, PLAIN_RESOLVER, () => 0, undefined);
    return new EdgeLocation(label, vantage, resolver, createRandom('1').stream('ids'), this.around, region);
  }

  primary(...deeds: readonly Deed[]): this {
    this.deeds.set(PRIMARY_ADDRESS, deeds);
    this.done.delete(PRIMARY_ADDRESS);
    return this;
  }

  secondary(...deeds: readonly Deed[]): this {
    this.deeds.set(SECONDARY_ADDRESS, deeds);
    this.done.delete(SECONDARY_ADDRESS);
    return this;
  }

  wait(seconds: number): this {
    this.moment.now = after(this.moment.now, seconds * 1000);
    return this;
  }

  ask(asked: Asked = {}): Reply {
    const request: HttpRequest = {
      method: asked.method ?? 'GET',
      target: asked.target ?? '/',
      host: asked.host ?? 'dhybrid.cloudfront.net',
      headers: asked.headers ?? [],
      body: asked.bodyBytes === undefined ? undefined : { bytes: asked.bodyBytes },
      ...(asked.upgrade === undefined ? {} : { upgrade: asked.upgrade }),
    };
    const tls = asked.tls ?? true;
    const serverName = tls ? request.host : undefined;
    const { from = VIEWER, httpVersion = '1.1' } = asked;
    const arrival = { to: EDGE.address, tls, serverName, request, from, httpVersion };
    const reply = this.run(serveAtEdge(this.edge, arrival, this.moment));
    reply.store?.(this.bodiesArrive ? reply.body : undefined, this.moment.now);
    for (const start of this.besides.splice(0)) this.runBeside(start);
    return reply;
  }

  private runBeside(start: Spawn['start']): void {
    const reply = this.run(start(this.moment));
    if (typeof reply === 'object') reply.store?.(reply.body, this.moment.now);
  }

  get cache(): EdgeCache {
    return this.edge.cache;
  }

  /** The same with who asked, as `eu-west-1>primary`. */
  takeAsked(): string {
    return this.seen
      .splice(0)
      .map(({ to, exchange }) => {
        const name = to === PRIMARY_ADDRESS ? 'primary' : to === SECONDARY_ADDRESS ? 'secondary' : to;
        return `${exchange.from.name}>${name}`;
      })
      .join(' ');
  }

  /** Where the exchanges went since the last look, as `primary primary secondary`. */
  takeRoute(): string {
    return this.seen
      .splice(0)
      .map(({ to }) => (to === PRIMARY_ADDRESS ? 'primary' : to === SECONDARY_ADDRESS ? 'secondary' : to))
      .join(' ');
  }

  private run<Result>(conversation: Conversation<Result>): Result {
    let step = conversation.next();
    while (step.done !== true) step = conversation.next(this.satisfy(step.value));
    return step.value;
  }

  private satisfy(need: Need): Resumption {
    if (need.kind === 'spawn') {
      this.besides.push(need.start);
      return undefined;
    }
    if (need.kind === 'hop') {
      this.hops.push(`${need.from.name}>${need.to.name}`);
      return undefined;
    }
    if (need.kind === 'query') {
      this.queries.push(need.question.name);
      return dnsReply(need.question.name, this.names.get(need.question.name));
    }
    if (need.kind === 'invoke' && this.runFunction !== undefined) return this.runFunction(need);
    assert(need.kind === 'exchange' && need.request !== undefined, 'an edge only asks name servers and origins');
    const reused = need.connection?.isOpen === true;
    this.seen.push({ at: this.moment.now, to: need.to, exchange: need, request: need.request, reused });
    return this.outcomeOf(need);
  }

  private outcomeOf(exchange: Exchange): Outcome {
    const deeds = this.deeds.get(exchange.to) ?? [200];
    const count = this.done.get(exchange.to) ?? 0;
    this.done.set(exchange.to, count + 1);
    const deed = deeds[Math.min(count, deeds.length - 1)] ?? 200;
    const { connection } = exchange;
    // Over a connection that is there nobody is refused, and silence is heard only from the answer.
    if (connection?.isOpen === true && (deed === 'refused' || deed === 'silent')) {
      if (deed === 'refused') return { kind: 'unanswered', why: 'reset' };
      return this.givenUp(exchange, exchange.responseTimeoutMs, 'response-timeout');
    }
    if (connection !== undefined) connection.isOpen = typeof deed === 'number' || typeof deed === 'object';
    switch (deed) {
      case 'refused':
      case 'reset':
      case 'tls':
        return { kind: 'unanswered', why: deed };
      case 'silent':
        return this.givenUp(exchange, exchange.connectTimeoutMs, 'connect-timeout');
      case 'hang':
        return this.givenUp(exchange, exchange.responseTimeoutMs, 'response-timeout');
      default:
        return this.answerOf(exchange, typeof deed === 'number' ? { status: deed } : deed);
    }
  }

  private answerOf(exchange: Exchange, { status, headers = [], afterMs = 0, bodyBytes = 2 }: ScriptedAnswer): Outcome {
    if (afterMs >= exchange.responseTimeoutMs)
      return this.givenUp(exchange, exchange.responseTimeoutMs, 'response-timeout');
    if (after(this.moment.now, afterMs) >= exchange.until) return this.givenUp(exchange, afterMs, 'response-timeout');
    this.moment.now = after(this.moment.now, afterMs);
    const firstByteAt = this.moment.now;
    return { kind: 'answered', status, headers, body: { bytes: bodyBytes }, firstByteAt, account: undefined };
  }

  /** Whatever was waited for, the moment in `until` comes first if it is earlier. */
  private givenUp(exchange: Exchange, ms: number, why: 'connect-timeout' | 'response-timeout'): Outcome {
    const patience = after(this.moment.now, ms);
    this.moment.now = patience < exchange.until ? patience : exchange.until;
    return { kind: 'unanswered', why: patience < exchange.until ? why : 'completion-timeout' };
  }
}

/** An edge location before one distribution with functions of whichever kind. */
export function scriptedEdge(distribution: Distribution, functions: EdgeFunctions): ScriptedEdge {
  return new ScriptedEdge([distribution], true, {
    functions,
    run() {
      throw new Error('what runs here needs nobody to run it');
    },
  });
}

/** An edge location before the two distributions of the hybrid architecture. */
export function hybridEdge(overrides: Overrides = {}, strictCriteria = true): ScriptedEdge {
  return new ScriptedEdge(hybridArchitecture(overrides).distributions, strictCriteria);
}

/** An edge location before the hybrid distribution with something about it changed. */
export function changedEdge(change: Partial<Distribution>, overrides: Overrides = {}): ScriptedEdge {
  return new ScriptedEdge([{ ...hybridDistribution(overrides), ...change }]);
}

export function hybridDistribution(overrides: Overrides = {}): Distribution {
  const distribution = hybridArchitecture(overrides).distributions[1];
  assert(distribution !== undefined, 'the hybrid distribution is the second');
  return distribution;
}

/** `X-Cache` without its suffix. */
export function xCache(reply: Reply): string {
  return (headerOf(reply.headers, 'X-Cache') ?? '').replace(' from cloudfront', '');
}

export function header(reply: { readonly headers: Headers }, name: string): string | undefined {
  return headerOf(reply.headers, name);
}

export function cacheControl(value: string): Header {
  return ['Cache-Control', value];
}

function dnsReply(name: string, said: Name | undefined): DnsReply {
  const base = { kind: 'dns', answers: [], authority: [], negativeTtlSeconds: 0, cause: 0 } as const;
  if (said === undefined) return { ...base, rcode: 'NXDOMAIN' };
  if ('rcode' in said) return { ...base, rcode: said.rcode, negativeTtlSeconds: said.negativeTtlSeconds };
  const { addresses, ttlSeconds } = said;
  return {
    ...base,
    rcode: 'NOERROR',
    answers: addresses.map((data) => ({ name, type: 'A', ttlSeconds, data })),
  };
}
