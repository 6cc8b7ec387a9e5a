import {
  CreateAliasCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import type { FunctionCode } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { openTestAws } from '../aws.fixture.ts';
import type { TestCloud } from '../cloud.fixture.ts';
import { openTestCloud } from '../cloud.fixture.ts';

const ZIP = zipSync({ 'index.mjs': Buffer.from('export const handler = async () => 1;') });
const ROLE = 'arn:aws:iam::123456789012:role/r';

/** A client of an account that has a function `api`. */
async function open(): Promise<{ readonly client: LambdaClient; readonly test: TestCloud }> {
  const test = openTestCloud();
  const { client: settings } = await openTestAws({ parts: test.cloud });
  const client = new LambdaClient(settings);
  await client.send(
    new CreateFunctionCommand({
      FunctionName: 'api',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: ROLE,
      Code: { ZipFile: ZIP },
      Environment: { Variables: { COLOR: 'blue' } },
      Tags: { team: 'one' },
    }),
  );
  return { client, test };
}

describe('functions through their API', () => {
  test('are made of an archive in the request, listed and described', async () => {
    const { client, test: own } = await open();
    const { Functions = [] } = await client.send(new ListFunctionsCommand());
    expect(Functions.map(({ FunctionName }) => FunctionName)).toEqual(['api']);
    const { Configuration, Tags } = await client.send(new GetFunctionCommand({ FunctionName: 'api' }));
    expect(Configuration).toMatchObject({
      FunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:api',
      Runtime: 'nodejs22.x',
      Timeout: 3,
      MemorySize: 128,
      Environment: { Variables: { COLOR: 'blue' } },
      State: 'Active',
      Version: '$LATEST',
    });
    expect(Tags).toEqual({ team: 'one' });
    expect(own.cloud.estate.architecture().functions[0]?.code).toMatchObject({ kind: 'directory' });
  });

  test('are made of an archive in a bucket, of which they keep a copy', async () => {
    const own = openTestCloud();
    const { client: settings } = await openTestAws({ parts: own.cloud });
    const [client, s3] = [new LambdaClient(settings), new S3({ ...settings, forcePathStyle: true })];
    await s3.createBucket({ Bucket: 'code-of-mine' });
    const [Bucket, Key] = ['code-of-mine', 'app/code.zip'];
    await s3.putObject({ Bucket, Key, Body: ZIP });
    const create = async (FunctionName: string, at: FunctionCode): Promise<unknown> =>
      await client.send(
        new CreateFunctionCommand({
          FunctionName,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: ROLE,
          Code: at,
        }),
      );
    await create('api', { S3Bucket: Bucket, S3Key: Key });
    const code = () => own.cloud.estate.architecture().functions[0]?.code;
    const before = code();
    expect(before).toMatchObject({ kind: 'directory' });
    await s3.putObject({ Bucket, Key, Body: zipSync({ 'index.mjs': Buffer.from('export const handler = 2;') }) });
    expect(code()).toEqual(before);
    await client.send(new UpdateFunctionCodeCommand({ FunctionName: 'api', S3Bucket: Bucket, S3Key: Key }));
    expect(code()).not.toEqual(before);
    for (const [at, says] of [
      [
        { S3Bucket: Bucket, S3Key: 'none.zip' },
        /S3 Error Code: NoSuchKey\. S3 Error Message: The specified key does not exist\.$/,
      ],
      [{ S3Bucket: 'none-of-mine', S3Key: Key }, /S3 Error Code: NoSuchBucket\./],
      [{}, /^Please provide a source for function code\.$/],
    ] as const)
      await expect(create('other', at)).rejects.toMatchObject({
        name: 'InvalidParameterValueException',
        message: expect.stringMatching(says),
      });
  });

  test('are changed, and the estate with them', async () => {
    const { client, test: own } = await open();
    const fn = () => own.cloud.estate.architecture().functions[0];
    const before = fn()?.code;
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'api', Timeout: 9, MemorySize: 512 }));
    expect(fn()).toMatchObject({ timeoutSeconds: 9, memoryMb: 512, environment: { COLOR: 'blue' } });
    const other = zipSync({ 'index.mjs': Buffer.from('export const handler = async () => 2;') });
    await client.send(new UpdateFunctionCodeCommand({ FunctionName: 'api', ZipFile: other }));
    expect(fn()?.code).not.toEqual(before);
    await client.send(new TagResourceCommand({ Resource: fn()?.arn, Tags: { team: 'two' } }));
    expect((await client.send(new ListTagsCommand({ Resource: fn()?.arn }))).Tags).toEqual({ team: 'two' });
    await client.send(new DeleteFunctionCommand({ FunctionName: 'api' }));
    expect(own.cloud.estate.architecture().functions).toEqual([]);
  });

  test('RS 4.20a: broken archives and values that cannot be are refused, and nothing changes', async () => {
    const { client, test: own } = await open();
    const before = own.cloud.estate.architecture().functions;
    const broken = client.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'api', ZipFile: Buffer.from('PK no archive') }),
    );
    await expect(broken).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    const timeout = client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'api', Timeout: 1000 }));
    await expect(timeout).rejects.toThrow('it must be from 1 to 900');
    expect(own.cloud.estate.architecture().functions).toEqual(before);
  });

  test('RS 4.25: one that is not there is 404 with its ARN', async () => {
    const { client } = await open();
    await expect(client.send(new InvokeCommand({ FunctionName: 'gone' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:eu-west-1:123456789012:function:gone',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(
      client.send(new GetFunctionConfigurationCommand({ FunctionName: 'api', Qualifier: 'live' })),
    ).rejects.toThrow('function:api:live');
  });

  test('a name that is taken is refused', async () => {
    const { client } = await open();
    const again = new CreateFunctionCommand({ FunctionName: 'api', Role: ROLE, Code: { ZipFile: ZIP } });
    await expect(client.send(again)).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });
});

describe('calling a function', () => {
  const text = (payload: Uint8Array | undefined): unknown => JSON.parse(Buffer.from(payload ?? []).toString());

  test('gives what it returns, and what it has written when asked', async () => {
    const { client, test: own } = await open();
    const seen: unknown[] = [];
    own.runs = (fn, payload) => {
      seen.push([fn.name, payload]);
      return { invocation: { kind: 'returned', payload: { ok: true } }, log: 'hello\n' };
    };
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'api', Payload: Buffer.from('{"a":1}'), LogType: 'Tail' }),
    );
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
    expect(text(answer.Payload)).toEqual({ ok: true });
    expect(Buffer.from(answer.LogResult ?? '', 'base64').toString()).toMatch(/^START [^\n]*\nhello\nEND /);
    expect(seen).toEqual([['api', { a: 1 }]]);
  });

  test('RS 4.17, 4.18: an error of the function is a 200 that says so', async () => {
    const { client, test: own } = await open();
    const failing = async (errorType: string, errorMessage: string): Promise<unknown> => {
      own.runs = () => ({ invocation: { kind: 'failed', errorType, errorMessage }, log: '' });
      const answer = await client.send(new InvokeCommand({ FunctionName: 'api' }));
      expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
      return text(answer.Payload);
    };
    expect(await failing('TypeError', 'x is not a function')).toEqual({
      errorType: 'TypeError',
      errorMessage: 'x is not a function',
    });
    expect(await failing('Sandbox.Timedout', 'Error: Task timed out after 3.00 seconds')).toMatchObject({
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 3\.00 seconds$/),
    });
  });

  test('RS 4.14: gives results and reports as the function wrote them', async () => {
    const { client, test: own } = await open();
    own.runs = () => ({
      invocation: { kind: 'returned', payload: { id: 1e19 }, text: '{"id": 12345678901234567890}' },
      log: '',
    });
    const written = async (): Promise<string> => {
      const { Payload = [] } = await client.send(new InvokeCommand({ FunctionName: 'api' }));
      return Buffer.from(Payload).toString();
    };
    expect(await written()).toBe('{"id": 12345678901234567890}');
    const report = '{"errorType":"Error","errorMessage":"no","trace":["Error: no","    at handler"]}';
    own.runs = () => ({ invocation: { kind: 'failed', errorType: 'Error', errorMessage: 'no', report }, log: '' });
    expect(await written()).toBe(report);
  });

  test('a payload that nests without end is refused, whether somebody waits for the answer or not', async () => {
    const { client, test: own } = await open();
    own.runs = () => expect.fail('nothing runs');
    const Payload = Buffer.from('['.repeat(100_000) + ']'.repeat(100_000));
    for (const InvocationType of ['RequestResponse', 'Event'] as const)
      await expect(
        client.send(new InvokeCommand({ FunctionName: 'api', InvocationType, Payload })),
      ).rejects.toMatchObject({
        name: 'InvalidRequestContentException',
      });
  });

  test('may wait for nothing, or run nothing', async () => {
    const { client, test: own } = await open();
    let runs = 0;
    own.runs = () => {
      runs += 1;
      return { invocation: { kind: 'returned', payload: null }, log: '' };
    };
    expect(await client.send(new InvokeCommand({ FunctionName: 'api', InvocationType: 'DryRun' }))).toMatchObject({
      StatusCode: 204,
    });
    expect(runs).toBe(0);
    expect(await client.send(new InvokeCommand({ FunctionName: 'api', InvocationType: 'Event' }))).toMatchObject({
      StatusCode: 202,
    });
    expect(runs).toBe(1);
  });

  test('RS 4.20: payloads that are too large, or no JSON, are refused', async () => {
    const { client } = await open();
    const large = new InvokeCommand({ FunctionName: 'api', Payload: Buffer.from(`"${'x'.repeat(6 * 1024 * 1024)}"`) });
    await expect(client.send(large)).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
    const odd = new InvokeCommand({ FunctionName: 'api', Payload: Buffer.from('{') });
    await expect(client.send(odd)).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  });

  test('RS 4.24: without concurrency every call is throttled, until there is some again', async () => {
    const { client } = await open();
    const reserve = (ReservedConcurrentExecutions: number) =>
      client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'api', ReservedConcurrentExecutions }));
    await reserve(0);
    await expect(client.send(new InvokeCommand({ FunctionName: 'api' }))).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
    await reserve(5);
    expect(await client.send(new InvokeCommand({ FunctionName: 'api' }))).toMatchObject({ StatusCode: 200 });
  });
});

