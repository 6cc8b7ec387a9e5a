import { expect, test } from 'vitest';
import type { TestCloud } from '../cloud.fixture.ts';
import { openTestCloud } from '../cloud.fixture.ts';
import type { Client } from './stacks.fixture.ts';
import { bucket, clientOf, codeOf, course, record, statusOf, template } from './stacks.fixture.ts';

const ASSETS = 'assets-eu-west-1';

/** An account with a bucket for templates. */
async function opened(): Promise<{ account: TestCloud; client: Client }> {
  const account = openTestCloud();
  await account.cloud.estate.putResource({
    region: 'eu-west-1',
    type: 'AWS::S3::Bucket',
    properties: { BucketName: ASSETS },
  });
  return { account, client: clientOf(account) };
}

function upload({ cloud }: TestCloud, key: string, text: string): void {
  const object = { bytes: text.length, text, contentType: 'application/json' };
  cloud.perform({ kind: 'put-object', bucket: ASSETS, key, object });
}

/** As CDK writes it. */
const nested = (key: string, Parameters: object = {}, more: object = {}): object => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: {
    TemplateURL: {
      'Fn::Join': ['', ['https://s3.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, `/${ASSETS}/${key}`]],
    },
    Parameters,
  },
  ...more,
});

const PARAMETERS = { Address: { Type: 'String' } };
const site = (name: string, more: object = {}): string =>
  template(
    { Record: record(name, { ResourceRecords: [{ Ref: 'Address' }] }), ...more },
    { Parameters: PARAMETERS, Outputs: { Name: { Value: { Ref: 'Record' } } } },
  );

const outer = (key: string, address = '192.0.2.5'): string =>
  template(
    { Site: nested(key, { Address: address }), Alias: record('alias.example.com') },
    { Outputs: { Site: { Value: { 'Fn::GetAtt': ['Site', 'Outputs.Name'] } }, Id: { Value: { Ref: 'Site' } } } },
  );

const addresses = (account: TestCloud): Record<string, readonly string[]> =>
  Object.fromEntries(account.cloud.world().architecture.recordSets.map(({ name, values }) => [name, values]));

async function described(client: Client, name: string) {
  const { Stacks: [stack] = [] } = await client.DescribeStacks({ StackName: name });
  const outputs = Object.fromEntries((stack?.Outputs ?? []).map((each) => [each.OutputKey, each.OutputValue]));
  return { stack, outputs };
}

test('a nested stack gets its parameters from the outer one, which has its outputs (RS 8.27b)', async () => {
  const { account, client } = await opened();
  upload(account, 'one.json', site('site.example.com'));
  await client.CreateStack({ StackName: 'app', TemplateBody: outer('one.json') });
  const { stack, outputs } = await described(client, 'app');
  expect([stack?.StackStatus, outputs['Site']]).toEqual(['CREATE_COMPLETE', 'site.example.com']);
  expect(addresses(account)).toEqual({ 'site.example.com': ['192.0.2.5'], 'alias.example.com': ['192.0.2.1'] });
  const id = outputs['Id'] ?? '';
  expect(id).toMatch(/^arn:aws:cloudformation:eu-west-1:123456789012:stack\/app-Site-[0-9A-Z]{12}\/[0-9a-f-]{36}$/);
  const inner = await described(client, id);
  expect(inner.stack).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    ParentId: stack?.StackId,
    RootId: stack?.StackId,
    Parameters: [{ ParameterKey: 'Address', ParameterValue: '192.0.2.5' }],
  });
  expect(await course(client, id)).toEqual([
    'STACK CREATE_IN_PROGRESS User Initiated',
    'Record CREATE_IN_PROGRESS (none)',
    'Record CREATE_IN_PROGRESS Resource creation Initiated',
    'Record CREATE_COMPLETE',
    'STACK CREATE_COMPLETE',
  ]);
  expect((await course(client, 'app')).filter((line) => line.startsWith('Site'))).toEqual([
    'Site CREATE_IN_PROGRESS (none)',
    'Site CREATE_IN_PROGRESS Resource creation Initiated',
    'Site CREATE_COMPLETE',
  ]);
  const { StackResources: all = [] } = await client.DescribeStackResources({ StackName: 'app' });
  expect(all.find((each) => each.LogicalResourceId === 'Site')?.PhysicalResourceId).toBe(id);
  expect(account.bugs).toEqual([]);
});

