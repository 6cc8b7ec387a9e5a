import { describe, expect, test } from 'vitest';
import type { ClientProfile, Instant, Probe } from '../../model/index.ts';
import { assert, atSeconds } from '../../model/index.ts';
import type { Moment } from '../conversation.ts';
import type { Deed } from './client-script.fixture.ts';
import { ScriptedClient } from './client-script.fixture.ts';
import { viewerLife } from './viewer.ts';

describe('one request', () => {
  test('it ends with what came of it, and what it took from the sending on', () => {
    const { ended, exchanges } = new ScriptedClient('plain').ask(7, [200]);
    expect(ended).toEqual({
      probe: 'users',
      method: 'GET',
      place: 'Dublin',
      edge: 'DUB',
      sentAt: atSeconds(7),
      end: 'answered',
      status: 200,
      success: true,
      ttfbMs: 10,
      origin: 'o',
      endpoint: 'eu-west-1',
      attempts: 1,
      result: 'Miss',
    });
    expect(exchanges[0]).toMatchObject({
      to: '127.81.0.1',
      port: 443,
      tls: { serverName: 'www.example.com', verifyNames: ['www.example.com'] },
      until: atSeconds(67),
    });
  });

  test.each([
    { deed: 'refused', end: 'refused' },
    { deed: 'reset', end: 'reset' },
    { deed: 'tls', end: 'tls' },
    { deed: 'connect-timeout', end: 'timeout' },
    { deed: 'response-timeout', end: 'timeout' },
    { deed: 'completion-timeout', end: 'timeout' },
  ] as const)('without an answer, for $deed, it is a failure of kind $end', ({ deed, end }) => {
    expect(new ScriptedClient('plain').ask(0, [deed]).ended).toMatchObject({
      end,
      status: 0,
      success: false,
      edge: '',
    });
  });

  test('an answer below 500 is a success, unless the drill says which are', () => {
    const success = (status: number, successStatuses?: readonly number[]): boolean =>
      new ScriptedClient('plain', successStatuses === undefined ? {} : { successStatuses }).ask(0, [status]).ended
        .success;
    expect([200, 404, 499, 500, 503].map((status) => success(status))).toEqual([true, true, true, false, false]);
    expect([200, 404, 503].map((status) => success(status, [200, 503]))).toEqual([true, false, true]);
  });

  test('a name that does not resolve is a failure of DNS, and nothing is sent', () => {
    const client = new ScriptedClient('plain');
    client.said = { rcode: 'NXDOMAIN' };
    const { ended, exchanges } = client.ask(0, []);
    expect(ended).toMatchObject({ end: 'dns', status: 0, success: false });
    expect(exchanges).toHaveLength(0);
  });

  test('whatever the account does not explain is explained by the answer of the resolver', () => {
    expect(new ScriptedClient('plain').ask(0, [200]).cause).toBe(3);
    expect(new ScriptedClient('plain').ask(0, ['refused']).cause).toBe(3);
  });
});

describe('what clients repeat', () => {
  test('a plain client takes the first answer, good or bad', () => {
    expect(new ScriptedClient('plain').ask(0, [503]).ended.status).toBe(503);
    expect(new ScriptedClient('plain').ask(0, ['reset']).ended.end).toBe('reset');
  });

  test('a browser sends a GET once more after a broken connection, at once, and then gives up', () => {
    expect(new ScriptedClient('browser').ask(0, ['reset', 200]).ended).toMatchObject({ status: 200, success: true });
    expect(new ScriptedClient('browser').ask(0, ['reset', 'reset']).ended.end).toBe('reset');
    expect(new ScriptedClient('browser', { methods: ['POST'] }).ask(0, ['reset']).ended.end).toBe('reset');
  });

  test('R53 RV-18: an SDK asks three times in all, with pauses of at most 100 and 200 ms', () => {
    const { ended, pausesMs } = new ScriptedClient('sdk').ask(0, [503, 'connect-timeout', 200]);
    expect(ended.success).toBe(true);
    expect(pausesMs).toHaveLength(2);
    for (const [i, longest] of [100, 200].entries()) {
      expect(pausesMs[i]).toBeGreaterThan(0);
      expect(pausesMs[i]).toBeLessThan(longest);
    }
    expect(new ScriptedClient('sdk').ask(0, [503, 503, 503]).ended.status).toBe(503);
  });

  test('the time to the first byte counts from the first attempt on', () => {
    const { ended, pausesMs } = new ScriptedClient('sdk').ask(0, [503, 200]);
    expect(ended.ttfbMs).toBeCloseTo(10 + (pausesMs[0] ?? 0) + 10, 3);
  });

  test('nobody asks again when patience would be at its end by then', () => {
    const { ended, exchanges } = new ScriptedClient('sdk', { timeoutMs: 11 }).ask(0, [503]);
    expect(ended.status).toBe(503);
    expect(exchanges).toHaveLength(1);
  });
});

