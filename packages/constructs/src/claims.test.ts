import { readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { CLAIMED_SECONDS, OriginTimeouts } from './index.ts';

const { blackHoled, hung } = CLAIMED_SECONDS;

describe('the seconds that are claimed follow from the timeouts (CF 1.11, 1.15, 1.16)', () => {
  test.each([
    ['FIRST_OF_TWO', OriginTimeouts.FIRST_OF_TWO, blackHoled.ours, hung.ours],
    ['LAST_RESORT', OriginTimeouts.LAST_RESORT, blackHoled.lastResort, hung.lastResort],
    ['CLOUDFRONT_DEFAULTS', OriginTimeouts.CLOUDFRONT_DEFAULTS, blackHoled.cloudFrontDefault, hung.cloudFrontDefault],
  ])('%s', (_name, timeouts, blackHoledSeconds, hungSeconds) => {
    expect(timeouts.blackHoledSeconds).toBe(blackHoledSeconds);
    expect(timeouts.hungSeconds).toBe(hungSeconds);
  });
});

describe('the documentation states the seconds of the table', () => {
  const timeouts = readFileSync(new URL('origin-timeouts.ts', import.meta.url), 'utf8');
  const hybrid = readFileSync(new URL('hybrid-failover.ts', import.meta.url), 'utf8');
  const both = [blackHoled.ours, blackHoled.cloudFrontDefault, hung.ours, hung.cloudFrontDefault];
  test.each([
    ['originTimeouts', hybrid, 'readonly originTimeouts?', both],
    ['lastResortTimeouts', hybrid, 'readonly lastResortTimeouts?', [blackHoled.lastResort, hung.lastResort]],
    ['connectionTimeout', timeouts, 'readonly connectionTimeout?', [blackHoled.ours, blackHoled.cloudFrontDefault]],
    ['readTimeout', timeouts, 'readonly readTimeout?', [hung.ours, hung.cloudFrontDefault]],
    ['FIRST_OF_TWO', timeouts, 'static readonly FIRST_OF_TWO', both],
    ['LAST_RESORT', timeouts, 'static readonly LAST_RESORT', [blackHoled.lastResort, hung.lastResort]],
    [
      'CLOUDFRONT_DEFAULTS',
      timeouts,
      'static readonly CLOUDFRONT_DEFAULTS',
      [blackHoled.cloudFrontDefault, hung.cloudFrontDefault],
    ],
  ])('of %s', (_name, source, declaration, seconds) => {
    const stated = secondsIn(commentBefore(source, declaration));
    for (const figure of seconds) expect(stated).toContain(figure);
  });
});

describe('timeouts', () => {
  test.each([
    ['connectionTimeout', { connectionTimeout: Duration.seconds(11) }],
    ['connectionTimeout', { connectionTimeout: Duration.millis(2500) }],
    ['connectionAttempts', { connectionAttempts: 4 }],
    ['connectionAttempts', { connectionAttempts: 1.5 }],
    ['readTimeout', { readTimeout: Duration.seconds(0) }],
    ['readTimeout', { readTimeout: Duration.seconds(121) }],
  ])('%s outside what CloudFront accepts is refused', (name, props) => {
    expect(() => new OriginTimeouts(props)).toThrow(new RegExp(`${name} is .*; CloudFront accepts`));
  });
});

function commentBefore(source: string, declaration: string): string {
  const end = source.indexOf(declaration);
  expect(end).toBeGreaterThan(0);
  return source.slice(source.lastIndexOf('/**', end), end);
}

function secondsIn(comment: string): readonly number[] {
  const oneLine = comment.replace(/\n\s*\*/g, ' ').replace(/\s+/g, ' ');
  return [...oneLine.matchAll(/\b(\d+) s\b/g)].map(([, figure]) => Number(figure));
}
