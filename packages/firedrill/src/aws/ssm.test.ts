import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { openTestWorld } from './world.fixture.ts';

const DECLARED = `
  Version: { Type: AWS::SSM::Parameter, Properties: { Type: String, Name: /cdk-bootstrap/hnb659fds/version, Value: '30' } }
`;

async function open() {
  const world = await openTestWorld({ 'eu-west-1': DECLARED });
  return { ...world, ssm: new SSMClient(world.client) };
}

test('what a template declares is read, in its own Region only', async () => {
  const { ssm, client } = await open();
  const asked = new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' });
  expect((await ssm.send(asked)).Parameter).toMatchObject({
    Value: '30',
    Version: 1,
    Type: 'String',
    ARN: 'arn:aws:ssm:eu-west-1:111122223333:parameter/cdk-bootstrap/hnb659fds/version',
  });
  const elsewhere = new SSMClient({ ...client, region: 'us-east-1' });
  await expect(elsewhere.send(asked)).rejects.toMatchObject({
    name: 'ParameterNotFound',
    $metadata: { httpStatusCode: 400 },
  });
});

test('a parameter that is written again is another version', async () => {
  const { ssm } = await open();
  const put = async (Value: string, Overwrite = false): Promise<unknown> =>
    await ssm.send(new PutParameterCommand({ Name: '/app/color', Value, Type: 'String', Overwrite }));
  expect(await put('red')).toMatchObject({ Version: 1, Tier: 'Standard' });
  await expect(put('blue')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  expect(await put('blue', true)).toMatchObject({ Version: 2 });
  await ssm.send(new LabelParameterVersionCommand({ Name: '/app/color', ParameterVersion: 1, Labels: ['old'] }));
  const value = async (Name: string) => (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value;
  expect([await value('/app/color'), await value('/app/color:1'), await value('/app/color:old')]).toEqual([
    'blue',
    'red',
    'red',
  ]);
  await expect(value('/app/color:7')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name: '/app/color' }));
  expect(Parameters.map(({ Version, Labels }) => [Version, Labels])).toEqual([
    [1, ['old']],
    [2, []],
  ]);
});

test('parameters are found by names and by path, and are gone when deleted', async () => {
  const { ssm } = await open();
  for (const Name of ['/app/a', '/app/b', '/app/deep/c', '/apple'])
    await ssm.send(new PutParameterCommand({ Name, Value: 'x', Type: 'String' }));
  const names = async (Recursive: boolean) =>
    (await ssm.send(new GetParametersByPathCommand({ Path: '/app', Recursive }))).Parameters?.map(({ Name }) => Name);
  expect(await names(false)).toEqual(['/app/a', '/app/b']);
  expect(await names(true)).toEqual(['/app/a', '/app/b', '/app/deep/c']);
  await ssm.send(new DeleteParameterCommand({ Name: '/app/a' }));
  const several = await ssm.send(new GetParametersCommand({ Names: ['/app/a', '/app/b'] }));
  expect(several).toMatchObject({ Parameters: [{ Name: '/app/b' }], InvalidParameters: ['/app/a'] });
});

test.each([
  ['aws/a', 'x', "can't be prefixed with"],
  ['a/b', 'x', 'fully qualified'],
  ['/a b', 'x', 'must only consist'],
  [`${'/a'.repeat(16)}`, 'x', 'levels'],
  ['/a', 'x'.repeat(4097), 'maximum parameter value of 4096'],
  ['/a', '', 'length greater than or equal to 1'],
])('the parameter %s with %# is refused', async (Name, Value, says) => {
  const { ssm } = await open();
  const put = ssm.send(new PutParameterCommand({ Name, Value, Type: 'String' }));
  await expect(put).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining(says) as string,
  });
});

test('a secure string is told to those who ask to have it decrypted', async () => {
  const { ssm } = await open();
  await ssm.send(new PutParameterCommand({ Name: '/app/secret', Value: 'hush', Type: 'SecureString' }));
  const told = async (WithDecryption?: boolean): Promise<readonly (string | undefined)[]> => {
    const [Name, asked] = ['/app/secret', { WithDecryption }];
    const one = await ssm.send(new GetParameterCommand({ Name, ...asked }));
    const some = await ssm.send(new GetParametersCommand({ Names: [Name], ...asked }));
    const path = await ssm.send(new GetParametersByPathCommand({ Path: '/app', ...asked }));
    const history = await ssm.send(new GetParameterHistoryCommand({ Name, ...asked }));
    return [one.Parameter, ...[some, path, history].map(({ Parameters = [] }) => Parameters[0])].map(
      (parameter) => parameter?.Value,
    );
  };
  expect(await told(true)).toEqual(['hush', 'hush', 'hush', 'hush']);
  const kept = new Set([...(await told(false)), ...(await told())]);
  expect(kept.size).toBe(1);
  expect(kept).not.toContain('hush');
});
