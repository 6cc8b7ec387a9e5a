import { expect, test } from 'vitest';
import type { TestCloud } from '../cloud.fixture.ts';
import { openTestCloud } from '../cloud.fixture.ts';
import type { Client } from './stacks.fixture.ts';
import { clientOf, codeOf, course, record, statusOf, template } from './stacks.fixture.ts';

const BEFORE = template({
  A: record('a.example.com'),
  B: record('b.example.com'),
  Going: record('going.example.com'),
});

/** One is changed, one cannot be made, one would be changed after that, and one would go. */
const BROKEN = template({
  A: record('a.example.com', { TTL: '61' }),
  Wrong: record('wrong.elsewhere.org', { Type: 'NONE' }),
  B: record('b.example.com', { TTL: '62' }),
});

const MENDED = template({
  A: record('a.example.com', { TTL: '61' }),
  Wrong: record('right.example.com'),
  B: record('b.example.com', { TTL: '62' }),
});

const times = (account: TestCloud): Record<string, number | undefined> =>
  Object.fromEntries(account.cloud.world().architecture.recordSets.map(({ name, ttlSeconds }) => [name, ttlSeconds]));

const WHOLE = { 'a.example.com': 60, 'b.example.com': 60, 'going.example.com': 60 };
const PARTLY = { ...WHOLE, 'a.example.com': 61 };

async function failed(): Promise<{ account: TestCloud; client: Client }> {
  const account = openTestCloud();
  const client = clientOf(account);
  await client.CreateStack({ StackName: 'app', TemplateBody: BEFORE });
  await statusOf(client, 'app');
  await client.UpdateStack({ StackName: 'app', TemplateBody: BROKEN, DisableRollback: true });
  expect(await statusOf(client, 'app')).toBe('UPDATE_FAILED');
  expect(times(account)).toEqual(PARTLY);
  return { account, client };
}

test('an update whose rollback is disabled is left as it failed, with what was done before (RS 8.19b)', async () => {
  const { account, client } = await failed();
  expect((await course(client, 'app')).slice(-6)).toEqual([
    'STACK UPDATE_IN_PROGRESS User Initiated',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'Wrong CREATE_IN_PROGRESS (none)',
    expect.stringMatching(/^Wrong CREATE_FAILED \(none\) Resource handler returned message: /),
    'STACK UPDATE_FAILED The following resource(s) failed to create: [Wrong]. ',
  ]);
  const { Stacks: [stack] = [] } = await client.DescribeStacks({ StackName: 'app' });
  expect(stack?.DisableRollback).toBe(true);
  expect(account.bugs).toEqual([]);
});

test('it is taken back when somebody asks for it', async () => {
  const { account, client } = await failed();
  await client.RollbackStack({ StackName: 'app' });
  expect(await statusOf(client, 'app')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(times(account)).toEqual(WHOLE);
  expect((await course(client, 'app')).slice(-6)).toEqual([
    'STACK UPDATE_ROLLBACK_IN_PROGRESS User Initiated',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'STACK UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'Wrong DELETE_COMPLETE',
    'STACK UPDATE_ROLLBACK_COMPLETE',
  ]);
  const again = client.UpdateStack({ StackName: 'app', TemplateBody: BEFORE });
  expect(await codeOf(again)).toBe('ValidationError: No updates are to be performed.');
  expect(account.bugs).toEqual([]);
});

test('a template that is mended goes on from there, and one that fails again goes back to what stood', async () => {
  const { account, client } = await failed();
  await client.UpdateStack({ StackName: 'app', TemplateBody: MENDED });
  expect(await statusOf(client, 'app')).toBe('UPDATE_COMPLETE');
  expect(times(account)).toEqual({ 'a.example.com': 61, 'b.example.com': 62, 'right.example.com': 60 });
  const other = await failed();
  await other.client.UpdateStack({ StackName: 'app', TemplateBody: BROKEN });
  expect(await statusOf(other.client, 'app')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(times(other.account)).toEqual(WHOLE);
  expect([account.bugs, other.account.bugs]).toEqual([[], []]);
});

test('a stack that is left so goes with all that it has', async () => {
  const { account, client } = await failed();
  const { Stacks: [stack] = [] } = await client.DescribeStacks({ StackName: 'app' });
  await client.DeleteStack({ StackName: 'app' });
  expect(await statusOf(client, stack?.StackId ?? '')).toBe('DELETE_COMPLETE');
  expect(times(account)).toEqual({});
  expect(account.bugs).toEqual([]);
});
