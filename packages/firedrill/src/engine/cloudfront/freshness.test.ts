import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy, CustomErrorResponse } from '../../model/index.ts';
import type { Headers } from '../conversation.ts';
import { errorTtlSecondsOf, ttlSecondsOf } from './freshness.ts';

/** TTLs as `minimum default maximum`. */
function policy(ttls: string): CachePolicy {
  const [minTtlSeconds = 0, defaultTtlSeconds = 0, maxTtlSeconds = 0] = ttls.split(' ').map(Number);
  return { ...CACHING_DISABLED, minTtlSeconds, defaultTtlSeconds, maxTtlSeconds };
}

/** Headers from text, one a line. */
function headersOf(text: string): Headers {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
}

const OPEN = '0 86400 31536000';
const DATE = 'Date: Sat, 21 Nov 2026 07:00:00 GMT\n';

describe('how long an answer below 400 is kept', () => {
  function check(headers: string, ttls: string, seconds: number): void {
    expect(ttlSecondsOf(headersOf(headers), policy(ttls)), `${headers} under ${ttls}`).toBe(seconds);
  }

  test('CF 3.1: without a header it is the larger of the minimum and the default TTL', () => {
    check('', OPEN, 86_400);
    check('', '60 0 3600', 60);
    check('', '0 0 31536000', 0);
    check('Cache-Control: public', OPEN, 86_400);
  });

  test('CF 3.3: the maximum TTL does not matter when the origin sends no header', () => {
    check('', '0 100 50', 100);
  });

  test('CF 3.1: s-maxage comes before max-age, and max-age before Expires', () => {
    check('Cache-Control: max-age=10, s-maxage=20', OPEN, 20);
    check('Cache-Control: s-maxage=20, max-age=10', OPEN, 20);
    check(`${DATE}Expires: Sat, 21 Nov 2026 08:00:00 GMT\nCache-Control: max-age=10`, OPEN, 10);
  });

  test('CF 3.1: a lifetime is kept between the minimum and the maximum TTL', () => {
    check('Cache-Control: max-age=10', '60 100 3600', 60);
    check('Cache-Control: max-age=600', '60 100 3600', 600);
    check('Cache-Control: max-age=7200', '60 100 3600', 3600);
    check('Cache-Control: max-age=0', OPEN, 0);
    check('Cache-Control: max-age=60', '0 0 0', 0);
  });

  test.each(['no-store', 'no-cache', 'private'])('CF 3.2: %s means the minimum TTL, whatever else is said', (word) => {
    check(`Cache-Control: ${word}`, OPEN, 0);
    check(`Cache-Control: ${word}, max-age=600`, OPEN, 0);
    check(`Cache-Control: ${word}, max-age=600`, '60 100 3600', 60);
    check(`Cache-Control: ${word.toUpperCase()}`, OPEN, 0);
  });

  test('CF 3.1: Expires counts from the Date of the answer', () => {
    check(`${DATE}Expires: Sat, 21 Nov 2026 07:01:00 GMT`, OPEN, 60);
    check(`${DATE}Expires: Sun, 22 Nov 2026 07:00:00 GMT`, OPEN, 86_400);
    check(`${DATE}Expires: Mon, 01 Mar 2027 07:00:00 GMT`, OPEN, 100 * 86_400);
    check('Date: Tue, 29 Feb 2028 23:59:59 GMT\nExpires: Wed, 01 Mar 2028 00:00:00 GMT', OPEN, 1);
  });

  test.each(['0', '-1', 'never', 'Sat, 21 Nov 2026 06:59:59 GMT', 'Sat, 21 Foo 2026 08:00:00 GMT'])(
    'CF 3.1: Expires %j is past or broken, so the answer is stale from the beginning',
    (expires) => {
      check(`${DATE}Expires: ${expires}`, OPEN, 0);
      check(`${DATE}Expires: ${expires}`, '60 100 3600', 60);
    },
  );

  test('CF 3.1: a lifetime that is no number is as if it were not there', () => {
    check('Cache-Control: max-age=soon', OPEN, 86_400);
    check('Cache-Control: max-age="30"', OPEN, 30);
  });

  test('CF 3.16: CachingDisabled keeps nothing', () => {
    expect(ttlSecondsOf([], CACHING_DISABLED)).toBe(0);
    expect(ttlSecondsOf([['Cache-Control', 'max-age=60']], CACHING_DISABLED)).toBe(0);
  });
});

