import { describe, expect, test } from 'vitest';
import type { Fault, FaultEffect, FaultTarget, Instant } from '../model/index.ts';
import { atSeconds, NEVER } from '../model/index.ts';
import type { Exposure } from './faults.ts';
import { FaultCalendar } from './faults.ts';
import { createRandom } from './random.ts';
import type { Endpoint } from './world.ts';

const IRELAND: Endpoint = endpoint('api-gateway', 'eu-west-1', 'region:eu-west-1');
const VIRGINIA: Endpoint = endpoint('api-gateway', 'us-east-1', 'region:us-east-1');
const DUBLIN: Endpoint = endpoint('edge', 'DUB', 'edge:DUB');

function endpoint(kind: Endpoint['kind'], label: string, name: string): Endpoint {
  const vantage = { index: 0, name, spot: { latitude: 0, longitude: 0 }, address: '127.82.0.1' };
  return { address: vantage.address, kind, label, vantage };
}

function fault(some: Partial<Fault> = {}): Fault {
  return {
    name: 'fault',
    target: { kind: 'region', region: 'eu-west-1' },
    effect: { kind: 'refuse' },
    from: atSeconds(10),
    until: atSeconds(20),
    share: 1,
    ...some,
  };
}

function calendar(...faults: readonly Fault[]): FaultCalendar {
  const plan = { name: 't', seed: '1', end: NEVER, probes: [], faults, switches: {}, functionModels: {} };
  return new FaultCalendar(plan, createRandom('1'));
}

function exposure(some: Partial<Exposure> = {}): Exposure {
  return { endpoint: IRELAND, host: 'api.example.com', path: '/', now: atSeconds(15), ...some };
}

describe('when a fault is there', () => {
  test.each([
    { at: 9.999999, there: false },
    { at: 10, there: true },
    { at: 19.999999, there: true },
    { at: 20, there: false },
  ])('from 10 s to 20 s: at $at s it is there: $there', ({ at, there }) => {
    const faults = calendar(fault());
    const now = atSeconds(at);
    expect(faults.hindrance(exposure({ now })) !== undefined).toBe(there);
    expect(faults.isQuiet(now)).toBe(!there);
  });

  test('one that is not healed is there for good', () => {
    expect(calendar(fault({ until: NEVER })).hindrance(exposure({ now: atSeconds(1e6) }))).toEqual({ kind: 'refuse' });
  });
});

describe('whom a fault befalls', () => {
  const targets: readonly (readonly [FaultTarget, readonly Partial<Exposure>[], readonly Partial<Exposure>[]])[] = [
    [{ kind: 'region', region: 'eu-west-1' }, [{ endpoint: IRELAND }], [{ endpoint: VIRGINIA }, { endpoint: DUBLIN }]],
    [
      { kind: 'service', region: 'eu-west-1', service: 'api-gateway' },
      [{ endpoint: IRELAND }],
      [{ endpoint: VIRGINIA }, { endpoint: DUBLIN }, { endpoint: undefined }],
    ],
    [
      { kind: 'host', host: 'api.example.com' },
      [{ endpoint: VIRGINIA }, { endpoint: DUBLIN }],
      [{ host: 'www.example.com' }, { host: 'x.api.example.com' }],
    ],
    [{ kind: 'edge', edge: 'DUB' }, [{ endpoint: DUBLIN }], [{ endpoint: IRELAND }]],
    [{ kind: 'name', name: 'api.example.com' }, [], [{ endpoint: IRELAND }]],
  ];
  test.each(targets)('%o', (target, befallen, spared) => {
    const faults = calendar(fault({ target }));
    for (const some of befallen) expect(faults.hindrance(exposure(some))).toEqual({ kind: 'refuse' });
    for (const some of spared) expect(faults.hindrance(exposure(some))).toBeUndefined();
  });

  test('a path that it is for, or all but one', () => {
    const paths = ['/', '/health', '/healthy', '/orders/health'];
    const befallen = (some: Partial<Fault>): string[] =>
      paths.filter((path) => calendar(fault(some)).hindrance(exposure({ path })) !== undefined);
    expect(befallen({ pathPrefix: '/health' })).toEqual(['/health', '/healthy']);
    expect(befallen({ exceptPathPrefix: '/health' })).toEqual(['/', '/orders/health']);
    expect(befallen({ pathPrefix: '/h', exceptPathPrefix: '/healthy' })).toEqual(['/health']);
  });

  test.each([0.2, 0.5, 0.9])('a share of %d befalls that share of connections and of answers', (share) => {
    const draws = 10_000;
    const befallenOf = (effect: FaultEffect, ask: (faults: FaultCalendar) => unknown): number => {
      const faults = calendar(fault({ effect, share }));
      return Array.from({ length: draws }, () => ask(faults)).filter((found) => found !== undefined).length;
    };
    // Five standard deviations of a binomial: wrong once in two million.
    const bound = 5 * Math.sqrt(draws * share * (1 - share));
    const connections = befallenOf({ kind: 'refuse' }, (faults) => faults.hindrance(exposure()));
    expect(Math.abs(connections - draws * share)).toBeLessThan(bound);
    const answers = befallenOf({ kind: 'status', status: 503 }, (faults) => faults.answer(exposure()));
    expect(Math.abs(answers - draws * share)).toBeLessThan(bound);
  });

  test('a share of nothing befalls nobody, a whole share everybody', () => {
    for (let i = 0; i < 100; i++) {
      expect(calendar(fault({ share: 0 })).hindrance(exposure())).toBeUndefined();
      expect(calendar(fault({ share: 1 })).hindrance(exposure())).toBeDefined();
    }
  });

  test('a share is drawn when a connection is made, and not again for the answer that comes back on it', () => {
    const half = calendar(fault({ effect: { kind: 'blackhole' }, share: 0.5 }));
    for (let i = 0; i < 20; i++) expect(half.returnHindrance(exposure())).toBeUndefined();
    expect(calendar(fault({ effect: { kind: 'blackhole' } })).returnHindrance(exposure())).toEqual({
      kind: 'blackhole',
    });
    expect(calendar(fault({ effect: { kind: 'status', status: 503 } })).returnHindrance(exposure())).toBeUndefined();
  });

  test('whom a fault with a share befalls does not hang on other faults', () => {
    const befallen = (...others: readonly Fault[]): boolean[] => {
      const faults = calendar(...others, fault({ name: 'half', share: 0.5 }));
      return Array.from({ length: 50 }, () => faults.hindrance(exposure())?.kind === 'refuse');
    };
    const elsewhere = fault({ name: 'other', share: 0.5, target: { kind: 'region', region: 'us-east-1' } });
    expect(befallen(elsewhere)).toEqual(befallen());
  });
});

