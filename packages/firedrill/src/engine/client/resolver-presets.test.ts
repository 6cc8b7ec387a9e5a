import { describe, expect, test } from 'vitest';
import type { ClientProfile, Instant, ResolverPreset } from '../../model/index.ts';
import { assert, atSeconds } from '../../model/index.ts';
import type { Conversation, DnsReply, Moment, Vantage } from '../conversation.ts';
import type { ResolverPolicy } from '../resolver.ts';
import { Resolver } from '../resolver.ts';
import { PROFILES } from './profile.ts';
import { RESOLVER_MIXES, RESOLVER_PRESETS } from './resolver-presets.ts';

const HERE: Vantage = { index: 0, name: 'city:Dublin', spot: { latitude: 53, longitude: -6 }, address: '127.84.0.1' };
const NAME = 'api.example.com';

/** A resolver with a clock, and name servers that say what they are told to. */
class Scene {
  /** Milliseconds that the last resolution took. */
  tookMs = 0;
  private readonly resolver: Resolver;

  constructor(policy: ResolverPolicy, upstream?: Resolver) {
    this.resolver = new Resolver(HERE, policy, () => 1, undefined, upstream);
  }

  /** What the name resolves to at a second, and whether name servers were asked for it. */
  at(second: number, said: string): string {
    const moment: Moment = { now: atSeconds(second) };
    const began = moment.now;
    let asked = false;
    const conversation: Conversation<{ readonly found: { readonly kind: string; readonly addresses?: unknown } }> =
      this.resolver.resolve(NAME, moment);
    let step = conversation.next();
    while (step.done !== true) {
      const need = step.value;
      assert(need.kind === 'query', 'a resolver asks name servers and nobody else');
      asked = true;
      if (said === 'timeout') moment.now = (moment.now + need.timeoutMs * 1000) as Instant;
      step = conversation.next(replyOf(said));
    }
    this.tookMs = (moment.now - began) / 1000;
    const { found } = step.value;
    return `${asked ? 'asked' : 'held'} ${found.kind === 'found' ? String(found.addresses) : 'nothing'}`;
  }
}

function replyOf(said: string): DnsReply {
  const [data = '', ttl = '0'] = said.split(' ');
  const isFound = data.includes('.');
  return {
    kind: 'dns',
    rcode: isFound ? 'NOERROR' : (data as DnsReply['rcode']),
    answers: isFound ? [{ name: NAME, type: 'A', ttlSeconds: Number(ttl), data }] : [],
    authority: [],
    negativeTtlSeconds: data === 'NXDOMAIN' ? Number(ttl) : 0,
    cause: 5,
  };
}

/** For how many seconds an answer is kept, to the second; at most 40 days. */
function keptFor(policy: ResolverPolicy, said: string): number {
  let [held, asked] = [0, 86_400 * 40];
  while (asked - held > 1) {
    const second = Math.floor((held + asked) / 2);
    const scene = new Scene(policy);
    scene.at(0, said);
    if (scene.at(second, said).startsWith('held')) held = second;
    else asked = second;
  }
  return asked;
}

describe('how long resolvers keep an address of 5 s, 60 s and a month, and a failure of a month', () => {
  const MONTH = 86_400 * 30;
  test.each<{ line: string; preset: ResolverPreset; kept: readonly number[] }>([
    { line: 'R53 RV-01', preset: 'plain', kept: [5, 60, 604_800, 86_400] },
    { line: 'R53 RV-05', preset: 'bind', kept: [5, 60, 604_800, 10_800] },
    { line: 'R53 RV-06', preset: 'unbound', kept: [5, 60, 86_400, 3600] },
    { line: 'R53 RV-07', preset: 'coredns', kept: [5, 60, 3600, 1800] },
    { line: 'R53 RV-04', preset: 'vpc', kept: [5, 60, 300, 86_400] },
    { line: 'R53 RV-13', preset: 'ec2-60s', kept: [5, 60, 60, 86_400] },
    { line: 'R53 RV-15', preset: 'public-floor', kept: [30, 60, 604_800, 86_400] },
    { line: 'R53 RV-15', preset: 'macos', kept: [300, 300, 604_800, 86_400] },
    { line: 'R53 RV-12', preset: 'stretches-ttl', kept: [3600, 3600, 604_800, 86_400] },
    { line: 'R53 RV-14', preset: 'mobile-operator', kept: [3600, 3600, 604_800, 86_400] },
  ])('$line: $preset', ({ preset, kept }) => {
    const policy = RESOLVER_PRESETS[preset];
    const addresses = [5, 60, MONTH].map((ttl) => keptFor(policy, `192.0.2.1 ${ttl}`));
    expect([...addresses, keptFor(policy, `NXDOMAIN ${MONTH}`)]).toEqual(kept);
  });

  test('R53 RV-07: CoreDNS keeps an answer for five seconds even when it is for none', () => {
    expect(keptFor(RESOLVER_PRESETS.coredns, '192.0.2.1 1')).toBe(5);
    expect(keptFor(RESOLVER_PRESETS.coredns, 'NXDOMAIN 1')).toBe(5);
  });
});

