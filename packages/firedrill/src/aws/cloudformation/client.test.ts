import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListImportsCommand,
  RollbackStackCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openTestAws } from '../aws.fixture.ts';
import { openTestCloud } from '../cloud.fixture.ts';

/* The SDK's own client, over loopback. */

async function open(): Promise<CloudFormationClient> {
  const { cloud } = openTestCloud();
  const { client } = await openTestAws({ parts: cloud });
  const sdk = new CloudFormationClient(client);
  onTestFinished(() => sdk.destroy());
  return sdk;
}

const record = (name: string | object, ttl = '60'): object => ({
  Type: 'AWS::Route53::RecordSet',
  Properties: { HostedZoneId: 'Z0EXAMPLE', Name: name, Type: 'A', TTL: ttl, ResourceRecords: ['192.0.2.1'] },
});

const giver = (name: string): string =>
  JSON.stringify({
    Resources: { R: record('a.example.com') },
    Outputs: { Name: { Value: name, Export: { Name: 'the-name' } } },
  });
const TAKER = JSON.stringify({ Resources: { R: record({ 'Fn::ImportValue': 'the-name' }) } });

async function errorOf(answer: Promise<unknown>): Promise<string> {
  const error: unknown = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof Error ? `${error.name}: ${error.message}` : 'no error';
}

async function statusOf(client: CloudFormationClient, StackName: string): Promise<string | undefined> {
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  return stack?.StackStatus;
}

