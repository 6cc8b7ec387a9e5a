import { describe, expect, test } from 'vitest';
import type { Instant } from '../model/index.ts';
import { after, assert, atSeconds } from '../model/index.ts';
import type { Conversation, DnsRecord, DnsReply, Moment, Vantage } from './conversation.ts';
import { createRandom } from './random.ts';
import type { Found, ResolverPolicy } from './resolver.ts';
import { lookUp, PLAIN_RESOLVER, Resolver } from './resolver.ts';

const EDGE: Vantage = { index: 0, name: 'edge:DUB', spot: { latitude: 53, longitude: -6 }, address: '127.81.0.1' };
const NAME = 'api.example.com';

/** What name servers say of each name: `A 192.0.2.1 60`, `CNAME other.example.com 300`, or an rcode. */
type Said = Readonly<Record<string, string>>;

function replyTo(said: Said, name: string): DnsReply {
  const [kind = 'NXDOMAIN', data = '', ttl = '0'] = (said[name] ?? 'NXDOMAIN').split(' ');
  const found = kind === 'A' || kind === 'CNAME';
  const answer: DnsRecord = { name, type: kind, ttlSeconds: Number(ttl), data };
  return {
    kind: 'dns',
    rcode: found || kind === 'NODATA' ? 'NOERROR' : (kind as DnsReply['rcode']),
    answers: found ? [answer] : [],
    authority: [],
    negativeTtlSeconds: kind === 'NXDOMAIN' || kind === 'NODATA' ? 900 : 0,
    cause: 5,
  };
}

/** Runs a lookup in which every question is answered at once; tells how it ended and what was asked. */
function run<Result>(conversation: Conversation<Result>, said: Said): { result: Result; asked: string[] } {
  const asked: string[] = [];
  let step = conversation.next();
  while (step.done !== true) {
    assert(step.value.kind === 'query', 'a resolver asks name servers and nobody else');
    asked.push(`${step.value.question.name} ${step.value.question.type}`);
    step = conversation.next(replyTo(said, step.value.question.name));
  }
  return { result: step.value, asked };
}

function look(said: Said): { result: Found; asked: string[] } {
  return run(lookUp(NAME, { from: EDGE, moment: { now: 0 as Instant }, timeoutMs: 5000 }), said);
}

describe('one lookup', () => {
  test('an address is found at once, with its TTL and what made it the answer', () => {
    const { result, asked } = look({ [NAME]: 'A 192.0.2.1 60' });
    expect(result).toEqual({ kind: 'found', addresses: ['192.0.2.1'], ttlSeconds: 60, cause: 5 });
    expect(asked).toEqual([`${NAME} A`]);
  });

  test('CNAMEs are followed, and the shortest TTL of the chain counts', () => {
    const said = {
      [NAME]: 'CNAME b.example.com 300',
      'b.example.com': 'CNAME c.example.com 20',
      'c.example.com': 'A 192.0.2.3 60',
    };
    const { result, asked } = look(said);
    expect(result).toMatchObject({ kind: 'found', addresses: ['192.0.2.3'], ttlSeconds: 20 });
    expect(asked).toEqual([`${NAME} A`, 'b.example.com A', 'c.example.com A']);
  });

  test('CNAMEs in a circle are SERVFAIL after eight steps, not a hang', () => {
    const circle = look({ [NAME]: 'CNAME b.example.com 60', 'b.example.com': `CNAME ${NAME} 60` });
    expect(circle.result).toMatchObject({ kind: 'failed', rcode: 'SERVFAIL', ttlSeconds: 0 });
    expect(circle.asked).toHaveLength(8);
  });

  test.each(['NXDOMAIN', 'NODATA', 'SERVFAIL', 'REFUSED', 'timeout'])('%s is a failure of that name', (rcode) => {
    expect(look({ [NAME]: rcode }).result).toMatchObject({ kind: 'failed', rcode });
    expect(look({ [NAME]: 'CNAME b.example.com 60', 'b.example.com': rcode }).result).toMatchObject({ rcode });
  });
});

test('R53 WS-15: a name that is delegated to others cannot be found, and that is not kept', () => {
  const conversation = lookUp(NAME, { from: EDGE, moment: { now: 0 as Instant }, timeoutMs: 5000 });
  conversation.next();
  const referral: DnsReply = { ...replyTo({ [NAME]: 'NODATA' }, NAME), negativeTtlSeconds: 0, isReferral: true };
  expect(conversation.next(referral).value).toMatchObject({ kind: 'failed', rcode: 'SERVFAIL', ttlSeconds: 0 });
});

/** A resolver with a clock; tells which of its resolutions had to ask. */
class Asker {
  readonly told: string[] = [];
  readonly resolver: Resolver;
  private readonly moment: Moment = { now: 0 as Instant };

  constructor(policy: Partial<ResolverPolicy> = {}, warmStart?: string) {
    const changed = (name: string, found: Found): number =>
      this.told.push(`${name} ${found.kind === 'found' ? found.addresses.join() : found.rcode}`);
    const draws = warmStart === undefined ? undefined : createRandom(warmStart).stream('resolver/edge:DUB');
    this.resolver = new Resolver(EDGE, { ...PLAIN_RESOLVER, ...policy }, changed, draws);
  }

