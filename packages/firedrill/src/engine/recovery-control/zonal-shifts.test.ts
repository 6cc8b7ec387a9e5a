import { describe, expect, test } from 'vitest';
import type { ZonalAutoshift } from '../../model/index.ts';
import { atSeconds } from '../../model/index.ts';
import type { ShiftError, ZonalShift } from './zonal-shifts.ts';
import { ZonalShifts } from './zonal-shifts.ts';

const LB = 'arn:lb';
const AUTOSHIFT: ZonalAutoshift = {
  resource: LB,
  enabled: true,
  practiceRun: { outcomeAlarms: ['arn:outcome'], blockingAlarms: ['arn:blocking'] },
  stack: 'Stack',
};

function shiftsOf(enabled = true, autoshifts: readonly ZonalAutoshift[] = []): ZonalShifts {
  return new ZonalShifts([{ arn: LB, zones: ['eu-west-1a', 'eu-west-1b'], enabled }], autoshifts);
}

const MINUTE = 60_000;
const away = (awayFrom: string, minutes: number) => ({ resource: LB, awayFrom, expiresInMs: minutes * MINUTE });
const quiet = (): boolean => false;

function told(result: ZonalShift | ShiftError): string {
  if ('code' in result) return `${result.code}: ${result.message}`;
  return `${result.awayFrom} until ${result.expiresAt / 1e6}`;
}

describe('zonal shifts', () => {
  test('R53 ZS-01: a shift lasts until its expiry, not longer, and can be extended', () => {
    const shifts = shiftsOf();
    expect(told(shifts.start(away('eu-west-1a', 2), atSeconds(0)))).toBe('eu-west-1a until 120');
    expect(shifts.activeOf(LB, atSeconds(119))?.awayFrom).toBe('eu-west-1a');
    expect(told(shifts.extend(LB, 5 * MINUTE, atSeconds(100)))).toBe('eu-west-1a until 400');
    expect(shifts.expire(LB, atSeconds(120))).toBeUndefined();
    expect(shifts.activeOf(LB, atSeconds(399))?.awayFrom).toBe('eu-west-1a');
    expect(shifts.activeOf(LB, atSeconds(400))).toBeUndefined();
    expect(shifts.expire(LB, atSeconds(400))?.awayFrom).toBe('eu-west-1a');
  });

  test.each([
    [0.9, 'ValidationException: expiresIn must be from 1 minute to 72 hours.'],
    [1, 'eu-west-1a until 60'],
    [72 * 60, 'eu-west-1a until 259200'],
    [72 * 60 + 1, 'ValidationException: expiresIn must be from 1 minute to 72 hours.'],
  ])('R53 ZS-01: an expiry of %d minutes: %s', (minutes, says) => {
    expect(told(shiftsOf().start(away('eu-west-1a', minutes), atSeconds(0)))).toBe(says);
  });

  test('R53 ZS-01: one shift for a resource; another only after it was cancelled', () => {
    const shifts = shiftsOf();
    shifts.start(away('eu-west-1a', 10), atSeconds(0));
    expect(told(shifts.start(away('eu-west-1b', 10), atSeconds(1)))).toMatch(
      /^ConflictException: ZonalShiftAlreadyExists/,
    );
    expect(told(shifts.cancel(LB, atSeconds(2)))).toBe('eu-west-1a until 600');
    expect(told(shifts.start(away('eu-west-1b', 10), atSeconds(3)))).toBe('eu-west-1b until 603');
    expect(told(shiftsOf().cancel(LB, atSeconds(3)))).toMatch(/^ResourceNotFoundException/);
    expect(told(shiftsOf().extend(LB, MINUTE, atSeconds(3)))).toMatch(/^ResourceNotFoundException/);
  });

  test('R53 ZS-01: a load balancer that does not let it in is not known, and a zone must be its own', () => {
    expect(told(shiftsOf(false).start(away('eu-west-1a', 10), atSeconds(0)))).toMatch(/^ResourceNotFoundException/);
    expect(told(shiftsOf().start(away('eu-west-1c', 10), atSeconds(0)))).toBe(
      'ValidationException: arn:lb is not in eu-west-1c.',
    );
  });
});

describe('practice runs', () => {
  const run = { resource: LB, awayFrom: 'eu-west-1a' };

  test('R53 ZS-03: a run lasts half an hour and has then succeeded', () => {
    const shifts = shiftsOf(true, [AUTOSHIFT]);
    expect(shifts.practise(run, atSeconds(0), quiet)).toMatchObject({ type: 'PRACTICE_RUN', outcome: 'PENDING' });
    expect(shifts.activeOf(LB, atSeconds(1799))).toBeDefined();
    expect(shifts.activeOf(LB, atSeconds(1800))).toBeUndefined();
    expect(shifts.expire(LB, atSeconds(1800))?.outcome).toBe('SUCCEEDED');
  });

  test('R53 ZS-03: there is no run without its configuration, or while a blocking alarm is red', () => {
    expect(told(shiftsOf().practise(run, atSeconds(0), quiet) as ShiftError)).toMatch(
      /PracticeConfigurationDoesNotExist/,
    );
    const shifts = shiftsOf(true, [AUTOSHIFT]);
    const isRed = (red: string) => (alarm: string) => alarm === red;
    expect(told(shifts.practise(run, atSeconds(0), isRed('arn:blocking')))).toMatch(/PracticeBlockingAlarmsRed/);
    expect(told(shifts.practise(run, atSeconds(0), isRed('arn:outcome')))).toMatch(/PracticeOutcomeAlarmsRed/);
    // An operator's own shift does not ask any alarm.
    expect(told(shifts.start(away('eu-west-1a', 10), atSeconds(0)))).toBe('eu-west-1a until 600');
  });

  test('R53 ZS-03: an outcome alarm ends a run as FAILED, an operator’s shift as INTERRUPTED', () => {
    const shifts = shiftsOf(true, [AUTOSHIFT]);
    shifts.practise(run, atSeconds(0), quiet);
    expect(shifts.alarmed('arn:blocking', atSeconds(10))).toEqual([]);
    expect(shifts.alarmed('arn:outcome', atSeconds(10))).toMatchObject([{ outcome: 'FAILED' }]);
    expect(shifts.activeOf(LB, atSeconds(10))).toBeUndefined();
    shifts.practise(run, atSeconds(20), quiet);
    expect(told(shifts.start(away('eu-west-1b', 10), atSeconds(30)))).toBe('eu-west-1b until 630');
    expect(shifts.history.map(({ outcome }) => outcome)).toEqual(['FAILED', 'INTERRUPTED']);
  });
});
