import { describe, expect, test } from 'vitest';
import type { AcceleratorHealthCheck, Instant } from '../../model/index.ts';
import { atSeconds, BEGINNING } from '../../model/index.ts';
import type { Exchange, Moment, Outcome, Vantage } from '../conversation.ts';
import { endpointCheckerLife } from './endpoint-checker.ts';
import { EndpointHealth } from './endpoint-health.ts';

const CHECKER: Vantage = {
  index: 0,
  name: 'checker:us-east-1',
  spot: { latitude: 39, longitude: -77 },
  address: '127.85.0.1',
};
const CHECK: AcceleratorHealthCheck = { protocol: 'TCP', path: '/', port: 80, intervalSeconds: 10, thresholdCount: 3 };

function answered(status: number): Outcome {
  return { kind: 'answered', status, headers: [], body: { bytes: 0 }, firstByteAt: BEGINNING, account: undefined };
}

/** Changes of opinion, as `20 unhealthy`, and the exchanges made, for outcomes one after the other. */
function life(outcomes: readonly Outcome[], check: Partial<AcceleratorHealthCheck> = {}) {
  const moment: Moment = { now: BEGINNING };
  const changes: string[] = [];
  const exchanges: Exchange[] = [];
  const conversation = endpointCheckerLife(
    {
      check: { ...CHECK, ...check },
      vantage: CHECKER,
      address: '127.88.0.1',
      phaseMs: 0,
      changed: ({ healthy, reason }, { now }) =>
        void changes.push(`${now / 1e6} ${healthy ? 'healthy' : 'unhealthy'} (${reason})`),
    },
    moment,
  );
  let resumption: Outcome | undefined;
  while (exchanges.length < outcomes.length || resumption !== undefined) {
    const step = resumption === undefined ? conversation.next() : conversation.next(resumption);
    resumption = undefined;
    if (step.done === true) break;
    if (step.value.kind === 'pause') moment.now = Math.max(moment.now, step.value.until) as Instant;
    if (step.value.kind === 'exchange') {
      resumption = outcomes[exchanges.length];
      exchanges.push(step.value);
    }
  }
  return { changes, exchanges };
}

const DEAD: Outcome = { kind: 'unanswered', why: 'connect-timeout' };

describe('an instance or Elastic IP address', () => {
  test('RS 2.6: so many answers in a row change what is thought of it, either way', () => {
    const up = answered(0);
    expect(life([up, DEAD, DEAD, DEAD, up, up, up]).changes).toEqual([
      '30 unhealthy (connect-timeout)',
      '60 healthy (connected)',
    ]);
    expect(life([DEAD, DEAD, up, DEAD, DEAD, up]).changes).toEqual([]);
    expect(life([DEAD, up], { thresholdCount: 1, intervalSeconds: 30 }).changes).toEqual([
      '0 unhealthy (connect-timeout)',
      '30 healthy (connected)',
    ]);
  });

  test('RS 2.6: TCP only connects, HTTP and HTTPS ask for the path on the port of the group', () => {
    expect(life([answered(0)]).exchanges[0]).toMatchObject({ port: 80, tls: undefined, request: undefined });
    const http = life([answered(200)], { protocol: 'HTTP', path: '/health', port: 8080 }).exchanges[0];
    expect(http).toMatchObject({ port: 8080, tls: undefined, request: { method: 'GET', target: '/health' } });
    const https = life([answered(200)], { protocol: 'HTTPS', port: 443 }).exchanges[0];
    expect(https?.tls).toEqual({ serverName: undefined, verifyNames: undefined });
    const codes = life([answered(399), answered(400)], { protocol: 'HTTP', thresholdCount: 1 });
    expect(codes.changes).toEqual(['10 unhealthy (status 400)']);
  });

  test('RS 2.9: it is checked from where Route 53 checks', () => {
    expect(life([answered(0)]).exchanges[0]?.from).toBe(CHECKER);
  });
});

describe('what new connections go by', () => {
  const LAG = { failoverSeconds: 30, recoverySeconds: 20 };

  test('RS 2.17, 2.18: a change shows after its lag, for either direction its own', () => {
    const health = new EndpointHealth();
    health.changed(atSeconds(100), false, 5);
    health.changed(atSeconds(200), true, 8);
    const seen = [99, 129, 130, 219, 220].map((at) => health.seenByRouting(atSeconds(at), LAG).healthy);
    expect(seen).toEqual([true, true, false, false, true]);
    expect(health.seenByRouting(atSeconds(150), LAG).seq).toBe(5);
    expect(health.healthy).toBe(true);
  });

  test('an endpoint that recovers before anybody noticed stays in use', () => {
    const health = new EndpointHealth();
    health.changed(atSeconds(100), false, 5);
    health.changed(atSeconds(105), true, 8);
    const seen = [104, 120, 125, 130, 140].map((at) => health.seenByRouting(atSeconds(at), LAG).healthy);
    expect(seen).toEqual([true, true, true, true, true]);
  });
});