describe("the SDK's client", () => {
  test('creates a stack, waits for it without asking twice, and reads its events (RS 8.27)', async () => {
    const client = await open();
    await client.send(
      new CreateStackCommand({ StackName: 'shop', TemplateBody: giver('a'), ClientRequestToken: 'token' }),
    );
    const waited = await waitUntilStackCreateComplete({ client, maxWaitTime: 600 }, { StackName: 'shop' });
    expect(waited.state).toBe('SUCCESS');
    const { StackEvents: [last, made] = [] } = await client.send(new DescribeStackEventsCommand({ StackName: 'shop' }));
    expect(last).toMatchObject({ ResourceType: 'AWS::CloudFormation::Stack', ResourceStatus: 'CREATE_COMPLETE' });
    expect(made).toMatchObject({
      StackName: 'shop',
      LogicalResourceId: 'R',
      PhysicalResourceId: 'a.example.com',
      ResourceType: 'AWS::Route53::RecordSet',
      ResourceStatus: 'CREATE_COMPLETE',
      ResourceProperties: expect.stringContaining('"TTL":"60"') as string,
      ClientRequestToken: 'token',
    });
    expect(made?.StackId).toMatch(/^arn:aws:cloudformation:eu-west-1:123456789012:stack\/shop\/[0-9a-f-]{36}$/);
    expect(made?.Timestamp).toBeInstanceOf(Date);
    expect(made?.EventId).toMatch(/^R-CREATE_COMPLETE-/);
  });

  test('gets the errors that clients match on (RS 8.13, 8.15, 8.26, 8.26a)', async () => {
    const client = await open();
    const create = (TemplateBody: string, StackName = 'shop'): Promise<unknown> =>
      client.send(new CreateStackCommand({ StackName, TemplateBody }));
    await create(giver('a'));
    expect(await errorOf(create(giver('a')))).toBe('AlreadyExistsException: Stack [shop] already exists');
    expect(await errorOf(statusOf(client, 'shed'))).toBe('ValidationError: Stack with id shed does not exist');
    expect(await errorOf(client.send(new UpdateStackCommand({ StackName: 'shed', TemplateBody: TAKER })))).toBe(
      'ValidationError: Stack [shed] does not exist',
    );
    expect(await errorOf(client.send(new DescribeChangeSetCommand({ StackName: 'shop', ChangeSetName: 'none' })))).toBe(
      'ChangeSetNotFoundException: ChangeSet [none] does not exist',
    );
    expect(await errorOf(create('{"Resources":{}}', 'other'))).toBe(
      'ValidationError: Template format error: At least one Resources member must be defined.',
    );
    expect(await errorOf(create(JSON.stringify({ Resources: { R: record({ Ref: 'Nothing' }) } }), 'other'))).toBe(
      'ValidationError: Template format error: Unresolved resource dependencies [Nothing] in the Resources block of the template',
    );
    const role = JSON.stringify({ Resources: { R: { Type: 'AWS::IAM::Role', Properties: {} } } });
    expect(await errorOf(create(role, 'other'))).toBe(
      'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]',
    );
    expect(await errorOf(create(`{"Resources":{},"Description":"${'x'.repeat(51_200)}"}`, 'other'))).toMatch(/51200/);
  });

  test('cannot take away or change what another stack imports (RS 8.6)', async () => {
    const client = await open();
    await client.send(new CreateStackCommand({ StackName: 'giver', TemplateBody: giver('b.example.com') }));
    await statusOf(client, 'giver');
    await client.send(new CreateStackCommand({ StackName: 'taker', TemplateBody: TAKER }));
    expect(await statusOf(client, 'taker')).toBe('CREATE_COMPLETE');
    const { Exports: exported } = await client.send(new ListExportsCommand({}));
    expect(exported).toMatchObject([{ Name: 'the-name', Value: 'b.example.com' }]);
    expect((await client.send(new ListImportsCommand({ ExportName: 'the-name' }))).Imports).toEqual(['taker']);
    await client.send(new UpdateStackCommand({ StackName: 'giver', TemplateBody: giver('c.example.com') }));
    expect(await statusOf(client, 'giver')).toBe('UPDATE_ROLLBACK_COMPLETE');
    await client.send(new DeleteStackCommand({ StackName: 'giver' }));
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: 'giver' }));
    expect([stack?.StackStatus, stack?.StackStatusReason]).toEqual([
      'UPDATE_ROLLBACK_COMPLETE',
      'Export the-name cannot be deleted as it is in use by taker',
    ]);
    await client.send(new DeleteStackCommand({ StackName: 'taker' }));
    await client.send(new DeleteStackCommand({ StackName: 'giver' }));
    expect(await errorOf(statusOf(client, 'giver'))).toContain('does not exist');
  });

  test('keeps what succeeded when it says so, and can take it back later (RS 8.19, 8.19b)', async () => {
    const client = await open();
    const TemplateBody = JSON.stringify({
      Resources: { A: record('a.example.com'), B: record('b.example.com', 'soon') },
    });
    await client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody, OnFailure: 'DO_NOTHING' }));
    expect(await statusOf(client, 'shop')).toBe('CREATE_FAILED');
    await client.send(new RollbackStackCommand({ StackName: 'shop' }));
    expect(await statusOf(client, 'shop')).toBe('ROLLBACK_COMPLETE');
  });

  test('does not delete what is protected, and asks what a template needs', async () => {
    const client = await open();
    await client.send(
      new CreateStackCommand({ StackName: 'shop', TemplateBody: giver('a'), EnableTerminationProtection: true }),
    );
    expect(await errorOf(client.send(new DeleteStackCommand({ StackName: 'shop' })))).toMatch(
      /^ValidationError: Stack \[arn:.*\] cannot be deleted while TerminationProtection is enabled$/,
    );
    const off = { StackName: 'shop', EnableTerminationProtection: false };
    await client.send(new UpdateTerminationProtectionCommand(off));
    await client.send(new DeleteStackCommand({ StackName: 'shop' }));
    const body = { Parameters: { P: { Type: 'String', NoEcho: true } }, Resources: { R: { Type: 'AWS::IAM::Role' } } };
    const summary = await client.send(new GetTemplateSummaryCommand({ TemplateBody: JSON.stringify(body) }));
    expect(summary).toMatchObject({
      Parameters: [{ ParameterKey: 'P', ParameterType: 'String', NoEcho: true }],
      Capabilities: ['CAPABILITY_IAM'],
      ResourceTypes: ['AWS::IAM::Role'],
    });
  });
});