  /** Resolves the name at a second; true when it had to ask. */
  asks(second: number, said: string): boolean {
    this.moment.now = atSeconds(second);
    return run(this.resolver.resolve(NAME, this.moment), { [NAME]: said }).asked.length > 0;
  }

  address(second: number, said: string): string {
    this.moment.now = atSeconds(second);
    const { found } = run(this.resolver.resolve(NAME, this.moment), { [NAME]: said }).result;
    return found.kind === 'found' ? found.addresses.join() : found.rcode;
  }
}

describe('what a resolver keeps', () => {
  test('R53 TL-05, TL-08: an address for its TTL to the microsecond, whatever the name servers say meanwhile', () => {
    const asker = new Asker();
    expect(asker.address(0, 'A 192.0.2.1 60')).toBe('192.0.2.1');
    expect(asker.address(59.999999, 'A 192.0.2.2 60')).toBe('192.0.2.1');
    expect(asker.address(60, 'A 192.0.2.2 60')).toBe('192.0.2.2');
    expect(asker.address(119, 'A 192.0.2.1 60')).toBe('192.0.2.2');
  });

  test('R53 RV-01, WS-02: a name that does not exist, or has no address, for 900 s', () => {
    for (const said of ['NXDOMAIN', 'NODATA']) {
      const asker = new Asker();
      expect([0, 1, 899.9, 900].map((second) => asker.asks(second, said))).toEqual([true, false, false, true]);
    }
  });

  test('a server that failed or kept silent not at all', () => {
    for (const said of ['SERVFAIL', 'timeout']) {
      const asker = new Asker();
      expect([0, 1, 2].map((second) => asker.asks(second, said))).toEqual([true, true, true]);
    }
  });

  test('a policy stretches short lifetimes, cuts long ones, and may keep no failures', () => {
    const stretching = new Asker({ minTtlSeconds: 60 });
    expect([0, 59, 60].map((second) => stretching.asks(second, 'A 192.0.2.1 5'))).toEqual([true, false, true]);
    const cutting = new Asker({ maxTtlSeconds: 300 });
    expect([0, 299, 300].map((second) => cutting.asks(second, 'A 192.0.2.1 86400'))).toEqual([true, false, true]);
    const forgetting = new Asker({ keepsFailures: false, minTtlSeconds: 60 });
    expect([0, 1].map((second) => forgetting.asks(second, 'NXDOMAIN'))).toEqual([true, true]);
  });

  test('a TTL of 0 is asked for every time', () => {
    const asker = new Asker();
    expect([0, 0, 1].map((second) => asker.asks(second, 'A 192.0.2.1 0'))).toEqual([true, true, true]);
  });

  test('it tells of an answer that differs from the one before, and of no other', () => {
    const asker = new Asker();
    for (const [i, said] of [
      'A 192.0.2.1 10',
      'A 192.0.2.1 10',
      'A 192.0.2.2 10',
      'SERVFAIL',
      'A 192.0.2.2 10',
    ].entries())
      asker.asks(i * 10, said);
    expect(asker.told).toEqual([`${NAME} 192.0.2.1`, `${NAME} 192.0.2.2`, `${NAME} SERVFAIL`, `${NAME} 192.0.2.2`]);
  });

  test('of lookups at the same time the first is kept, so that the others do not make it live longer', () => {
    const asker = new Asker();
    const lookups = [0, 1].map(() => asker.resolver.resolve(NAME, { now: atSeconds(1) }));
    for (const lookup of lookups) lookup.next();
    const entries = lookups.map((lookup, i) => lookup.next(replyTo({ [NAME]: `A 192.0.2.${i + 1} 60` }, NAME)).value);
    expect(entries[0]).toBe(entries[1]);
    expect(asker.told).toEqual([`${NAME} 192.0.2.1`]);
  });
});

describe('what is left of the TTL when a drill begins', () => {
  const leftOf = (seed: string): number => {
    const asker = new Asker({}, seed);
    asker.asks(0, 'A 192.0.2.1 60');
    for (let ms = 0; ; ms += 100) {
      if (asker.resolver.held(NAME, after(0 as Instant, ms)) === undefined) return ms / 1000;
    }
  };

  test('R53 TL-05: over seeds it is uniform in the TTL', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 1000; i++) {
      const tenth = Math.min(9, Math.floor(leftOf(`seed ${i}`) / 6));
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // Chi-square with 9 degrees of freedom: beyond 27.9 once in a thousand.
    expect(tenths.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)).toBeLessThan(27.9);
  });

  test('from the second answer on it is all of it', () => {
    const asker = new Asker({}, '1');
    asker.asks(0, 'A 192.0.2.1 60');
    asker.asks(60, 'A 192.0.2.1 60');
    expect([119.9, 120].map((second) => asker.asks(second, 'A 192.0.2.1 60'))).toEqual([false, true]);
  });

  test('without a warm start it is all of it from the first', () => {
    const asker = new Asker();
    expect([0, 59.9, 60].map((second) => asker.asks(second, 'A 192.0.2.1 60'))).toEqual([true, false, true]);
  });
});
