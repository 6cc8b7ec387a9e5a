import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { expect, test } from 'vitest';
import { BEGINNING } from '../model/index.ts';
import { failure } from './failure.fixture.ts';
import { openTestWorld } from './world.fixture.ts';

const ALARM = `
  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { AlarmName: standby, AlarmDescription: takes over, Namespace: STOP, MetricName: failover, Statistic: Maximum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, TreatMissingData: ignore } }
`;

const PROTOCOLS = { Query: AwsQueryProtocol, 'JSON 1.0': AwsJson1_0Protocol, CBOR: AwsSmithyRpcV2CborProtocol };

async function open(protocol: keyof typeof PROTOCOLS = 'JSON 1.0') {
  const world = await openTestWorld({ 'eu-west-1': ALARM });
  return { ...world, cloudwatch: new CloudWatchClient({ ...world.client, protocol: PROTOCOLS[protocol] }) };
}

const METRIC = { Namespace: 'STOP', MetricName: 'failover' };

function lastHour() {
  return { StartTime: new Date(Date.now() - 3_600_000), EndTime: new Date(Date.now() + 3_600_000) };
}

test.each(['Query', 'JSON 1.0', 'CBOR'] as const)(
  'RS 1.49, 1.55: a metric is published and read by %s',
  async (protocol) => {
    const { cloudwatch, passSeconds } = await open(protocol);
    const MetricData = [
      { MetricName: 'failover', Value: 1, Unit: 'Count' as const },
      { MetricName: 'failover', Value: 3, Unit: 'Count' as const },
    ];
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'STOP', MetricData }));
    passSeconds(300);
    const asked = {
      ...METRIC,
      ...lastHour(),
      Period: 3600,
      Statistics: ['Maximum' as const, 'SampleCount' as const],
      ExtendedStatistics: ['p50'],
    };
    const { Datapoints, Label } = await cloudwatch.send(new GetMetricStatisticsCommand(asked));
    expect(Label).toBe('failover');
    expect(Datapoints).toMatchObject([{ Maximum: 3, SampleCount: 2, Unit: 'Count', ExtendedStatistics: { p50: 1 } }]);
    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'STOP' }));
    expect(Metrics).toMatchObject([METRIC]);
  },
);

test('RS 1.47, 1.62: GetMetricData answers each query by its id, the newest first', async () => {
  const { cloudwatch, passSeconds } = await open();
  const put = async (value: number): Promise<unknown> =>
    await cloudwatch.send(
      new PutMetricDataCommand({ Namespace: 'STOP', MetricData: [{ MetricName: 'failover', Value: value }] }),
    );
  await put(1);
  passSeconds(60);
  await put(2);
  passSeconds(200);
  const query = { Id: 'm', MetricStat: { Metric: METRIC, Period: 60, Stat: 'Sum' } };
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({ ...lastHour(), MetricDataQueries: [query] }),
  );
  expect(MetricDataResults).toMatchObject([{ Id: 'm', Label: 'failover', StatusCode: 'Complete', Values: [2, 1] }]);
  const [newest, oldest] = MetricDataResults?.[0]?.Timestamps ?? [];
  expect(Number(newest) - Number(oldest)).toBe(60_000);
  expect(Number(newest) % 60_000).toBe(0);
});

test.each(['Query', 'JSON 1.0', 'CBOR'] as const)(
  'RS 1.48: more than 1440 points are refused by %s, in the words of AWS',
  async (protocol) => {
    const { cloudwatch } = await open(protocol);
    const range = { StartTime: new Date(0), EndTime: new Date(86_400_000) };
    const asked = cloudwatch.send(
      new GetMetricStatisticsCommand({ ...METRIC, ...range, Period: 1, Statistics: ['Sum'] }),
    );
    await expect(asked).rejects.toMatchObject({
      name: 'InvalidParameterCombinationException',
      message:
        'You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
    });
  },
);

test('RS 1.33, 1.39, 1.61: an alarm is described, set, and its history told', async () => {
  const { cloudwatch, passSeconds } = await open();
  const described = async () =>
    (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'stand' }))).MetricAlarms;
  expect(await described()).toMatchObject([
    {
      AlarmName: 'standby',
      AlarmArn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:standby',
      AlarmDescription: 'takes over',
      StateValue: 'INSUFFICIENT_DATA',
      Statistic: 'Maximum',
      Period: 60,
      Threshold: 1,
      TreatMissingData: 'ignore',
      Dimensions: [],
    },
  ]);
  passSeconds(30);
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'standby', StateValue: 'ALARM', StateReason: 'drill' }));
  expect(await described()).toMatchObject([{ StateValue: 'ALARM', StateReason: 'drill' }]);
  const { AlarmHistoryItems } = await cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmName: 'standby' }));
  expect(AlarmHistoryItems).toMatchObject([
    { HistorySummary: 'Alarm updated from INSUFFICIENT_DATA to ALARM', HistoryItemType: 'StateUpdate' },
  ]);
  const elsewhere = new SetAlarmStateCommand({ AlarmName: 'none', StateValue: 'ALARM', StateReason: 'drill' });
  await expect(cloudwatch.send(elsewhere)).rejects.toMatchObject({
    name: 'ResourceNotFound',
    $metadata: { httpStatusCode: 404 },
  });
});

test('RS 1.34: a state that is none is refused', async () => {
  const { cloudwatch } = await open();
  const asked = new SetAlarmStateCommand({ AlarmName: 'standby', StateValue: 'BROKEN' as 'OK', StateReason: 'drill' });
  await expect(cloudwatch.send(asked)).rejects.toThrow('enum value set: [INSUFFICIENT_DATA, ALARM, OK]');
});

test.each(['Query', 'JSON 1.0', 'CBOR'] as const)(
  'RS 1.1: an alarm is made, changed without losing its state, and deleted by %s',
  async (protocol) => {
    const { cloudwatch, mistakes } = await open(protocol);
    const settings = {
      ...METRIC,
      AlarmName: 'mine',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 2,
      ComparisonOperator: 'LessThanThreshold',
    } as const;
    const put = async (Threshold: number): Promise<unknown> =>
      await cloudwatch.send(
        new PutMetricAlarmCommand({ ...settings, Threshold, Dimensions: [{ Name: 'a', Value: 'b' }] }),
      );
    const described = async () =>
      (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['mine'] }))).MetricAlarms;
    await put(1);
    await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'mine', StateValue: 'OK', StateReason: 'so' }));
    await put(2);
    await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['mine'] }));
    expect(await described()).toMatchObject([
      {
        Threshold: 2,
        StateValue: 'OK',
        DatapointsToAlarm: 2,
        ActionsEnabled: false,
        Dimensions: [{ Name: 'a', Value: 'b' }],
      },
    ]);
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['mine'] }));
    expect(await described()).toEqual([]);
    await expect(cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['mine'] }))).rejects.toMatchObject({
      name: 'ResourceNotFound',
    });
    expect(mistakes).toEqual([]);
  },
);

test('R53 ST-04: a Region that is dead tells nobody of its alarms, until it is back', async () => {
  const { cloudwatch, world } = await open();
  const now = BEGINNING;
  world.control.startFault(
    { name: 'dead', target: { kind: 'region', region: 'eu-west-1' }, effect: { kind: 'blackhole' }, share: 1 },
    { now },
  );
  const look = async (): Promise<unknown> => await cloudwatch.send(new DescribeAlarmsCommand({}));
  expect(await failure(look())).toBe('503 EndpointConnectionError');
  world.control.endFault('dead', { now });
  expect(await failure(look())).toBe('done');
});