describe('how long an error is kept', () => {
  function check(
    status: number,
    headers: string,
    seconds: number,
    { ttls = OPEN, responses = [] }: { ttls?: string; responses?: readonly CustomErrorResponse[] } = {},
  ): void {
    expect(errorTtlSecondsOf(status, headersOf(headers), policy(ttls), responses), `${status} ${headers}`).toBe(
      seconds,
    );
  }

  test.each([404, 414, 500, 501, 502, 503, 504])('CF 2.1, 2.2: %i is kept for 10 s unless something is set', (code) => {
    check(code, '', 10);
    check(code, '', 0, { responses: [{ errorCode: code, errorCachingMinTtlSeconds: 0 }] });
    check(code, '', 300, { responses: [{ errorCode: code, errorCachingMinTtlSeconds: 300 }] });
    check(code, '', 10, { responses: [{ errorCode: 400, errorCachingMinTtlSeconds: 300 }] });
  });

  test.each([400, 403, 405, 412, 415])('CF 2.3: %i is kept only if the origin sends max-age or s-maxage', (code) => {
    check(code, '', 0);
    check(code, 'Cache-Control: public', 0);
    check(code, 'Cache-Control: max-age=60', 60);
    check(code, 'Cache-Control: s-maxage=70, max-age=60', 70);
    check(code, `${DATE}Expires: Sat, 21 Nov 2026 08:00:00 GMT`, 0);
  });

  test('CF 2.4: 416 is never kept', () => {
    check(416, 'Cache-Control: max-age=60', 0, { responses: [{ errorCode: 416, errorCachingMinTtlSeconds: 300 }] });
  });

  test.each([401, 402, 408, 410, 429, 451])('CF 2.2, 2.3: %i stands in neither list and is not kept', (code) => {
    check(code, 'Cache-Control: max-age=60', 0);
  });

  test('CF 2.5: the larger of the error caching minimum TTL and the lifetime, the latter up to the maximum TTL', () => {
    check(503, 'Cache-Control: max-age=5', 10);
    check(503, 'Cache-Control: max-age=60', 60);
    check(503, `${DATE}Expires: Sat, 21 Nov 2026 07:02:00 GMT`, 120);
    check(503, 'Cache-Control: max-age=7200', 3600, { ttls: '0 0 3600' });
    check(503, 'Cache-Control: max-age=60', 10, { ttls: '0 0 5' });
  });

  test('CF 2.5: no-store and its like mean the error caching minimum TTL', () => {
    check(503, 'Cache-Control: no-store', 10);
    check(503, 'Cache-Control: no-cache', 10);
  });
});

describe('AWS’s table of lifetimes, cell by cell', () => {
  const inSeconds = (seconds: number): string => {
    const minutes = String(Math.floor(seconds / 60)).padStart(2, '0');
    return `${DATE}Expires: Sat, 21 Nov 2026 07:${minutes}:${String(seconds % 60).padStart(2, '0')} GMT`;
  };
  // What the origin says, with a minimum TTL of 0 and one of 60; default 100, maximum 600.
  const CELLS: readonly (readonly [string, number, number])[] = [
    ['Cache-Control: max-age=30', 30, 60],
    ['Cache-Control: max-age=300', 300, 300],
    ['Cache-Control: max-age=900', 600, 600],
    ['Cache-Control: max-age=0', 0, 60],
    ['', 100, 100],
    ['Cache-Control: public', 100, 100],
    ['Cache-Control: max-age=500, s-maxage=30', 30, 60],
    ['Cache-Control: max-age=30, s-maxage=300', 300, 300],
    ['Cache-Control: max-age=30, s-maxage=900', 600, 600],
    [inSeconds(30), 30, 60],
    [inSeconds(300), 300, 300],
    [inSeconds(900), 600, 600],
    [`${inSeconds(300)}\nCache-Control: max-age=30`, 30, 60],
    [`${inSeconds(30)}\nCache-Control: max-age=300`, 300, 300],
    [`${inSeconds(300)}\nCache-Control: no-cache`, 0, 60],
    ['Cache-Control: no-cache', 0, 60],
    ['Cache-Control: no-store', 0, 60],
    ['Cache-Control: private', 0, 60],
    ['Cache-Control: no-store, max-age=300', 0, 60],
    ['Cache-Control: private, s-maxage=300', 0, 60],
    ['Cache-Control: no-cache="Set-Cookie", max-age=300', 300, 300],
    ['Cache-Control: no-cache="Set-Cookie"', 100, 100],
    ['Vary: *', 0, 100],
  ];

  test.each(CELLS)('CF 3.1, 3.2, 3.11, 3.29: %j', (said, withoutMinimum, withMinimum) => {
    expect(ttlSecondsOf(headersOf(said), policy('0 100 600'))).toBe(withoutMinimum);
    expect(ttlSecondsOf(headersOf(said), policy('60 100 600'))).toBe(withMinimum);
  });

  test('CF 3.1, 3.3: without a lifetime a minimum above the default is what counts', () => {
    expect(ttlSecondsOf([], policy('200 100 600'))).toBe(200);
  });
});