test('it changes with the outer one, keeps what was done by hand, and goes with it', async () => {
  const { account, client } = await opened();
  upload(account, 'one.json', site('site.example.com'));
  upload(account, 'two.json', site('site.example.com', { More: record('more.example.com') }));
  await client.CreateStack({ StackName: 'app', TemplateBody: outer('one.json') });
  const { outputs } = await described(client, 'app');
  const id = outputs['Id'] ?? '';
  const again = client.UpdateStack({ StackName: 'app', TemplateBody: outer('one.json') });
  expect(await codeOf(again)).toBe('ValidationError: No updates are to be performed.');
  const made = account.cloud.estate.architecture().resources.find(({ logicalId }) => logicalId === 'Record');
  await account.cloud.estate.changeResource(made?.physicalId ?? '', {
    HostedZoneId: 'Z0EXAMPLE',
    Name: 'site.example.com',
    Type: 'A',
    TTL: '60',
    ResourceRecords: ['192.0.2.99'],
  });
  await client.UpdateStack({ StackName: 'app', TemplateBody: outer('two.json') });
  expect(await statusOf(client, 'app')).toBe('UPDATE_COMPLETE');
  expect(addresses(account)).toMatchObject({ 'site.example.com': ['192.0.2.99'], 'more.example.com': ['192.0.2.1'] });
  expect((await described(client, 'app')).outputs['Id']).toBe(id);
  expect((await course(client, id)).slice(5)).toEqual([
    'STACK UPDATE_IN_PROGRESS User Initiated',
    'More CREATE_IN_PROGRESS (none)',
    'More CREATE_IN_PROGRESS Resource creation Initiated',
    'More CREATE_COMPLETE',
    'STACK UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'STACK UPDATE_COMPLETE',
  ]);
  await client.UpdateStack({ StackName: 'app', TemplateBody: outer('two.json', '192.0.2.6') });
  expect(await statusOf(client, 'app')).toBe('UPDATE_COMPLETE');
  expect(addresses(account)['site.example.com']).toEqual(['192.0.2.6']);
  expect(await codeOf(client.DeleteStack({ StackName: id }))).toContain('is nested in');
  await client.DeleteStack({ StackName: 'app' });
  expect(await statusOf(client, id)).toBe('DELETE_COMPLETE');
  expect(addresses(account)).toEqual({});
  expect(account.bugs).toEqual([]);
});

test('one that fails fails its resource, in the words of AWS, and leaves nothing behind (RS 8.27c)', async () => {
  const { account, client } = await opened();
  upload(account, 'bad.json', site('site.example.com', { Wrong: record('wrong.elsewhere.org', { Type: 'NONE' }) }));
  await client.CreateStack({ StackName: 'app', TemplateBody: outer('bad.json') });
  expect(await statusOf(client, 'app')).toBe('ROLLBACK_COMPLETE');
  const lines = await course(client, 'app');
  expect(lines.find((line) => line.startsWith('Site CREATE_FAILED'))).toMatch(
    /^Site CREATE_FAILED \(none\) Embedded stack arn:\S+:stack\/app-Site-\w+\/\S+ was not successfully created: The following resource\(s\) failed to create: \[Wrong\]\.$/,
  );
  expect(lines.at(-1)).toBe('STACK ROLLBACK_COMPLETE');
  const id = /Embedded stack (\S+)/.exec(lines.join('\n'))?.[1] ?? '';
  const statuses = (await course(client, id)).map((line) => line.split(' ').slice(0, 2).join(' '));
  expect(statuses).toEqual([
    'STACK CREATE_IN_PROGRESS',
    'Record CREATE_IN_PROGRESS',
    'Record CREATE_IN_PROGRESS',
    'Record CREATE_COMPLETE',
    'Wrong CREATE_IN_PROGRESS',
    'Wrong CREATE_FAILED',
    'STACK CREATE_FAILED',
    'STACK DELETE_IN_PROGRESS',
    'Record DELETE_IN_PROGRESS',
    'Record DELETE_COMPLETE',
    'STACK DELETE_COMPLETE',
  ]);
  expect(addresses(account)).toEqual({});
  expect(account.bugs).toEqual([]);
});

