import type {
  CreateStackCommandInput,
  DeleteStackCommandInput,
  UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import {
  flawOfStackName,
  isBusy,
  isProtected,
  isUpdatable,
  NO_UPDATES,
  readStackPolicy,
  notUpdatable,
  stackExists,
  validationError,
} from '../../engine/index.ts';
import type { Cloud } from '../cloud.ts';
import type { ChangeSets } from './change-sets.ts';
import { changesNothing } from './change-sets.ts';
import type { Call } from '../handlers.ts';
import type { CloudFormationHandlers } from './handlers.ts';
import { targetOf } from './requests.ts';
import type { StackEntry } from './stack-entry.ts';
import { refused } from './stack-book.ts';

type Names =
  | 'CreateStack'
  | 'UpdateStack'
  | 'DeleteStack'
  | 'CancelUpdateStack'
  | 'ContinueUpdateRollback'
  | 'RollbackStack'
  | 'SetStackPolicy'
  | 'GetStackPolicy'
  | 'UpdateTerminationProtection';

/** Operations that change a stack. */
export function stackHandlers(cloud: Cloud, sets: ChangeSets): Pick<CloudFormationHandlers, Names> {
  const { stacks } = cloud;
  const { book } = stacks;
  return {
    CreateStack: async (input, call) => await createStack(cloud, input, call),
    UpdateStack: async (input, call) => await updateStack(cloud, input, call),
    DeleteStack: async (input, call) => await deleteStack(cloud, sets, input, call),
    CancelUpdateStack(input, { region }) {
      const { status } = book.need(region, input.StackName);
      throw refused(validationError(`CancelUpdateStack cannot be called from current stack status: ${status}`));
    },
    ContinueUpdateRollback(input, { region }) {
      const { stackId, status } = book.need(region, input.StackName);
      const says = `Stack:${stackId} is in ${status} state and can not be rolled back.`;
      throw refused(validationError(says));
    },
    RollbackStack(input, { region }) {
      const { stackId, status } = book.need(region, input.StackName);
      if (status !== 'CREATE_FAILED' && status !== 'UPDATE_FAILED')
        throw refused(validationError(`Stack:${stackId} is in ${status} state and can not be rolled back.`));
      if (status === 'UPDATE_FAILED') stacks.beginUpdateRollback(stackId, input.ClientRequestToken);
      else stacks.beginRollback(stackId, input.ClientRequestToken);
      return { StackId: stackId };
    },
    SetStackPolicy(input, { region }) {
      const { stackId } = book.need(region, input.StackName);
      book.change(stackId, policyIn(input));
      return {};
    },
    GetStackPolicy(input, { region }) {
      return { StackPolicyBody: book.need(region, input.StackName).policy };
    },
    UpdateTerminationProtection(input, { region }) {
      const { stackId } = book.need(region, input.StackName);
      book.change(stackId, { isProtected: input.EnableTerminationProtection === true });
      return { StackId: stackId };
    },
  };
}

async function createStack(
  cloud: Cloud,

  input: CreateStackCommandInput,
  { region }: Call,
): Promise<{ readonly StackId: string }> {
  const { stacks } = cloud;
  const { book } = stacks;
  const { StackName: stackName = '' } = input;
  const refusal = flawOfStackName(stackName) ?? (book.find(region, stackName) && stackExists(stackName));
  if (refusal !== undefined) throw refused(refusal);
  if (input.DisableRollback !== undefined && input.OnFailure !== undefined)
    throw refused(validationError('Either DisableRollback or OnFailure can be specified, not both.'));
  const entry = { region, deployed: undefined };
  const target = await targetOf(input, { stacks, world: cloud.world(), entry, hasChangeSet: false });
  // Somebody else may have been quicker while the template was fetched.
  if (book.find(region, stackName) !== undefined) throw refused(stackExists(stackName));
  const onFailure = input.OnFailure ?? (input.DisableRollback === true ? 'DO_NOTHING' : 'ROLLBACK');
  const { stackId } = book.enter(region, stackName, {
    target,
    isProtected: input.EnableTerminationProtection === true,
    rollbackDisabled: onFailure === 'DO_NOTHING',
    ...(input.TimeoutInMinutes === undefined ? {} : { timeoutInMinutes: input.TimeoutInMinutes }),
    ...policyIn(input),
  });
  const entered = book.change(stackId, {});
  const whole = await stacks.complete(entered, target);
  const plan = stacks.plan(entered, whole);
  if (plan.refusal !== undefined) {
    book.remove(stackId);
    throw refused(plan.refusal);
  }
  stacks.begin(stackId, whole, { onFailure, clientRequestToken: input.ClientRequestToken });
  return { StackId: stackId };
}

async function updateStack(
  cloud: Cloud,

  input: UpdateStackCommandInput,
  { region }: Call,
): Promise<{ readonly StackId: string }> {
  const { stacks } = cloud;
  const { book } = stacks;
  const named = book.need(region, input.StackName, (name) => validationError(`Stack [${name}] does not exist`));
  if (isBusy(named.status) || !isUpdatable(named.status)) throw refused(notUpdatable(named.stackId, named.status));
  refuseNested(named);
  const wanted = await targetOf(input, { stacks, world: cloud.world(), entry: named, hasChangeSet: false });
  const target = await stacks.complete(named, wanted);
  const entry = book.need(region, named.stackId);
  if (isBusy(entry.status)) throw refused(notUpdatable(entry.stackId, entry.status));
  const plan = stacks.plan(entry, target);
  if (plan.refusal !== undefined) throw refused(plan.refusal);
  if (changesNothing(entry, target, plan)) throw refused(NO_UPDATES);
  book.change(entry.stackId, {
    rollbackDisabled: input.DisableRollback === true,
    ...policyIn(input),
  });
  const onFailure = input.DisableRollback === true ? 'DO_NOTHING' : 'ROLLBACK';
  const { policy: duringUpdate } = policyIn({ StackPolicyBody: input.StackPolicyDuringUpdateBody });
  stacks.begin(entry.stackId, target, { onFailure, duringUpdate, clientRequestToken: input.ClientRequestToken });
  return { StackId: entry.stackId };
}

async function deleteStack(
  cloud: Cloud,
  sets: ChangeSets,
  input: DeleteStackCommandInput,
  { region, signal }: Call,
): Promise<object> {
  const { stacks } = cloud;
  const { book } = stacks;
  // Of what is not there nothing is left to be deleted.
  const named = book.find(region, input.StackName ?? '');
  if (named === undefined) return {};
  await book.settled(named.stackId, signal);
  const entry = book.need(region, named.stackId);
  if (entry.status === 'DELETE_COMPLETE' || isBusy(entry.status)) return {};
  refuseNested(entry);
  if (entry.isProtected) throw refused(isProtected(entry.stackId));
  const retained = new Set(input.RetainResources ?? []);
  if (retained.size > 0 && entry.status !== 'DELETE_FAILED') {
    const says = `Invalid operation on stack [${entry.stackId}]. RetainResources can only be specified for stacks in the DELETE_FAILED state.`;
    throw refused(validationError(says));
  }
  sets.forget(entry.stackId);
  stacks.beginDeletion(entry.stackId, retained, input.ClientRequestToken);
  return {};
}

/** A nested stack comes, changes and goes with the one that it is in. */
function refuseNested({ stackId, rootId }: StackEntry): void {
  if (rootId === undefined) return;
  throw refused(validationError(`Stack [${stackId}] is nested in [${rootId}]: change or delete that one.`));
}

/**
 * The policy that a request brings.
 * @throws AwsError when it is none.
 */
function policyIn({ StackPolicyBody: policy }: { readonly StackPolicyBody?: string | undefined }): {
  readonly policy?: string;
} {
  if (policy === undefined) return {};
  const read = readStackPolicy(policy);
  if ('code' in read) throw refused(read);
  return { policy };
}
