import { describe, expect, test } from 'vitest';
import type { Finding } from '../../model/index.ts';
import { openTestCloud } from '../cloud.fixture.ts';
import { bucket, clientOf, codeOf, course, record, statusOf, template } from './stacks.fixture.ts';

describe('a stack', () => {
  test('is created through a change set with the events that AWS tells, in their order (RS 8.16, 8.17, 8.25)', async () => {
    const account = openTestCloud();
    const client = clientOf(account);
    const made = await client.CreateChangeSet({
      StackName: 'shop',
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: template({ Record: record('a.example.com') }, { Outputs: { Name: { Value: { Ref: 'Record' } } } }),
    });
    expect(await statusOf(client, 'shop')).toBe('REVIEW_IN_PROGRESS');
    const described = await client.DescribeChangeSet({ ChangeSetName: made.Id });
    expect([described.Status, described.ExecutionStatus]).toEqual(['CREATE_COMPLETE', 'AVAILABLE']);
    expect(described.Changes?.map(({ ResourceChange: change }) => [change?.Action, change?.LogicalResourceId])).toEqual(
      [['Add', 'Record']],
    );
    await client.ExecuteChangeSet({ ChangeSetName: made.Id });
    const { Stacks: [stack] = [] } = await client.DescribeStacks({ StackName: 'shop' });
    expect(stack?.StackStatus).toBe('CREATE_COMPLETE');
    expect(stack?.Outputs).toMatchObject([{ OutputKey: 'Name', OutputValue: 'a.example.com' }]);
    expect(await course(client, 'shop')).toEqual([
      'STACK REVIEW_IN_PROGRESS User Initiated',
      'STACK CREATE_IN_PROGRESS User Initiated',
      'Record CREATE_IN_PROGRESS (none)',
      'Record CREATE_IN_PROGRESS Resource creation Initiated',
      'Record CREATE_COMPLETE',
      'STACK CREATE_COMPLETE',
    ]);
    expect(account.cloud.world().architecture.recordSets.map(({ name }) => name)).toEqual(['a.example.com']);
    expect(account.bugs).toEqual([]);
  });

  test('that does not change is not updated: neither by a change set nor at once (RS 8.21, 8.26)', async () => {
    const client = clientOf(openTestCloud());
    const TemplateBody = template({ Record: record('a.example.com') });
    await client.CreateStack({ StackName: 'shop', TemplateBody });
    await statusOf(client, 'shop');
    expect(await codeOf(client.UpdateStack({ StackName: 'shop', TemplateBody }))).toBe(
      'ValidationError: No updates are to be performed.',
    );
    const { Id: ChangeSetName } = await client.CreateChangeSet({
      StackName: 'shop',
      ChangeSetName: 'again',
      TemplateBody,
    });
    const set = await client.DescribeChangeSet({ ChangeSetName });
    expect([set.Status, set.ExecutionStatus, set.StatusReason]).toEqual([
      'FAILED',
      'UNAVAILABLE',
      "The submitted information didn't contain changes. Submit different information to create a change set.",
    ]);
    expect(await codeOf(client.ExecuteChangeSet({ ChangeSetName }))).toMatch(/^InvalidChangeSetStatus: /);
  });

  test('has the previous value of a parameter also where that was the default', async () => {
    const client = clientOf(openTestCloud());
    const parameters = { Parameters: { Ttl: { Type: 'String', Default: '60' } } };
    const of = (name: string): string => template({ R: record(name, { TTL: { Ref: 'Ttl' } }) }, parameters);
    await client.CreateStack({ StackName: 'shop', TemplateBody: of('a.example.com') });
    await statusOf(client, 'shop');
    const Parameters = [{ ParameterKey: 'Ttl', UsePreviousValue: true }];
    await client.UpdateStack({ StackName: 'shop', TemplateBody: of('b.example.com'), Parameters });
    const { Stacks: [stack] = [] } = await client.DescribeStacks({ StackName: 'shop' });
    expect(stack).toMatchObject({
      StackStatus: 'UPDATE_COMPLETE',
      Parameters: [{ ParameterKey: 'Ttl', ParameterValue: '60' }],
    });
  });

  test('is updated: what changes in place, what is made anew, what is added, then what goes (RS 8.20)', async () => {
    const client = clientOf(openTestCloud());
    await client.CreateStack({
      StackName: 'shop',
      TemplateBody: template({
        Same: record('s.example.com'),
        Moves: record('a.example.com'),
        Goes: record('g.example.com'),
      }),
    });
    await statusOf(client, 'shop');
    const TemplateBody = template({
      Same: record('s.example.com', { TTL: '30' }),
      Moves: record('b.example.com'),
      Comes: record('c.example.com'),
    });
    const { Id } = await client.CreateChangeSet({ StackName: 'shop', ChangeSetName: 'next', TemplateBody });
    const { Changes: changes = [] } = await client.DescribeChangeSet({
      ChangeSetName: Id,
      IncludePropertyValues: true,
    });
    expect(
      changes.map(({ ResourceChange: change }) => [change?.Action, change?.LogicalResourceId, change?.Replacement]),
    ).toEqual([
      ['Modify', 'Same', 'False'],
      ['Modify', 'Moves', 'True'],
      ['Add', 'Comes', undefined],
      ['Remove', 'Goes', undefined],
    ]);
    expect(changes[0]?.ResourceChange?.Details?.[0]?.Target).toMatchObject({
      Path: '/Properties/TTL',
      RequiresRecreation: 'Never',
      BeforeValue: '60',
      AfterValue: '30',
    });
    await client.ExecuteChangeSet({ ChangeSetName: Id });
    expect(await statusOf(client, 'shop')).toBe('UPDATE_COMPLETE');
    expect((await course(client, 'shop')).slice(11)).toEqual([
      'STACK UPDATE_IN_PROGRESS User Initiated',
      'Same UPDATE_IN_PROGRESS',
      'Same UPDATE_COMPLETE',
      'Moves UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.',
      'Moves UPDATE_IN_PROGRESS Resource creation Initiated',
      'Moves UPDATE_COMPLETE',
      'Comes CREATE_IN_PROGRESS (none)',
      'Comes CREATE_IN_PROGRESS Resource creation Initiated',
      'Comes CREATE_COMPLETE',
      'STACK UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'Goes DELETE_IN_PROGRESS',
      'Goes DELETE_COMPLETE',
      'Moves DELETE_IN_PROGRESS',
      'Moves DELETE_COMPLETE',
      'STACK UPDATE_COMPLETE',
    ]);
  });

  test('whose creation fails at a resource is rolled back, can only be deleted, and leaves nothing behind (RS 8.19, 8.19a)', async () => {
    const account = openTestCloud();
    const client = clientOf(account);
    const before = account.cloud.world().architecture;
    await client.CreateStack({
      StackName: 'shop',
      TemplateBody: template({ First: record('a.example.com'), Wrong: record('b.example.com', { TTL: 'soon' }) }),
    });
    const { Stacks: [stack] = [] } = await client.DescribeStacks({ StackName: 'shop' });
    expect(stack?.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await course(client, 'shop')).slice(4)).toEqual([
      'Wrong CREATE_IN_PROGRESS (none)',
      expect.stringMatching(
        /^Wrong CREATE_FAILED \(none\) Resource handler returned message: ".*TTL.*" \(HandlerErrorCode: InvalidRequest\)$/,
      ),
      'STACK ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Wrong]. Rollback requested by user.',
      'Wrong DELETE_COMPLETE',
      'First DELETE_IN_PROGRESS',
      'First DELETE_COMPLETE',
      'STACK ROLLBACK_COMPLETE',
    ]);
    expect(account.cloud.world().architecture).toEqual(before);
    const update = client.UpdateStack({
      StackName: 'shop',
      TemplateBody: template({ First: record('a.example.com') }),
    });
    expect(await codeOf(update)).toBe(
      `ValidationError: Stack:${stack?.StackId ?? ''} is in ROLLBACK_COMPLETE state and can not be updated.`,
    );
    await client.DeleteStack({ StackName: 'shop' });
    expect(await statusOf(client, stack?.StackId ?? '')).toBe('DELETE_COMPLETE');
  });

  test('whose update fails in the world gets back what it was (RS 8.19a)', async () => {
    const account = openTestCloud();
    const client = clientOf(account);
    await client.CreateStack({ StackName: 'shop', TemplateBody: template({ First: record('a.example.com') }) });
    await statusOf(client, 'shop');
    const before = account.cloud.world().architecture;
    const failing: Finding = {
      code: 'live/function-init',
      weight: 'error',
      place: { file: 'shop (eu-west-1)', line: 1, column: 1, path: 'Resources.Second' },
      says: 'It does not start.',
    };
    account.refuse = ({ recordSets }) => (recordSets.length > 1 ? [failing] : []);
    await client.UpdateStack({
      StackName: 'shop',
      TemplateBody: template({ First: record('a.example.com', { TTL: '10' }), Second: record('b.example.com') }),
    });
    expect(await statusOf(client, 'shop')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await course(client, 'shop')).slice(5)).toEqual([
      'STACK UPDATE_IN_PROGRESS User Initiated',
      'First UPDATE_IN_PROGRESS',
      'First UPDATE_COMPLETE',
      'Second CREATE_IN_PROGRESS (none)',
      'Second CREATE_FAILED (none) Resource handler returned message: "It does not start." (HandlerErrorCode: InvalidRequest)',
      'STACK UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Second]. ',
      'First UPDATE_IN_PROGRESS',
      'First UPDATE_COMPLETE',
      'STACK UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'Second DELETE_COMPLETE',
      'STACK UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect(account.cloud.world().architecture).toEqual(before);
    const { TemplateBody } = await client.GetTemplate({ StackName: 'shop' });
    expect(TemplateBody).toBe(template({ First: record('a.example.com') }));
  });

  test('that is deleted is gone for whoever asks by name, and answers to its ARN (RS 8.23, 8.26)', async () => {
    const account = openTestCloud();
    const client = clientOf(account);
    const { StackId: id = '' } = await client.CreateStack({
      StackName: 'shop',
      TemplateBody: template({ First: record('a.example.com'), Second: record('b.example.com') }),
    });
    await client.DeleteStack({ StackName: 'shop' });
    expect(await statusOf(client, id)).toBe('DELETE_COMPLETE');
    expect((await course(client, id)).slice(-5)).toEqual([
      'Second DELETE_IN_PROGRESS',
      'Second DELETE_COMPLETE',
      'First DELETE_IN_PROGRESS',
      'First DELETE_COMPLETE',
      'STACK DELETE_COMPLETE',
    ]);
    expect(await codeOf(client.DescribeStacks({ StackName: 'shop' }))).toBe(
      'ValidationError: Stack with id shop does not exist',
    );
    expect(await codeOf(client.DescribeStackEvents({ StackName: 'shop' }))).toBe(
      'ValidationError: Stack [shop] does not exist',
    );
    expect(account.cloud.world().architecture.recordSets).toEqual([]);
    await client.CreateStack({ StackName: 'shop', TemplateBody: template({ First: record('a.example.com') }) });
    const { Stacks: [again] = [] } = await client.DescribeStacks({ StackName: 'shop' });
    expect([again?.StackStatus, again?.StackId === id]).toEqual(['CREATE_COMPLETE', false]);
  });

  test('keeps what its template retains, also when it goes itself (RS 8.19)', async () => {
    const account = openTestCloud();
    const client = clientOf(account);
    const TemplateBody = template({ Kept: bucket('kept', { DeletionPolicy: 'Retain' }), Gone: bucket('gone') });
    const { StackId: id = '' } = await client.CreateStack({ StackName: 'shop', TemplateBody });
    await client.DeleteStack({ StackName: 'shop' });
    expect(await statusOf(client, id)).toBe('DELETE_COMPLETE');
    expect(await course(client, id)).toContain('Kept DELETE_SKIPPED');
    expect(account.cloud.world().architecture.buckets.map(({ name }) => name)).toEqual(['kept']);
    await client.CreateStack({ StackName: 'shop', TemplateBody });
    expect(await statusOf(client, 'shop')).toBe('ROLLBACK_COMPLETE');
    expect(await course(client, 'shop')).toContain('Kept CREATE_FAILED (none) kept already exists');
  });

  test('does not go as long as a bucket of its is full; then it does', async () => {
    const account = openTestCloud();
    const client = clientOf(account);
    const { StackId: id = '' } = await client.CreateStack({
      StackName: 'shop',
      TemplateBody: template({ Full: bucket('full'), Other: record('a.example.com') }),
    });
    await statusOf(client, 'shop');
    const object = { bytes: 1, text: 'a', contentType: 'text/plain' };
    account.cloud.perform({ kind: 'put-object', bucket: 'full', key: 'k', object });
    await client.DeleteStack({ StackName: 'shop' });
    const { Stacks: [stack] = [] } = await client.DescribeStacks({ StackName: 'shop' });
    expect([stack?.StackStatus, stack?.StackStatusReason]).toEqual([
      'DELETE_FAILED',
      'The following resource(s) failed to delete: [Full]. ',
    ]);
    expect(account.cloud.world().architecture.recordSets).toEqual([]);
    account.cloud.perform({ kind: 'delete-object', bucket: 'full', key: 'k' });
    await client.DeleteStack({ StackName: 'shop' });
    expect(await statusOf(client, id)).toBe('DELETE_COMPLETE');
    expect(account.cloud.world().architecture.buckets).toEqual([]);
    expect(account.bugs).toEqual([]);
  });
});