describe('what a fault does', () => {
  const network: readonly FaultEffect[] = [
    { kind: 'refuse' },
    { kind: 'blackhole' },
    { kind: 'hang' },
    { kind: 'reset' },
    { kind: 'slow', delayMs: 500 },
    { kind: 'tls' },
  ];
  const answers: readonly FaultEffect[] = [
    { kind: 'status', status: 503 },
    { kind: 'function-error' },
    { kind: 'throttle' },
  ];

  test('effects of the network hinder connections, the others change answers', () => {
    for (const effect of network) {
      expect(calendar(fault({ effect })).hindrance(exposure())).toEqual(effect);
      expect(calendar(fault({ effect })).answer(exposure())).toBeUndefined();
    }
    for (const effect of answers) {
      expect(calendar(fault({ effect })).hindrance(exposure())).toBeUndefined();
      expect(calendar(fault({ effect })).answer(exposure())?.fault.effect).toEqual(effect);
    }
  });

  test('of two at the same time the first acts', () => {
    const faults = calendar(fault({ name: 'a' }), fault({ name: 'b', effect: { kind: 'reset' } }));
    expect(faults.hindrance(exposure())).toEqual({ kind: 'refuse' });
  });
});

describe('faults of DNS', () => {
  const faults = calendar(
    fault({ target: { kind: 'name', name: 'api.example.com' }, effect: { kind: 'dns', answer: 'SERVFAIL' } }),
  );

  test.each([
    { name: 'api.example.com', answer: 'SERVFAIL' },
    { name: 'deep.api.example.com', answer: 'SERVFAIL' },
    { name: 'example.com', answer: undefined },
    { name: 'xapi.example.com', answer: undefined },
  ])('at and below api.example.com: $name is answered with $answer', ({ name, answer }) => {
    expect(faults.dns(name, atSeconds(15))?.answer).toBe(answer);
    expect(faults.dns(name, atSeconds(25))).toBeUndefined();
  });

  test('they hinder no connection', () => {
    expect(faults.hindrance(exposure())).toBeUndefined();
    expect(faults.answer(exposure())).toBeUndefined();
  });
});

test('beginnings and ends are announced at their moments, an end with its beginning for its cause', () => {
  const faults = calendar(
    fault({ name: 'second', from: atSeconds(12), until: NEVER }),
    fault({ name: 'first', from: atSeconds(3), until: atSeconds(30), target: { kind: 'edge', edge: 'DUB' } }),
  );
  const told: string[] = [];
  let now = 0 as Instant;
  const announcing = faults.announce((what, { name }, cause) => told.push(`${now / 1e6} ${what} ${name} ${cause}`));
  for (let step = announcing.next(); step.done !== true; step = announcing.next()) {
    if (step.value.kind === 'pause') now = step.value.until;
  }
  expect(told).toEqual(['3 fault.started first 0', '12 fault.started second 0', '30 fault.ended first 1']);
  expect(faults.latestSeq(IRELAND, '')).toBe(2);
  expect(faults.latestSeq(DUBLIN, '')).toBe(3);
  expect(faults.latestSeq(VIRGINIA, '')).toBe(0);
});
