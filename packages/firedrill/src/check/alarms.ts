import type { Architecture, DeployedResource } from '../model/index.ts';
import { itemsAt, numberAt, resourcesOf, textAt, valueAt } from './deployed.ts';
import { listed, regionsBehind } from './names.ts';
import type { Offence, Rule } from './rule.ts';
import { writtenRecords } from './written-records.ts';

/** Seconds of bad periods that we take without a word. */
const ALARM_SECONDS_MAX = 180;

/** A health check of type CLOUDWATCH_METRIC, and the alarm whose settings it copies. */
interface AlarmCheck {
  readonly check: DeployedResource;
  readonly region: string;
  readonly name: string;
  /** In the check's account and the Region it names. */
  readonly alarm: DeployedResource | undefined;
  /** Of that name, but in another account or Region. */
  readonly elsewhere: DeployedResource | undefined;
}

function alarmChecks(architecture: Architecture): readonly AlarmCheck[] {
  const alarms = resourcesOf(architecture, 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm');
  return resourcesOf(architecture, 'AWS::Route53::HealthCheck').flatMap((check) => {
    const { properties, account } = check;
    const name = textAt(properties, 'HealthCheckConfig.AlarmIdentifier.Name');
    const region = textAt(properties, 'HealthCheckConfig.AlarmIdentifier.Region');
    if (
      textAt(properties, 'HealthCheckConfig.Type') !== 'CLOUDWATCH_METRIC' ||
      name === undefined ||
      region === undefined
    )
      return [];
    const named = alarms.filter(({ physicalId }) => physicalId === name);
    const alarm = named.find((each) => each.account === account && each.region === region);
    return [{ check, region, name, alarm, elsewhere: alarm === undefined ? named[0] : undefined }];
  });
}

/** Route 53 copies the settings of an alarm of its own account, in the Region that is named (R53 HC-31). */
const ALARM_ELSEWHERE: Rule = {
  code: 'check/alarm-elsewhere',
  weight: 'warning',
  facts: ['R53 HC-31'],
  costs: 'refused',
  find: (architecture) =>
    alarmChecks(architecture).flatMap(({ check, region, name, elsewhere }): Offence[] => {
      if (elsewhere === undefined) return [];
      const otherAccount = elsewhere.account !== check.account;
      const where = otherAccount ? `the account ${elsewhere.account}` : elsewhere.region;
      return [
        {
          place: check.place,
          says: `The health check looks for the alarm ${name} in ${otherAccount ? `its own account ${check.account}` : region}, but these templates make it in ${where}.`,
          remedy: otherAccount
            ? 'Make the alarm in the account of the health check: Route 53 does not look into another.'
            : `Set AlarmIdentifier.Region to ${where}.`,
        },
      ];
    }),
};

/** R53 HC-31, HC-33. */
const UNSUPPORTED_ALARM: Rule = {
  code: 'check/unsupported-alarm',
  weight: 'error',
  facts: ['R53 HC-31', 'R53 HC-33'],
  costs: 'refused',
  find: (architecture) =>
    alarmChecks(architecture).flatMap(({ check, name, alarm }): Offence[] => {
      const reasons = alarm === undefined ? [] : unsupportedParts(alarm);
      if (reasons.length === 0) return [];
      return [
        {
          place: check.place,
          says: `The alarm ${name} has ${listed(reasons)}, which health checks do not support.`,
          remedy:
            'Use an alarm on one metric with Average, Minimum, Maximum, Sum or SampleCount, periods of 60 s or more, and every datapoint to alarm.',
        },
      ];
    }),
};

function unsupportedParts({ type, properties }: DeployedResource): readonly string[] {
  if (type === 'AWS::CloudWatch::CompositeAlarm') return ['other alarms instead of a metric'];
  const needed = numberAt(properties, 'DatapointsToAlarm');
  const periods = numberAt(properties, 'EvaluationPeriods');
  const period = numberAt(properties, 'Period') ?? 60;
  const operator = textAt(properties, 'ComparisonOperator') ?? '';
  const dimensions = itemsAt(properties, 'Dimensions').length;
  const found: readonly (readonly [boolean, string])[] = [
    [valueAt(properties, 'Metrics') !== undefined, 'metric math (Metrics)'],
    [
      valueAt(properties, 'ExtendedStatistic') !== undefined,
      `the statistic ${textAt(properties, 'ExtendedStatistic')}`,
    ],
    [needed !== undefined && needed !== periods, `${needed} of ${periods} datapoints to alarm`],
    [period < 60, `a period of ${period} s`],
    [
      /Threshold.*Threshold$|AnomalyDetection|UpperThreshold|^LessThanLower/.test(operator) ||
        valueAt(properties, 'ThresholdMetricId') !== undefined,
      'an anomaly band',
    ],
    [dimensions > 10, `${dimensions} dimensions`],
  ];
  return found.flatMap(([applies, what]) => (applies ? [what] : []));
}

/** The alarm dies with the Region that it is to speak for; then missing data decide (R53 HC-30, ST-06). */
const ALARM_IN_PRIMARY_REGION: Rule = {
  code: 'check/alarm-in-primary-region',
  weight: 'warning',
  facts: ['R53 ST-04', 'R53 ST-06', 'R53 HC-29', 'R53 HC-30'],
  costs: 'no failover, if the Region takes its metrics with it',
  find: (architecture) =>
    alarmChecks(architecture).flatMap(({ check, region, name }): Offence[] => {
      const status = insufficientStatus(check);
      if (status === 'Unhealthy') return [];
      const record = writtenRecords(architecture).find(
        ({ healthCheckId, failover }) => healthCheckId === check.physicalId && failover === 'PRIMARY',
      );
      if (record === undefined) return [];
      const regions = new Set(record.targets.flatMap((target) => [...regionsBehind(target, architecture)]));
      if (!regions.has(region)) return [];
      const then = status === 'Healthy' ? 'healthy' : 'what it was, hence healthy';
      return [
        {
          place: check.place,
          says: `The health check of the primary ${record.name} follows the alarm ${name} in ${region}, the primary's own Region: when the Region takes its metrics with it, no data means ${then}, and nothing fails over.`,
          remedy:
            'Make metric and alarm in the Region that takes over; or set InsufficientDataHealthStatus to Unhealthy.',
        },
      ];
    }),
};

/** Absent, the status is not documented; Healthy is what the console sets out with. */
function insufficientStatus({ properties }: DeployedResource): string {
  return textAt(properties, 'HealthCheckConfig.InsufficientDataHealthStatus') ?? 'LastKnownStatus';
}

/** A switch that is put once and then falls silent (R53 ST-06, HC-30; RS 1.15). */
const SILENCE_DECIDES: Rule = {
  code: 'check/silence-decides',
  weight: 'warning',
  facts: ['R53 ST-06', 'R53 HC-30', 'R53 HC-34', 'R53 PP-06', 'RS 1.15'],
  costs: 'traffic that moves back, or away, when the metric falls silent',
  find: (architecture) =>
    alarmChecks(architecture).flatMap(({ check, name, alarm }): Offence[] => {
      if (alarm === undefined) return [];
      const namespace = textAt(alarm.properties, 'Namespace');
      if (namespace === undefined || namespace.startsWith('AWS/')) return [];
      const treatment = textAt(alarm.properties, 'TreatMissingData') ?? 'missing';
      const status = insufficientStatus(check);
      const silent =
        treatment === 'notBreaching' ? 'healthy' : treatment === 'breaching' ? 'unhealthy' : status.toLowerCase();
      if (silent === 'lastknownstatus') return [];
      const because =
        treatment === 'notBreaching' || treatment === 'breaching'
          ? `TreatMissingData: ${treatment}`
          : `InsufficientDataHealthStatus: ${status}`;
      const means =
        silent === 'healthy'
          ? 'a failover that was switched on by putting a value once ends by itself with the next period'
          : 'traffic moves away as soon as nobody puts a value';
      return [
        {
          place: check.place,
          weight: silent === 'healthy' ? 'warning' : 'note',
          says: `No data of ${namespace} ${textAt(alarm.properties, 'MetricName') ?? name} means ${silent} (${because}): ${means}.`,
          remedy:
            'For a switch that somebody throws: InsufficientDataHealthStatus LastKnownStatus, and TreatMissingData missing or ignore. Unhealthy is right for a heartbeat.',
        },
      ];
    }),
};

/** Alarms of a minute or more are judged once a minute, over whole periods (R53 TL-06). */
const SLOW_ALARM: Rule = {
  code: 'check/slow-alarm',
  weight: 'note',
  facts: ['R53 TL-06', 'R53 TL-07', 'RS 1.4'],
  costs: 'periods × length of one before DNS moves',
  find: (architecture) =>
    alarmChecks(architecture).flatMap(({ check, name, alarm }): Offence[] => {
      const period = numberAt(alarm?.properties, 'Period');
      const periods = numberAt(alarm?.properties, 'EvaluationPeriods');
      if (period === undefined || periods === undefined || period * periods <= ALARM_SECONDS_MAX) return [];
      const steers = writtenRecords(architecture).some(({ healthCheckId }) => healthCheckId === check.physicalId);
      if (!steers) return [];
      return [
        {
          place: check.place,
          says: `The alarm ${name}, which the health check follows, needs ${periods} bad periods of ${period} s: ${period * periods} s and up to a minute more until it is unhealthy, and the TTL after that.`,
          remedy: 'Shorten the period to 60 s, or let fewer periods decide.',
        },
      ];
    }),
};

/** Traps of health checks that follow CloudWatch alarms. */
export const ALARM_RULES: readonly Rule[] = [
  ALARM_ELSEWHERE,
  UNSUPPORTED_ALARM,
  ALARM_IN_PRIMARY_REGION,
  SILENCE_DECIDES,
  SLOW_ALARM,
];
