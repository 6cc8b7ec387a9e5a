import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { LambdaFunction } from '../../model/index.ts';
import { openTestAws } from '../aws.fixture.ts';
import type { TestCloud } from '../cloud.fixture.ts';
import { openTestCloud } from '../cloud.fixture.ts';
import { clientOf, statusOf } from '../cloudformation/stacks.fixture.ts';

const zip = (answer: number): Uint8Array =>
  zipSync({ 'index.mjs': Buffer.from(`export const handler = async () => ${answer};`) });

interface Account {
  readonly test: TestCloud;
  readonly client: LambdaClient;
  /** What runs when the function is called. */
  readonly called: (qualifier?: string) => Promise<LambdaFunction | undefined>;
}

/** An account that has a function `api`. */
async function open(): Promise<Account> {
  const own = openTestCloud();
  const { client: settings } = await openTestAws({ parts: own.cloud });
  const client = new LambdaClient(settings);
  await create(client);
  const called = async (Qualifier?: string): Promise<LambdaFunction | undefined> => {
    let ran: LambdaFunction | undefined;
    own.runs = (fn) => {
      ran = fn;
      return { invocation: { kind: 'returned', payload: null }, log: '' };
    };
    await client.send(new InvokeCommand({ FunctionName: 'api', Qualifier }));
    return ran;
  };
  return { test: own, client, called };
}

async function create(client: LambdaClient): Promise<void> {
  const Environment = { Variables: { COLOR: 'blue' } };
  const Role = 'arn:aws:iam::123456789012:role/r';
  const code = { Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: zip(1) } } as const;
  await client.send(new CreateFunctionCommand({ FunctionName: 'api', Role, Environment, ...code }));
}

const publish = async (client: LambdaClient, Description?: string): Promise<string | undefined> =>
  (await client.send(new PublishVersionCommand({ FunctionName: 'api', Description }))).Version;

const paint = async (client: LambdaClient, COLOR: string): Promise<void> =>
  void (await client.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'api', Environment: { Variables: { COLOR } }, Timeout: 9 }),
  ));

describe('a version that was published', () => {
  test('RS 4.37: keeps its code and its configuration, whatever becomes of its function', async () => {
    const { client, called } = await open();
    const before = await called();
    await publish(client, 'the first');
    await client.send(new UpdateFunctionCodeCommand({ FunctionName: 'api', ZipFile: zip(2) }));
    await paint(client, 'green');
    expect(await called()).toMatchObject({ environment: { COLOR: 'green' }, timeoutSeconds: 9 });
    const version = await called('1');
    expect(version).toEqual({ ...before, arn: `${before?.arn}:1` });
    expect(version?.code).not.toEqual((await called())?.code);
    const of = async (Qualifier?: string) =>
      await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'api', Qualifier }));
    expect(await of('1')).toMatchObject({
      Description: 'the first',
      Timeout: 3,
      Environment: { Variables: { COLOR: 'blue' } },
      Version: '1',
      FunctionArn: `${before?.arn}:1`,
    });
    expect((await of('1')).CodeSha256).not.toBe((await of()).CodeSha256);
    expect(await of()).toMatchObject({ Timeout: 9, Environment: { Variables: { COLOR: 'green' } } });
  });

  test('RS 4.37: is the last one as long as its function does not change', async () => {
    const { client } = await open();
    expect(await publish(client)).toBe('1');
    expect(await publish(client)).toBe('1');
    await paint(client, 'green');
    expect(await publish(client)).toBe('2');
    const { Versions = [] } = await client.send(new ListVersionsByFunctionCommand({ FunctionName: 'api' }));
    expect(Versions.map(({ Version, Timeout }) => [Version, Timeout])).toEqual([
      ['$LATEST', 9],
      ['1', 3],
      ['2', 9],
    ]);
  });

  test('RS 4.37a: has a number that no other version ever gets', async () => {
    const { client } = await open();
    await publish(client);
    await paint(client, 'green');
    expect(await publish(client)).toBe('2');
    await client.send(new DeleteFunctionCommand({ FunctionName: 'api', Qualifier: '2' }));
    await paint(client, 'red');
    expect(await publish(client)).toBe('3');
    await client.send(new DeleteFunctionCommand({ FunctionName: 'api' }));
    await create(client);
    expect(await publish(client)).toBe('4');
  });

  test('is what its alias runs, and what a URL of the alias reaches', async () => {
    const { client, called, test: own } = await open();
    await publish(client);
    await client.send(new CreateAliasCommand({ FunctionName: 'api', Name: 'live', FunctionVersion: '1' }));
    await client.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'api', Qualifier: 'live', AuthType: 'NONE' }));
    const behind = (): unknown => own.cloud.estate.architecture().functionUrls[0]?.functionArn;
    await paint(client, 'green');
    await publish(client);
    expect((await called('live'))?.environment).toEqual({ COLOR: 'blue' });
    expect(behind()).toMatch(/:api:1$/);
    await client.send(new UpdateAliasCommand({ FunctionName: 'api', Name: 'live', FunctionVersion: '2' }));
    expect((await called('live'))?.environment).toEqual({ COLOR: 'green' });
    expect(behind()).toMatch(/:api:2$/);
  });
});