describe('how long clients keep a name', () => {
  const asked = (client: ScriptedClient, atSeconds: number): number => client.ask(atSeconds, [200]).queries;

  test('a plain client asks again as soon as the TTL is over, and not before', () => {
    const client = new ScriptedClient('plain');
    client.said = { ttlSeconds: 5 };
    expect([0, 4.9, 5, 9.9, 10].map((at) => asked(client, at))).toEqual([1, 0, 1, 0, 1]);
  });

  test('R53 RV-09: a browser keeps a name of 5 s for 60 s, one of 300 s for 300 s', () => {
    const client = new ScriptedClient('browser');
    client.said = { ttlSeconds: 5 };
    expect([0, 5, 59.9, 60].map((at) => asked(client, at))).toEqual([1, 0, 0, 1]);
    client.said = { ttlSeconds: 300 };
    expect([120, 300, 419.9, 420].map((at) => asked(client, at))).toEqual([1, 0, 0, 1]);
  });

  test('R53 RV-01, RV-09: a plain client keeps a failure for its negative TTL, a browser does not keep it', () => {
    const plain = new ScriptedClient('plain');
    const browser = new ScriptedClient('browser');
    plain.said = { rcode: 'NXDOMAIN' };
    browser.said = { rcode: 'NXDOMAIN' };
    expect([0, 1, 899.9, 900].map((at) => plain.ask(at, []).queries)).toEqual([1, 0, 0, 1]);
    expect([0, 1, 2].map((at) => browser.ask(at, []).queries)).toEqual([1, 1, 1]);
  });
});

test('a stream keeps its rate: the last of a thousand requests is as punctual as the first', () => {
  const { viewer } = new ScriptedClient('plain', { ratePerSecond: 3 });
  const moment: Moment = { now: 0 as Instant };
  const conversation = viewerLife(viewer, moment, atSeconds(0.5), atSeconds(334));
  const sent: number[] = [];
  for (let step = conversation.next(); step.done !== true; step = conversation.next()) {
    const need = step.value;
    assert(need.kind === 'pause' || need.kind === 'spawn', 'it waits and begins requests, no more');
    if (need.kind === 'spawn') sent.push(moment.now);
    moment.now = need.until ?? moment.now;
  }
  expect(sent).toEqual(Array.from({ length: 1001 }, (_, n) => Math.round(500_000 + (n * 1_000_000) / 3)));
});

describe('several addresses in one answer', () => {
  const asking = (
    client: ClientProfile,
    deeds: readonly Deed[],
  ): { to: string[]; connectMs: number[]; end: string } => {
    const scripted = new ScriptedClient(client);
    scripted.said = { ttlSeconds: 60, addresses: ['a', 'b', 'c'] };
    const { exchanges, ended } = scripted.ask(0, deeds);
    return {
      to: exchanges.map(({ to }) => to),
      connectMs: exchanges.map(({ connectTimeoutMs }) => connectTimeoutMs),
      end: ended.end,
    };
  };

  test('R53 RV-03: the next is tried when one refuses, until one accepts', () => {
    expect(asking('plain', ['refused', 200])).toMatchObject({ to: ['a', 'b'], end: 'answered' });
    expect(asking('plain', ['refused', 'refused', 'refused'])).toMatchObject({ to: ['a', 'b', 'c'], end: 'refused' });
  });

  test('R53 RV-03: a browser gives each but the last a quarter of a second to connect', () => {
    const { to, connectMs } = asking('browser', ['connect-timeout', 'connect-timeout', 200]);
    expect(to).toEqual(['a', 'b', 'c']);
    expect(connectMs.slice(0, 2)).toEqual([250, 250]);
    expect(connectMs[2]).toBeGreaterThan(59_000);
  });

  test('one that has accepted the request is not left for the next', () => {
    expect(asking('plain', ['response-timeout']).to).toEqual(['a']);
    expect(asking('plain', [503]).to).toEqual(['a']);
  });

  test('a repetition of an SDK begins with the next', () => {
    expect(asking('sdk', [503, 503, 200]).to).toEqual(['a', 'b', 'c']);
  });
});

describe('a client that keeps its connections', () => {
  const keeping = (more: Partial<Probe> = {}): ScriptedClient =>
    new ScriptedClient('plain', { keepAlive: { idleMs: 60_000, lifetimeMs: 3_600_000 }, ...more });

  test('R53 RV-16: goes on where it is connected, whatever DNS says by now', () => {
    const client = keeping();
    client.said = { ttlSeconds: 5 };
    client.ask(0, [200]);
    client.said = { ttlSeconds: 5, addresses: ['elsewhere'] };
    const later = client.ask(30, [503]);
    expect(later.exchanges.map(({ to }) => to)).toEqual(['127.81.0.1']);
    expect(later).toMatchObject({ reused: [true], queries: 0 });
    expect(client.ask(60, [200]).reused).toEqual([true]);
    const idle = client.ask(121, [200]);
    expect(idle).toMatchObject({ reused: [false], queries: 1 });
    expect(idle.exchanges[0]?.to).toBe('elsewhere');
  });

  test('connects anew when the connection turns out to be broken, if it may send again', () => {
    const get = keeping();
    get.ask(0, [200]);
    expect(get.ask(1, ['reset', 200])).toMatchObject({ reused: [true, false], ended: { status: 200 } });
    const post = keeping({ methods: ['POST'] });
    post.ask(0, [200]);
    expect(post.ask(1, ['reset'])).toMatchObject({ reused: [true], ended: { end: 'reset' } });
    expect(post.ask(2, [200]).reused).toEqual([false]);
  });

  test('R53 RV-16: waits in vain on a connection that has gone silent, and does not use it again', () => {
    const client = keeping();
    client.ask(0, [200]);
    expect(client.ask(1, ['response-timeout']).ended.end).toBe('timeout');
    expect(client.ask(2, [200]).reused).toEqual([false]);
  });

  test('who keeps none connects for each request', () => {
    const client = new ScriptedClient('plain');
    client.ask(0, [200]);
    expect(client.ask(1, [200]).exchanges[0]?.connection).toBeUndefined();
  });
});
