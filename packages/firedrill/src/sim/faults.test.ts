import { describe, expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan, primaryFault, probe } from '../../test/hybrid-architecture.ts';
import type { Fault, FaultEffect, RequestEnded } from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import { simulate } from './index.ts';

/* Each fault as a user meets it who asks the API in Ireland itself, with a patience of 5 s. */

const API = 'aaaaaaaaaa.execute-api.eu-west-1.amazonaws.com';

function ended(faults: readonly Fault[], url = `https://${API}/prod/`, endSeconds = 30): RequestEnded[] {
  const probes = [probe('users', url, { methods: ['GET'], timeoutMs: 5000 })];
  const all: RequestEnded[] = [];
  simulate(hybridArchitecture(), hybridPlan(faults, { endSeconds, probes }), (event) => {
    if (event.what === 'request.ended') all.push(event.data);
  });
  return all;
}

/** The one request that was sent in the midst of the fault, which is there from 10 s to 20 s. */
function during(effect: FaultEffect, differs: Partial<Fault> = {}, url?: string): RequestEnded {
  const found = ended([{ ...primaryFault(effect, 10, 20), ...differs }], url).find(({ sentAt }) => sentAt === 12e6);
  if (found === undefined) throw new Error('a request is sent each second');
  return found;
}

describe('what users see of each effect', () => {
  test('without one they are answered in far less than a second', () => {
    for (const { status, end, ttfbMs } of ended([])) {
      expect({ status, end }).toEqual({ status: 200, end: 'answered' });
      expect(ttfbMs).toBeLessThan(200);
    }
  });

  test.each([
    { effect: { kind: 'refuse' }, end: 'refused', status: 0, withinMs: [1, 200] },
    { effect: { kind: 'blackhole' }, end: 'timeout', status: 0, withinMs: [5000, 5000] },
    { effect: { kind: 'hang' }, end: 'timeout', status: 0, withinMs: [5000, 5000] },
    { effect: { kind: 'reset' }, end: 'reset', status: 0, withinMs: [1, 200] },
    { effect: { kind: 'tls' }, end: 'tls', status: 0, withinMs: [1, 200] },
    { effect: { kind: 'slow', delayMs: 3000 }, end: 'answered', status: 200, withinMs: [3000, 3200] },
    { effect: { kind: 'slow', delayMs: 9000 }, end: 'timeout', status: 0, withinMs: [5000, 5000] },
    { effect: { kind: 'status', status: 418 }, end: 'answered', status: 418, withinMs: [1, 200] },
    // RS 3.7: API Gateway makes a 502 of both.
    { effect: { kind: 'function-error' }, end: 'answered', status: 502, withinMs: [1, 200] },
    { effect: { kind: 'throttle' }, end: 'answered', status: 502, withinMs: [1, 200] },
  ] as const)('$effect ends as $end with status $status', ({ effect, end, status, withinMs: [atLeast, atMost] }) => {
    const seen = during(effect);
    expect(seen).toMatchObject({ end, status });
    expect(seen.ttfbMs).toBeGreaterThanOrEqual(atLeast);
    expect(seen.ttfbMs).toBeLessThanOrEqual(atMost);
  });

  test('before and after it all is well', () => {
    for (const { sentAt, success } of ended([primaryFault({ kind: 'refuse' }, 10, 20)])) {
      expect(success, String(sentAt)).toBe(sentAt < atSeconds(9.9) || sentAt >= atSeconds(20));
    }
  });

  test('an answer on its way back when the black hole opens is lost', () => {
    const seen = ended([primaryFault({ kind: 'blackhole' }, 12.015, 20)]).find(({ sentAt }) => sentAt === 12e6);
    expect(seen).toMatchObject({ end: 'timeout', ttfbMs: 5000 });
  });
});

