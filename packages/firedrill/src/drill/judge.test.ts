import { describe, expect, test } from 'vitest';
import type { Condition, Expectation } from './drill.ts';
import { judge } from './judge.ts';
import { measure } from './measure.ts';
import type { Measures } from './measures.ts';
import { planOf, TimelineBuilder } from './timeline.fixture.ts';

function run(lasts = 50): Measures {
  const builder = new TimelineBuilder().started().fault('dead', 10, 30);
  for (let second = 0; second < lasts; second += 1) {
    const down = second >= 10 && second < 20;
    for (const place of ['Dublin', 'Tokyo']) {
      builder.request(second, 0.1, { place });
      if (down && place === 'Tokyo') builder.failure(second, 0.1, { method: 'POST', place });
      else builder.request(second, 0.2, { method: 'POST', place, endpoint: 'us-east-1', origin: 'secondary' });
    }
  }
  return measure(
    builder.ended(lasts + 1).build(),
    planOf(lasts, { methods: ['GET', 'POST'], places: ['Dublin', 'Tokyo'] }),
  );
}

const MEASURES = run();

function check(
  condition: Condition,
  expected: string,
  about: Partial<Expectation> = { method: 'POST' },
  measures = MEASURES,
): void {
  const { judgements, passed } = judge(measures, [{ probe: 'site', ...about, conditions: [condition] }]);
  expect(judgements.map((judgement) => `${judgement.passed ? 'pass' : 'fail'} ${judgement.sentence}`).join(' | ')).toBe(
    expected,
  );
  expect(passed).toBe(judgements.every((judgement) => judgement.passed));
}

describe('each kind of condition', () => {
  test('failed counts requests', () => {
    check({ kind: 'failed', requests: { min: 0, max: 0 } }, 'pass GET site: failed 0 requests, expected 0.', {
      method: 'GET',
    });
    check({ kind: 'failed', requests: { min: 0, max: 0 } }, 'fail POST site: failed 10 requests, expected 0.');
    check({ kind: 'failed', requests: { max: 10 } }, 'pass POST site: failed 10 requests, expected at most 10.');
  });

  test('outage is 0 s where nothing failed', () => {
    check({ kind: 'outage', seconds: { max: 0 } }, 'pass GET site: outage 0 s, expected at most 0 s.', {
      method: 'GET',
    });
    check({ kind: 'outage', seconds: { min: 5, max: 9 } }, 'fail POST site: outage 9.1 s, expected 5.0 s to 9.0 s.');
    check({ kind: 'outage', seconds: { min: 9.1 } }, 'pass POST site: outage 9.1 s, expected at least 9.1 s.');
  });

  test('an outage that is not over is longer than any bound', () => {
    check(
      { kind: 'outage', seconds: { max: 3600 } },
      'fail POST site from Tokyo: outage 5.1 s and not over, expected at most 3600.0 s.',
      { method: 'POST', place: 'Tokyo' },
      run(16),
    );
  });

  test('availability, recovery and time to first byte are held against their bounds', () => {
    check(
      { kind: 'availability', share: { min: 0.9 } },
      'pass POST site: availability 90.0 %, expected at least 90.0 %.',
    );
    check(
      { kind: 'availability', share: { min: 0.99 } },
      'fail POST site: availability 90.0 %, expected at least 99.0 %.',
    );
    check({ kind: 'recovery', seconds: { max: 10 } }, 'pass POST site: recovery 9.2 s, expected at most 10.0 s.');
    check(
      { kind: 'ttfb', figure: 'p99', ms: { max: 150 } },
      'fail POST site: time to first byte p99 200 ms, expected at most 150 ms.',
    );
    check(
      { kind: 'ttfb', figure: 'p50', ms: { max: 150 } },
      'pass GET site: time to first byte p50 100 ms, expected at most 150 ms.',
      { method: 'GET' },
    );
  });

  test('who answered must be exactly who was named, by Region or by origin', () => {
    check({ kind: 'answeredBy', names: ['us-east-1'] }, 'pass POST site: answered by us-east-1, expected us-east-1.');
    check({ kind: 'answeredBy', names: ['secondary'] }, 'pass POST site: answered by secondary, expected secondary.');
    check(
      { kind: 'answeredBy', names: ['us-east-1', 'eu-west-1'] },
      'fail POST site: answered by us-east-1, expected eu-west-1 and us-east-1.',
    );
  });
});

describe('whom an expectation is about', () => {
  test('without a method it must hold of each', () => {
    check(
      { kind: 'failed', requests: { max: 0 } },
      'pass GET site: failed 0 requests, expected at most 0. | fail POST site: failed 10 requests, expected at most 0.',
      {},
    );
  });

  test('with a place, of that place alone', () => {
    check(
      { kind: 'failed', requests: { max: 0 } },
      'pass POST site from Dublin: failed 0 requests, expected at most 0.',
      { method: 'POST', place: 'Dublin' },
    );
    check(
      { kind: 'availability', share: { min: 0.9 } },
      'fail POST site from Tokyo: availability 80.0 %, expected at least 90.0 %.',
      { method: 'POST', place: 'Tokyo' },
    );
  });

  test('where nothing was sent nothing holds', () => {
    const nothing = measure([], planOf(10));
    check(
      { kind: 'failed', requests: { max: 0 } },
      'fail GET site: failed no requests, expected at most 0.',
      { method: 'GET' },
      nothing,
    );
    check(
      { kind: 'outage', seconds: { max: 9 } },
      'fail GET other: outage no requests, expected at most 9.0 s.',
      { probe: 'other', method: 'GET' },
      nothing,
    );
  });

  test('nothing expected is as expected', () => expect(judge(MEASURES, [])).toEqual({ passed: true, judgements: [] }));
});
