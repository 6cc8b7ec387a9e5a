import type { ResourceChange } from './changes.ts';
import type { DesiredResource, ResourceStatus, Step } from './stack-record.ts';
import type { StackStatus } from './stack-status.ts';

/** What stopped an operation. */
export interface Failure {
  /** The resource that failed; undefined when it is the stack as a whole. */
  readonly logicalId: string | undefined;
  readonly reason: string;
}

/** What becomes of a stack whose creation fails (RS 8.19). */
export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

type ResourceStep = Extract<Step, { kind: 'resource' }>;

const CREATING_ANEW = 'Requested update requires the creation of a new physical resource; hence creating one.';
const INITIATED = 'Resource creation Initiated';

/** What is told when an operation begins. */
export function beginning(status: StackStatus, reason: string | undefined = 'User Initiated'): readonly Step[] {
  return [stack(status, reason)];
}

/**
 * What follows after the beginning of a creation (RS 8.17, 8.19). Resources come one after the other, so that after one has failed
 * nothing has to be cancelled.
 */
export function creationSteps(
  resources: readonly DesiredResource[],
  failure: Failure | undefined,
  onFailure: OnFailure = 'ROLLBACK',
): readonly Step[] {
  if (failure === undefined) return [...resources.flatMap(created), stack('CREATE_COMPLETE')];
  const { made, failed } = splitAt(resources, failure);
  const attempt = [...made.flatMap(created), ...failed.flatMap((resource) => creationFailed(resource, failure.reason))];
  const why = failed.length === 0 ? failure.reason : `The following resource(s) failed to create: [${idsOf(failed)}].`;
  if (onFailure === 'DO_NOTHING') return [...attempt, stack('CREATE_FAILED', `${why} `)];
  const undone = [
    // What never came to be has nothing to wait for.
    ...failed.map((resource) => step(resource, 'DELETE_COMPLETE')),
    ...made.toReversed().flatMap((resource) => deleted(resource, isKeptByRollback(resource))),
  ];
  return onFailure === 'DELETE'
    ? [...attempt, stack('DELETE_IN_PROGRESS', `${why} Delete requested by user.`), ...undone, stack('DELETE_COMPLETE')]
    : [
        ...attempt,
        stack('ROLLBACK_IN_PROGRESS', `${why} Rollback requested by user.`),
        ...undone,
        stack('ROLLBACK_COMPLETE'),
      ];
}

/** What follows when a creation that was left as it failed is taken back (RS 8.19b). */
export function rollbackSteps(made: readonly DesiredResource[]): readonly Step[] {
  return [...made.toReversed().flatMap((resource) => deleted(resource, false)), stack('ROLLBACK_COMPLETE')];
}

/** Resources that stay after a creation was rolled back, because their policy says so (RS 8.19). */
export function keptByRollback(resources: readonly DesiredResource[], failure: Failure): readonly DesiredResource[] {
  return splitAt(resources, failure).made.filter(isKeptByRollback);
}

function isKeptByRollback({ deletionPolicy }: DesiredResource): boolean {
  return deletionPolicy === 'Retain';
}

/**
 * What follows after the beginning of an update (RS 8.19a, 8.20).
 * @param options.stuck why an old resource does not go in the cleanup, by logical id: the update is complete all the same.
 */
export function updateSteps(
  changes: readonly ResourceChange[],
  failure: Failure | undefined,
  {
    stuck = new Map(),
    onFailure = 'ROLLBACK',
  }: { readonly stuck?: ReadonlyMap<string, string>; readonly onFailure?: OnFailure } = {},
): readonly Step[] {
  if (failure === undefined) {
    return [
      ...changes.filter(({ action }) => action !== 'Remove').flatMap(changed),
      stack('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'),
      ...cleanup(changes, stuck),
      stack('UPDATE_COMPLETE'),
    ];
  }
  const { made, failed } = courseOf(changes, failure);
  const attempt = [...made.flatMap(changed), ...failed.flatMap((change) => changeFailed(change, failure.reason))];
  const why = whyUpdateFailed(failed[0], failure);
  if (onFailure === 'DO_NOTHING') return [...attempt, stack('UPDATE_FAILED', why)];
  return [...attempt, stack('UPDATE_ROLLBACK_IN_PROGRESS', why), ...updateRollbackSteps(changes, failure)];
}

/** What follows when a failed update is taken back: at once, or after it was left as it failed (RS 8.19a, 8.19b). */
export function updateRollbackSteps(changes: readonly ResourceChange[], failure: Failure): readonly Step[] {
  const { made, failed } = courseOf(changes, failure);
  return [
    ...[...failed, ...made.toReversed()].flatMap(undone),
    stack('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'),
    ...failed.flatMap((change) => (change.action === 'Add' ? [step(change.after, 'DELETE_COMPLETE')] : [])),
    ...made.toReversed().flatMap((change) => (change.action === 'Add' ? deleted(change.after, false) : [])),
    stack('UPDATE_ROLLBACK_COMPLETE'),
  ];
}

/** How far a failed update came: what was done, what failed, what it never came to. */
export function courseOf(
  changes: readonly ResourceChange[],
  { logicalId }: Failure,
): Readonly<Record<'made' | 'failed' | 'untried', readonly ResourceChange[]>> {
  const forward = changes.filter(({ action }) => action !== 'Remove');
  const at = forward.findIndex((change) => idOf(change) === logicalId);
  if (at < 0) return { made: [], failed: [], untried: forward };
  return { made: forward.slice(0, at), failed: forward.slice(at, at + 1), untried: forward.slice(at + 1) };
}

/**
 * What follows after the beginning of a deletion: resources go in the reverse order of their creation (RS 8.14).
 * @param refusals why a resource does not go, by logical id.
 * @param retained resources to be left where they are, whatever their policy.
 */