describe('whom a fault befalls', () => {
  const refuse = { kind: 'refuse' } as const;

  test('another Region and another host are spared', () => {
    expect(during(refuse, { target: { kind: 'region', region: 'us-east-1' } }).success).toBe(true);
    expect(during(refuse, { target: { kind: 'host', host: 'www.example.com' } }).success).toBe(true);
    expect(during(refuse, { target: { kind: 'host', host: API } }).end).toBe('refused');
    expect(during(refuse, { target: { kind: 'service', region: 'eu-west-1', service: 'api-gateway' } }).end).toBe(
      'refused',
    );
  });

  test('paths begin with the stage, as the endpoint is asked', () => {
    expect(during(refuse, { pathPrefix: '/prod/' }).end).toBe('refused');
    expect(during(refuse, { pathPrefix: '/health' }).success).toBe(true);
    expect(during(refuse, { exceptPathPrefix: '/prod/' }).success).toBe(true);
  });

  test('an edge that is down takes everybody with it whom DNS sends there', () => {
    const edge = { target: { kind: 'edge', edge: 'DUB' } } as const;
    expect(during(refuse, edge, 'https://dhybrid.cloudfront.net/').end).toBe('refused');
    expect(during(refuse, edge).success).toBe(true);
  });

  test.each(['SERVFAIL', 'NXDOMAIN', 'timeout'] as const)(
    'who has no address yet meets name servers that answer %s',
    (answer) => {
      const fault: Fault = {
        ...primaryFault({ kind: 'dns', answer }, 0, 20),
        target: { kind: 'name', name: 'amazonaws.com' },
      };
      const [first] = ended([fault]);
      expect(first).toMatchObject({ end: 'dns', status: 0, success: false });
      if (answer === 'timeout') expect(first?.ttfbMs).toBe(5000);
      else expect(first?.ttfbMs).toBeLessThan(20);
    },
  );
});

describe('how many a share befalls', () => {
  test.each([
    { kind: 'refuse' },
    { kind: 'blackhole' },
    { kind: 'hang' },
    { kind: 'reset' },
    { kind: 'tls' },
    { kind: 'slow', delayMs: 9000 },
    { kind: 'status', status: 503 },
    { kind: 'function-error' },
    { kind: 'throttle' },
  ] as const)('$kind for 1 in 5 befalls 1 in 5 of those who ask', (effect) => {
    const fault: Fault = { ...primaryFault(effect, 0), share: 0.2 };
    const probes = [probe('users', `https://${API}/prod/`, { methods: ['GET'], timeoutMs: 5000, ratePerSecond: 20 })];
    let sent = 0;
    let failed = 0;
    simulate(hybridArchitecture(), hybridPlan([fault], { endSeconds: 100, probes }), (event) => {
      if (event.what !== 'request.ended') return;
      sent += 1;
      if (!event.data.success) failed += 1;
    });
    expect(sent).toBe(2000);
    // Five standard deviations of a binomial.
    expect(Math.abs(failed - 400)).toBeLessThan(5 * Math.sqrt(2000 * 0.2 * 0.8));
  });
});

test('CF 1.18: a completion timeout bounds the lookup of the origin too', () => {
  const fault: Fault = {
    ...primaryFault({ kind: 'dns', answer: 'timeout' }, 0, 20),
    target: { kind: 'name', name: 'api.example.com' },
  };
  const origin = { responseTimeoutSeconds: 1, responseCompletionTimeoutSeconds: 2 };
  const probes = [probe('users', 'https://droute53.cloudfront.net/', { methods: ['GET'] })];
  simulate(hybridArchitecture({ origin }), hybridPlan([fault], { endSeconds: 1, probes }), ({ what, data }) => {
    if (what !== 'request.ended') return;
    expect(data).toMatchObject({ status: 504, success: false, endpoint: 'edge' });
    expect(data.ttfbMs).toBeGreaterThan(2000);
    expect(data.ttfbMs).toBeLessThan(2100);
  });
  expect.assertions(3);
});

test('CF 1.18: a completion timeout that ends with a connection attempt leaves none for another', () => {
  const origin = { connectionTimeoutSeconds: 2, responseTimeoutSeconds: 1, responseCompletionTimeoutSeconds: 4 };
  const probes = [probe('users', 'https://droute53.cloudfront.net/', { methods: ['GET'] })];
  const plan = hybridPlan([primaryFault({ kind: 'blackhole' }, 0.5)], { endSeconds: 3, probes });
  const attempts: string[] = [];
  simulate(hybridArchitecture({ origin }), plan, ({ what, data }) => {
    if (what === 'origin.attempt-failed') attempts.push(`${data.attempt} ${data.why}`);
  });
  // Two requests at a black hole, each with four seconds for attempts of two.
  expect(attempts).toEqual(['1 connect-timeout', '1 connect-timeout', '2 completion-timeout', '2 completion-timeout']);
});
