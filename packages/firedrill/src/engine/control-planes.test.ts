import { describe, expect, test } from 'vitest';
import type { Fault } from '../model/index.ts';
import { atSeconds, NEVER } from '../model/index.ts';
import { hybridPlan } from '../../test/hybrid-architecture.ts';
import type { PlaneCall } from './control-planes.ts';
import { apiRefusal, planeRefusal } from './control-planes.ts';
import { FaultCalendar } from './faults.ts';
import { createRandom } from './random.ts';

const HOUR = 3600;

/** A fault that begins at 10. */
function calendarOf(over: Partial<Fault>): FaultCalendar {
  const fault: Fault = {
    name: 'down',
    target: { kind: 'control-plane', controlPlane: 'route53' },
    effect: { kind: 'status', status: 503 },
    from: atSeconds(10),
    until: NEVER,
    share: 1,
    ...over,
  };
  return new FaultCalendar(hybridPlan([fault]), createRandom('1'));
}

/** What a call meets, as a code, at each of these seconds. */
function met(call: PlaneCall, over: Partial<Fault>, ...seconds: readonly number[]): readonly string[] {
  const calendar = calendarOf(over);
  return seconds.map((at) => planeRefusal(calendar, call, atSeconds(at), (zone) => zone === 'ready')?.code ?? 'passes');
}

const update: PlaneCall = { kind: 'update-health-check' };
const change = (hostedZoneId: string): PlaneCall => ({ kind: 'change-record-sets', hostedZoneId });

describe('control planes', () => {
  test('R53 ST-01: Route 53 is changed in us-east-1 and nowhere else', () => {
    const region = (name: string): Partial<Fault> => ({
      target: { kind: 'region', region: name },
      effect: { kind: 'blackhole' },
    });
    expect(met(update, region('us-east-1'), 5, 15)).toEqual(['passes', 'EndpointConnectionError']);
    expect(met(update, region('eu-west-1'), 15)).toEqual(['passes']);
    expect(met(update, { target: { kind: 'control-plane', controlPlane: 'cloudfront' } }, 15)).toEqual(['passes']);
  });

  test('what goes on a data plane of its own is not asked for', () => {
    for (const kind of ['set-routing-control', 'put-metric-data', 'start-zonal-shift']) {
      expect(met({ kind }, {}, 15)).toEqual(['passes']);
    }
  });

  test('a plane that throttles, is slow or is not reached is told in AWS’s words or in the client’s', () => {
    expect(met(update, { effect: { kind: 'throttle' } }, 15)).toEqual(['Throttling']);
    expect(met(update, {}, 15)).toEqual(['ServiceUnavailable']);
    expect(met(update, { effect: { kind: 'status', status: 403 } }, 15)).toEqual(['RequestFailed']);
    expect(met(update, { effect: { kind: 'slow', delayMs: 10 } }, 15)).toEqual(['passes']);
    const throttled = { target: { kind: 'region', region: 'us-east-1' }, effect: { kind: 'throttle' } } as const;
    expect(met(update, throttled, 15)).toEqual(['passes']);
  });
});

describe('APIs', () => {
  const DEAD = { target: { kind: 'region', region: 'eu-west-1' }, effect: { kind: 'refuse' } } as const;

  /** What the call of an API, as `route53 us-east-1 ListHostedZones`, meets at the 15th second. */
  function asked(call: string, over: Partial<Fault>): string {
    const [api = '', region = '', operation = ''] = call.split(' ');
    return apiRefusal(calendarOf(over), { api, region, operation }, atSeconds(15))?.code ?? 'passes';
  }

  test('R53 ST-04: nothing is looked at in a Region that is dead, and all goes on in the others', () => {
    expect(asked('cloudwatch eu-west-1 DescribeAlarms', DEAD)).toBe('EndpointConnectionError');
    expect(asked('cloudwatch us-east-1 DescribeAlarms', DEAD)).toBe('passes');
    const throttled = { ...DEAD, effect: { kind: 'throttle' } } as const;
    expect(asked('cloudwatch eu-west-1 DescribeAlarms', throttled)).toBe('passes');
  });

  test('R53 ST-01: with its control plane down nothing of Route 53 is listed either', () => {
    expect(asked('route53 us-east-1 ListHostedZones', {})).toBe('ServiceUnavailable');
    expect(asked('cloudwatch us-east-1 DescribeAlarms', {})).toBe('passes');
  });

  test('R53 AR-01: what accelerated recovery brings back is judged by its zone', () => {
    expect(asked('route53 us-east-1 ListResourceRecordSets', {})).toBe('passes');
  });
});

describe('accelerated recovery', () => {
  test('R53 AR-01: an hour after the failure records of a zone that was made ready can be changed again', () => {
    expect(met(change('ready'), {}, 11, HOUR + 9, HOUR + 10)).toEqual([
      'ServiceUnavailable',
      'ServiceUnavailable',
      'passes',
    ]);
    expect(met(change('other'), {}, 2 * HOUR)).toEqual(['ServiceUnavailable']);
  });

  test('R53 AR-04: it is about editing records; health checks cannot be edited any sooner', () => {
    expect(met(update, {}, 2 * HOUR)).toEqual(['ServiceUnavailable']);
  });
});