test('an update that fails in it leaves both as they were', async () => {
  const { account, client } = await opened();
  upload(account, 'one.json', site('site.example.com'));
  upload(account, 'bad.json', site('site.example.com', { Wrong: record('wrong.elsewhere.org', { Type: 'NONE' }) }));
  await client.CreateStack({ StackName: 'app', TemplateBody: outer('one.json') });
  const { outputs } = await described(client, 'app');
  await client.UpdateStack({ StackName: 'app', TemplateBody: outer('bad.json') });
  expect(await statusOf(client, 'app')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await statusOf(client, outputs['Id'] ?? '')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(addresses(account)).toEqual({ 'site.example.com': ['192.0.2.5'], 'alias.example.com': ['192.0.2.1'] });
  expect(account.bugs).toEqual([]);
});

test('stacks nest in nested ones, and a template that holds itself fails', async () => {
  const { account, client } = await opened();
  upload(account, 'leaf.json', site('leaf.example.com'));
  const branch = template(
    { Leaf: nested('leaf.json', { Address: { Ref: 'Address' } }) },
    { Parameters: PARAMETERS, Outputs: { Name: { Value: { 'Fn::GetAtt': ['Leaf', 'Outputs.Name'] } } } },
  );
  upload(account, 'branch.json', branch);
  await client.CreateStack({ StackName: 'app', TemplateBody: outer('branch.json') });
  const { stack, outputs } = await described(client, 'app');
  expect([stack?.StackStatus, outputs['Site']]).toEqual(['CREATE_COMPLETE', 'leaf.example.com']);
  const { StackSummaries: all = [] } = await client.ListStacks({});
  const leaf = all.find(({ StackName: name }) => name?.includes('-Leaf-'));
  expect([leaf?.RootId, leaf?.ParentId]).toEqual([stack?.StackId, outputs['Id']]);
  upload(account, 'endless.json', template({ Again: nested('endless.json') }));
  await client.CreateStack({ StackName: 'endless', TemplateBody: template({ Again: nested('endless.json') }) });
  expect(await statusOf(client, 'endless')).toBe('ROLLBACK_COMPLETE');
  expect(account.bugs).toEqual([]);
});

test('a template that is not there fails the resource; a full bucket in it keeps both from going', async () => {
  const { account, client } = await opened();
  await client.CreateStack({ StackName: 'none', TemplateBody: outer('none.json') });
  expect(await statusOf(client, 'none')).toBe('ROLLBACK_COMPLETE');
  const failed = (await course(client, 'none')).find((line) => line.includes('CREATE_FAILED'));
  expect(failed).toBe('Site CREATE_FAILED (none) S3 error: The specified key does not exist.');
  upload(account, 'full.json', site('site.example.com', { Full: bucket('full') }));
  await client.CreateStack({ StackName: 'app', TemplateBody: outer('full.json') });
  expect(await statusOf(client, 'app')).toBe('CREATE_COMPLETE');
  const object = { bytes: 1, text: 'a', contentType: 'text/plain' };
  account.cloud.perform({ kind: 'put-object', bucket: 'full', key: 'k', object });
  const { outputs } = await described(client, 'app');
  await client.DeleteStack({ StackName: 'app' });
  expect(await statusOf(client, 'app')).toBe('DELETE_FAILED');
  expect(await statusOf(client, outputs['Id'] ?? '')).toBe('DELETE_FAILED');
  account.cloud.perform({ kind: 'delete-object', bucket: 'full', key: 'k' });
  await client.DeleteStack({ StackName: 'app' });
  expect(await statusOf(client, outputs['Id'] ?? '')).toBe('DELETE_COMPLETE');
  expect(account.cloud.world().architecture.buckets.map(({ name }) => name)).toEqual([ASSETS]);
  expect(account.bugs).toEqual([]);
});

test('what a nested template retains stays when an update takes it out, with its stack or without', async () => {
  const { account, client } = await opened();
  const kept = (name: string): object => ({ ...bucket(name), DeletionPolicy: 'Retain' });
  upload(account, 'two.json', site('site.example.com', { One: kept('one'), Two: kept('two'), Gone: bucket('gone') }));
  upload(account, 'one.json', site('site.example.com', { Two: kept('two') }));
  const buckets = (): readonly string[] =>
    account.cloud
      .world()
      .architecture.buckets.map(({ name }) => name)
      .toSorted();
  await client.CreateStack({ StackName: 'app', TemplateBody: outer('two.json') });
  expect(await statusOf(client, 'app')).toBe('CREATE_COMPLETE');
  await client.UpdateStack({ StackName: 'app', TemplateBody: outer('one.json') });
  expect(await statusOf(client, 'app')).toBe('UPDATE_COMPLETE');
  expect(buckets()).toEqual([ASSETS, 'one', 'two']);
  await client.UpdateStack({ StackName: 'app', TemplateBody: template({ Alias: record('alias.example.com') }) });
  expect(await statusOf(client, 'app')).toBe('UPDATE_COMPLETE');
  expect(buckets()).toEqual([ASSETS, 'one', 'two']);
  expect(account.bugs).toEqual([]);
});
