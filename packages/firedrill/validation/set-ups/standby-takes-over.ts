import type { TimelineEvent } from '../../src/model/index.ts';
import { putting, STOP_CHECK, stopArchitecture } from '../../test/stop-architecture.ts';
import { Course } from '../course.ts';
import { asking, inRegions, planOf, PROPAGATION_SECONDS } from '../estates.ts';
import { setUp } from '../measurement.ts';

/** As in the screenshots: the primary in us-east-1, alarm and standby in us-west-2. */
const REGIONS = { 'eu-west-1': 'us-east-1', 'us-east-1': 'us-west-2' };
const STANDBY = 'us-west-2';

/** 15:11:00 and 15:14:09 of the screenshots; a minute of data before the first, so that the alarm is in a state. */
const FAILOVER = 180;
const FAILBACK = 180 + 189;

function run(seed: string): Course {
  const architecture = inRegions(stopArchitecture(), REGIONS);
  const actions = [putting(0, 0), putting(1, FAILOVER), putting(0, FAILBACK)].map((one, index) => ({
    ...one,
    name: `${index}`,
    action: { ...one.action, region: STANDBY },
  }));
  return new Course(architecture, planOf(seed, 660, { probes: [asking('https://api.example.com/', 5)], actions }));
}

const isAlarm =
  (state: string) =>
  ({ what, data }: TimelineEvent): boolean =>
    what === 'alarm.changed' && data.state === state;

/** Second of the minute; the world of a simulation begins with a minute. */
const secondOfMinute = (seconds: number): number => seconds % 60;

/** "Standby takes over primary", AWS's own sample, with the screenshots of its authors (R53 MT-01, MT-02, TL-07). */
export const standbyTakesOver = setUp({
  name: 'standby takes over primary',
  lines: ['R53 MT-01', 'R53 MT-02', 'R53 TL-07', 'R53 OQ-01'],
  says: 'A metric in the standby Region is set to 1, and after 189 s to 0; a new curl every 5 s.',
  figures: {
    'alarm after the word': { measured: { kind: 'seen', least: 81, most: 84 } },
    'client after the word': { measured: { kind: 'seen', least: 159, most: 164 } },
    'alarm back after the word': { measured: { kind: 'seen', least: 72, most: 75 } },
    'client back after the word': { measured: { kind: 'seen', least: 92, most: 97 } },
    'second of the minute of the alarm': { measured: { kind: 'seen', least: 20, most: 24 } },
    'that second, failover and failback apart': { measured: { kind: 'about', least: 0, most: 4 } },
    'DNS after the alarm': { measured: { kind: 'about', least: 15, most: 80 } },
    'DNS after the alarm back': { measured: { kind: 'about', least: 0, most: 25 } },
  },
  simulate(seed) {
    const course = run(seed);
    const alarm = course.secondsTo(isAlarm('ALARM'), FAILOVER);
    const back = course.secondsTo(isAlarm('OK'), FAILBACK);
    const client = course.secondsToAnswerOf(STANDBY, FAILOVER);
    const moved = Math.max(FAILOVER + client, FAILBACK);
    const inDns = (healthy: boolean, from: number): number =>
      course.secondsToStatus(STOP_CHECK, healthy, from) + PROPAGATION_SECONDS;
    const apart = Math.abs(secondOfMinute(FAILOVER + alarm) - secondOfMinute(FAILBACK + back));
    return {
      'alarm after the word': alarm,
      'client after the word': client,
      'alarm back after the word': back,
      'client back after the word': course.secondsToAnswerOf('us-east-1', moved) + moved - FAILBACK,
      'second of the minute of the alarm': secondOfMinute(FAILOVER + alarm),
      'that second, failover and failback apart': Math.min(apart, 60 - apart),
      'DNS after the alarm': inDns(false, FAILOVER) - alarm,
      'DNS after the alarm back': inDns(true, FAILBACK) - back,
    };
  },
});
