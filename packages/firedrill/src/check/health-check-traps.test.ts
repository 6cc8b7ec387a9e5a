import { describe, expect, test } from 'vitest';
import type { Estate } from '../../test/estate-in-text.ts';
import {
  alias,
  api,
  apiDomain,
  apiHost,
  distribution,
  EU,
  failover,
  healthCheck,
  holds,
  HTTPS,
  origin,
  record,
  saidOf,
  toDomain,
  US,
  values,
} from '../../test/estate-in-text.ts';

/*
 * Each trap once set and once not, in the text of templates. Findings of other codes do not matter here: what a
 * trap needs around it is kept small.
 */

describe('settings of health checks', () => {
  const steered = record('P', `${failover('PRIMARY', 'C')}, ${values('192.0.2.1')}`);
  const set = (config: string): Estate => ({ [EU]: steered + healthCheck('C', config) });

  test('30 s and three failures are about 85 s until DNS moves (R53 TL-02, TL-04, PP-03)', () =>
    holds('check/slow-detection', {
      bad: set('Type: HTTPS, FullyQualifiedDomainName: eu.example.com'),
      good: set(HTTPS),
      says: [
        'note eu-west-1-0.yaml:3 The health check of api.example.com probes every 30 s and wants 3 failures: about 85 s until it is unhealthy, and up to 60 s of TTL after that. Every 10 s it would be about 28 s.',
      ],
    }));

  test('one failure makes traffic go to and fro (R53 PP-08, RP-06)', () =>
    holds('check/hair-trigger', {
      bad: set(`${HTTPS}, FailureThreshold: 1`),
      good: set(`${HTTPS}, FailureThreshold: 2`),
      says: ['The health check of a primary changes its mind after one probe, either way'],
    }));

  test('disabled is healthy for good, inverted as well unhealthy for good (R53 HC-26)', () => {
    holds('check/disabled-health-check', {
      bad: set(`${HTTPS}, Disabled: true`),
      good: set(`${HTTPS}, Disabled: false`),
      says: ['is disabled, which is not off but healthy for good: records with it never leave the answers.'],
    });
    expect(saidOf('check/disabled-health-check', set(`${HTTPS}, Disabled: true, Inverted: true`))[0]).toContain(
      'is disabled and inverted, which is not off but unhealthy for good',
    );
  });

  test('a threshold of none, or of more than there are, decides by itself (R53 HC-27)', () => {
    const parent = (threshold: number): Estate => ({
      [EU]:
        healthCheck('C', HTTPS) +
        healthCheck('P', `Type: CALCULATED, ChildHealthChecks: [!Ref C], HealthThreshold: ${threshold}`),
    });
    holds('check/threshold-out-of-reach', {
      bad: parent(2),
      good: parent(1),
      says: [
        'The calculated health check wants 2 of its 1 children healthy, so it is never healthy, whatever they are.',
      ],
    });
    expect(saidOf('check/threshold-out-of-reach', parent(0))[0]).toContain('so it is always healthy');
  });

  test('calculated checks do not nest (R53 HC-27)', () => {
    const nested = (child: string): Estate => ({
      [EU]:
        healthCheck('C', HTTPS) +
        healthCheck('Q', 'Type: CALCULATED, ChildHealthChecks: [!Ref C], HealthThreshold: 1') +
        healthCheck('P', `Type: CALCULATED, ChildHealthChecks: [!Ref ${child}], HealthThreshold: 1`),
    });
    holds('check/calculated-of-calculated', {
      bad: nested('Q'),
      good: nested('C'),
      says: [
        'error eu-west-1-0.yaml:4 The calculated health check P has the calculated health check Q as a child; Route 53 refuses that.',
      ],
    });
  });
});

