import type { ClientProfile, Instant, Probe, RequestEnded } from '../../model/index.ts';
import { after, assert } from '../../model/index.ts';
import type {
  Conversation,
  DnsReply,
  Exchange,
  Moment,
  Outcome,
  Resumption,
  Unanswered,
  Vantage,
} from '../conversation.ts';
import { createRandom } from '../random.ts';
import { Resolver } from '../resolver.ts';
import { viewersOf } from './probes.ts';
import type { Viewer } from './viewer.ts';
import { viewerRequest } from './viewer.ts';

const PLACE: Vantage = { index: 0, name: 'city:Dublin', spot: { latitude: 53, longitude: -6 }, address: '127.84.0.1' };

/** What comes of one exchange: a status, or a way to get no answer. */
export type Deed = number | Unanswered['why'];

/** What a name server says: a TTL with the one address, or a failure with its negative TTL. */
export type Said =
  | { readonly ttlSeconds: number; readonly addresses?: readonly string[] }
  | { readonly rcode: 'NXDOMAIN' | 'SERVFAIL' };

/** One request of a client, as its server and its clock saw it. */
export interface Told {
  readonly ended: RequestEnded;
  readonly cause: number;
  readonly exchanges: readonly Exchange[];
  /** Of each exchange: whether it went over a connection that was open already. */
  readonly reused: readonly boolean[];
  readonly queries: number;
  /** Length of each pause between attempts, in milliseconds. */
  readonly pausesMs: readonly number[];
}

/** A client of one profile in Dublin, driven by hand: every answer takes 10 ms and is the next of a list. */
export class ScriptedClient {
  readonly viewer: Viewer;
  said: Said = { ttlSeconds: 60 };
  private readonly moment: Moment = { now: 0 as Instant };
  private readonly ends: { readonly ended: RequestEnded; readonly cause: number }[] = [];

  constructor(client: ClientProfile, differs: Partial<Probe> = {}) {
    const random = createRandom('1');
    const probe: Probe = {
      name: 'users',
      url: 'https://www.example.com/',
      ratePerSecond: 1,
      methods: ['GET'],
      places: ['Dublin'],
      timeoutMs: 60_000,
      client,
      ...differs,
    };
    const [viewer] = viewersOf(probe, {
      vantageOf: () => PLACE,
      drawsOf: (stream) => random.stream(stream),
      resolverOf: (_place, policy) => new Resolver(PLACE, policy, () => 3, undefined),
      memberResolverOf: (_place, policy, left, upstream) =>
        new Resolver(PLACE, policy, (_name, found) => found.cause, { next: () => left }, upstream),
      ended: (_moment, ended, cause) => void this.ends.push({ ended, cause }),
    });
    assert(viewer !== undefined, 'one place and one method make one viewer');
    this.viewer = viewer;
  }

  /** Sends a request so many seconds after the beginning. */
  ask(atSeconds: number, deeds: readonly Deed[]): Told {
    const { moment } = this;
    moment.now = after(0 as Instant, atSeconds * 1000);
    const left = [...deeds];
    const exchanges: Exchange[] = [];
    const reused: boolean[] = [];
    const pausesMs: number[] = [];
    let queries = 0;
    const conversation: Conversation<void> = viewerRequest(this.viewer, moment);
    let resumption: Resumption;
    for (;;) {
      const step = conversation.next(resumption);
      if (step.done === true) break;
      const need = step.value;
      resumption = undefined;
      if (need.kind === 'pause') {
        pausesMs.push((need.until - moment.now) / 1000);
        moment.now = need.until;
      } else if (need.kind === 'query') {
        queries += 1;
        resumption = replyOf(this.said);
      } else {
        assert(need.kind === 'exchange', 'a client needs no functions');
        const deed = left.shift();
        assert(deed !== undefined, 'the client asks no oftener than the script answers');
        exchanges.push(need);
        reused.push(need.connection?.isOpen === true);
        if (need.connection !== undefined) need.connection.isOpen = true;
        moment.now = after(moment.now, 10);
        resumption = outcomeOf(deed, moment.now);
      }
    }
    const end = this.ends.shift();
    assert(end !== undefined, 'a request ends with its end');
    assert(left.length === 0, 'the client asks as often as the script answers');
    return { ...end, exchanges, reused, queries, pausesMs };
  }
}

function replyOf(said: Said): DnsReply {
  const found = 'ttlSeconds' in said;
  return {
    kind: 'dns',
    rcode: found ? 'NOERROR' : said.rcode,
    answers: found
      ? (said.addresses ?? ['127.81.0.1']).map((data) => ({
          name: 'www.example.com',
          type: 'A',
          ttlSeconds: said.ttlSeconds,
          data,
        }))
      : [],
    authority: [],
    negativeTtlSeconds: found ? 0 : 900,
    cause: 1,
  };
}

function outcomeOf(deed: Deed, now: Instant): Outcome {
  if (typeof deed === 'string') return { kind: 'unanswered', why: deed };
  const account = { edge: 'DUB', origin: 'o', endpoint: 'eu-west-1', attempts: 1, result: 'Miss', cause: 0 };
  return { kind: 'answered', status: deed, headers: [], body: { bytes: 2 }, firstByteAt: now, account };
}
