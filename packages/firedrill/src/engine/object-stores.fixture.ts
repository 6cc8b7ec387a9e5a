import type { Architecture, Bucket, Plan, PlannedAction, PolicyStatement, StoredObject } from '../model/index.ts';
import { after, atSeconds, BEGINNING, EMPTY_ARCHITECTURE } from '../model/index.ts';
import type { Instant, TimelineEvent } from '../model/index.ts';
import { covers } from './certificates.ts';
import type {
  Arrival,
  Conversation,
  Exchange,
  Header,
  Moment,
  Need,
  Outcome,
  Reply,
  Resumption,
  TextBody,
} from './conversation.ts';
import { headerOf } from './headers.ts';
import { createWorld } from './create-world.ts';
import type { Endpoint, World } from './world.ts';

/** Everybody may read every object: what most websites have. */
export const PUBLIC_READ: PolicyStatement = {
  effect: 'Allow',
  principals: [{ kind: 'everyone', value: '*' }],
  actions: ['s3:GetObject'],
  resources: ['*'],
  conditions: [],
};

/** Everybody may list. */
export const PUBLIC_LIST: PolicyStatement = { ...PUBLIC_READ, actions: ['s3:ListBucket'] };

export function bucket(name: string, more: Partial<Bucket> = {}): Bucket {
  return {
    name,
    arn: `arn:aws:s3:::${name}`,
    region: 'eu-west-1',
    account: '123456789012',
    versioning: 'Unversioned',
    replicationRules: [],
    policy: [PUBLIC_READ],
    restrictsPublicBuckets: false,
    stack: 'test',
    logicalId: name,
    ...more,
  };
}

/** An object that says something. */
export function saying(text: string, more: Partial<StoredObject> = {}): StoredObject {
  return { text, bytes: text.length, contentType: 'text/html', ...more };
}

export interface Setting {
  readonly architecture: Architecture;
  readonly plan: Plan;
}

export function setting(
  buckets: readonly Bucket[],
  objects: Readonly<Record<string, Readonly<Record<string, string | StoredObject>>>>,
  more: { readonly architecture?: Partial<Architecture>; readonly plan?: Partial<Plan> } = {},
): Setting {
  const stored = Object.entries(objects).map(([name, own]) => [
    name,
    Object.fromEntries(
      Object.entries(own).map(([key, object]) => [key, typeof object === 'string' ? saying(object) : object]),
    ),
  ]);
  return {
    architecture: { ...EMPTY_ARCHITECTURE, buckets, ...more.architecture },
    plan: {
      name: 's3',
      seed: '1',
      end: atSeconds(86_400),
      probes: [],
      faults: [],
      switches: {},
      functionModels: {},
      objects: Object.fromEntries(stored),
      ...more.plan,
    },
  };
}

export interface Asked {
  readonly method?: string;
  /** Where the request is sent; the Host too unless given. */
  readonly url: string;
  readonly host?: string;
  readonly headers?: readonly Header[];
  /** Endpoint that it is sent to, when DNS is not asked. */
  readonly to?: { readonly kind: Endpoint['kind']; readonly region: string };
  /** An edge location sends it. */
  readonly fromEdge?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
}

/** A world with its clock in the test's hand: what lives on does so as `pass` lets time go by. */
export class StoreWorld {
  readonly world: World;
  readonly events: TimelineEvent[] = [];
  private readonly waiting: {
    at: Instant;
    readonly course: Conversation<unknown>;
    readonly moment: { now: Instant };
  }[] = [];
  private now: Instant = BEGINNING;

  constructor({ architecture, plan }: Setting) {
    this.world = createWorld({
      architecture,
      plan,
      driver: 'sim',
      speed: 1,
      beganAtEpochMs: Date.UTC(2026, 10, 21, 12),
      sink: (event) => void this.events.push(event),
    });
    for (const { start } of this.world.background) this.begin(start);
  }

  /** Asks as a viewer anywhere, by the name's address. */
  ask({ method = 'GET', url, host, headers = [], to, fromEdge = false }: Asked): Answer {
    const { protocol, hostname, pathname, search } = new URL(url);
    const [city] = this.world.vantages;
    if (city === undefined) throw new Error('a world has places');
    const from = this.world.vantages.find(({ name }) => fromEdge && name.startsWith('edge:')) ?? city;
    const name = hostname.toLowerCase();
    const found =
      to === undefined ? this.world.answer({ name, type: 'A' }, from, this.now).answers[0]?.data : undefined;
    const address =
      found ?? this.world.endpoints.find(({ kind, label }) => kind === to?.kind && label === to.region)?.address ?? '';
    const request = { method, target: pathname + search, host: host ?? hostname, headers, body: undefined };
    return answerOf(this.serve({ to: address, tls: protocol === 'https:', serverName: undefined, from, request }));
  }

  /** A request at an endpoint, and those that it makes itself. */
  private serve(arrival: Arrival): Reply {
    const course = this.world.serve(arrival, { now: this.now });
    let step = course.next();
    while (step.done !== true) step = course.next(this.satisfied(step.value));
    return step.value;
  }

  private satisfied(need: Need): Resumption {
    switch (need.kind) {
      case 'query':
        return this.world.answer(need.question, need.from, this.now);
      case 'exchange':
        return this.exchanged(need);
      case 'pause':
        return undefined;
      default:
        throw new Error(`nobody here satisfies ${need.kind}`);
    }
  }

  private exchanged({ to, port, tls, request, from }: Exchange): Outcome {
    const endpoint = this.world.endpointAt(to);
    if (endpoint?.ports !== undefined && !endpoint.ports.has(port)) return { kind: 'unanswered', why: 'refused' };
    if (request === undefined) throw new Error('whoever asks S3 has a request');
    const names = tls === undefined ? [] : this.world.certificateNames(to, tls.serverName);
    if (tls?.verifyNames !== undefined && !covers(names, tls.verifyNames)) return { kind: 'unanswered', why: 'tls' };
    const { status, headers, body, account } = this.serve({
      to,
      tls: tls !== undefined,
      serverName: tls?.serverName,
      from,
      request,
    });
    return { kind: 'answered', status, headers, body, firstByteAt: this.now, account };
  }

  /** Lets so many seconds go by. */
  pass(seconds: number): void {
    const until = after(this.now, seconds * 1000);
    for (;;) {
      const next = this.waiting.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      this.waiting.splice(this.waiting.indexOf(next), 1);
      this.now = next.at > this.now ? next.at : this.now;
      next.moment.now = this.now;
      this.resume(next.course, next.moment);
    }
    this.now = until;
  }

  private begin(start: (moment: Moment) => Conversation<unknown>): void {
    const moment = { now: this.now };
    this.resume(start(moment), moment);
  }

  private resume(course: Conversation<unknown>, moment: { now: Instant }): void {
    let step = course.next();
    while (step.done !== true) {
      const need: Need = step.value;
      if (need.kind === 'pause') {
        this.waiting.push({ at: need.until, course, moment });
        return;
      }
      if (need.kind !== 'spawn') throw new Error(`nobody here satisfies ${need.kind}`);
      this.begin(need.start);
      step = course.next();
    }
  }
}

function answerOf({ status, headers, body }: Reply): Answer {
  const { text = '', isBase64Encoded = false } = body as Partial<TextBody>;
  return {
    status,
    text: isBase64Encoded ? atob(text) : text,
    header: (name) => headerOf(headers, name),
  };
}

/** An action of a drill. */
export function at(seconds: number, action: PlannedAction['action']): PlannedAction {
  return { name: `at ${seconds}`, at: atSeconds(seconds), action };
}
