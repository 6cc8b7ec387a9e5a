import { describe, expect, test } from 'vitest';
import { targetGroupIn } from '../../../test/accelerated-architecture.ts';
import type { Instant, TargetHealthCheck } from '../../model/index.ts';
import { after, BEGINNING } from '../../model/index.ts';
import type { Moment } from '../conversation.ts';
import { matches, targetCheckerLife } from './target-checker.ts';

/** When a target changes its state, as `20 unhealthy`, if its checks come out so (`.` healthy, `x` not) and take so long. */
function changes(results: string, check: Partial<TargetHealthCheck> = {}, tookMs = 0): readonly string[] {
  const group = { ...targetGroupIn('eu-west-1'), healthCheck: { ...targetGroupIn('eu-west-1').healthCheck, ...check } };
  const moment: Moment = { now: BEGINNING };
  const found: string[] = [];
  let done = 0;
  const life = targetCheckerLife(
    {
      group,
      phaseMs: 0,
      *probe() {
        yield { kind: 'pause', until: after(moment.now, tookMs) };
        const healthy = results[done++] !== 'x';
        return { healthy, reason: healthy ? 'ok' : 'no' };
      },
      changed: ({ healthy }, { now }) => void found.push(`${now / 1e6} ${healthy ? 'healthy' : 'unhealthy'}`),
    },
    moment,
  );
  while (done < results.length) {
    const step = life.next();
    if (step.done !== true && step.value.kind === 'pause')
      moment.now = Math.max(moment.now, step.value.until) as Instant;
  }
  life.next();
  return found;
}

describe('a target is checked', () => {
  test('RS 6.1: so many failures or successes in a row change its state', () => {
    expect(changes('..xx....')).toEqual(['30 unhealthy', '50 healthy']);
    expect(changes('.x.x.x.x')).toEqual([]);
    expect(changes('xxxxx', { unhealthyThresholdCount: 4 })).toEqual(['30 unhealthy']);
  });

  test('RS 6.4: back to healthy takes the full threshold, too', () => {
    expect(changes('xx.....', { healthyThresholdCount: 5 })).toEqual(['10 unhealthy', '60 healthy']);
  });

  test('RS 6.1: how long an answer takes does not move the next check', () => {
    expect(changes('..xx', {}, 5000)).toEqual(['35 unhealthy']);
    // One that outlasts its interval skips a beat.
    expect(changes('xx', {}, 12_000)).toEqual(['32 unhealthy']);
  });

  test('RS 6.1: statuses count as the matcher says, single ones and ranges', () => {
    const group = targetGroupIn('eu-west-1');
    const withMatcher = (matcher: TargetHealthCheck['matcher']) => ({
      ...group,
      healthCheck: { ...group.healthCheck, matcher },
    });
    expect([200, 201, 302].map((status) => matches(group, status))).toEqual([true, false, false]);
    const wide = withMatcher([
      [200, 299],
      [302, 302],
    ]);
    expect([299, 301, 302].map((status) => matches(wide, status))).toEqual([true, false, true]);
  });
});