describe('a version of a stack', () => {
  const stack = (answer: number, version: string, more: object = {}): string =>
    JSON.stringify({
      Resources: {
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: 'edge',
            Runtime: 'nodejs22.x',
            Handler: 'index.handler',
            Role: 'arn:aws:iam::123456789012:role/r',
            Code: { ZipFile: `exports.handler = async () => ${answer};` },
          },
        },
        [version]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' }, ...more } },
        Distribution: {
          Type: 'AWS::CloudFront::Distribution',
          Properties: {
            DistributionConfig: {
              Enabled: true,
              Origins: [
                {
                  Id: 'o',
                  DomainName: 'origin.example.org',
                  CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
                },
              ],
              DefaultCacheBehavior: {
                TargetOriginId: 'o',
                ViewerProtocolPolicy: 'allow-all',
                CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
                LambdaFunctionAssociations: [{ EventType: 'viewer-request', LambdaFunctionARN: { Ref: version } }],
              },
            },
          },
        },
      },
    });

  test('RS 4.37a: the edge runs the version that it names, until the template publishes another', async () => {
    const own = openTestCloud();
    const client = clientOf(own, 'us-east-1');
    const deploy = async (TemplateBody: string): Promise<unknown> => {
      const isThere = (await client.ListStacks({})).StackSummaries?.length !== 0;
      await (isThere ? client.UpdateStack : client.CreateStack)({ StackName: 'edge', TemplateBody });
      expect(await statusOf(client, 'edge')).toMatch(/^(?:CREATE|UPDATE)_COMPLETE$/);
      const copies = own.cloud
        .world()
        .replicas.map(({ function: fn, versionArn }) => [
          versionArn.split(':').at(-1),
          fn.code.kind === 'inline' ? fn.code.text : '',
        ]);
      expect(new Set(copies.map(String)).size).toBe(1);
      return copies[0];
    };
    const first = 'exports.handler = async () => 1;';
    expect(await deploy(stack(1, 'One'))).toEqual(['1', first]);
    expect(await deploy(stack(2, 'One'))).toEqual(['1', first]);
    expect(await deploy(stack(3, 'Two'))).toEqual(['2', 'exports.handler = async () => 3;']);
    expect(await deploy(stack(4, 'Two', { Description: 'again' }))).toEqual(['3', 'exports.handler = async () => 4;']);
    expect(own.bugs).toEqual([]);
  });
});

test('code that is uploaded to be published is a version at once', async () => {
  const { client } = await open();
  const upload = async (answer: number): Promise<string | undefined> =>
    (await client.send(new UpdateFunctionCodeCommand({ FunctionName: 'api', ZipFile: zip(answer), Publish: true })))
      .Version;
  expect(await upload(2)).toBe('1');
  expect(await upload(2)).toBe('1');
  expect(await upload(3)).toBe('2');
});

test('an alias is of a version that there is', async () => {
  const { client } = await open();
  const alias = client.send(new CreateAliasCommand({ FunctionName: 'api', Name: 'live', FunctionVersion: '7' }));
  await expect(alias).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a function goes with its address, its aliases and its versions', async () => {
  const { client, test: own } = await open();
  await client.send(new PublishVersionCommand({ FunctionName: 'api' }));
  await client.send(new CreateAliasCommand({ FunctionName: 'api', Name: 'live', FunctionVersion: '1' }));
  await client.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'api', AuthType: 'NONE' }));
  await client.send(new DeleteFunctionCommand({ FunctionName: 'api' }));
  expect(own.cloud.estate.architecture().resources.filter(({ type }) => type.startsWith('AWS::Lambda'))).toEqual([]);
});

test('who may call a function is kept by the ids of statements', async () => {
  const { client } = await open();
  const ask = { FunctionName: 'api', StatementId: 'url', Action: 'lambda:InvokeFunctionUrl', Principal: '*' };
  const add = new AddPermissionCommand({ ...ask, FunctionUrlAuthType: 'NONE' });
  const { Statement = '' } = await client.send(add);
  expect(JSON.parse(Statement)).toMatchObject({
    Sid: 'url',
    Principal: '*',
    Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
  });
  await expect(client.send(add)).rejects.toMatchObject({ name: 'ResourceConflictException' });
  const policy = new GetPolicyCommand({ FunctionName: 'api' });
  expect(JSON.parse((await client.send(policy)).Policy ?? '')).toMatchObject({ Statement: [{ Sid: 'url' }] });
  await client.send(new RemovePermissionCommand({ FunctionName: 'api', StatementId: 'url' }));
  await expect(client.send(policy)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
