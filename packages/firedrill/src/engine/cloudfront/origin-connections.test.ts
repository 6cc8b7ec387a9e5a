import { describe, expect, test } from 'vitest';
import { ScriptedEdge } from './edge-script.fixture.ts';
import { header, hybridDistribution, PRIMARY_NAME, SECONDARY_ADDRESS } from './edge-script.fixture.ts';

function keeping(seconds = 5): ScriptedEdge {
  return new ScriptedEdge(
    [hybridDistribution({ origin: { keepaliveTimeoutSeconds: seconds } })],
    true,
    undefined,
    true,
  );
}

/** Whether each exchange since the last look went over a connection that was open before, with where it went. */
function taken(edge: ScriptedEdge): string {
  return edge.seen
    .splice(0)
    .map(({ to, reused }) => `${to === SECONDARY_ADDRESS ? 'secondary' : 'primary'}${reused ? ' kept' : ''}`)
    .join(', ');
}

describe('connections that an edge location keeps', () => {
  test('CF 1.21, 4.18: are used again until they have been idle for the keep-alive timeout', () => {
    const edge = keeping();
    edge.ask();
    edge.wait(4.999).ask();
    edge.wait(5).ask();
    expect(taken(edge)).toBe('primary, primary kept, primary');
  });

  test('CF 4.18: do no DNS work, so that a change of the name is not seen for as long as requests keep coming', () => {
    const edge = keeping();
    edge.ask();
    edge.names.set(PRIMARY_NAME, { addresses: [SECONDARY_ADDRESS], ttlSeconds: 60 });
    for (let i = 0; i < 30; i++) edge.wait(4).ask();
    expect(new Set(taken(edge).split(', ').slice(1))).toEqual(new Set(['primary kept']));
    expect(edge.queries).toEqual([PRIMARY_NAME]);
    edge.wait(5).ask();
    expect(taken(edge)).toBe('secondary');
  });

  test('that the origin has ended meanwhile are no attempt: what may be repeated begins anew', () => {
    const edge = keeping();
    edge.ask();
    edge.primary('refused', 200);
    const reply = edge.wait(1).ask();
    expect([reply.status, reply.account.attempts, taken(edge)]).toEqual([200, 1, 'primary, primary kept, primary']);
    expect(edge.failures).toEqual([]);
  });

  test('that the origin has ended meanwhile fail a POST, for nobody knows what became of it', () => {
    const edge = keeping();
    edge.ask();
    edge.primary('refused', 200);
    expect([edge.wait(1).ask({ method: 'POST' }).status, taken(edge)]).toEqual([502, 'primary, primary kept']);
  });

  test('CF 4.18, 1.15: that fall silent cost the response timeout instead of the connection timeout', () => {
    const edge = keeping();
    edge.ask();
    edge.primary('silent').wait(1);
    const began = edge.moment.now;
    edge.ask();
    expect(taken(edge)).toBe('primary, primary kept, primary, primary, secondary');
    expect((edge.moment.now - began) / 1e6).toBe(30 + 10 + 10);
  });

  test('are not shared by requests of one moment', () => {
    const edge = keeping();
    edge.ask();
    const [first] = edge.seen;
    if (first?.exchange.connection === undefined) throw new Error('connections are kept');
    first.exchange.connection.isBusy = true;
    edge.ask();
    expect(taken(edge)).toBe('primary, primary');
  });

  test('CF 4.20: lead to one host: another server name is another connection', () => {
    const { behaviors } = hybridDistribution();
    const forwarding = behaviors.map((behavior) => ({
      ...behavior,
      pathPattern: '/host',
      cachePolicy: { ...behavior.cachePolicy, headers: { kind: 'only', names: ['Host'] } as const },
    }));
    const edge = new ScriptedEdge(
      [{ ...hybridDistribution(), behaviors: [...forwarding, ...behaviors] }],
      true,
      undefined,
      true,
    );
    edge.ask();
    edge.ask({ target: '/host' });
    edge.ask();
    expect(taken(edge)).toBe('primary, primary, primary kept');
  });

  test('CF 3.26: connecting took no time on one of them', () => {
    const { behaviors } = hybridDistribution();
    const timing = { id: 't', name: 't', removed: [], added: [], serverTiming: { samplingRate: 100 } };
    const timed = behaviors.map((behavior) => ({ ...behavior, responseHeadersPolicy: timing }));
    const edge = new ScriptedEdge([{ ...hybridDistribution(), behaviors: timed }], true, undefined, true);
    expect(header(edge.ask(), 'Server-Timing')).not.toContain('cdn-upstream-connect');
    expect(header(edge.ask(), 'Server-Timing')).toContain('cdn-upstream-dns;dur=0,cdn-upstream-connect;dur=0');
  });
});

test('each attempt connects anew unless a drill says that connections are kept', () => {
  const edge = new ScriptedEdge([hybridDistribution()]);
  edge.ask();
  edge.ask();
  expect(edge.seen.map(({ exchange }) => exchange.connection)).toEqual([undefined, undefined]);
});
