import { describe, expect, test } from 'vitest';
import { DRILL_TEXT } from './drill.fixture.ts';
import { readDrill } from './read-drill.ts';

/** The first probe with more keys, and what there is to say about it. */
function read(keys: string): { readonly probe: unknown; readonly findings: readonly string[] } {
  const { value, findings } = readDrill('a.yaml', DRILL_TEXT.replace('client: plain', `client: plain, ${keys}`));
  return {
    probe: value.probes[0],
    findings: findings.map(({ code, place, says, remedy }) => `${place?.line} ${code} ${says} ${remedy}`),
  };
}

describe('the users of a probe', () => {
  test('a probe without them is one client with a connection for each request', () => {
    const { probe } = read('successStatuses: [200]');
    expect(probe).not.toHaveProperty('population');
    expect(probe).not.toHaveProperty('keepAlive');
  });

  test.each([
    { keys: 'clients: 5', population: { clients: 5, resolvers: [{ preset: 'plain', share: 1 }] } },
    { keys: 'resolvers: vpc', population: { clients: 1000, resolvers: [{ preset: 'vpc', share: 1 }] } },
    {
      keys: 'clients: 20, resolvers: internet',
      population: {
        clients: 20,
        resolvers: [
          { preset: 'plain', share: 0.9126 },
          { preset: 'stretches-ttl', share: 0.0874 },
        ],
      },
    },
    {
      keys: 'resolvers: { bind: 0.25, macos: 0.75 }',
      population: {
        clients: 1000,
        resolvers: [
          { preset: 'bind', share: 0.25 },
          { preset: 'macos', share: 0.75 },
        ],
      },
    },
  ])('$keys', ({ keys, population }) => {
    expect(read(keys)).toMatchObject({ probe: { population }, findings: [] });
  });

  test('R53 RV-16: connections are kept for a minute idle, and for an hour in all as a load balancer does, unless the drill says otherwise', () => {
    expect(read('keepAlive: {}').probe).toMatchObject({ keepAlive: { idleMs: 60_000, lifetimeMs: 3_600_000 } });
    expect(read('keepAlive: { idle: 5s, lifetime: 2m }').probe).toMatchObject({
      keepAlive: { idleMs: 5000, lifetimeMs: 120_000 },
    });
  });
});

describe('mistakes about them', () => {
  test('a kind of resolver that there is not gets a suggestion (drill/resolvers)', () => {
    expect(read('resolvers: unbuond').findings).toEqual([
      '10 drill/resolvers There is no kind of resolver unbuond. Did you mean unbound?',
    ]);
    expect(read('resolvers: { plain: 0.5, vcp: 0.5 }').findings).toEqual([
      '10 drill/resolvers There is no kind of resolver vcp. Did you mean vpc?',
    ]);
  });

  test('shares that do not add up say to what they do', () => {
    expect(read('resolvers: { plain: 0.5, vpc: 0.4 }').findings[0]).toContain(
      'The shares of resolvers add up to 0.9, not to 1. Write the share of users behind each kind',
    );
    expect(read('resolvers: { plain: 0.333, vpc: 0.333, bind: 0.333 }').findings).toEqual([]);
  });

  test.each([
    { keys: 'clients: 0', says: 'clients must be at least 1' },
    { keys: 'clients: 10001', says: 'clients must be at most 10000' },
    { keys: 'resolvers: 7', says: 'resolvers must be the name of a kind of resolver, or shares by such names' },
    {
      keys: 'keepAlive: { idel: 5s }',
      says: 'There is no probes[0].keepAlive.idel in a drill file. Did you mean idle?',
    },
    { keys: 'keepAlive: { idle: 5 }', says: 'keepAlive.idle must be a length of time with its unit' },
  ])('$keys: $says', ({ keys, says }) => {
    const { findings } = read(keys);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(says);
  });
});

test('a place that the geography does not know is told of beside a wrong key of the same probe', () => {
  const text = DRILL_TEXT.replace('places: [Dublin], timeout: 60s', 'places: [Dubiln], timout: 60s');
  expect(readDrill('a.yaml', text).findings.map(({ says, remedy }) => `${says} ${remedy}`)).toEqual([
    'Probe route53-only: the geography knows no place Dubiln. Did you mean Dublin?',
    'There is no probes[0].timout in a drill file. Did you mean timeout?',
  ]);
});
