import type { AlarmActions, MetricAlarm } from '../model/index.ts';
import { readAlarmRule } from './alarm-rule.ts';
import type { Draft } from './draft.ts';
import { idFrom, UPPER_ALPHANUMERIC } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { arnOf, identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import type { Shape } from './shape.ts';
import {
  anything,
  anyText,
  boolean,
  inert,
  inertFields,
  integer,
  listOf,
  number,
  oneOf,
  optional,
  placed,
  required,
  shape,
  text,
} from './shape.ts';

const DIMENSION = shape('Dimension', { Name: required(text({ most: 255 })), Value: required(text({ most: 1024 })) });

const ACTION_FIELDS = {
  ActionsEnabled: optional(boolean),
  AlarmActions: optional(placed(listOf(anyText))),
  OKActions: optional(placed(listOf(anyText))),
  InsufficientDataActions: optional(placed(listOf(anyText))),
} as const;

const WINDOW = shape('EvaluationWindow', {
  SlidingWindow: inert,
  WallClockWindow: optional(shape('WallClockWindow', { Timezone: inert })),
});

const ALARM = shape('AWS::CloudWatch::Alarm', {
  AlarmName: optional(text({ most: 255 })),
  Namespace: optional(text({ most: 255 })),
  MetricName: optional(placed(text({ most: 255 }))),
  Dimensions: optional(placed(listOf(DIMENSION))),
  Statistic: optional(oneOf(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'], ['RS 1.8'])),
  ExtendedStatistic: optional(placed(text({ most: 64 }))),
  Unit: optional(text()),
  Period: optional(placed(integer({ least: 1, most: 604_800, facts: ['RS 1.3', 'RS 1.5'] }))),
  EvaluationPeriods: required(placed(integer({ least: 1, most: 100_000, facts: ['RS 1.5'] }))),
  DatapointsToAlarm: optional(placed(integer({ least: 1, most: 100_000, facts: ['RS 1.6'] }))),
  Threshold: optional(number),
  ComparisonOperator: required(
    placed(
      oneOf(
        [
          ...(['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold'] as const),
          ...(['LessThanOrEqualToThreshold', 'LessThanLowerOrGreaterThanUpperThreshold'] as const),
          ...(['LessThanLowerThreshold', 'GreaterThanUpperThreshold'] as const),
        ],
        ['RS 1.9'],
      ),
    ),
  ),
  TreatMissingData: optional(oneOf(['missing', 'ignore', 'breaching', 'notBreaching'], ['RS 1.15'])),
  Metrics: optional(placed(anything)),
  ThresholdMetricId: optional(placed(text())),
  EvaluationWindow: optional(WINDOW),
  ...ACTION_FIELDS,
  ...inertFields('AlarmDescription', 'EvaluateLowSampleCountPercentile', 'Tags'),
});

const COMPOSITE = shape('AWS::CloudWatch::CompositeAlarm', {
  AlarmName: optional(text({ most: 255 })),
  AlarmRule: required(placed(text({ most: 10_240 }))),
  ActionsSuppressor: optional(text({ most: 1600 })),
  ActionsSuppressorWaitPeriod: optional(integer({ least: 0, most: 86_400, facts: ['RS 1.37'] })),
  ActionsSuppressorExtensionPeriod: optional(integer({ least: 0, most: 86_400, facts: ['RS 1.37'] })),
  ...ACTION_FIELDS,
  ...inertFields('AlarmDescription', 'Tags'),
});

/** Alarms. */
export const CLOUDWATCH_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::CloudWatch::Alarm', { standing: 'acted-on', regional: true, read: readAlarm }],
  ['AWS::CloudWatch::CompositeAlarm', { standing: 'acted-on', regional: true, read: readComposite }],
]);

type Config = NonNullable<ReturnType<typeof ALARM>>;

function readAlarm(input: ResourceInput, draft: Draft): Identity {
  const { name, arn, named } = identityOf(input);
  const key = `${input.context.region} ${name}`;
  draft.alarmsLeftOut.set(key, `The alarm ${name} is left out, see there.`);
  const config = ALARM(input.properties, input.tell);
  if (config === undefined) return named;
  if (config.Metrics !== undefined || config.ThresholdMetricId !== undefined) {
    const at = (config.Metrics ?? config.ThresholdMetricId)?.at ?? config.at;
    const says = `The alarm ${name} is on metric math or a band of anomalies, which Firedrill does not compute; it stays in INSUFFICIENT_DATA.`;
    input.tell.warning('template/not-acted-on', at, says, { remedy: 'An alarm on one metric is acted on.' });
    // Measured (R53 HC-33).
    draft.alarmsLeftOut.set(key, 'InvalidInput: Route 53 does not support extended CloudWatch metric statistics');
    return named;
  }
  const rule = ruleOf(config, input);
  const actions = actionsOf(config, input);
  if (rule === undefined || actions === undefined) return named;
  draft.alarmsLeftOut.delete(key);
  const { region, name: stack } = input.context;
  draft.metricAlarms.push({ ...rule, name, arn, region, actions, stack, place: input.at });
  return named;
}

/** A name is made up for those that have none, as CloudFormation does. */
function identityOf(input: ResourceInput): { readonly name: string; readonly arn: string; readonly named: Identity } {
  const { context, logicalId, seed } = input;
  const madeUp = `${context.name}-${logicalId}-${idFrom(seed, 12, UPPER_ALPHANUMERIC)}`;
  const name = textProperty(input, 'AlarmName') ?? madeUp.slice(0, 255);
  const arn = arnOf(input, 'cloudwatch', `alarm:${name}`);
  return { name, arn, named: identity(name, { Arn: arn }) };
}

type Rule = Omit<MetricAlarm, 'name' | 'arn' | 'region' | 'actions' | 'stack' | 'place'>;

function ruleOf(config: Config, { tell }: ResourceInput): Rule | undefined {
  let isPossible = true;
  const refuse = (at: Config['at'], says: string, facts: readonly string[]): void => {
    tell.error('template/property', at, says, { facts });
    isPossible = false;
  };
  const { MetricName: metric, Namespace: namespace, Period: period, Threshold: threshold } = config;
  for (const key of ['MetricName', 'Namespace', 'Period', 'Threshold'] as const) {
    if (!config.written.has(key)) refuse(config.at, `An alarm on a metric needs ${key}.`, ['RS 1.8']);
  }
  if (config.written.has('Statistic') === config.written.has('ExtendedStatistic')) {
    refuse(config.at, 'An alarm on a metric needs exactly one of Statistic and ExtendedStatistic.', ['RS 1.8']);
  }
  const { ExtendedStatistic: extended, EvaluationPeriods: periods, DatapointsToAlarm: points } = config;
  if (extended !== undefined && !EXTENDED.test(extended.value)) {
    refuse(extended.at, `ExtendedStatistic is ${extended.value}, which is no statistic.`, ['RS 1.8']);
  }
  if (points !== undefined && points.value > periods.value) {
    refuse(points.at, 'DatapointsToAlarm may not be more than EvaluationPeriods.', ['RS 1.6']);
  }
  if (period !== undefined) checkPeriod(period, periods.value, refuse);
  const dimensions = config.Dimensions?.value ?? [];
  if (dimensions.length > 30)
    refuse(config.Dimensions?.at ?? config.at, 'A metric has 30 dimensions at most.', ['RS 1.43']);
  const operator = OPERATORS.find((each) => each === config.ComparisonOperator.value);
  if (operator === undefined) {
    refuse(config.ComparisonOperator.at, `${config.ComparisonOperator.value} needs a band of anomalies.`, ['RS 1.9']);
  }
  const statistic = config.Statistic ?? extended?.value;
  const complete = metric !== undefined && namespace !== undefined && period !== undefined && threshold !== undefined;
  if (!isPossible || !complete || statistic === undefined || operator === undefined) return undefined;
  return {
    metric: {
      namespace,
      metricName: metric.value,
      dimensions: dimensions.map(({ Name: name, Value: value }) => ({ name, value })),
    },
    statistic,
    ...(config.Unit === undefined ? {} : { unit: config.Unit }),
    periodSeconds: period.value,
    evaluationPeriods: periods.value,
    datapointsToAlarm: points?.value ?? periods.value,
    comparisonOperator: operator,
    threshold,
    treatMissingData: config.TreatMissingData ?? 'missing',
    alignedToClock: config.EvaluationWindow?.WallClockWindow !== undefined,
  };
}

/** RS 1.8. */
const EXTENDED =
  /^((p|tm|tc|ts|wm)(\d{1,2}(\.\d{0,10})?|100)|iqm|(tm|tc|ts|wm)\((-?\d+(\.\d+)?%?)?:(-?\d+(\.\d+)?%?)?\)|pr\((-?\d+(\.\d+)?)?:(-?\d+(\.\d+)?)?\))$/i;

const OPERATORS = [
  ...(['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold'] as const),
  ...(['LessThanThreshold', 'LessThanOrEqualToThreshold'] as const),
];

/** RS 1.3, 1.5. */
function checkPeriod(
  { value: period, at }: { readonly value: number; readonly at: Config['at'] },
  periods: number,
  refuse: (at: Config['at'], says: string, facts: readonly string[]) => void,
): void {
  if (![10, 20, 30].includes(period) && period % 60 !== 0) {
    refuse(at, `Period is ${period}; it must be 10, 20, 30 or a multiple of 60.`, ['RS 1.3']);
    return;
  }
  const most = period < 3600 ? 86_400 : 604_800;
  if (period * periods <= most) return;
  const says = `Period and EvaluationPeriods make ${period * periods} s; with this Period ${most} s is the most.`;
  refuse(at, says, ['RS 1.5']);
}

type ActionConfig = Shape<typeof ACTION_FIELDS>;

/** At most five of each kind; where they lead is not looked at (RS 1.10, 1.11). */
function actionsOf(config: ActionConfig, { tell }: ResourceInput): AlarmActions | undefined {
  const { ActionsEnabled: enabled = true, AlarmActions: alarm, OKActions: ok, InsufficientDataActions: none } = config;
  let isPossible = true;
  for (const list of [alarm, ok, none]) {
    if (list === undefined || list.value.length <= 5) continue;
    tell.error('template/property', list.at, 'An alarm has 5 actions of each kind at most.', { facts: ['RS 1.10'] });
    isPossible = false;
  }
  return isPossible
    ? { enabled, alarm: alarm?.value ?? [], ok: ok?.value ?? [], insufficientData: none?.value ?? [] }
    : undefined;
}

function readComposite(input: ResourceInput, draft: Draft): Identity {
  const { name, arn, named } = identityOf(input);
  const config = COMPOSITE(input.properties, input.tell);
  if (config === undefined) return named;
  const rule = readAlarmRule(config.AlarmRule.value);
  const actions = actionsOf(config, input);
  if (typeof rule === 'string') {
    input.tell.error('template/property', config.AlarmRule.at, rule, { facts: ['RS 1.35'] });
    return named;
  }
  const periods = [config.ActionsSuppressorWaitPeriod, config.ActionsSuppressorExtensionPeriod];
  const { ActionsSuppressor: suppressor } = config;
  if (suppressor !== undefined && periods.includes(undefined)) {
    const says = 'ActionsSuppressor needs ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod.';
    input.tell.error('template/property', config.at, says, { facts: ['RS 1.37'] });
    return named;
  }
  if (actions === undefined) return named;
  const [waitSeconds = 0, extensionSeconds = 0] = periods;
  draft.compositeAlarms.push({
    name,
    arn,
    region: input.context.region,
    actions,
    rule,
    ...(suppressor === undefined ? {} : { suppressor: { alarm: suppressor, waitSeconds, extensionSeconds } }),
    stack: input.context.name,
    place: input.at,
  });
  return named;
}