export function deletionSteps(
  resources: readonly DesiredResource[],
  refusals: ReadonlyMap<string, string>,
  retained: ReadonlySet<string> = new Set(),
): readonly Step[] {
  const steps = resources.toReversed().flatMap((resource): readonly Step[] => {
    const { logicalId } = resource;
    if (isRetained(resource, retained)) return deleted(resource, true);
    const refusal = refusals.get(logicalId);
    if (refusal === undefined) return deleted(resource, false);
    return [step(resource, 'DELETE_IN_PROGRESS'), step(resource, 'DELETE_FAILED', refusal)];
  });
  const refused = resources.filter((resource) => refusals.has(resource.logicalId) && !isRetained(resource, retained));
  return refused.length === 0
    ? [...steps, stack('DELETE_COMPLETE')]
    : [...steps, stack('DELETE_FAILED', `The following resource(s) failed to delete: [${idsOf(refused)}]. `)];
}

/** Whether a resource outlives its stack. */
export function isRetained(
  { logicalId, deletionPolicy }: DesiredResource,
  retained: ReadonlySet<string> = new Set(),
): boolean {
  return deletionPolicy === 'Retain' || deletionPolicy === 'RetainExceptOnCreate' || retained.has(logicalId);
}

function splitAt(
  resources: readonly DesiredResource[],
  { logicalId }: Failure,
): { readonly made: readonly DesiredResource[]; readonly failed: readonly DesiredResource[] } {
  const at = resources.findIndex((resource) => resource.logicalId === logicalId);
  return { made: resources.slice(0, Math.max(at, 0)), failed: at < 0 ? [] : resources.slice(at, at + 1) };
}

function created(resource: DesiredResource): readonly Step[] {
  const { physicalId } = resource;
  return [
    step(resource, 'CREATE_IN_PROGRESS', undefined, ''),
    step(resource, 'CREATE_IN_PROGRESS', INITIATED, physicalId),
    step(resource, 'CREATE_COMPLETE', undefined, physicalId),
  ];
}

function creationFailed(resource: DesiredResource, reason: string): readonly Step[] {
  return [step(resource, 'CREATE_IN_PROGRESS', undefined, ''), step(resource, 'CREATE_FAILED', reason, '')];
}

function changed(change: ResourceChange): readonly Step[] {
  switch (change.action) {
    case 'Add':
      return created(change.after);
    case 'Modify': {
      const { before, after, replaces } = change;
      if (!replaces) return [step(after, 'UPDATE_IN_PROGRESS'), step(after, 'UPDATE_COMPLETE')];
      return [
        step(after, 'UPDATE_IN_PROGRESS', CREATING_ANEW, before.physicalId),
        step(after, 'UPDATE_IN_PROGRESS', INITIATED),
        step(after, 'UPDATE_COMPLETE'),
      ];
    }
    case 'Remove':
      return [];
  }
}

function changeFailed(change: ResourceChange, reason: string): readonly Step[] {
  switch (change.action) {
    case 'Add':
      return creationFailed(change.after, reason);
    case 'Modify':
      return [
        step(change.after, 'UPDATE_IN_PROGRESS', undefined, change.before.physicalId),
        step(change.after, 'UPDATE_FAILED', reason, change.before.physicalId),
      ];
    case 'Remove':
      return [];
  }
}

/** A resource gets back what it was; what was added goes in the cleanup. */
function undone(change: ResourceChange): readonly Step[] {
  if (change.action !== 'Modify') return [];
  return [step(change.before, 'UPDATE_IN_PROGRESS'), step(change.before, 'UPDATE_COMPLETE')];
}

/** Old resources go after the new ones stand. */
function cleanup(changes: readonly ResourceChange[], stuck: ReadonlyMap<string, string>): readonly Step[] {
  return changes.toReversed().flatMap((change): readonly Step[] => {
    if (change.action === 'Add' || (change.action === 'Modify' && !change.replaces)) return [];
    const { before } = change;
    const isKept = change.action === 'Remove' ? isRetained(before) : before.updateReplacePolicy === 'Retain';
    const refusal = stuck.get(before.logicalId);
    const steps =
      isKept || refusal === undefined
        ? deleted(before, isKept)
        : [step(before, 'DELETE_IN_PROGRESS'), step(before, 'DELETE_FAILED', refusal)];
    return change.action === 'Remove' ? steps : steps.map((each) => ({ ...each, former: true }));
  });
}

function deleted(resource: DesiredResource, isKept: boolean): readonly ResourceStep[] {
  return isKept
    ? [step(resource, 'DELETE_SKIPPED')]
    : [step(resource, 'DELETE_IN_PROGRESS'), step(resource, 'DELETE_COMPLETE')];
}

function whyUpdateFailed(failed: ResourceChange | undefined, { reason }: Failure): string {
  if (failed === undefined) return reason;
  const what = failed.action === 'Add' ? 'create' : 'update';
  return `The following resource(s) failed to ${what}: [${idOf(failed)}]. `;
}

function idOf(change: ResourceChange): string {
  return change.action === 'Remove' ? change.before.logicalId : change.after.logicalId;
}

function idsOf(resources: readonly DesiredResource[]): string {
  return resources.map(({ logicalId }) => logicalId).join(', ');
}

function stack(status: StackStatus, reason?: string): Step {
  return { kind: 'stack', status, ...(reason === undefined ? {} : { reason }) };
}

function step(
  resource: DesiredResource,
  status: ResourceStatus,
  reason?: string,
  physicalId = resource.physicalId,
): ResourceStep {
  return { kind: 'resource', resource, status, physicalId, ...(reason === undefined ? {} : { reason }) };
}
