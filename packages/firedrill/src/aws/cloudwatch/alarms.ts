import type {
  AlarmHistoryItem,
  CompositeAlarm as WrittenComposite,
  MetricAlarm as WrittenMetric,
} from '@aws-sdk/client-cloudwatch';
import type { CompositeAlarm, MetricAlarm } from '../../model/index.ts';
import type { AlarmReading } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { dateOf, performed } from '../performed.ts';
import { propertiesOf, resourcesOf, textOf } from '../resources.ts';
import type { CloudWatchHandlers } from './cloudwatch-handlers.ts';
import { writeIdentity } from './metrics.ts';

const METRIC_TYPE = 'AWS::CloudWatch::Alarm';
const COMPOSITE_TYPE = 'AWS::CloudWatch::CompositeAlarm';
/** RS 1.61. */
const PAGE_MAX = 100;

type Reading = 'DescribeAlarms' | 'DescribeAlarmsForMetric' | 'DescribeAlarmHistory';
type Writing =
  | ('PutMetricAlarm' | 'PutCompositeAlarm' | 'DeleteAlarms' | 'SetAlarmState')
  | ('EnableAlarmActions' | 'DisableAlarmActions');

/** Alarms: made as resources, read as they are now. */
export function alarmHandlers(cloud: Cloud): Pick<CloudWatchHandlers, Reading | Writing> {
  return { ...readingHandlers(cloud), ...writingHandlers(cloud) };
}

function writingHandlers(cloud: Cloud): Pick<CloudWatchHandlers, Writing> {
  return {
    PutMetricAlarm: async ({ Tags, ...properties }, { region }) => {
      const named = Tags === undefined ? {} : { Tags };
      await put(cloud, { region, type: METRIC_TYPE, name: properties.AlarmName ?? '' }, { ...properties, ...named });
      return {};
    },
    PutCompositeAlarm: async (properties, { region }) => {
      await put(cloud, { region, type: COMPOSITE_TYPE, name: properties.AlarmName ?? '' }, { ...properties });
      return {};
    },
    DeleteAlarms: async ({ AlarmNames = [] }, { region }) => {
      const all = AlarmNames.map((name) => existing(cloud, region, name));
      const missing = AlarmNames.filter((_, index) => all[index] === undefined);
      if (missing.length > 0) throw new AwsError('ResourceNotFound', `${missing.join(', ')} do not exist`, 404);
      for (const resource of all)
        if (resource !== undefined) await cloud.estate.removeResource(resource.physicalId, resource);
      return {};
    },
    SetAlarmState: ({ AlarmName = '', StateValue = '', StateReason = '' }, { region }) => {
      performed(cloud, { kind: 'set-alarm-state', region, alarm: AlarmName, state: StateValue, reason: StateReason });
      return {};
    },
    EnableAlarmActions: async ({ AlarmNames = [] }, { region }) => {
      for (const name of AlarmNames) await enable(cloud, region, name, true);
      return {};
    },
    DisableAlarmActions: async ({ AlarmNames = [] }, { region }) => {
      for (const name of AlarmNames) await enable(cloud, region, name, false);
      return {};
    },
  };
}

function readingHandlers(cloud: Cloud): Pick<CloudWatchHandlers, Reading> {
  return {
    DescribeAlarms: (input, { region }) => {
      const types: readonly string[] = input.AlarmTypes ?? ['MetricAlarm', 'CompositeAlarm'];
      const found = alarmsIn(cloud, region)
        .filter(({ alarm, state }) => {
          const isNamed = input.AlarmNames === undefined || input.AlarmNames.includes(alarm.name);
          const isOfState = input.StateValue === undefined || state === input.StateValue;
          return (
            isNamed && isOfState && alarm.name.startsWith(input.AlarmNamePrefix ?? '') && types.includes(typeOf(alarm))
          );
        })
        .toSorted((a, b) => (a.alarm.name < b.alarm.name ? -1 : 1));
      const start = Number(input.NextToken ?? 0);
      const end = start + Math.min(input.MaxRecords ?? PAGE_MAX, PAGE_MAX);
      const page = found.slice(start, end);
      return {
        MetricAlarms: page.flatMap((reading) =>
          isMetric(reading.alarm) ? [writeMetric(cloud, reading, reading.alarm)] : [],
        ),
        CompositeAlarms: page.flatMap((reading) =>
          isMetric(reading.alarm) ? [] : [writeComposite(cloud, reading, reading.alarm)],
        ),
        ...(found.length > end ? { NextToken: String(end) } : {}),
      };
    },
    DescribeAlarmsForMetric: ({ MetricName, Namespace, Dimensions = [] }, { region }) => ({
      MetricAlarms: alarmsIn(cloud, region).flatMap((reading) => {
        const { alarm } = reading;
        const isOfMetric =
          isMetric(alarm) &&
          alarm.metric.metricName === MetricName &&
          alarm.metric.namespace === Namespace &&
          alarm.metric.dimensions.length === Dimensions.length &&
          Dimensions.every(({ Name, Value }) =>
            alarm.metric.dimensions.some(({ name, value }) => name === Name && value === Value),
          );
        return isOfMetric ? [writeMetric(cloud, reading, alarm)] : [];
      }),
    }),
    DescribeAlarmHistory: ({ AlarmName, HistoryItemType, StartDate, EndDate, MaxRecords, ScanBy }, { region }) => {
      if (HistoryItemType !== undefined && HistoryItemType !== 'StateUpdate') return { AlarmHistoryItems: [] };
      const items = alarmsIn(cloud, region)
        .filter(({ alarm }) => AlarmName === undefined || alarm.name === AlarmName)
        .flatMap((reading) => historyOf(cloud, reading))
        .filter(({ Timestamp: at = new Date(0) }) => at >= (StartDate ?? at) && at <= (EndDate ?? at))
        .toSorted((a, b) => Number(a.Timestamp) - Number(b.Timestamp));
      const ordered = ScanBy === 'TimestampAscending' ? items : items.toReversed();
      return { AlarmHistoryItems: ordered.slice(0, MaxRecords ?? PAGE_MAX) };
    },
  };
}