describe('what health checks look at', () => {
  const check = (config: string): string => healthCheck('C', `Type: HTTPS, RequestInterval: 10, ${config}`);
  const name = (fqdn: string): string => check(`FullyQualifiedDomainName: ${fqdn}`);
  const sides =
    record('P', `${failover('PRIMARY', 'C')}, ${values('192.0.2.1')}`) +
    record('S', `${failover('SECONDARY')}, ${values('192.0.2.2')}`);

  test('the failover name, also by another name (R53 HC-17, PP-04)', () => {
    const www = record('Www', alias('api.example.com', true), 'www.example.com');
    holds('check/self-steering-health-check', {
      bad: { [EU]: name('www.example.com') + sides + www },
      good: { [EU]: name('eu.example.com') + sides + www },
      says: ['The health check probes www.example.com, which leads to api.example.com, the name that it steers'],
    });
  });

  test('a name of several endpoints (R53 PP-04)', () => {
    const other = healthCheck('D', HTTPS.replace('eu.example.com', 'api.example.com'));
    const follower = record('F', `${values('192.0.2.3')}, HealthCheckId: !Ref D`, 'other.example.com');
    holds('check/shared-name-probed', {
      bad: { [EU]: name('eu.example.com') + sides + other + follower },
      // A check that nothing follows may look at the whole, as for an alarm.
      good: { [EU]: name('eu.example.com') + sides + other },
      says: [
        'The health check probes api.example.com, which leads to one of several endpoints by the failover records of api.example.com',
      ],
    });
  });

  test('CloudFront instead of the origin (R53 PP-04)', () => {
    const web = distribution('Web', { origins: origin('a', 'eu.example.com'), more: 'Aliases: [www.example.com]' });
    const follower = record('F', `${values('192.0.2.3')}, HealthCheckId: !Ref C`, 'other.example.com');
    holds('check/probed-through-cloudfront', {
      bad: { [US]: name('www.example.com') + web + follower },
      good: { [US]: name('eu.example.com') + web + follower },
      says: [
        'The health check probes www.example.com, which is CloudFront: an edge answers from its cache or from the other origin',
      ],
    });
  });

  test('a private address (R53 HC-43, PP-05)', () => {
    const at = (address: string): Estate => ({
      [EU]: name('eu.example.com') + record('R', values(address), 'eu.example.com'),
    });
    holds('check/private-address-probed', {
      bad: at('10.0.0.10'),
      good: at('203.0.113.10'),
      says: ['The health check probes eu.example.com, which leads to 10.0.0.10: checkers stand outside of every VPC'],
    });
  });

  test('an API without its stage, or switched off (R53 PP-04, RS 3.13, 3.45)', () => {
    const probe = (path: string, more = ''): Estate => ({
      [EU]: api(more) + check(`FullyQualifiedDomainName: ${apiHost}, ResourcePath: ${path}`),
    });
    holds('check/api-probed-wrongly', {
      bad: probe('/health'),
      good: probe('/prod/health'),
      says: [
        'probes the API shop by its own name, but /health begins with none of its stages (/prod): the answer is 403',
      ],
    });
    expect(saidOf('check/api-probed-wrongly', probe('/prod/health', ', DisableExecuteApiEndpoint: true'))[0]).toContain(
      'but its default endpoint is disabled',
    );
  });

  test('an API without its name in the handshake (R53 HC-12)', () => {
    const sni = (enabled: boolean): Estate => ({
      [EU]: api() + check(`FullyQualifiedDomainName: ${apiHost}, ResourcePath: /prod/, EnableSNI: ${enabled}`),
    });
    holds('check/probed-without-sni', {
      bad: sni(false),
      good: sni(true),
      says: ['does not send the name (EnableSNI: false); that endpoint cannot choose a certificate without it'],
    });
  });

  test('an open port, and nothing of what is said there (R53 HC-06)', () =>
    holds('check/tcp-only', {
      bad: { [EU]: sides + healthCheck('C', 'Type: TCP, FullyQualifiedDomainName: eu.example.com, Port: 443') },
      good: { [EU]: sides + name('eu.example.com') },
      says: ['note eu-west-1-0.yaml:4 The health check connects to port 443 and asks nothing'],
    }));

  test("an inverted one, the primary's own Region (R53 ST-03, ST-04)", () => {
    const stop = (region: string): Estate => ({
      [EU]:
        apiDomain() +
        record('P', `${failover('PRIMARY', 'C')}, ${toDomain()}`) +
        check(
          `FullyQualifiedDomainName: switch.s3.${region}.amazonaws.com, ResourcePath: /initiate-failover.html, Inverted: true`,
        ),
    });
    holds('check/inverted-on-own-region', {
      bad: stop(EU),
      good: stop('us-west-2'),
      says: [
        "The inverted health check of the primary api.example.com looks at switch.s3.eu-west-1.amazonaws.com in eu-west-1, the primary's own Region",
      ],
    });
  });
});

