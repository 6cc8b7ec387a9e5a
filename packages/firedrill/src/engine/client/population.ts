import type { Instant, Population, ResolverPreset } from '../../model/index.ts';
import { after, assert, atSeconds, BEGINNING, NEVER } from '../../model/index.ts';
import type { Conversation, Moment } from '../conversation.ts';
import type { RandomStream } from '../random.ts';
import type { Resolver } from '../resolver.ts';
import type { ConnectionPool } from './connection-pool.ts';

/** One user of a probe: where names and connections are kept. */
export interface User {
  /** What the user asks: names that the client keeps itself, or the resolver of its network. */
  readonly resolver: Resolver;
  /** Undefined: each request has a connection of its own. */
  readonly connections: ConnectionPool | undefined;
}

/** One of many users, behind a resolver that others use as well. */
export interface Member extends User {
  /** The resolver of its network; the same as `resolver` for a client that keeps no names itself. */
  readonly recursive: Resolver;
}

/** Within so many seconds from the beginning all resolvers are asked for the first time. */
const WARM_UP_SECONDS = 0.5;
/** Others ask again so soon after an answer that could not be kept. */
const ASKED_AGAIN_MS = 1000;
/** Clients are counted as often, and in a long drill not oftener than this many times. */
const COUNT_SECONDS = 1;
const COUNTS_MAX = 3600;

/** The users of a probe at one place; requests come from them in turn. */
export class Users {
  readonly members: readonly Member[];
  private turn = 0;
  /** Where each was when it was last looked at, and until when that is sure to stay so. */
  private readonly addresses: string[];
  private readonly sureUntil: Float64Array;
  private readonly counts = new Map<string, number>();

  constructor(members: readonly Member[]) {
    this.members = members;
    this.addresses = members.map(() => '');
    this.sureUntil = new Float64Array(members.length);
    this.counts.set('', members.length);
  }

  next(): Member {
    const member = this.members[this.turn];
    assert(member !== undefined, 'a population has at least one client');
    this.turn = this.turn + 1 === this.members.length ? 0 : this.turn + 1;
    return member;
  }

  /** How many would send their next request to each address, at a moment; '' stands for no address. */
  byAddress(host: string, now: Instant): ReadonlyMap<string, number> {
    const { members, addresses, sureUntil, counts } = this;
    for (let i = 0; i < members.length; i++) {
      if (now < (sureUntil[i] ?? 0)) continue;
      const member = members[i];
      assert(member !== undefined, 'each member has a number');
      const { address, until } = whereabouts(member, host, now);
      sureUntil[i] = until;
      const before = addresses[i] ?? '';
      if (address === before) continue;
      addresses[i] = address;
      const left = (counts.get(before) ?? 0) - 1;
      if (left === 0) counts.delete(before);
      else counts.set(before, left);
      counts.set(address, (counts.get(address) ?? 0) + 1);
    }
    return counts;
  }
}

/** Whom a user would go to next, and until when that cannot change; connections come and go with any request. */
function whereabouts(
  { connections, resolver, recursive }: Member,
  host: string,
  now: Instant,
): { readonly address: string; readonly until: Instant } {
  const connection = connections?.peek(now);
  if (connection !== undefined) return { address: connection.to, until: now };
  // A resolver that is busy is asking anew at the moment when an answer runs out; until then it counts as before.
  const entry = resolver.held(host, now) ?? recursive.last(host);
  const address = entry?.found.kind === 'found' ? (entry.found.addresses[0] ?? '') : '';
  return { address, until: connections === undefined && entry !== undefined ? entry.until : now };
}

/**
 * What the resolver of each client does, by the shares: exact as far as whole clients allow, in random order, so that
 * requests that come from clients in turn come from all kinds.
 */
export function presetsOf({ clients, resolvers }: Population, draws: RandomStream): readonly ResolverPreset[] {
  const all: ResolverPreset[] = [];
  let share = 0;
  for (const each of resolvers) {
    share += each.share;
    while (all.length < Math.min(clients, Math.round(share * clients))) all.push(each.preset);
  }
  const last = resolvers.at(-1);
  while (last !== undefined && all.length < clients) all.push(last.preset);
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(draws.next() * (i + 1));
    [all[i], all[j]] = [all[j] as ResolverPreset, all[i] as ResolverPreset];
  }
  return all;
}

/** Others use the resolvers as well, all the time: what runs out is asked for again at once (R53 TL-05). */
export function* keepWarm({ members }: Users, host: string, moment: Moment): Conversation<void> {
  for (const [index, { recursive }] of members.entries()) {
    const at = atSeconds((index / members.length) * WARM_UP_SECONDS);
    if (at > moment.now) yield { kind: 'pause', until: at };
    yield { kind: 'spawn', lasting: true, start: (own) => othersAsk(recursive, host, own) };
  }
}

function* othersAsk(resolver: Resolver, host: string, moment: Moment): Conversation<void> {
  for (;;) {
    const { until } = yield* resolver.resolve(host, moment);
    const soonest = after(moment.now, ASKED_AGAIN_MS);
    yield { kind: 'pause', until: until > moment.now ? until : soonest };
  }
}

/** Counts the clients by address, again and again until the end, and tells of it. */
export function* countUsers(
  users: Users,
  host: string,
  moment: Moment,
  how: { readonly end: Instant; readonly counted: (counts: ReadonlyMap<string, number>, moment: Moment) => void },
): Conversation<void> {
  const seconds = how.end === NEVER ? 0 : (how.end - BEGINNING) / 1e6;
  const everyMs = Math.max(COUNT_SECONDS, seconds / COUNTS_MAX) * 1000;
  for (let at = after(BEGINNING, everyMs); at < how.end; at = after(at, everyMs)) {
    yield { kind: 'pause', until: at };
    how.counted(users.byAddress(host, moment.now), moment);
  }
}
