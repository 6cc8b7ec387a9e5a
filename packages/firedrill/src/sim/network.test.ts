import { expect, test } from 'vitest';
import { CITIES, likelyLatencyMs, NEVER } from '../model/index.ts';
import type { Vantage } from '../engine/index.ts';
import { createRandom, settingsOf } from '../engine/index.ts';
import { Network } from './network.ts';

/** Round trip between two cities at a moment, in milliseconds. */
function roundTripMs(from: string, to: string, at = 0): number {
  const vantages = [from, to].map((city, index): Vantage => {
    const spot = CITIES[city];
    if (spot === undefined) throw new Error(`The geography has no ${city}.`);
    return { name: `client:${city}`, index, spot, address: '' };
  });
  const [one, other] = vantages;
  if (one === undefined || other === undefined) throw new Error('There are two.');
  const plan = {
    name: '',
    seed: '1',
    end: NEVER,
    probes: [],
    faults: [],
    switches: {},
    functionModels: {},
  };
  return new Network(vantages, createRandom('1'), settingsOf(plan)).roundTripUs(one, other, at as never) / 1000;
}

test('R53 RP-10: packets take as long as latency records are told they do, and queues add a tenth at most', () => {
  for (const [from, to] of [
    ['Tokyo', 'Dublin'],
    ['Dublin', 'New York'],
    ['Seoul', 'Frankfurt'],
    ['Sydney', 'Singapore'],
  ] as const) {
    const [a, b] = [CITIES[from], CITIES[to]];
    const least = a === undefined || b === undefined ? 0 : likelyLatencyMs(a, b);
    for (let second = 0; second < 50; second++) {
      const taken = roundTripMs(from, to, second * 1e6);
      expect(taken).toBeGreaterThan(least - 0.01);
      expect(taken).toBeLessThan(least * 1.1 + 0.01);
    }
  }
  // Round by sea, not across Siberia.
  expect(roundTripMs('Tokyo', 'Dublin')).toBeGreaterThan(190);
});