describe('versions, aliases and addresses', () => {
  test('are published, named and listed', async () => {
    const { client } = await open();
    expect((await client.send(new PublishVersionCommand({ FunctionName: 'api' }))).Version).toBe('1');
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'api', MemorySize: 256 }));
    expect((await client.send(new PublishVersionCommand({ FunctionName: 'api' }))).Version).toBe('2');
    await client.send(new CreateAliasCommand({ FunctionName: 'api', Name: 'live', FunctionVersion: '2' }));
    expect(await client.send(new GetAliasCommand({ FunctionName: 'api', Name: 'live' }))).toMatchObject({
      AliasArn: 'arn:aws:lambda:eu-west-1:123456789012:function:api:live',
      FunctionVersion: '2',
    });
    const { Versions = [] } = await client.send(new ListVersionsByFunctionCommand({ FunctionName: 'api' }));
    expect(Versions.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
    const answer = await client.send(new InvokeCommand({ FunctionName: 'api', Qualifier: 'live' }));
    expect(answer.ExecutedVersion).toBe('2');
  });

  test('RS 4.26: a URL is one of the world', async () => {
    const { client, test: own } = await open();
    const made = await client.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'api', AuthType: 'NONE' }));
    expect(made.FunctionUrl).toMatch(/^https:\/\/[a-z0-9]{32}\.lambda-url\.eu-west-1\.on\.aws\/$/);
    const read = await client.send(new GetFunctionUrlConfigCommand({ FunctionName: 'api' }));
    expect(read.FunctionUrl).toBe(made.FunctionUrl);
    const host = new URL(made.FunctionUrl ?? '').host;
    const [asker] = own.cloud.world().vantages;
    expect(asker && own.cloud.world().endpointsBehind(host, asker)).toMatchObject([{ kind: 'function-url' }]);
  });
});
