import type { Architecture, DeployedResource, Finding, Stack } from '../../model/index.ts';
import type { DesiredResource, Failure, ResourceChange } from '../../engine/index.ts';
import { handlerMessage } from '../../engine/index.ts';
import type { Birth } from '../../template/index.ts';
import { plainProperties } from '../plain-values.ts';
import type { StackEntry, StackOutput, Target } from './stack-entry.ts';

/** How a stack is known among others. */
export type WhichStack = Pick<StackEntry, 'stackName' | 'region'>;

/** What findings about a stack name as their file: it has none on this machine. */
export function fileOf({ stackName, region }: Pick<StackEntry, 'stackName' | 'region'>): string {
  return `${stackName} (${region})`;
}

/** A stack by name and Region. */
export function stackIn({ stacks }: Architecture, { stackName, region }: WhichStack): Stack | undefined {
  return stacks.find((stack) => stack.name === stackName && stack.region === region);
}

/** Resources of a stack, without those of stacks nested in it. */
export function ownResources(
  { resources }: Architecture,
  { stackName, region }: WhichStack,
): readonly DeployedResource[] {
  return resources.filter((resource) => resource.stack === stackName && resource.region === region);
}

/** The same as a template has them. */
export function desiredResources(
  architecture: Architecture,
  entry: WhichStack,
  { outline }: Pick<Target, 'outline'>,
): readonly DesiredResource[] {
  const policies = new Map(outline.resources.map((each) => [each.logicalId, each]));
  return ownResources(architecture, entry).map(({ logicalId, type, physicalId, properties }) => ({
    logicalId,
    type,
    physicalId,
    properties: plainProperties(properties),
    deletionPolicy: policies.get(logicalId)?.deletionPolicy ?? 'Delete',
    updateReplacePolicy: policies.get(logicalId)?.updateReplacePolicy ?? 'Delete',
  }));
}

/** What a stack gives, with what its template says of it. */
export function outputsOf(stack: Stack | undefined, { outline }: Pick<Target, 'outline'>): readonly StackOutput[] {
  const described = new Map(outline.outputs.map(({ name, description }) => [name, description]));
  const exported = new Map((stack?.exports ?? []).map(({ name, output }) => [output, name]));
  return Object.entries(stack?.outputs ?? {}).map(([key, value]) => {
    const [description, exportName] = [described.get(key), exported.get(key)];
    return {
      key,
      value,
      ...(description === undefined ? {} : { description }),
      ...(exportName === undefined ? {} : { exportName }),
    };
  });
}

/** A replaced resource that would be called as before: either it was not born anew yet, or users named it. */
export function needsBirth(change: ResourceChange): change is Extract<ResourceChange, { action: 'Modify' }> {
  return (
    change.action === 'Modify' &&
    change.replaces &&
    change.before.type === change.after.type &&
    change.before.physicalId === change.after.physicalId
  );
}

/** How a resource is known that takes the place of another one. */
export function bornAgain(
  entry: Pick<StackEntry, 'stackName' | 'incarnation'>,
  logicalId: string,
  before: Birth | undefined,
): Birth {
  const { stackName: stack, incarnation } = entry;
  return { stack, logicalId, incarnation, generation: (before?.generation ?? 0) + 1 };
}

/** Which resources errors are about; those of other templates are about the stack as a whole. */
export function failuresIn(errors: readonly Finding[], file: string): readonly Failure[] {
  return errors.flatMap((finding): Failure[] => {
    const { place, code, says } = finding;
    if (place?.file !== file) return [{ logicalId: undefined, reason: says }];
    if (code === 'template/import') return [{ logicalId: undefined, reason: importReason(says) }];
    const logicalId = /^Resources\.([A-Za-z0-9]+)/.exec(place.path ?? '')?.[1];
    return [{ logicalId, reason: handlerMessage(says, 'InvalidRequest') }];
  });
}

function importReason(says: string): string {
  const name = /^No stack that was read exports (.+)\.$/.exec(says)?.[1] ?? /^(\S+) is exported by/.exec(says)?.[1];
  return name === undefined ? says : `No export named ${name} found.`;
}

/** Of several failures the one that a deployment would come to first. */
export function firstFailure(after: readonly DesiredResource[], failures: readonly Failure[]): Failure | undefined {
  const order = new Map(after.map(({ logicalId }, index) => [logicalId, index]));
  const rank = ({ logicalId }: Failure): number =>
    logicalId === undefined ? -1 : (order.get(logicalId) ?? after.length);
  return failures.toSorted((a, b) => rank(a) - rank(b))[0];
}
