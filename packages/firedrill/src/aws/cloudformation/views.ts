import type {
  Capability,
  Change,
  Parameter,
  ResourceAttribute,
  ResourceStatus,
  Stack,
  StackEvent as WrittenEvent,
  StackResource,
  StackResourceSummary,
  StackSummary,
  Tag,
} from '@aws-sdk/client-cloudformation';
import type { ResourceChange, StackEvent, StackResourceRecord } from '../../engine/index.ts';
import { shownValue, showsOutputs, storedType } from '../../engine/index.ts';
import type { StackEntry, StackTag, Target } from './stack-entry.ts';

const NOT_CHECKED = { StackDriftStatus: 'NOT_CHECKED' } as const;
const RESOURCE_NOT_CHECKED = { StackResourceDriftStatus: 'NOT_CHECKED' } as const;

/** A stack as `DescribeStacks` has it; `stored` finds values of the parameter store. */
export function stackView(entry: StackEntry, stored: (name: string) => string | undefined): Stack {
  const { target } = entry;
  return {
    StackId: entry.stackId,
    StackName: entry.stackName,
    ParentId: entry.parentId,
    RootId: entry.rootId,
    ChangeSetId: entry.changeSetId,
    Description: target?.outline.description,
    Parameters: target === undefined ? [] : parametersView(target, stored),
    CreationTime: new Date(entry.createdMs),
    DeletionTime: dateOf(entry.deletedMs),
    LastUpdatedTime: dateOf(entry.updatedMs),
    RollbackConfiguration: {},
    StackStatus: entry.status,
    StackStatusReason: entry.statusReason,
    DisableRollback: entry.rollbackDisabled,
    NotificationARNs: [...(target?.notificationArns ?? [])],
    TimeoutInMinutes: entry.timeoutInMinutes,
    Capabilities: [...(target?.capabilities ?? [])] as Capability[],
    // RS 8.22a
    Outputs: showsOutputs(entry.status)
      ? entry.deployed?.outputs.map(({ key, value, description, exportName }) => ({
          OutputKey: key,
          OutputValue: value,
          Description: description,
          ExportName: exportName,
        }))
      : undefined,
    RoleARN: target?.roleArn,
    Tags: tagsView(target?.tags ?? []),
    EnableTerminationProtection: entry.isProtected,
    DriftInformation: NOT_CHECKED,
  };
}

/** Parameters as DescribeStacks lists them. */
export function parametersView(
  { outline, parameters }: Target,
  stored: (name: string) => string | undefined,
): Parameter[] {
  return outline.parameters.map(({ name, type, default: fallback = '', noEcho }) => {
    const value = parameters[name] ?? fallback;
    const resolved = storedType(type) === undefined ? undefined : stored(value);
    return { ParameterKey: name, ParameterValue: shownValue(value, noEcho), ResolvedValue: resolved };
  });
}

/** Tags as CloudFormation's API has them. */
export function tagsView(tags: readonly StackTag[]): Tag[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** One line of a stack's events. */
export function eventView({ stackId, stackName }: StackEntry, event: StackEvent): WrittenEvent {
  return {
    StackId: stackId,
    EventId: event.eventId,
    StackName: stackName,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: new Date(event.atMs),
    ResourceStatus: event.status as ResourceStatus,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.clientRequestToken,
  };
}

/** Resources that a stack has; those of one that is gone are told as they went. */
export function shownResources({ status, resources }: StackEntry): readonly StackResourceRecord[] {
  if (status === 'DELETE_COMPLETE') return resources;
  return resources.filter((resource) => resource.status !== 'DELETE_COMPLETE' && resource.status !== 'DELETE_SKIPPED');
}

/** A resource as DescribeStackResources tells it. */
export function resourceView({ stackId, stackName }: StackEntry, resource: StackResourceRecord): StackResource {
  return {
    StackName: stackName,
    StackId: stackId,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Timestamp: new Date(resource.atMs),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: RESOURCE_NOT_CHECKED,
  };
}

/** A resource as ListStackResources tells it. */
export function resourceSummary(resource: StackResourceRecord): StackResourceSummary {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    LastUpdatedTimestamp: new Date(resource.atMs),
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: RESOURCE_NOT_CHECKED,
  };
}

/** A stack as ListStacks tells it. */
export function stackSummary(entry: StackEntry): StackSummary {
  return {
    StackId: entry.stackId,
    StackName: entry.stackName,
    ParentId: entry.parentId,
    RootId: entry.rootId,
    TemplateDescription: entry.target?.outline.description,
    CreationTime: new Date(entry.createdMs),
    LastUpdatedTime: dateOf(entry.updatedMs),
    DeletionTime: dateOf(entry.deletedMs),
    StackStatus: entry.status,
    StackStatusReason: entry.statusReason,
    DriftInformation: NOT_CHECKED,
  };
}

/** One change of a change set; values before and after are told to who asks for them. */
export function changeView(change: ResourceChange, withValues: boolean): Change {
  const resource = change.action === 'Remove' ? change.before : change.after;
  const before = change.action === 'Add' ? undefined : change.before;
  const after = change.action === 'Remove' ? undefined : change.after;
  const context = (each: typeof before): string | undefined =>
    withValues && each !== undefined ? JSON.stringify({ Properties: each.properties }) : undefined;
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: change.action,
      PolicyAction: policyAction(change),
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: before?.physicalId,
      ResourceType: resource.type,
      Replacement: change.action === 'Modify' ? (change.replaces ? 'True' : 'False') : undefined,
      Scope: change.action === 'Modify' ? ['Properties'] : [],
      Details: change.action === 'Modify' ? detailsView(change, withValues) : [],
      BeforeContext: context(before),
      AfterContext: context(after),
    },
  };
}

function detailsView(
  { details }: Extract<ResourceChange, { action: 'Modify' }>,
  withValues: boolean,
): NonNullable<NonNullable<Change['ResourceChange']>['Details']> {
  const attribute: ResourceAttribute = 'Properties';
  return details.map(({ property, path, requiresRecreation, before, after }) => ({
    Target: {
      Attribute: attribute,
      Name: property,
      RequiresRecreation: requiresRecreation,
      Path: path,
      ...(withValues ? { BeforeValue: before, AfterValue: after } : {}),
      AttributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
    },
    Evaluation: 'Static',
    ChangeSource: 'DirectModification',
  }));
}

function policyAction(change: ResourceChange): NonNullable<Change['ResourceChange']>['PolicyAction'] {
  switch (change.action) {
    case 'Add':
      return undefined;
    case 'Remove':
      return change.before.deletionPolicy === 'Retain' ? 'Retain' : 'Delete';
    case 'Modify':
      if (!change.replaces) return undefined;
      return change.before.updateReplacePolicy === 'Retain' ? 'ReplaceAndRetain' : 'ReplaceAndDelete';
  }
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
