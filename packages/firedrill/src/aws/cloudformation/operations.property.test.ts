import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StackStatus } from '../../engine/index.ts';
import { mayFollow } from '../../engine/index.ts';
import { openTestCloud } from '../cloud.fixture.ts';
import { cloudformation } from '../services/cloudformation.ts';

/** What a template has: records by number, one that cannot be made, and an export or its import. */
interface Wanted {
  readonly records: readonly number[];
  readonly ttl: number;
  readonly isWrong: boolean;
  readonly retains: boolean;
}

type Step =
  | {
      readonly kind: 'create' | 'update' | 'change-set';
      readonly stack: string;
      readonly wanted: Wanted;
      readonly keeps: boolean;
    }
  | { readonly kind: 'delete' | 'roll-back'; readonly stack: string };

const STACK = fc.constantFrom('a', 'b');
const WANTED: fc.Arbitrary<Wanted> = fc.record({
  records: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
  ttl: fc.constantFrom(10, 60),
  isWrong: fc.boolean(),
  retains: fc.boolean(),
});
const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('create', 'update', 'change-set'),
    stack: STACK,
    wanted: WANTED,
    keeps: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('delete', 'roll-back'), stack: STACK }),
);

function templateOf(stack: string, { records, ttl, isWrong, retains }: Wanted): string {
  const record = (number: number): [string, object] => [
    `R${number}`,
    {
      Type: 'AWS::Route53::RecordSet',
      ...(retains ? { DeletionPolicy: 'RetainExceptOnCreate' } : {}),
      Properties: {
        HostedZoneId: 'Z0EXAMPLE',
        Name: `r${number}.${stack}.example.com`,
        Type: 'A',
        TTL: isWrong && number === records.at(-1) ? 'wrong' : String(ttl),
        ResourceRecords: ['192.0.2.1'],
        SetIdentifier: `${ttl}`,
        Weight: 1,
      },
    },
  ];
  return JSON.stringify({ Resources: Object.fromEntries(records.map(record)) });
}

describe('any sequence of operations', () => {
  test('goes through statuses as AWS lets them follow, and what fails leaves the world as it was (RS 8.16, 8.19, 8.19a)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 1, maxLength: 8 }), async (steps) => {
        const account = openTestCloud();
        const { cloud } = account;
        const api = cloudformation(cloud);
        const call = account.call('eu-west-1');
        const describe = async (
          name: string,
        ): Promise<{ readonly id: string; readonly status: string } | undefined> => {
          const { Stacks: [stack] = [] } = (await api.DescribeStacks?.({ StackName: name }, call)) ?? {};
          return stack === undefined ? undefined : { id: stack.StackId ?? '', status: stack.StackStatus ?? '' };
        };
        const ids = new Set<string>();
        for (const step of steps) {
          const before = cloud.world().architecture;
          let isRefused = false;
          try {
            await perform(api, call, step);
          } catch (error) {
            expect(error).toHaveProperty('code');
            isRefused = true;
          }
          const after = await describe(step.stack).catch(() => undefined);
          if (after !== undefined) ids.add(after.id);
          const isUndone = after?.status === 'UPDATE_ROLLBACK_COMPLETE' || after?.status === 'ROLLBACK_COMPLETE';
          if (isRefused || (isUndone && step.kind !== 'roll-back' && step.kind !== 'delete'))
            expect(cloud.world().architecture).toEqual(before);
        }
        for (const { events } of cloud.stacks.book.list('eu-west-1')) {
          const own = events.filter(({ type }) => type === 'AWS::CloudFormation::Stack').map(({ status }) => status);
          for (const [index, status] of own.entries())
            if (index > 0) expect(mayFollow(own[index - 1] as StackStatus, status as StackStatus)).toBe(true);
          expect(own.at(-1)).not.toMatch(/(?<!REVIEW)_IN_PROGRESS$/);
          expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
        }
        expect(account.bugs).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

async function perform(
  api: ReturnType<typeof cloudformation>,
  call: Parameters<NonNullable<typeof api.DeleteStack>>[1],
  step: Step,
): Promise<void> {
  const { stack: StackName } = step;
  switch (step.kind) {
    case 'create':
      await api.CreateStack?.(
        { StackName, TemplateBody: templateOf(StackName, step.wanted), DisableRollback: step.keeps },
        call,
      );
      break;
    case 'update':
      await api.UpdateStack?.({ StackName, TemplateBody: templateOf(StackName, step.wanted) }, call);
      break;
    case 'change-set': {
      const TemplateBody = templateOf(StackName, step.wanted);
      const { Id } = (await api.CreateChangeSet?.({ StackName, ChangeSetName: 'set', TemplateBody }, call)) ?? {};
      await api.ExecuteChangeSet?.({ ChangeSetName: Id }, call);
      break;
    }
    case 'delete':
      await api.DeleteStack?.({ StackName }, call);
      break;
    case 'roll-back':
      await api.RollbackStack?.({ StackName }, call);
      break;
  }
}
