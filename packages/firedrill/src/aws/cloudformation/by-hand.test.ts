import { expect, test } from 'vitest';
import { openTestCloud } from '../cloud.fixture.ts';
import { bucket, clientOf, codeOf, course, record, statusOf, template } from './stacks.fixture.ts';

test('a resource that was changed by hand stays so until its stack changes it', async () => {
  const account = openTestCloud();
  const client = clientOf(account);
  const { estate } = account.cloud;
  const addresses = (): Record<string, readonly string[]> =>
    Object.fromEntries(estate.architecture().recordSets.map(({ name, values }) => [name, values]));
  const resources = (ttl: string, more: object = {}): string =>
    template({ A: record('a.example.com', { TTL: ttl }), ...more });
  await client.CreateStack({ StackName: 'app', TemplateBody: resources('60') });
  expect(await statusOf(client, 'app')).toBe('CREATE_COMPLETE');
  const made = estate.architecture().resources.find(({ logicalId }) => logicalId === 'A');
  const byHand = { HostedZoneId: 'Z0EXAMPLE', Name: 'a.example.com', Type: 'A', TTL: '60' };
  await estate.changeResource(made?.physicalId ?? '', { ...byHand, ResourceRecords: ['192.0.2.99'] });
  expect(addresses()['a.example.com']).toEqual(['192.0.2.99']);
  // The stack has another resource now, and none the less.
  const other = { B: record('b.example.com') };
  await client.UpdateStack({ StackName: 'app', TemplateBody: resources('60', other) });
  expect(await statusOf(client, 'app')).toBe('UPDATE_COMPLETE');
  expect(addresses()).toEqual({ 'a.example.com': ['192.0.2.99'], 'b.example.com': ['192.0.2.1'] });
  await client.UpdateStack({ StackName: 'app', TemplateBody: resources('61', other) });
  expect(await statusOf(client, 'app')).toBe('UPDATE_COMPLETE');
  expect(addresses()['a.example.com']).toEqual(['192.0.2.1']);
  expect(account.bugs).toEqual([]);
});

test('a change by hand that describes nothing that can be is refused, and changes nothing', async () => {
  const account = openTestCloud();
  const { estate } = account.cloud;
  const properties = { HostedZoneId: 'Z0EXAMPLE', Name: 'a.example.com', Type: 'A', TTL: '60' };
  const id = await estate.putResource({
    region: 'eu-west-1',
    type: 'AWS::Route53::RecordSet',
    properties: { ...properties, ResourceRecords: ['192.0.2.1'] },
  });
  const changed = estate.changeResource(id, { ...properties, Type: 'NONE', ResourceRecords: ['192.0.2.2'] });
  expect(await codeOf(changed)).toContain('ValidationException: Type is NONE');
  expect(estate.architecture().recordSets.map(({ values }) => values)).toEqual([['192.0.2.1']]);
  expect(await codeOf(estate.changeResource('nowhere', {}))).toBe('ResourceNotFoundException: nowhere does not exist');
});

test('what others refer to is created first and deleted last (RS 8.14)', async () => {
  const client = clientOf(openTestCloud());
  const resources = {
    BySub: bucket('unused', { Properties: { BucketName: { 'Fn::Sub': '${ByRef}-sub' } } }),
    ByRef: bucket('unused', {
      Properties: {
        BucketName: { 'Fn::Join': ['-', ['ref', { 'Fn::GetAtt': ['ByDependsOn', 'RegionalDomainName'] }]] },
      },
    }),
    ByDependsOn: bucket('first', { DependsOn: 'Root' }),
    Root: bucket('root'),
  };
  const { StackId: id = '' } = await client.CreateStack({ StackName: 'app', TemplateBody: template(resources) });
  await client.DeleteStack({ StackName: 'app' });
  expect(await statusOf(client, id)).toBe('DELETE_COMPLETE');
  const order = (status: string, lines: readonly string[]): readonly string[] =>
    lines.flatMap((line) =>
      line.endsWith(` ${status}`) && !line.startsWith('STACK') ? [line.split(' ')[0] ?? ''] : [],
    );
  const lines = await course(client, id);
  expect(order('CREATE_COMPLETE', lines)).toEqual(['Root', 'ByDependsOn', 'ByRef', 'BySub']);
  expect(order('DELETE_COMPLETE', lines)).toEqual(['BySub', 'ByRef', 'ByDependsOn', 'Root']);
});
