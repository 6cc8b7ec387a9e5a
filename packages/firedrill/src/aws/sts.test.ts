import {
  AssumeRoleCommand,
  DecodeAuthorizationMessageCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { ACCOUNT, KEY, openTestAws } from './aws.fixture.ts';

test('a key that is known is told whose it is', async () => {
  const { client } = await openTestAws();
  const identity = await new STSClient(client).send(new GetCallerIdentityCommand());
  expect(identity).toMatchObject({ Account: ACCOUNT, Arn: KEY.arn, UserId: KEY.userId });
});

test('keys of an assumed role sign requests where signatures count', async () => {
  const { client } = await openTestAws({ strictAuth: true });
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/cdk/deploy`;
  const assumed = await new STSClient(client).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const identity = await new STSClient({ ...client, credentials }).send(new GetCallerIdentityCommand());
  expect(identity.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/me`);
  const stolen = new STSClient({ ...client, credentials: { ...credentials, sessionToken: 'another' } });
  await expect(stolen.send(new GetCallerIdentityCommand())).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});

test('a role of another account is not assumed', async () => {
  const { client } = await openTestAws();
  const RoleArn = 'arn:aws:iam::999999999999:role/deploy';
  const asked = new STSClient(client).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  await expect(asked).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
});

test('an operation without an answer is refused as an unknown one, and counted', async () => {
  const { aws, client } = await openTestAws();
  const asked = (): Promise<unknown> =>
    new STSClient(client).send(new DecodeAuthorizationMessageCommand({ EncodedMessage: 'x' }));
  await expect(asked()).rejects.toMatchObject({ name: 'InvalidAction' });
  await expect(asked()).rejects.toThrow('Could not find operation DecodeAuthorizationMessage');
  expect(aws.askedInVain()).toEqual([
    { service: 'STS', operation: 'DecodeAuthorizationMessage', region: 'eu-west-1', count: 2 },
  ]);
});
