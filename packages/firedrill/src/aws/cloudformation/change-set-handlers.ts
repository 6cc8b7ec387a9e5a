import type { Capability, CreateChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import { beginning, flawOfStackName } from '../../engine/index.ts';
import type { Cloud } from '../cloud.ts';
import type { ChangeSet, ChangeSets } from './change-sets.ts';
import { changeSetTypeRefusal } from './change-sets.ts';
import type { CloudFormationHandlers } from './handlers.ts';
import { pageOf } from './pages.ts';
import { targetOf } from './requests.ts';
import { refused } from './stack-book.ts';
import { changeView, parametersView, tagsView } from './views.ts';

type Names =
  | 'CreateChangeSet'
  | 'DescribeChangeSet'
  | 'DescribeChangeSetHooks'
  | 'ExecuteChangeSet'
  | 'DeleteChangeSet'
  | 'ListChangeSets';

/** Change sets: seeing a deployment before it happens. */
export function changeSetHandlers(cloud: Cloud, sets: ChangeSets): Pick<CloudFormationHandlers, Names> {
  const { stacks } = cloud;
  const { book } = stacks;
  return {
    CreateChangeSet: async (input, { region }) => await createChangeSet(cloud, sets, input, region),
    DescribeChangeSet(input, { region }) {
      const set = sets.need(region, input.ChangeSetName ?? '', input.StackName);
      const { target } = set;
      const changes = pageOf(set.changes, input.NextToken);
      return {
        ...summaryOf(set, book.need(region, set.stackId).stackName),
        Parameters: parametersView(target, (name) => stacks.storedValue({ region, deployed: undefined }, name)),
        NotificationARNs: [...target.notificationArns],
        RollbackConfiguration: {},
        Capabilities: [...target.capabilities] as Capability[],
        Tags: tagsView(target.tags),
        Changes: changes.items.map((change) => changeView(change, input.IncludePropertyValues === true)),
        NextToken: changes.next,
        OnStackFailure: set.onFailure,
      };
    },
    DescribeChangeSetHooks(input, { region }) {
      const set = sets.need(region, input.ChangeSetName ?? '', input.StackName);
      const { stackName } = book.need(region, set.stackId);
      const names = {
        ChangeSetId: set.changeSetId,
        ChangeSetName: set.name,
        StackId: set.stackId,
        StackName: stackName,
      };
      return { ...names, Hooks: [], Status: 'PLANNED' };
    },
    ExecuteChangeSet(input, { region }) {
      const set = sets.need(region, input.ChangeSetName ?? '', input.StackName);
      book.change(set.stackId, { rollbackDisabled: input.DisableRollback === true });
      const onFailure = input.DisableRollback === true ? 'DO_NOTHING' : set.onFailure;
      sets.execute(set, { onFailure, clientRequestToken: input.ClientRequestToken });
      return {};
    },
    DeleteChangeSet(input, { region }) {
      const { ChangeSetName: name = '', StackName: stackName } = input;
      // Deleting what is not there is done already, as long as the stack is.
      if (!name.startsWith('arn:') && !sets.of(book.need(region, stackName).stackId).some((set) => set.name === name))
        return {};
      sets.delete(sets.need(region, name, stackName));
      return {};
    },
    ListChangeSets(input, { region }) {
      const { stackId, stackName } = book.need(region, input.StackName);
      const page = pageOf(sets.of(stackId), input.NextToken);
      return { Summaries: page.items.map((set) => summaryOf(set, stackName)), NextToken: page.next };
    },
  };
}

async function createChangeSet(
  cloud: Cloud,
  sets: ChangeSets,
  input: CreateChangeSetCommandInput,
  region: string,
): Promise<{ readonly Id: string; readonly StackId: string }> {
  const { stacks } = cloud;
  const { book } = stacks;
  const { StackName: stackName = '', ChangeSetName: changeSetName = '' } = input;
  const isArn = stackName.startsWith('arn:');
  const flaw = isArn ? undefined : flawOfStackName(stackName);
  if (flaw !== undefined) throw refused(flaw);
  const found = isArn ? book.need(region, stackName) : book.find(region, stackName);
  const type = input.ChangeSetType ?? 'UPDATE';
  const refusal = changeSetTypeRefusal(type, found, { stackName, changeSetName });
  if (refusal !== undefined) throw refused(refusal);
  const seen = { stacks, world: cloud.world(), hasChangeSet: true };
  const target = await targetOf(input, { ...seen, entry: found ?? { region, deployed: undefined } });
  const entry =
    found ?? book.enter(region, stackName, { target: undefined, isProtected: false, rollbackDisabled: false });
  if (found === undefined) book.tell(entry.stackId, beginning('REVIEW_IN_PROGRESS'));
  const onFailure = input.OnStackFailure ?? 'ROLLBACK';
  const options = { name: changeSetName, description: input.Description, onFailure };
  const set = sets.create(entry, await stacks.complete(entry, target), options);
  return { Id: set.changeSetId, StackId: entry.stackId };
}

function summaryOf(
  set: ChangeSet,
  stackName: string,
): {
  readonly ChangeSetId: string;
  readonly ChangeSetName: string;
  readonly StackId: string;
  readonly StackName: string;
  readonly Description: string | undefined;
  readonly CreationTime: Date;
  readonly Status: ChangeSet['status'];
  readonly StatusReason: string | undefined;
  readonly ExecutionStatus: ChangeSet['executionStatus'];
  readonly IncludeNestedStacks: boolean;
} {
  return {
    ChangeSetId: set.changeSetId,
    ChangeSetName: set.name,
    StackId: set.stackId,
    StackName: stackName,
    Description: set.description,
    CreationTime: new Date(set.createdMs),
    Status: set.status,
    StatusReason: set.statusReason,
    ExecutionStatus: set.executionStatus,
    IncludeNestedStacks: false,
  };
}
