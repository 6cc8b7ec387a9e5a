import { expect, test } from 'vitest';
import { openTestCloud } from '../cloud.fixture.ts';
import { bucket, clientOf, codeOf, course, record, statusOf, template } from './stacks.fixture.ts';

const ALL = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' };
const deny = (Action: string | readonly string[], more: object): object => ({
  Effect: 'Deny',
  Action,
  Principal: '*',
  ...more,
});

const BEFORE = { A: record('a.example.com'), B: record('b.example.com'), Files: bucket('files') };
const DENIED = 'Action denied by stack policy: ';

/** How an update ends under a policy, and at which resource it fails for what reason. */
async function updated(policy: object, resources: object, during?: object): Promise<string> {
  const account = openTestCloud();
  const client = clientOf(account);
  const StackPolicyBody = JSON.stringify(policy);
  await client.CreateStack({ StackName: 'app', TemplateBody: template(BEFORE), StackPolicyBody });
  await statusOf(client, 'app');
  await client.UpdateStack({
    StackName: 'app',
    TemplateBody: template(resources),
    ...(during === undefined ? {} : { StackPolicyDuringUpdateBody: JSON.stringify(during) }),
  });
  const status = await statusOf(client, 'app');
  const reason = (await course(client, 'app')).find((line) => line.includes(DENIED));
  expect(account.bugs).toEqual([]);
  return reason === undefined ? `${status}` : `${status} ${reason.slice(reason.indexOf(DENIED) + DENIED.length)}`;
}

const changed = { ...BEFORE, A: record('a.example.com', { TTL: '61' }) };
const renamed = { ...BEFORE, Files: bucket('others') };
const { B: _gone, ...without } = BEFORE;

test.each([
  [{ Statement: [ALL] }, changed, 'UPDATE_COMPLETE'],
  [
    { Statement: [ALL, deny('Update:*', { Resource: 'LogicalResourceId/A' })] },
    changed,
    'UPDATE_ROLLBACK_COMPLETE Statement [#2] does not allow [Update:Modify] for resource [A]',
  ],
  [{ Statement: [ALL, deny('Update:Replace', { Resource: '*' })] }, changed, 'UPDATE_COMPLETE'],
  [
    { Statement: [ALL, deny(['Update:Replace', 'Update:Delete'], { Resource: 'LogicalResourceId/Fi*' })] },
    renamed,
    'UPDATE_ROLLBACK_COMPLETE Statement [#2] does not allow [Update:Replace] for resource [Files]',
  ],
  [
    {
      Statement: [
        ALL,
        deny('Update:*', { Resource: '*', Condition: { StringLike: { ResourceType: ['AWS::S3::*'] } } }),
      ],
    },
    changed,
    'UPDATE_COMPLETE',
  ],
  [
    { Statement: { ...ALL, Resource: 'LogicalResourceId/B' } },
    changed,
    'UPDATE_ROLLBACK_COMPLETE No statement allows [Update:Modify] for resource [A]',
  ],
  [{ Statement: [ALL, deny('Update:*', { NotResource: 'LogicalResourceId/A' })] }, changed, 'UPDATE_COMPLETE'],
])('under the policy %j an update ends as it says (RS 8.27d)', async (policy, resources, expected) => {
  expect(await updated(policy, resources)).toBe(expected);
});

test('what would go stays where a policy protects it, unless this update brings another one (RS 8.27d)', async () => {
  const policy = { Statement: [ALL, deny('Update:Delete', { Resource: 'LogicalResourceId/B' })] };
  expect(await updated(policy, without)).toMatch(/^UPDATE_ROLLBACK_COMPLETE/);
  expect(await updated(policy, without, { Statement: [ALL] })).toBe('UPDATE_COMPLETE');
});

test('a policy that is none is refused', async () => {
  const client = clientOf(openTestCloud());
  const made = client.CreateStack({ StackName: 'app', TemplateBody: template(BEFORE), StackPolicyBody: '{' });
  expect(await codeOf(made)).toBe(
    'ValidationError: Error validating stack policy: Invalid stack policy (it is no JSON)',
  );
});
