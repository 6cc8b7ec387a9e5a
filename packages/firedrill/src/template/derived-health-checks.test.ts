import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';

const ALARM =
  'Namespace: STOP, MetricName: failover, Statistic: Maximum, Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold';
const FOLLOWS =
  'Type: CLOUDWATCH_METRIC, AlarmIdentifier: { Name: !Ref A, Region: eu-west-1 }, InsufficientDataHealthStatus: LastKnownStatus';

/** Health checks H0, H1 … and an alarm A, each on a line of its own from line 2 on. */
function read(configs: readonly string[], alarm?: string) {
  const lines = [
    ...configs.map(
      (config, index) =>
        `  H${index}: { Type: AWS::Route53::HealthCheck, Properties: { HealthCheckConfig: { ${config} } } }`,
    ),
    ...(alarm === undefined ? [] : [`  A: { Type: AWS::CloudWatch::Alarm, Properties: { ${alarm} } }`]),
  ];
  return readOne(`Resources:\n${lines.join('\n')}\n`);
}

function told(configs: readonly string[], alarm?: string): readonly string[] {
  return read(configs, alarm).findings.map(inLine);
}

const ENDPOINT = 'Type: HTTP, FullyQualifiedDomainName: a.example.com';

describe('calculated health checks', () => {
  test('R53 HC-27: have a threshold and children', () => {
    const { value, findings } = read([
      ENDPOINT,
      'Type: CALCULATED, HealthThreshold: 1, ChildHealthChecks: [!Ref H0], Inverted: true',
    ]);
    expect(findings).toEqual([]);
    const [child] = value.healthChecks;
    expect(value.derivedHealthChecks).toMatchObject([
      { type: 'CALCULATED', healthThreshold: 1, childHealthChecks: [child?.id], inverted: true, disabled: false },
    ]);
  });

  test('R53 HC-27, HC-28, OQ-03: none is the child of another; thresholds go from 0 to 256, children up to 256', () => {
    const parent = 'Type: CALCULATED, HealthThreshold: 1, ChildHealthChecks: [!Ref H1]';
    expect(told([parent, `Type: CALCULATED, HealthThreshold: 1, ChildHealthChecks: [!Ref H2]`, ENDPOINT])).toEqual([
      'error template/property 2: A calculated health check cannot be the child of another.',
    ]);
    expect(told(['Type: CALCULATED, HealthThreshold: 257, ChildHealthChecks: [x]'])).toEqual([
      'error template/property 2: HealthThreshold is 257; it must be from 0 to 256.',
    ]);
    const many = Array.from({ length: 257 }, (_, index) => `c${index}`).join(', ');
    expect(told([`Type: CALCULATED, HealthThreshold: 1, ChildHealthChecks: [${many}]`])).toEqual([
      'error template/property 2: ChildHealthChecks has 257 entries; 256 is the most.',
    ]);
  });

  test('R53 HC-27: a child that no template has is told, and counts as healthy', () => {
    expect(told(['Type: CALCULATED, HealthThreshold: 1, ChildHealthChecks: [x]'])).toEqual([
      'warning template/not-acted-on 2: ChildHealthChecks names x, which is in no template read; it counts as healthy.',
    ]);
  });

  test('R53 HC-01, HC-04: what belongs to endpoints does not belong to the other types', () => {
    expect(told(['Type: CALCULATED, HealthThreshold: 1, ChildHealthChecks: [x], RequestInterval: 10'])).toEqual([
      'error template/property 2: RequestInterval belongs to health checks of endpoints, not to CALCULATED.',
    ]);
    expect(told(['Type: RECOVERY_CONTROL, RoutingControlArn: arn, FailureThreshold: 1'])).toEqual([
      'error template/property 2: FailureThreshold belongs to health checks of endpoints, not to RECOVERY_CONTROL.',
    ]);
  });
});

