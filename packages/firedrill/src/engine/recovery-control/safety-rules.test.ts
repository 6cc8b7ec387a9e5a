import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asserting, callAt, clusterWith, entries, gating, on, REGIONS, update } from './cluster.fixture.ts';
import type { States } from './safety-rules.ts';
import { satisfies } from './safety-rules.ts';

describe('rule configurations', () => {
  const states = (count: number): States =>
    new Map(['arn:a', 'arn:b', 'arn:c'].map((arn, index) => [arn, index < count ? 'On' : 'Off']));
  const table = (config: Parameters<typeof asserting>[1]) => {
    const { config: whole } = asserting([], config);
    return [0, 1, 2, 3].map((count) => satisfies(whole, ['arn:a', 'arn:b', 'arn:c'], states(count)));
  };

  test('R53 SR-02: ATLEAST counts, AND wants all, OR wants one, and inverted is the reverse', () => {
    expect(table({ type: 'ATLEAST', threshold: 2 })).toEqual([false, false, true, true]);
    expect(table({ type: 'AND' })).toEqual([false, false, false, true]);
    expect(table({ type: 'OR' })).toEqual([false, true, true, true]);
    expect(table({ type: 'ATLEAST', threshold: 2, inverted: true })).toEqual([true, true, false, false]);
    expect(table({ type: 'AND', inverted: true })).toEqual([true, true, true, false]);
    expect(table({ type: 'OR', inverted: true })).toEqual([true, false, false, false]);
  });
});

describe('assertion rules', () => {
  test('R53 SR-01: the last control that is On stays On; a swap in one batch passes', () => {
    const cluster = clusterWith(['a', 'b'], [asserting(['a', 'b'])]);
    expect(update(cluster, 'a On')).toBe('done');
    expect(update(cluster, 'a Off', { at: 10 })).toBe(
      'ConflictException: The update would not satisfy safety rule arn:assertion.',
    );
    expect(update(cluster, 'a Off b On', { at: 10 })).toBe('done');
    expect(on(cluster)).toBe('b');
  });

  test('R53 SR-01: controls that a rule does not assert are free', () => {
    const cluster = clusterWith(['a', 'b'], [asserting(['a'])]);
    expect(update(cluster, 'b On')).toBe('done');
    expect(update(cluster, 'b Off')).toBe('done');
  });

  test('R53 SR-02: during the wait period no control of the rule changes, afterwards all may', () => {
    const cluster = clusterWith(['a', 'b'], [asserting(['a', 'b'], {}, 5000)]);
    expect(update(cluster, 'a On')).toBe('done');
    expect(update(cluster, 'b On', { at: 4.9 })).toBe(
      'ConflictException: The wait period of safety rule arn:assertion is not over.',
    );
    expect(update(cluster, 'b On', { at: 5 })).toBe('done');
  });
});

describe('gating rules', () => {
  test('R53 SR-01: targets change only behind an open gate', () => {
    const cluster = clusterWith(['gate', 'a'], [gating('gate', ['a'])]);
    expect(update(cluster, 'a On')).toBe('ConflictException: The update would not satisfy safety rule arn:gate-rule.');
    expect(update(cluster, 'gate On a On')).toMatch(/^ConflictException/);
    expect(update(cluster, 'gate On', { at: 2 })).toBe('done');
    expect(update(cluster, 'a On', { at: 2 })).toBe('done');
    expect(update(cluster, 'gate Off', { at: 2 })).toBe('done');
    expect(update(cluster, 'a Off', { at: 4 })).toMatch(/^ConflictException/);
    expect(on(cluster)).toBe('a');
  });
});

describe('breaking the glass', () => {
  test('R53 SR-03: rules are met one after another, each told by its ARN, until all are overridden', () => {
    const rules = [
      asserting(['a'], { type: 'AND', inverted: true }, 0, 'one'),
      asserting(['a'], { threshold: 2 }, 0, 'two'),
    ];
    const cluster = clusterWith(['a'], rules);
    expect(update(cluster, 'a On')).toMatch(/arn:one/);
    expect(update(cluster, 'a On', { override: ['arn:one'] })).toMatch(/arn:two/);
    expect(on(cluster)).toBe('');
    expect(update(cluster, 'a On', { override: ['arn:one', 'arn:two'] })).toBe('done');
    expect(on(cluster)).toBe('a');
  });
});

const NAMES = ['a', 'b', 'c', 'd'] as const;
const someNames = fc.subarray([...NAMES], { minLength: 1 });
const config = fc.record({
  type: fc.constantFrom('ATLEAST' as const, 'AND' as const, 'OR' as const),
  threshold: fc.integer({ min: 1, max: 3 }),
  inverted: fc.boolean(),
});
const batch = someNames.chain((names) =>
  fc
    .array(fc.constantFrom('On', 'Off'), { minLength: names.length, maxLength: names.length })
    .map((states) => names.map((name, index) => `${name} ${states[index]}`).join(' ')),
);
const updates = fc.array(fc.record({ batch, gap: fc.integer({ min: 1, max: 8 }) }), { maxLength: 30 });

describe('whatever is asked for', () => {
  test('R53 SR-01: no sequence of updates breaks an assertion rule that held, unless it is overridden', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(someNames, config, fc.integer({ min: 0, max: 6 })), { minLength: 1, maxLength: 4 }),
        updates,
        (drawn, asked) => {
          const rules = drawn.map(([names, what, wait], index) => asserting(names, what, wait * 1000, `rule${index}`));
          const cluster = clusterWith(NAMES, rules);
          const states = (): States =>
            new Map(NAMES.map((name) => [`arn:${name}`, cluster.stateOf(`arn:${name}`) ?? 'Off']));
          const held = new Set<string>();
          let at = 0;
          for (const { batch: text, gap } of asked) {
            at += gap;
            const before = on(cluster);
            const outcome = update(cluster, text, { at });
            if (outcome !== 'done') expect(on(cluster)).toBe(before);
            for (const rule of rules) {
              if (rule.kind !== 'assertion') continue;
              const holds = satisfies(rule.config, rule.assertedControls, states());
              if (held.has(rule.arn)) expect(holds).toBe(true);
              if (holds) held.add(rule.arn);
            }
          }
        },
      ),
    );
  });

  test('R53 RC-01: any two endpoints may be down; what was written is read at every other', () => {
    const down = fc.subarray([...REGIONS], { maxLength: 2 });
    fc.assert(
      fc.property(fc.array(fc.record({ batch, down }), { maxLength: 20 }), (asked) => {
        const cluster = clusterWith(NAMES);
        for (const [index, step] of asked.entries()) {
          const up = REGIONS.filter((region) => !step.down.includes(region));
          expect(update(cluster, step.batch, { call: callAt(index, up, up[index % up.length]) })).toBe('done');
          for (const { routingControlArn, state } of entries(step.batch)) {
            for (const at of up) {
              expect(cluster.read(routingControlArn, callAt(index, up, at))).toMatchObject({
                routingControlState: state,
              });
            }
          }
        }
      }),
    );
  });
});
