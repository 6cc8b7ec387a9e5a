import { expect, test } from 'vitest';
import type { TestCloud } from '../cloud.fixture.ts';
import { openTestCloud } from '../cloud.fixture.ts';
import { ssm } from '../services/ssm.ts';
import type { Client } from './stacks.fixture.ts';
import { clientOf, codeOf, record, statusOf, template } from './stacks.fixture.ts';

/** Writes a parameter by Systems Manager's own API. */
async function put(account: TestCloud, Name: string, Value: string): Promise<void> {
  await ssm(account.cloud).PutParameter?.({ Name, Value, Type: 'String', Overwrite: true }, account.call('eu-west-1'));
}

const addresses = (account: TestCloud): Record<string, readonly string[]> =>
  Object.fromEntries(account.cloud.estate.architecture().recordSets.map(({ name, values }) => [name, values]));

async function deployed(client: Client, TemplateBody: string): Promise<string | undefined> {
  await client.CreateStack({ StackName: 'app', TemplateBody });
  return await statusOf(client, 'app');
}

const at = (name: string, address: string, ttl = '60'): object =>
  record(name, { ResourceRecords: [address], TTL: ttl });

test('a dynamic reference is the value that was put by the API, of a version where one is named (RS 8.12)', async () => {
  const account = openTestCloud();
  const client = clientOf(account);
  await put(account, '/app/address', '192.0.2.7');
  await put(account, '/app/address', '192.0.2.8');
  const resources = {
    New: at('new.example.com', '{{resolve:ssm:/app/address}}'),
    Old: at('old.example.com', '{{resolve:ssm:/app/address:1}}'),
  };
  expect(await deployed(client, template(resources))).toBe('CREATE_COMPLETE');
  expect(addresses(account)).toMatchObject({ 'new.example.com': ['192.0.2.8'], 'old.example.com': ['192.0.2.7'] });
});

test('another value is no change by itself, and is what a resource gets that changes (RS 8.12a)', async () => {
  const account = openTestCloud();
  const client = clientOf(account);
  await put(account, '/app/address', '192.0.2.7');
  const resources = (ttl: string): object => ({
    A: at('a.example.com', '{{resolve:ssm:/app/address}}', ttl),
    B: at('b.example.com', '{{resolve:ssm:/app/address}}'),
  });
  await deployed(client, template(resources('60')));
  await put(account, '/app/address', '192.0.2.8');
  const again = client.UpdateStack({ StackName: 'app', TemplateBody: template(resources('60')) });
  expect(await codeOf(again)).toBe('ValidationError: No updates are to be performed.');
  await client.UpdateStack({ StackName: 'app', TemplateBody: template(resources('61')) });
  expect(await statusOf(client, 'app')).toBe('UPDATE_COMPLETE');
  expect(addresses(account)).toMatchObject({ 'a.example.com': ['192.0.2.8'], 'b.example.com': ['192.0.2.7'] });
});

test('a change set sees the new value of a parameter that the template takes from the store (RS 8.12a)', async () => {
  const account = openTestCloud();
  const client = clientOf(account);
  await put(account, '/app/address', '192.0.2.7');
  const Parameters = { Address: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/app/address' } };
  const resources = { A: record('a.example.com', { ResourceRecords: [{ Ref: 'Address' }] }) };
  await deployed(client, template(resources, { Parameters }));
  expect(addresses(account)['a.example.com']).toEqual(['192.0.2.7']);
  await put(account, '/app/address', '192.0.2.8');
  // Nothing happens before somebody deploys.
  expect(addresses(account)['a.example.com']).toEqual(['192.0.2.7']);
  const set = await client.CreateChangeSet({ StackName: 'app', ChangeSetName: 'next', UsePreviousTemplate: true });
  const described = await client.DescribeChangeSet({ ChangeSetName: set.Id });
  expect(described.Changes?.map(({ ResourceChange: change }) => change?.LogicalResourceId)).toEqual(['A']);
  await client.ExecuteChangeSet({ ChangeSetName: set.Id });
  const { Stacks: [stack] = [] } = await client.DescribeStacks({ StackName: 'app' });
  expect([stack?.StackStatus, stack?.Parameters?.[0]?.ResolvedValue]).toEqual(['UPDATE_COMPLETE', '192.0.2.8']);
  expect(addresses(account)['a.example.com']).toEqual(['192.0.2.8']);
});

test('a reference to what is not in the store refuses the operation (RS 8.12b)', async () => {
  const client = clientOf(openTestCloud());
  const body = template({ A: at('a.example.com', '{{resolve:ssm:/none}}') });
  expect(await codeOf(client.CreateStack({ StackName: 'app', TemplateBody: body }))).toBe(
    'ValidationError: Parameters: [ssm:/none] cannot be found.',
  );
});

test("CDK's reader gets what its writer in another Region's stack has put, and no reference of it is refused", async () => {
  const account = openTestCloud();
  const name = '/cdk/exports/app/Address';
  const resources = (type: string, properties: object): object => ({
    Own: {
      Type: type,
      Properties: { ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:own', ...properties },
    },
  });
  const writer = resources('Custom::CrossRegionExportWriter', {
    WriterProps: { region: 'eu-west-1', exports: { [name]: '192.0.2.9' } },
  });
  const reader = resources('Custom::CrossRegionExportReader', {
    ReaderProps: { region: 'eu-west-1', prefix: 'app', imports: { [name]: `{{resolve:ssm:${name}}}` } },
  });
  await deployed(clientOf(account, 'us-east-1'), template(writer));
  const A = record('a.example.com', { ResourceRecords: [{ 'Fn::GetAtt': ['Own', name] }] });
  expect(await deployed(clientOf(account), template({ ...reader, A }))).toBe('CREATE_COMPLETE');
  expect(addresses(account)).toMatchObject({ 'a.example.com': ['192.0.2.9'] });
});
