import { expect, test } from 'vitest';
import { BEGINNING } from '../../model/index.ts';
import { openTestCloud } from '../cloud.fixture.ts';
import { bucket, clientOf, course, record, statusOf, template } from './stacks.fixture.ts';

/* Who deploys in the middle of an outage: what needs a control plane that is down is not made. */

function broken() {
  const test = openTestCloud();
  test.cloud.world().control.startFault(
    {
      name: 'plane',
      target: { kind: 'control-plane', controlPlane: 'route53' },
      effect: { kind: 'status', status: 503 },
      share: 1,
    },
    { now: BEGINNING },
  );
  return { client: clientOf(test), world: test.cloud.world() };
}

test('R53 ST-01: with Route 53’s control plane down a record is not made by a stack either, and one is when it is back', async () => {
  const { client, world } = broken();
  const TemplateBody = template({ Name: record('www.example.com') });
  await client.CreateStack({ StackName: 'during', TemplateBody });
  expect(await statusOf(client, 'during')).toBe('ROLLBACK_COMPLETE');
  expect((await course(client, 'during')).join('\n')).toMatch(
    /Name CREATE_FAILED .*temporary failure of the server.*HandlerErrorCode: ServiceInternalError/,
  );
  world.control.endFault('plane', { now: BEGINNING });
  await client.CreateStack({ StackName: 'after', TemplateBody });
  expect(await statusOf(client, 'after')).toBe('CREATE_COMPLETE');
});

test('what does not need it is deployed, and what is there already stays', async () => {
  const { client } = broken();
  await client.CreateStack({ StackName: 'objects', TemplateBody: template({ Files: bucket('files') }) });
  expect(await statusOf(client, 'objects')).toBe('CREATE_COMPLETE');
});
