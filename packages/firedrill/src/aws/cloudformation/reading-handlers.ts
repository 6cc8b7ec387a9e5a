import type { OperationEvent } from '@aws-sdk/client-cloudformation';
import { noStackOf, validationError } from '../../engine/index.ts';
import type { Cloud } from '../cloud.ts';
import type { CloudFormationHandlers } from './handlers.ts';
import { pageOf } from './pages.ts';
import { refused } from './stack-book.ts';
import type { StackEntry } from './stack-entry.ts';
import { eventView, resourceSummary, resourceView, shownResources, stackSummary, stackView } from './views.ts';

/** Longest time that an answer is held back until an operation has ended, on the clock of the wall. */
const HELD_MS_MAX = 20_000;

/** Operations that look at stacks as a whole. */
export function readingHandlers(
  cloud: Cloud,
): Pick<
  CloudFormationHandlers,
  | 'DescribeStacks'
  | 'DescribeStackEvents'
  | 'DescribeEvents'
  | 'ListStacks'
  | 'ListHookResults'
  | 'DescribeAccountLimits'
> {
  const { stacks } = cloud;
  const { book } = stacks;
  const view = (entry: StackEntry): ReturnType<typeof stackView> =>
    stackView(entry, (name) => stacks.storedValue(entry, name));
  return {
    async DescribeStacks(input, { region, signal }) {
      if (input.StackName === undefined) {
        const living = book.list(region).filter(({ status }) => status !== 'DELETE_COMPLETE');
        const page = pageOf(living, input.NextToken);
        return { Stacks: page.items.map(view), NextToken: page.next };
      }
      const { stackId } = book.need(region, input.StackName);
      await book.settled(stackId, AbortSignal.any([signal, AbortSignal.timeout(HELD_MS_MAX)]));
      // Who asks by name does not find what has been deleted meanwhile.
      return { Stacks: [view(book.need(region, input.StackName))] };
    },
    DescribeStackEvents(input, { region }) {
      const entry = book.need(region, input.StackName, noStackOf);
      const page = pageOf(entry.events.toReversed(), input.NextToken);
      return { StackEvents: page.items.map((event) => eventView(entry, event)), NextToken: page.next };
    },
    DescribeEvents(input, { region }) {
      const entry = book.need(region, input.StackName, noStackOf);
      const isFailed = (status: string): boolean => status.endsWith('_FAILED');
      const wanted = entry.events.filter(({ status }) => input.Filters?.FailedEvents !== true || isFailed(status));
      const page = pageOf(wanted.toReversed(), input.NextToken);
      return {
        OperationEvents: page.items.map((event): OperationEvent => {
          const { StackName: _, ...rest } = eventView(entry, event);
          return { ...rest, EventType: 'STACK_EVENT' };
        }),
        NextToken: page.next,
      };
    },
    ListStacks(input, { region }) {
      const wanted: ReadonlySet<string> = new Set(input.StackStatusFilter ?? []);
      const all = book.list(region).filter(({ status }) => wanted.size === 0 || wanted.has(status));
      const page = pageOf(all, input.NextToken);
      return { StackSummaries: page.items.map(stackSummary), NextToken: page.next };
    },
    ListHookResults: (input) => ({ TargetType: input.TargetType, TargetId: input.TargetId, HookResults: [] }),
    DescribeAccountLimits: () => ({
      AccountLimits: [
        { Name: 'StackLimit', Value: 2000 },
        { Name: 'StackOutputsLimit', Value: 200 },
        { Name: 'ConcurrentResourcesLimit', Value: 2500 },
      ],
    }),
  };
}

/** Operations that look at what stacks have and give to others. */
export function resourceHandlers(
  cloud: Cloud,
): Pick<
  CloudFormationHandlers,
  'DescribeStackResource' | 'DescribeStackResources' | 'ListStackResources' | 'ListExports' | 'ListImports'
> {
  const { stacks } = cloud;
  const { book } = stacks;
  return {
    DescribeStackResource(input, { region }) {
      const entry = book.need(region, input.StackName, noStackOf);
      const { LogicalResourceId: wanted = '' } = input;
      const found = shownResources(entry).find(({ logicalId }) => logicalId === wanted);
      if (found === undefined)
        throw refused(validationError(`Resource ${wanted} does not exist for stack ${entry.stackName}`));
      const { Timestamp: at, ...rest } = resourceView(entry, found);
      return { StackResourceDetail: { ...rest, LastUpdatedTimestamp: at, Metadata: '{}' } };
    },
    DescribeStackResources(input, { region }) {
      const entry = ownerOf(cloud, input, region);
      const shown = shownResources(entry).filter(
        ({ logicalId }) => input.LogicalResourceId === undefined || logicalId === input.LogicalResourceId,
      );
      return { StackResources: shown.map((resource) => resourceView(entry, resource)) };
    },
    ListStackResources(input, { region }) {
      const page = pageOf(shownResources(book.need(region, input.StackName)), input.NextToken);
      return { StackResourceSummaries: page.items.map(resourceSummary), NextToken: page.next };
    },
    ListExports(input, { region }) {
      const all = book
        .list(region)
        .flatMap(({ stackId, deployed }) =>
          (deployed?.outputs ?? []).flatMap(({ exportName, value }) =>
            exportName === undefined ? [] : [{ ExportingStackId: stackId, Name: exportName, Value: value }],
          ),
        );
      const page = pageOf(all, input.NextToken);
      return { Exports: page.items, NextToken: page.next };
    },
    ListImports(input, { region }) {
      const { ExportName: name = '' } = input;
      const importing = stacks.importers({ region, stackName: '' }, name);
      if (importing.length === 0) throw refused(validationError(`Export '${name}' is not imported by any stack.`));
      const page = pageOf(importing, input.NextToken);
      return { Imports: page.items, NextToken: page.next };
    },
  };
}

/** The stack that a request names, or the one that has the resource that it names. */
function ownerOf(
  { stacks: { book } }: Cloud,
  {
    StackName: name,
    PhysicalResourceId: physicalId,
  }: { readonly StackName?: string | undefined; readonly PhysicalResourceId?: string | undefined },
  region: string,
): StackEntry {
  if (name !== undefined) return book.need(region, name);
  const found = book
    .list(region)
    .find((entry) => shownResources(entry).some((resource) => resource.physicalId === physicalId));
  if (found !== undefined) return found;
  throw refused(validationError(`Stack for ${physicalId ?? ''} does not exist`));
}
