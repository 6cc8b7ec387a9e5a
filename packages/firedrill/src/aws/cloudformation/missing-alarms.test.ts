import { expect, test } from 'vitest';
import { TAKE_OVER_ALARM } from '../../../test/take-over-alarm.ts';
import { openTestCloud } from '../cloud.fixture.ts';
import { clientOf, course, statusOf, template } from './stacks.fixture.ts';

/* A primary's stack has a health check on an alarm of the standby's: it cannot be deployed before that. */

const ALARM = { Type: 'AWS::CloudWatch::Alarm', Properties: TAKE_OVER_ALARM };

function check(inverted: boolean): object {
  const AlarmIdentifier = { Name: 'take-over', Region: 'eu-west-1' };
  const HealthCheckConfig = {
    Type: 'CLOUDWATCH_METRIC',
    AlarmIdentifier,
    Inverted: inverted,
    InsufficientDataHealthStatus: 'LastKnownStatus',
  };
  return { Type: 'AWS::Route53::HealthCheck', Properties: { HealthCheckConfig } };
}

test('R53 HC-49: a health check on an alarm that nobody has deployed fails, and says so', async () => {
  const client = clientOf(openTestCloud());
  await client.CreateStack({ StackName: 'primary', TemplateBody: template({ Check: check(false) }) });
  expect(await statusOf(client, 'primary')).toBe('ROLLBACK_COMPLETE');
  expect(await course(client, 'primary')).toContain(
    'Check CREATE_FAILED (none) Resource handler returned message: "Invalid parameter : The alarm take-over does not exist in eu-west-1." (HandlerErrorCode: InvalidRequest)',
  );
});

test('R53 HC-49: it is made once the alarm is there, in its own stack or in another', async () => {
  const client = clientOf(openTestCloud());
  await client.CreateStack({ StackName: 'both', TemplateBody: template({ Alarm: ALARM, Check: check(false) }) });
  expect(await statusOf(client, 'both')).toBe('CREATE_COMPLETE');
  await client.CreateStack({ StackName: 'other', TemplateBody: template({ Check: check(true) }) });
  expect(await statusOf(client, 'other')).toBe('CREATE_COMPLETE');
});

test('R53 HC-49: one that is there stays when the alarm goes, and stops only changes of its own', async () => {
  const client = clientOf(openTestCloud());
  const [standby, other] = [
    template({ Alarm: ALARM }),
    template({ Other: { ...ALARM, Properties: { ...ALARM.Properties, AlarmName: 'other' } } }),
  ];
  await client.CreateStack({ StackName: 'standby', TemplateBody: standby });
  await statusOf(client, 'standby');
  await client.CreateStack({ StackName: 'primary', TemplateBody: template({ Check: check(false) }) });
  expect(await statusOf(client, 'primary')).toBe('CREATE_COMPLETE');
  await client.UpdateStack({ StackName: 'standby', TemplateBody: other });
  expect(await statusOf(client, 'standby')).toBe('UPDATE_COMPLETE');
  await client.UpdateStack({ StackName: 'primary', TemplateBody: template({ Check: check(true) }) });
  expect(await statusOf(client, 'primary')).toBe('UPDATE_ROLLBACK_COMPLETE');
});