describe('health checks that follow alarms', () => {
  const alarm = (more = '', metric = 'Namespace: Shop, MetricName: down, Statistic: Maximum, Period: 60'): string =>
    `  Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { AlarmName: down, ${metric}, Threshold: 1, ComparisonOperator: GreaterThanOrEqualToThreshold, EvaluationPeriods: 3${more} } }\n`;
  const follows = (region: string, missing = 'LastKnownStatus'): string =>
    healthCheck(
      'C',
      `Type: CLOUDWATCH_METRIC, AlarmIdentifier: { Name: down, Region: ${region} }, InsufficientDataHealthStatus: ${missing}`,
    );

  test('of another account or Region find none (R53 HC-31)', () => {
    holds('check/alarm-elsewhere', {
      bad: { [`111111111111/${US}`]: alarm(), [`222222222222/${EU}`]: follows(US) },
      // An alarm in another Region of the account is fine.
      good: { [`111111111111/${US}`]: alarm(), [`111111111111/${EU}`]: follows(US) },
      says: [
        'warning eu-west-1-1.yaml:2 The health check looks for the alarm down in its own account 222222222222, but these templates make it in the account 111111111111.',
      ],
    });
    expect(saidOf('check/alarm-elsewhere', { [US]: alarm(), [EU]: follows('us-west-2') })[0]).toContain(
      'looks for the alarm down in us-west-2, but these templates make it in us-east-1.',
    );
  });

  test.each([
    ['', 'Metrics: [{ Id: e, Expression: "1" }]', 'metric math (Metrics)'],
    ['', 'Namespace: Shop, MetricName: m, ExtendedStatistic: p99, Period: 60', 'the statistic p99'],
    [
      ', DatapointsToAlarm: 2',
      'Namespace: Shop, MetricName: m, Statistic: Sum, Period: 60',
      '2 of 3 datapoints to alarm',
    ],
    ['', 'Namespace: Shop, MetricName: m, Statistic: Sum, Period: 10', 'a period of 10 s'],
  ])('of a kind that is not supported are refused (R53 HC-31, HC-33) %s %s', (more, metric, what) =>
    holds('check/unsupported-alarm', {
      bad: { [EU]: alarm(more, metric) + follows(EU) },
      good: { [EU]: alarm(', DatapointsToAlarm: 3') + follows(EU) },
      says: [`error eu-west-1-0.yaml:3 The alarm down has ${what}, which health checks do not support.`],
    }),
  );

  test("in the primary's own Region die with it (R53 ST-04, ST-06)", () => {
    const estate = (region: string, missing?: string): Estate => ({
      [EU]: apiDomain() + record('P', `${failover('PRIMARY', 'C')}, ${toDomain()}`) + follows(region, missing),
      [region === EU ? US : region]: alarm(),
    });
    holds('check/alarm-in-primary-region', {
      bad: estate(EU),
      good: estate('us-west-2'),
      says: [
        "follows the alarm down in eu-west-1, the primary's own Region: when the Region takes its metrics with it, no data means what it was, hence healthy",
      ],
    });
    expect(saidOf('check/alarm-in-primary-region', estate(EU, 'Unhealthy'))).toEqual([]);
  });

  test('move traffic when the metric falls silent (R53 ST-06, HC-34, PP-06)', () => {
    holds('check/silence-decides', {
      bad: { [EU]: alarm() + follows(EU, 'Healthy') },
      good: { [EU]: alarm() + follows(EU) },
      says: [
        'warning eu-west-1-0.yaml:3 No data of Shop down means healthy (InsufficientDataHealthStatus: Healthy): a failover that was switched on',
      ],
    });
    expect(
      saidOf('check/silence-decides', { [EU]: alarm(', TreatMissingData: breaching') + follows(EU) })[0],
    ).toContain(
      'note eu-west-1-0.yaml:3 No data of Shop down means unhealthy (TreatMissingData: breaching): traffic moves away',
    );
  });

  test('of long periods take minutes (R53 TL-06)', () => {
    const metric = (period: number): string => `Namespace: Shop, MetricName: m, Statistic: Sum, Period: ${period}`;
    const steered = record('P', `${failover('PRIMARY', 'C')}, ${values('192.0.2.1')}`);
    holds('check/slow-alarm', {
      bad: { [EU]: alarm('', metric(300)) + follows(EU) + steered },
      good: { [EU]: alarm('', metric(60)) + follows(EU) + steered },
      says: [
        'note eu-west-1-0.yaml:3 The alarm down, which the health check follows, needs 3 bad periods of 300 s: 900 s',
      ],
    });
  });

  test('are not moved by SetAlarmState (R53 PP-06)', () => {
    const role = (action: string): string =>
      `  Role: { Type: AWS::IAM::Policy, Properties: { PolicyName: p, PolicyDocument: { Statement: [{ Effect: Allow, Action: ["${action}"], Resource: "*" }] } } }\n`;
    holds('check/alarm-state-set', {
      bad: { [EU]: alarm() + follows(EU) + role('cloudwatch:SetAlarmState') },
      good: { [EU]: alarm() + follows(EU) + role('cloudwatch:PutMetricData') },
      says: [
        'Role may call SetAlarmState, and a health check here follows an alarm: it looks at the data of the metric',
      ],
    });
  });
});