interface Named {
  readonly region: string;
  readonly type: string;
  readonly name: string;
}

/** Makes an alarm, or changes one of that name, of a stack too: all of its configuration (RS 1.1). */
async function put(
  cloud: Cloud,
  { region, type, name }: Named,
  properties: Readonly<Record<string, unknown>>,
): Promise<void> {
  const known = resourcesOf(cloud, type, region).find((resource) => resource.physicalId === name);
  await refusedAsValidation(
    known === undefined
      ? cloud.estate.putResource({ region, type, properties })
      : cloud.estate.changeResource(known.physicalId, properties, known),
  );
}

/** What templates refuse is what CloudWatch refuses, in its own words. */
async function refusedAsValidation(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw error instanceof AwsError ? new AwsError('ValidationError', error.message) : error;
  }
}

async function enable(cloud: Cloud, region: string, name: string, enabled: boolean): Promise<void> {
  const resource = existing(cloud, region, name);
  // A name that no alarm has is passed over.
  if (resource === undefined) return;
  await cloud.estate.changeResource(
    resource.physicalId,
    { ...propertiesOf(resource), ActionsEnabled: enabled },
    resource,
  );
}

function existing(cloud: Cloud, region: string, name: string) {
  return [METRIC_TYPE, COMPOSITE_TYPE]
    .flatMap((type) => resourcesOf(cloud, type, region))
    .find(({ physicalId }) => physicalId === name || physicalId.endsWith(`:alarm:${name}`));
}

function alarmsIn(cloud: Cloud, region: string): readonly AlarmReading[] {
  return cloud
    .world()
    .control.alarms()
    .filter(({ alarm }) => alarm.region === region);
}

function isMetric(alarm: AlarmReading['alarm']): alarm is MetricAlarm {
  return 'metric' in alarm;
}

function typeOf(alarm: AlarmReading['alarm']): 'MetricAlarm' | 'CompositeAlarm' {
  return isMetric(alarm) ? 'MetricAlarm' : 'CompositeAlarm';
}

function writeBase(cloud: Cloud, { alarm, state, reason, changedAt }: AlarmReading) {
  const { name, arn, region, actions } = alarm;
  const resource = existing(cloud, region, name);
  const description = resource === undefined ? undefined : textOf(resource, 'AlarmDescription');
  const since = dateOf(cloud, changedAt);
  return {
    AlarmName: name,
    AlarmArn: arn,
    ...(description === undefined ? {} : { AlarmDescription: description }),
    ActionsEnabled: actions.enabled,
    OKActions: [...actions.ok],
    AlarmActions: [...actions.alarm],
    InsufficientDataActions: [...actions.insufficientData],
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: since,
    StateTransitionedTimestamp: since,
  };
}

function writeMetric(cloud: Cloud, reading: AlarmReading, alarm: MetricAlarm): WrittenMetric {
  const { statistic, unit } = alarm;
  const isPlain = /^(?:SampleCount|Average|Sum|Minimum|Maximum)$/.test(statistic);
  return {
    ...writeBase(cloud, reading),
    ...writeIdentity(alarm.metric),
    ...(isPlain ? { Statistic: statistic as 'Sum' } : { ExtendedStatistic: statistic }),
    ...(unit === undefined ? {} : { Unit: unit as 'Count' }),
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparisonOperator,
    TreatMissingData: alarm.treatMissingData,
  };
}

function writeComposite(
  cloud: Cloud,
  reading: AlarmReading,
  { name, region, suppressor }: CompositeAlarm,
): WrittenComposite {
  const resource = existing(cloud, region, name);
  const rule = resource === undefined ? undefined : textOf(resource, 'AlarmRule');
  return {
    ...writeBase(cloud, reading),
    AlarmRule: rule ?? '',
    ...(suppressor === undefined
      ? {}
      : {
          ActionsSuppressor: suppressor.alarm,
          ActionsSuppressorWaitPeriod: suppressor.waitSeconds,
          ActionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
        }),
  };
}

/** RS 1.39. */
function historyOf(cloud: Cloud, { alarm, history }: AlarmReading): AlarmHistoryItem[] {
  return history.map(({ at, from, to, reason }) => ({
    AlarmName: alarm.name,
    AlarmType: typeOf(alarm),
    Timestamp: dateOf(cloud, at),
    HistoryItemType: 'StateUpdate',
    HistorySummary: `Alarm updated from ${from} to ${to}`,
    HistoryData: JSON.stringify({
      version: '1.0',
      oldState: { stateValue: from },
      newState: { stateValue: to, stateReason: reason },
    }),
  }));
}
