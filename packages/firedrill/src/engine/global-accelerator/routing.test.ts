import { describe, expect, test } from 'vitest';
import type { DialRules, SeenGroup } from './routing.ts';
import { chooseEndpoint } from './routing.ts';

const DIALLED: DialRules = { spillIsDialled: true };

/** A group whose endpoints are written as weights, unhealthy ones with a minus: `[128, -128]`. */
function group(dial: number, ...weights: readonly number[]): SeenGroup {
  const endpoints = weights.map((weight) => ({
    weight: Math.abs(weight),
    healthy: weight > 0 || Object.is(weight, 0),
    seq: weight < 0 ? 9 : 0,
  }));
  return { dial, endpoints };
}

/** Where 100 evenly spread connections go, as `group/endpoint rule: count`. */
function spread(groups: readonly SeenGroup[], rules: DialRules = DIALLED): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < 100; i++) {
    // Each decision of a connection has a draw of its own, all of them evenly spread.
    const draws = [((i % 10) + 0.5) / 10, (Math.floor(i / 10) + 0.5) / 10];
    let drawn = 0;
    const chosen = chooseEndpoint(groups, () => draws[drawn++ % 2] ?? 0, rules);
    const key = chosen === undefined ? 'nowhere' : `${chosen.group}/${chosen.endpoint} ${chosen.rule}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

describe('while everybody is healthy', () => {
  test('RS 2.13: the nearest group takes all that its dial lets in, the rest goes to the next', () => {
    expect(spread([group(100, 128), group(100, 128)])).toEqual({ '0/0 nearest': 100 });
    expect(spread([group(20, 128), group(100, 128)])).toEqual({ '0/0 nearest': 20, '1/0 dialled away': 80 });
    expect(spread([group(0, 128), group(100, 128)])).toEqual({ '1/0 dialled away': 100 });
  });

  test('RS 2.14: two Regions at 50 %: half of each one’s own clients go to the other', () => {
    expect(spread([group(50, 128), group(50, 128)])).toEqual({ '0/0 nearest': 50, '1/0 dialled away': 50 });
  });

  test('RS 2.13: whether what was sent on is dialled again is a switch', () => {
    const groups = [group(0, 128), group(50, 128), group(100, 128)];
    expect(spread(groups)).toEqual({ '1/0 dialled away': 50, '2/0 dialled away': 50 });
    expect(spread([group(50, 128), group(10, 128), group(100, 128)], { spillIsDialled: false })).toEqual({
      '0/0 nearest': 50,
      '1/0 dialled away': 50,
    });
  });

  test('RS 2.11: in the group each endpoint has its share of the weights, one of 0 has none', () => {
    expect(spread([group(100, 30, 70)])).toEqual({ '0/0 nearest': 30, '0/1 nearest': 70 });
    expect(spread([group(100, 0, 128)])).toEqual({ '0/1 nearest': 100 });
  });
});

describe('when endpoints are unhealthy', () => {
  test('the healthy ones of the group take it all', () => {
    expect(spread([group(100, -128, 128), group(100, 128)])).toEqual({ '0/1 nearest': 100 });
  });

  test('RS 2.15: a group without a healthy endpoint that has a weight is left for another, whatever its dial', () => {
    expect(spread([group(100, -128), group(0, 128)])).toEqual({ '1/0 failover': 100 });
    expect(spread([group(100, 0), group(0, 128)])).toEqual({ '1/0 failover': 100 });
  });

  test('RS 2.15: failover from a group further away may lead to a nearer one that is dialled to 0', () => {
    expect(spread([group(0, 128), group(100, -128)])).toEqual({ '0/0 failover': 100 });
  });

  test('RS 2.16: the three nearest groups are tried, and no more', () => {
    const dead = group(100, -128);
    expect(spread([dead, dead, group(100, 128)])).toEqual({ '2/0 failover': 100 });
    expect(spread([dead, dead, dead, group(100, 128)])).toEqual({ '0/0 fail open': 100 });
  });

  test('RS 2.16: with nobody healthy any endpoint of the nearest group is taken, weights or not', () => {
    expect(spread([group(100, -128, -1), group(100, -128)])).toEqual({ '0/0 fail open': 50, '0/1 fail open': 50 });
    expect(spread([group(100, 0), group(100, 0)])).toEqual({ '0/0 fail open': 100 });
  });

  test('the event that made it leave is the cause', () => {
    expect(chooseEndpoint([group(100, -128), group(100, 128)], () => 0, DIALLED)).toMatchObject({
      headedFor: 0,
      cause: 9,
    });
  });
});

test('without any endpoint there is nowhere to go', () => {
  expect(spread([])).toEqual({ nowhere: 100 });
  expect(spread([group(100)])).toEqual({ nowhere: 100 });
  expect(spread([group(100), group(100, 128)])).toEqual({ '1/0 dialled away': 100 });
});