describe('health checks of alarms', () => {
  test('R53 HC-29, HC-30: name an alarm and what holds without data', () => {
    const { value, findings } = read([FOLLOWS], ALARM);
    expect(findings).toEqual([]);
    expect(value.derivedHealthChecks).toMatchObject([
      {
        alarmRegion: 'eu-west-1',
        alarmName: value.metricAlarms[0]?.name,
        insufficientDataHealthStatus: 'LastKnownStatus',
      },
    ]);
    expect(told(['Type: CLOUDWATCH_METRIC'])).toEqual([
      'error template/property 2: A CLOUDWATCH_METRIC health check needs AlarmIdentifier and InsufficientDataHealthStatus.',
    ]);
  });

  // R53 HC-31: what Route 53 does not follow.
  test.each([
    {
      what: 'a percentile',
      alarm: ALARM.replace('Statistic: Maximum', 'ExtendedStatistic: p99'),
      says: 'InvalidInput: Route 53 does not support extended CloudWatch metric statistics',
    },
    {
      what: 'high resolution',
      alarm: ALARM.replace('Period: 60', 'Period: 10'),
      says: 'has a period of 10 s; Route 53 does not support high-resolution metrics.',
    },
    {
      what: 'M out of N',
      alarm: `${ALARM.replace('EvaluationPeriods: 1', 'EvaluationPeriods: 3')}, DatapointsToAlarm: 2`,
      says: 'needs 2 of 3 datapoints; Route 53 does not support M out of N.',
    },
    {
      what: 'eleven dimensions',
      alarm: `${ALARM}, Dimensions: [${Array.from({ length: 11 }, (_, index) => `{ Name: d${index}, Value: v }`).join(', ')}]`,
      says: 'has 11 dimensions; Route 53 supports 10.',
    },
  ])('R53 HC-31: $what is refused', ({ alarm, says }) => {
    const { value, findings } = read([FOLLOWS], alarm);
    expect(findings.map(inLine).join()).toContain(says);
    expect(value.derivedHealthChecks).toEqual([]);
    expect(value.metricAlarms).toHaveLength(1);
  });

  test('R53 HC-33: metric math is refused in the words that were measured', () => {
    const math =
      'EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: GreaterThanThreshold, Metrics: [{ Id: e, Expression: 1 }]';
    const findings = told([FOLLOWS], math);
    expect(findings).toContain(
      'error template/property 2: InvalidInput: Route 53 does not support extended CloudWatch metric statistics',
    );
    expect(findings.some((finding) => finding.startsWith('warning template/not-acted-on 3'))).toBe(true);
  });

  test('R53 HC-31: an alarm that no template has, as one of another account, is told', () => {
    expect(told([FOLLOWS.replace('!Ref A', 'theirs')])).toEqual([
      'warning template/not-acted-on 2: AlarmIdentifier names the alarm theirs in eu-west-1, which is in no template read; the health check stays healthy.',
    ]);
  });
});

test('R53 HC-35: a health check of a routing control needs its ARN', () => {
  expect(told(['Type: RECOVERY_CONTROL'])).toEqual([
    'error template/property 2: A RECOVERY_CONTROL health check needs RoutingControlArn.',
  ]);
  expect(read(['Type: RECOVERY_CONTROL, RoutingControlArn: arn']).value.derivedHealthChecks).toMatchObject([
    { type: 'RECOVERY_CONTROL', routingControlArn: 'arn' },
  ]);
});

describe('string matching', () => {
  test('R53 HC-07: needs a string of at most 255 characters, and only it has one', () => {
    const search = (type: string, length: number): string =>
      `Type: ${type}, FullyQualifiedDomainName: a.example.com, SearchString: ${'x'.repeat(length)}`;
    expect(read([search('HTTPS_STR_MATCH', 255)]).value.healthChecks).toMatchObject([
      { type: 'HTTPS', searchString: 'x'.repeat(255), port: 443 },
    ]);
    expect(told([search('HTTP_STR_MATCH', 256)])).toEqual([
      'error template/property 2: SearchString may have 255 characters at most.',
    ]);
    expect(told([search('HTTP', 2)])).toEqual([
      'error template/property 2: SearchString belongs to HTTP_STR_MATCH and HTTPS_STR_MATCH.',
    ]);
    expect(told(['Type: HTTP_STR_MATCH, FullyQualifiedDomainName: a.example.com'])).toEqual([
      'error template/property 2: A HTTP_STR_MATCH health check needs SearchString.',
    ]);
  });
});
