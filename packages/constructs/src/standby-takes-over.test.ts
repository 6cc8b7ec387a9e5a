import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { CLAIMED_SECONDS, StandbyTakesOver, type StandbyTakesOverProps } from './index.ts';

process.env['CDK_VALIDATION'] = 'false';

const codePath = mkdtempSync(join(tmpdir(), 'firedrill-code-'));
writeFileSync(join(codePath, 'index.mjs'), 'export const handler = async () => ({ statusCode: 200 });\n');

const PROPS: StandbyTakesOverProps = {
  primaryRegion: 'eu-west-1',
  standbyRegion: 'us-west-2',
  domainName: 'api.example.com',
  hostedZoneName: 'example.com',
  hostedZoneId: 'Z0EXAMPLE',
  account: '123456789012',
  codePath,
};

function estate(props: Partial<StandbyTakesOverProps> = {}) {
  const app = new App();
  const made = new StandbyTakesOver(app, 'Stop', { ...PROPS, ...props });
  const primary = Template.fromStack(made.primaryStack);
  const standby = Template.fromStack(made.standbyStack);
  return { app, made, primary, standby };
}

const USUAL = estate();
const ALARM_NAME = 'StandbyTakesOver-api.example.com';

test('the standby is deployed before the primary, whose health check asks for its alarm', () => {
  expect(USUAL.app.synth().stacks.map((stack) => [stack.stackName, stack.environment.region])).toEqual([
    ['Stop-Standby', 'us-west-2'],
    ['Stop-Primary', 'eu-west-1'],
  ]);
  expect(USUAL.made.primaryStack.dependencies).toContain(USUAL.made.standbyStack);
});

test('R53 HC-31: the alarm is in the standby Region, with settings that a health check supports', () => {
  USUAL.primary.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  USUAL.standby.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: ALARM_NAME,
    Namespace: 'Failover',
    MetricName: 'StandbyTakesOver',
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    DatapointsToAlarm: Match.absent(),
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'ignore',
  });
});

test('R53 ST-06: the primary record goes by the metric, with LastKnownStatus, and the standby record by nothing', () => {
  USUAL.primary.hasResourceProperties('AWS::Route53::HealthCheck', {
    HealthCheckConfig: {
      Type: 'CLOUDWATCH_METRIC',
      AlarmIdentifier: { Name: ALARM_NAME, Region: 'us-west-2' },
      InsufficientDataHealthStatus: 'LastKnownStatus',
    },
  });
  const [check] = Object.keys(USUAL.primary.findResources('AWS::Route53::HealthCheck'));
  USUAL.primary.hasResourceProperties('AWS::Route53::RecordSet', {
    Failover: 'PRIMARY',
    HealthCheckId: { 'Fn::GetAtt': [check, 'HealthCheckId'] },
  });
  USUAL.standby.resourceCountIs('AWS::Route53::HealthCheck', 0);
  USUAL.standby.hasResourceProperties('AWS::Route53::RecordSet', {
    Failover: 'SECONDARY',
    HealthCheckId: Match.absent(),
  });
});

test('the outputs say what to type, with names of one’s own too', () => {
  const { standby } = estate({ metricNamespace: 'Shop', metricName: 'Move', alarmName: 'move-shop' });
  const command = 'aws cloudwatch put-metric-data --region us-west-2 --namespace Shop --metric-name Move --value';
  standby.hasOutput('TakeOverCommand', { Value: `${command} 1` });
  standby.hasOutput('GiveBackCommand', { Value: `${command} 0` });
  standby.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'move-shop' });
});

test('the standby’s outputs say what firedrill failover asks for', () => {
  const [domain] = Object.keys(USUAL.standby.findResources('AWS::ApiGateway::DomainName'));
  USUAL.standby.hasOutput('FailoverName', { Value: 'api.example.com' });
  USUAL.standby.hasOutput('FailoverAlarm', { Value: { Ref: Match.stringLikeRegexp('TakeOver') } });
  USUAL.standby.hasOutput('StandbyName', { Value: { 'Fn::GetAtt': [domain, 'RegionalDomainName'] } });
});

test('one Region that is to take over itself is refused', () => {
  expect(() => estate({ standbyRegion: 'eu-west-1' })).toThrow('both Regions are eu-west-1');
});

test('the documentation states the seconds of the table', () => {
  const source = readFileSync(new URL('standby-takes-over.ts', import.meta.url), 'utf8');
  const { least, most } = CLAIMED_SECONDS.takeOver;
  expect(source).toContain(`${least} s to ${most} s pass`);
});