describe('how long clients keep names themselves', () => {
  test.each<{ line: string; client: ClientProfile; kept: readonly number[] }>([
    { line: 'R53 RV-08', client: 'jvm', kept: [30, 30, 10] },
    { line: 'R53 RV-08', client: 'jvm-forever', kept: [86_400 * 40, 86_400 * 40, 10] },
    { line: 'R53 RV-10', client: 'nginx', kept: [86_400 * 40, 86_400 * 40, 1] },
    { line: 'R53 RV-10, RV-11', client: 'nginx-resolver', kept: [5, 300, 900] },
    { line: 'R53 RV-09', client: 'browser', kept: [60, 300, 1] },
  ])('$line: $client keeps an address of 5 s, one of 300 s, and a failure of 900 s', ({ client, kept }) => {
    const { resolver } = PROFILES[client];
    expect([
      keptFor(resolver, '192.0.2.1 5'),
      keptFor(resolver, '192.0.2.1 300'),
      keptFor(resolver, 'NXDOMAIN 900'),
    ]).toEqual(kept);
  });

  test('R53 TL-05: a client on top of a resolver gets what is left of the TTL, and keeps it for as long as it does', () => {
    const resolver = new Resolver(HERE, RESOLVER_PRESETS.plain, () => 1, undefined);
    const below = new Scene(RESOLVER_PRESETS.plain, resolver);
    expect(below.at(0, '192.0.2.1 60')).toBe('asked 192.0.2.1');
    const plain = new Scene(RESOLVER_PRESETS.plain, resolver);
    const browser = new Scene(PROFILES.browser.resolver, resolver);
    expect([plain.at(50, '192.0.2.2 60'), browser.at(50, '192.0.2.2 60')]).toEqual([
      'held 192.0.2.1',
      'held 192.0.2.1',
    ]);
    expect([plain.at(60, '192.0.2.2 60'), browser.at(60, '192.0.2.2 60')]).toEqual([
      'asked 192.0.2.2',
      'held 192.0.2.1',
    ]);
    expect([browser.at(109.9, '192.0.2.2 60'), browser.at(110, '192.0.2.2 60')]).toEqual([
      'held 192.0.2.1',
      'held 192.0.2.2',
    ]);
  });
});

describe('answers that have expired', () => {
  test('R53 RV-02: are given out after 1.8 s when name servers keep silent, and these are asked again 30 s later', () => {
    const scene = new Scene(RESOLVER_PRESETS.rfc8767);
    expect(scene.at(0, '192.0.2.1 60')).toBe('asked 192.0.2.1');
    expect(scene.at(60, 'timeout')).toBe('asked 192.0.2.1');
    expect(scene.tookMs).toBe(1800);
    expect([scene.at(62, 'timeout'), scene.at(91.7, 'timeout')]).toEqual(['held 192.0.2.1', 'held 192.0.2.1']);
    expect(scene.at(91.8, 'timeout')).toBe('asked 192.0.2.1');
    expect(scene.at(200, '192.0.2.2 60')).toBe('asked 192.0.2.2');
  });

  test('R53 RV-02: are given out for a day after their own end, and no longer', () => {
    const scene = new Scene(RESOLVER_PRESETS.rfc8767);
    scene.at(0, '192.0.2.1 60');
    for (const hour of [1, 12, 23]) expect(scene.at(hour * 3600, 'SERVFAIL')).toBe('asked 192.0.2.1');
    expect(scene.at(60 + 86_400, 'SERVFAIL')).toBe('asked nothing');
  });

  test('R53 RV-02: never stand in for an answer: a name that is gone is gone, and a dead primary is left when DNS says so', () => {
    const scene = new Scene(RESOLVER_PRESETS.rfc8767);
    scene.at(0, '192.0.2.1 60');
    expect(scene.at(60, '192.0.2.2 60')).toBe('asked 192.0.2.2');
    expect(scene.at(120, 'NXDOMAIN 900')).toBe('asked nothing');
  });

  test.each<{ line: string; preset: ResolverPreset; afterMs: number; keepSeconds: number }>([
    { line: 'R53 RV-05', preset: 'bind-stale', afterMs: 5000, keepSeconds: 86_400 },
    { line: 'R53 RV-06', preset: 'unbound-stale', afterMs: 1800, keepSeconds: 86_400 },
    { line: 'R53 RV-07', preset: 'coredns-stale', afterMs: 1800, keepSeconds: 3600 },
  ])('$line: $preset gives them out after $afterMs ms, for $keepSeconds s', ({ preset, afterMs, keepSeconds }) => {
    const scene = new Scene(RESOLVER_PRESETS[preset]);
    scene.at(0, '192.0.2.1 60');
    expect(scene.at(60, 'timeout')).toBe('asked 192.0.2.1');
    expect(scene.tookMs).toBe(afterMs);
    expect(scene.at(59 + keepSeconds, 'SERVFAIL')).toBe('asked 192.0.2.1');
    expect(scene.at(60 + keepSeconds + 31, 'SERVFAIL')).toBe('asked nothing');
  });

  test.each<ResolverPreset>(['bind', 'unbound', 'coredns', 'plain'])('are not given out by %s as it is', (preset) => {
    const scene = new Scene(RESOLVER_PRESETS[preset]);
    scene.at(0, '192.0.2.1 60');
    expect(scene.at(60, 'SERVFAIL')).toBe('asked nothing');
  });
});

test('R53 RV-12: of resolvers in the wild 8.74 % stretch TTLs', () => {
  expect(RESOLVER_MIXES['internet']?.['stretches-ttl']).toBe(0.0874);
  for (const mix of Object.values(RESOLVER_MIXES))
    expect(Object.values(mix).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
});
