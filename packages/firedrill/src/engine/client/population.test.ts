import { describe, expect, test } from 'vitest';
import type { Instant, Population } from '../../model/index.ts';
import { atSeconds } from '../../model/index.ts';
import { createRandom } from '../random.ts';
import { ConnectionPool } from './connection-pool.ts';
import { presetsOf } from './population.ts';

function counted(population: Population, seed = '1'): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const preset of presetsOf(population, createRandom(seed).stream('population')))
    counts[preset] = (counts[preset] ?? 0) + 1;
  return counts;
}

describe('what the resolvers of a population do', () => {
  test('shares are met as far as whole clients allow, and nobody is left without a resolver', () => {
    const mix = [
      { preset: 'plain', share: 0.9126 },
      { preset: 'stretches-ttl', share: 0.0874 },
    ] as const;
    expect(counted({ clients: 10_000, resolvers: mix })).toEqual({ plain: 9126, 'stretches-ttl': 874 });
    expect(counted({ clients: 3, resolvers: mix })).toEqual({ plain: 3 });
    const thirds = (['plain', 'vpc', 'macos'] as const).map((preset) => ({ preset, share: 0.333 }));
    expect(counted({ clients: 1000, resolvers: thirds })).toEqual({ plain: 333, vpc: 333, macos: 334 });
  });

  test('kinds stand in random order, so that the first hundred are of all kinds', () => {
    const half = [
      { preset: 'plain', share: 0.5 },
      { preset: 'vpc', share: 0.5 },
    ] as const;
    const first = presetsOf({ clients: 1000, resolvers: half }, createRandom('1').stream('population')).slice(0, 100);
    const plain = first.filter((preset) => preset === 'plain').length;
    expect(plain).toBeGreaterThan(35);
    expect(plain).toBeLessThan(65);
  });
});

describe('the connections of a client', () => {
  const pool = (): ConnectionPool => new ConnectionPool({ idleMs: 60_000, lifetimeMs: 3_600_000 });
  const keep = (connections: ConnectionPool, to: string, second: number): void => {
    const connection = connections.open(to, 7, atSeconds(second));
    connection.isOpen = true;
    connections.giveBack(connection, atSeconds(second));
  };

  test('R53 RV-16: one that is open is used again, by one request at a time', () => {
    const connections = pool();
    keep(connections, '127.82.0.1', 0);
    expect(connections.peek(atSeconds(1))?.to).toBe('127.82.0.1');
    expect(connections.take(atSeconds(1))).toMatchObject({ to: '127.82.0.1', cause: 7 });
    expect(connections.take(atSeconds(1))).toBeUndefined();
  });

  test('R53 RV-16: one that was idle for too long, has lived for too long, or was closed by the other side is not', () => {
    const idle = pool();
    keep(idle, 'a', 0);
    expect([idle.peek(atSeconds(59.9))?.to, idle.peek(atSeconds(60))?.to]).toEqual(['a', undefined]);
    const old = pool();
    keep(old, 'a', 0);
    for (let second = 50; second < 3600; second += 50) {
      const connection = old.take(atSeconds(second));
      if (connection !== undefined) old.giveBack(connection, atSeconds(second));
    }
    expect([old.peek(atSeconds(3599))?.to, old.peek(atSeconds(3600))?.to]).toEqual(['a', undefined]);
    const closed = pool();
    keep(closed, 'a', 0);
    const connection = closed.peek(0 as Instant);
    if (connection !== undefined) connection.isOpen = false;
    expect(closed.take(0 as Instant)).toBeUndefined();
  });

  test('no more than six are kept; the oldest goes first', () => {
    const connections = pool();
    for (let n = 0; n < 8; n++) keep(connections, String(n), 0);
    const taken = Array.from({ length: 8 }, () => connections.take(0 as Instant)?.to);
    expect(taken).toEqual(['7', '6', '5', '4', '3', '2', undefined, undefined]);
  });
});
