import type { AlarmState, ComparisonOperator, TreatMissingData } from '../../model/index.ts';
import { never } from '../../model/index.ts';

/** Whether a period's datapoint breaches the threshold; undefined: there is none. */
export type Datapoint = boolean | undefined;

/** How many of how many datapoints make an alarm, and what stands for missing ones (RS 1.6, 1.15). */
export interface Quorum {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
}

/** What datapoints say; `keep`: nothing, so the alarm stays as it is. */
export type DatapointsVerdict = AlarmState | 'keep';

/**
 * Judges the datapoints of the evaluation range, oldest first. Whoever has as many real ones as evaluation periods goes by
 * the newest of those and treats nothing as missing (RS 1.17); of the published table each cell is a test (RS 1.20 to 1.29).
 */
export function judgeDatapoints(range: readonly Datapoint[], quorum: Quorum): DatapointsVerdict {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = quorum;
  const real = range.filter((point) => point !== undefined);
  const breaches = (points: readonly Datapoint[]): number => points.filter((point) => point === true).length;
  const alarmIf = (condition: boolean): AlarmState => (condition ? 'ALARM' : 'OK');
  if (real.length >= evaluationPeriods) {
    return alarmIf(breaches(real.slice(-evaluationPeriods)) >= datapointsToAlarm);
  }
  switch (treatMissingData) {
    case 'breaching':
      return alarmIf(breaches(real) + evaluationPeriods - real.length >= datapointsToAlarm);
    case 'notBreaching':
      return alarmIf(breaches(real) >= datapointsToAlarm);
    case 'missing':
      if (real.length === 0) return 'INSUFFICIENT_DATA';
      break;
    case 'ignore':
      break;
    default:
      return never(treatMissingData);
  }
  if (real.includes(false)) return alarmIf(breaches(real) >= datapointsToAlarm);
  if (treatMissingData === 'ignore') return 'keep';
  // A breach that is old enough alarms although nothing followed it; a younger one not yet (RS 1.18).
  const age = range.length - range.indexOf(true);
  return age >= datapointsToAlarm ? 'ALARM' : 'keep';
}

/** The statistic is the left operand (RS 1.9). */
export function isBreaching(value: number, operator: ComparisonOperator, threshold: number): boolean {
  switch (operator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
    default:
      return never(operator);
  }
}
