import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { judgeDatapoints } from '../engine/index.ts';
import { STATE_OF } from './alarm-state.ts';
import type { Check } from './check.ts';
import type { ResolverView } from './resolvers.ts';
import type { Direction } from './take-over.ts';

const PERIOD_SECONDS = 60;

/**
 * What an alarm's settings have against one value that moves traffic and keeps it there: in the periods before and after it there
 * are none, and later there is none at all (RS 1.20 to 1.24).
 */
export function doubtsOfAlarm(alarm: MetricAlarm, way: Direction): readonly Check[] {
  const { AlarmName: name = '', EvaluationPeriods: evaluationPeriods = 1, Period: seconds = PERIOD_SECONDS } = alarm;
  const treatMissingData = TREATMENTS.find((each) => each === alarm.TreatMissingData) ?? 'missing';
  const quorum = { evaluationPeriods, datapointsToAlarm: evaluationPeriods, treatMissingData };
  const silence = Array.from({ length: evaluationPeriods - 1 }, () => undefined);
  const missing = `missing data: ${treatMissingData}`;
  if (judgeDatapoints([way === 'failover', ...silence], quorum) !== STATE_OF[way]) {
    const says = `The alarm ${name} looks at ${evaluationPeriods} periods of ${seconds} s, and one value breaches one of them (${missing}).`;
    const remedy = `Set EvaluationPeriods to 1. Until then publish the value ${evaluationPeriods} times, once every ${seconds} s: --force publishes the first.`;
    return [{ isOk: false, says, remedy }];
  }
  if (judgeDatapoints([undefined, ...silence], quorum) !== STATE_OF[way === 'failover' ? 'failback' : 'failover'])
    return [];
  const says = `The alarm ${name} turns back by itself some minutes after the value (${missing}), and traffic with it.`;
  const remedy = `Publish the value every ${seconds} s for as long as traffic is to stay; with TreatMissingData: ignore once is enough.`;
  return [{ isOk: true, isDoubtful: true, says, remedy }];
}

const TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;

/** Traffic that is where it is to go although the alarm says otherwise is not there because of the alarm. */
export function doubtsOfTraffic(
  alarm: MetricAlarm | undefined,
  views: readonly ResolverView[],
  way: Direction,
): readonly Check[] {
  const [side, opposite] = way === 'failover' ? (['standby', 'OK'] as const) : (['primary', 'ALARM'] as const);
  const told = views.filter(({ error }) => error === undefined);
  const isThere = told.length > 0 && told.every((view) => view.side === side);
  if (!isThere || alarm?.StateValue !== opposite) return [];
  const says = `All lead to the ${side} already, although the alarm is ${opposite}: something else has moved them.`;
  const remedy = `The value keeps them there, unless the primary’s health check is inverted or follows another alarm: then it moves them away.`;
  return [{ isOk: true, isDoubtful: true, says, remedy }];
}
