import type { ResourceChange } from '../../engine/index.ts';
import {
  changeSetExists,
  changeSetNotExecutable,
  isBusy,
  isUpdatable,
  NO_CHANGES,
  noSuchChangeSet,
  notUpdatable,
  validationError,
} from '../../engine/index.ts';
import { uuidOf } from './ids.ts';
import type { Plan } from './planning.ts';
import { refused } from './stack-book.ts';
import type { StackEntry, Target } from './stack-entry.ts';
import type { OperationOptions, Stacks } from './stacks.ts';

/** What is seen of a stack's deployment before it happens (RS 8.21). */
export interface ChangeSet {
  readonly changeSetId: string;
  readonly name: string;
  readonly stackId: string;
  readonly description?: string | undefined;
  readonly createdMs: number;
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  readonly statusReason?: string;
  readonly executionStatus: 'UNAVAILABLE' | 'AVAILABLE' | 'EXECUTE_COMPLETE' | 'OBSOLETE';
  readonly changes: readonly ResourceChange[];
  readonly target: Target;
  readonly onFailure: OperationOptions['onFailure'];
}

/** Change sets of one stack; more are refused. */
const CHANGE_SETS_MAX = 1000;

/** Change sets of all stacks. Each is worked out at once, so that nobody has to wait for it. */
export class ChangeSets {
  private readonly sets = new Map<string, ChangeSet>();
  private readonly stacks: Stacks;
  private readonly epochMs: () => number;
  private count = 0;

  constructor(stacks: Stacks, epochMs: () => number) {
    this.stacks = stacks;
    this.epochMs = epochMs;
  }

  /** By ARN, or by name within a stack; an executed one has given its name free. @throws AwsError when there is none. */
  need(region: string, name: string, stackName: string | undefined): ChangeSet {
    if (name.startsWith('arn:')) {
      const found = this.sets.get(name);
      if (found !== undefined) return found;
      throw refused(noSuchChangeSet(name));
    }
    const { stackId } = this.stacks.book.need(region, stackName);
    const found = this.of(stackId).find((set) => set.name === name);
    if (found !== undefined) return found;
    throw refused(noSuchChangeSet(name));
  }

  /** Of one stack, the newest first; those that were executed are of the past. */
  of(stackId: string): readonly ChangeSet[] {
    const all = [...this.sets.values()];
    return all.filter((set) => set.stackId === stackId && set.executionStatus !== 'EXECUTE_COMPLETE').toReversed();
  }

  /** Works out what a target would change. */
  create(entry: StackEntry, target: Target, options: Pick<ChangeSet, 'name' | 'description' | 'onFailure'>): ChangeSet {
    const { stackId, region } = entry;
    const others = this.of(stackId);
    if (others.some(({ name }) => name === options.name)) throw refused(changeSetExists(options.name));
    if (others.length >= CHANGE_SETS_MAX)
      throw refused({
        code: 'LimitExceededException',
        message: `A stack has ${CHANGE_SETS_MAX} change sets at the most`,
      });
    const plan = this.stacks.plan(entry, target);
    if (plan.refusal !== undefined) throw refused(plan.refusal);
    this.count += 1;
    const account = stackId.split(':')[4] ?? '';
    const uuid = uuidOf(`change set ${stackId} ${this.count}`);
    const reason = whyFailed(entry, target, plan);
    const set: ChangeSet = {
      ...options,
      changeSetId: `arn:aws:cloudformation:${region}:${account}:changeSet/${options.name}/${uuid}`,
      stackId,
      createdMs: this.epochMs(),
      status: reason === undefined ? 'CREATE_COMPLETE' : 'FAILED',
      executionStatus: reason === undefined ? 'AVAILABLE' : 'UNAVAILABLE',
      ...(reason === undefined ? {} : { statusReason: reason }),
      changes: plan.changes,
      target,
    };
    this.sets.set(set.changeSetId, set);
    return set;
  }

  /** Begins what a change set describes; the stack's others are of no use after that. */
  execute(set: ChangeSet, options: OperationOptions): void {
    const entry = this.stacks.book.change(set.stackId, {});
    if (set.status === 'FAILED' || set.executionStatus !== 'AVAILABLE') {
      const status = set.status === 'FAILED' ? set.status : set.executionStatus;
      throw refused(changeSetNotExecutable(set.changeSetId, status));
    }
    if (isBusy(entry.status) || (entry.status !== 'REVIEW_IN_PROGRESS' && !isUpdatable(entry.status)))
      throw refused(notUpdatable(entry.stackId, entry.status));
    this.forget(set.stackId);
    this.sets.set(set.changeSetId, { ...set, executionStatus: 'EXECUTE_COMPLETE' });
    this.stacks.book.change(set.stackId, { changeSetId: set.changeSetId });
    this.stacks.begin(set.stackId, set.target, options);
  }

  delete(set: ChangeSet): void {
    this.sets.delete(set.changeSetId);
  }

  /** Of a stack that is gone. */
  forget(stackId: string): void {
    for (const set of this.sets.values()) if (set.stackId === stackId) this.sets.delete(set.changeSetId);
  }
}

/** Whether a stack may get a change set of a type (RS 8.25). */
export function changeSetTypeRefusal(
  type: string,
  entry: StackEntry | undefined,
  { stackName, changeSetName }: { readonly stackName: string; readonly changeSetName: string },
): ReturnType<typeof validationError> | undefined {
  if (type === 'IMPORT') return validationError('Importing resources is not supported.');
  if (type === 'UPDATE') {
    if (entry === undefined) return validationError(`Stack [${stackName}] does not exist`);
    if (entry.status === 'REVIEW_IN_PROGRESS' || isUpdatable(entry.status)) return undefined;
    return notUpdatable(entry.stackId, entry.status);
  }
  if (entry === undefined || entry.status === 'REVIEW_IN_PROGRESS') return undefined;
  return validationError(
    `Stack [${stackName}] already exists and cannot be created again with the changeSet [${changeSetName}].`,
  );
}

/** Whether a deployment would change anything that can be seen. */
export function changesNothing({ deployed }: StackEntry, target: Target, { changes, outputs }: Plan): boolean {
  if (deployed === undefined || changes.length > 0) return false;
  const told = (each: unknown): string => JSON.stringify(each);
  return told(outputs) === told(deployed.outputs) && told(target.tags) === told(deployed.target.tags);
}

function whyFailed(entry: StackEntry, target: Target, plan: Plan): string | undefined {
  if (changesNothing(entry, target, plan)) return NO_CHANGES;
  const { failure } = plan;
  return failure?.reason.startsWith('No export named ') === true ? failure.reason : undefined;
}
