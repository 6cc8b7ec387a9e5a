import { describe, expect, test } from 'vitest';
import type { TimelineEvent } from '../model/index.ts';
import { renderEvent } from './event-words.ts';
import { TimelineBuilder } from './timeline.fixture.ts';
import { clock, length, percent } from './words.ts';

const last = (builder: TimelineBuilder): string => renderEvent(builder.build().at(-1) as TimelineEvent);

describe('an event in one line', () => {
  test('reads in words, with the moment in front', () => {
    const timeline = new TimelineBuilder();
    expect(last(timeline.started())).toBe('00:00:00.0  drill test begins in sim, seed 1, function code modelled');
    expect(last(timeline.fault('dead', 30, undefined, { share: 0.2, pathPrefix: '/health' }))).toBe(
      '00:00:30.0  fault dead begins: eu-west-1 answers 503 for 20.0 % of traffic on paths under /health',
    );
    expect(last(timeline.health(72.5, false))).toBe(
      '00:01:12.5  health check of eu-west-1 unhealthy: 2 of 16 checkers see it healthy',
    );
    expect(last(timeline.dns(80, 'us-east-1'))).toBe(
      '00:01:20.0  name servers now answer api.example.com A with us-east-1 (failover)',
    );
    expect(last(timeline.resolver(90, 'DUB', 'us-east-1'))).toBe(
      '00:01:30.0  edge DUB takes us-east-1 for api.example.com, for 60.0 s',
    );
    expect(last(timeline.failure(91, 30, { end: 'timeout', endpoint: '' }))).toBe(
      '00:02:01.0  GET of site from Dublin fails: given up after 30.0 s',
    );
    expect(last(timeline.failure(4000, 1, { status: 504, endpoint: 'edge' }))).toBe(
      '01:06:41.0  GET of site from Dublin fails: 504 from the edge itself after 1.0 s',
    );
    const failed = {
      edge: 'DUB',
      requestId: 'r',
      function: 'headers',
      event: 'origin-response',
      result: 'LambdaExecutionError',
      says: 'TypeError: no\nat handler',
    } as const;
    expect(last(timeline.event(4100, 'edge-function.failed', failed))).toBe(
      '01:08:20.0  function headers at origin-response fails for one request through DUB with LambdaExecutionError: TypeError: no',
    );
  });
});

test('parts of a WebSocket say which they are', () => {
  const told = (change: Parameters<TimelineBuilder['request']>[2]): string =>
    last(new TimelineBuilder().request(10, 1, { method: 'WebSocket', ...change })).slice(12);
  expect(told({ webSocket: 'handshake', status: 101 })).toBe(
    'WebSocket handshake of site from Dublin succeeds: 101 from eu-west-1 after 1.0 s',
  );
  const failed = { success: false, status: 0 } as const;
  expect(told({ ...failed, webSocket: 'message', end: 'closed' })).toBe(
    'WebSocket message of site from Dublin fails: no WebSocket after 1.0 s',
  );
  expect(told({ ...failed, webSocket: 'loss', end: 'closed' })).toBe(
    'WebSocket of site from Dublin is lost: it is closed by the other side',
  );
  expect(told({ ...failed, webSocket: 'loss', end: 'reset' })).toBe(
    'WebSocket of site from Dublin is lost: it breaks off',
  );
});

describe('figures in words', () => {
  test('a moment is cut, not rounded, to tenths', () => {
    expect([clock(0), clock(59.99), clock(3599.96), clock(100.03), clock(0.3)]).toEqual([
      '00:00:00.0',
      '00:00:59.9',
      '00:59:59.9',
      '00:01:40.0',
      '00:00:00.3',
    ]);
  });

  test('only nothing is 0', () => {
    expect([length(0), length(0.0001), length(0.04), length(0.9996), length(28.24)]).toEqual([
      '0 s',
      '1 ms',
      '40 ms',
      '1.0 s',
      '28.2 s',
    ]);
  });

  test('only a whole is 100 %, and nines are kept', () => {
    expect([
      percent(1),
      percent(0),
      percent(0.00001),
      percent(0.333),
      percent(0.99),
      percent(0.99999),
      percent(0.9999999),
    ]).toEqual(['100 %', '0 %', '0.1 %', '33.3 %', '99.0 %', '99.999 %', '99.999 %']);
  });
});
