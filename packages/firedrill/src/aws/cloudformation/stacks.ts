import type { Action, Architecture, BucketDeployment, StoredObject, Instant } from '../../model/index.ts';
import type { ActionResult, DesiredResource, Failure, OnFailure, ResourceChange, World } from '../../engine/index.ts';
import {
  beginning,
  BUCKET_NOT_EMPTY,
  creationSteps,
  deletionSteps,
  deniedByPolicy,
  embeddedStays,
  exportInUse,
  isRetained,
  keptByRollback,
  readStackPolicy,
  rollbackSteps,
  updateRollbackSteps,
  updateSteps,
} from '../../engine/index.ts';
import type { CodeLocation, TemplateSource } from '../../template/index.ts';
import type { Sources } from '../estate.ts';
import type { ParameterStores } from '../parameter-stores.ts';
import type { HandMadeResources } from '../hand-made.ts';
import { CodeObjects } from './code-objects.ts';
import { leftAsFailed, withoutLeftovers } from './failed-updates.ts';
import { leftBehind } from './left-behind.ts';
import type { Plan } from './planning.ts';
import { planDeployment, standing } from './planning.ts';
import { NestedStacks, retainedIn } from './nested-stacks.ts';
import { embeddedFailures, ownErrors, withErrors, withFailures } from './nested-plans.ts';
import { fetchNestedCode, withNestedTemplates } from './nested-templates.ts';
import { planesDown } from './planes-down.ts';
import { failuresIn, fileOf, firstFailure } from './stack-readings.ts';
import type { StackBook } from './stack-book.ts';
import { fetchCode } from './stack-code.ts';
import type { Deployed, StackEntry, Target } from './stack-entry.ts';

export interface StacksOptions {
  readonly book: StackBook;
  readonly sources: Sources;
  readonly parameters: ParameterStores;
  readonly world: () => World;
  readonly perform: (action: Action) => ActionResult;
  readonly epochMs: () => number;
  readonly now: () => Instant;
  /** Gets `assets/`, what was unpacked. */
  readonly stateDirectory: string;
  /** What a deployment puts into its bucket, by key. */
  readonly objectsOf: (deployment: BucketDeployment) => Readonly<Record<string, StoredObject>>;
  /** Hears of a mistake of ours; the stack's operation ends with it. */
  readonly onBug: (error: unknown) => void;
}

/** How an operation is to end when it fails, and what its events carry. */
export interface OperationOptions {
  readonly onFailure: OnFailure;
  /** A policy for this update alone. */
  readonly duringUpdate?: string | undefined;
  readonly clientRequestToken?: string | undefined;
}

interface AttemptOptions {
  /** What is made by hand afterwards. */
  readonly handMade: (made: HandMadeResources, plan: Plan) => HandMadeResources;
  /** Which updates of resources are allowed, as JSON; all of them unless given. */
  readonly policy: string | undefined;
}

/** Deploys stacks, one operation after the other in the whole account, each wholly or not at all. */
export class Stacks {
  readonly book: StackBook;
  private readonly options: StacksOptions;
  private readonly code: CodeObjects;
  private readonly nested: NestedStacks;

  constructor(options: StacksOptions) {
    this.options = options;
    this.book = options.book;
    this.code = new CodeObjects(options.stateDirectory);
    this.nested = new NestedStacks(options.book, options.epochMs);
  }

  architecture(): Architecture {
    return this.options.sources.architecture();
  }

  /**
   * Enters a stack that stands already.
   * @param architecture the estate's, or the part of it that has all of the stack.
   */
  adopt(stackId: string, source: TemplateSource, architecture: Architecture): void {
    const outline = this.options.sources.outline(source);
    const target: Target = {
      template: source.text,
      outline,
      parameters: source.parameters,
      tags: [],
      capabilities: [],
      notificationArns: [],
    };
    const entry = this.book.change(stackId, { target });
    const { resources, outputs } = standing(architecture, entry, target);
    this.book.change(stackId, { deployed: { target, source, resources, outputs } });
    this.book.tell(stackId, [...beginning('CREATE_IN_PROGRESS'), ...creationSteps(resources, undefined)]);
  }

  /** What a deployment would come to; code is not looked at. */
  plan(entry: StackEntry, target: Target): Plan {
    return this.planWith(entry, target, KNOWN_LATER);
  }

  /** Begins to make a stack what it is to become, the first time or again. */
  begin(stackId: string, target: Target, options: OperationOptions): StackEntry {
    const { deployed } = this.book.change(stackId, { target });
    const { clientRequestToken } = options;
    const isNew = deployed === undefined;
    const begun = this.book.tell(
      stackId,
      beginning(isNew ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS'),
      clientRequestToken,
    );
    if (!isNew) this.book.change(stackId, { updatedMs: this.options.epochMs() });
    this.run(stackId, async () => {
      await (isNew ? this.create(stackId, target, options) : this.update(stackId, target, options));
    });
    return begun;
  }

  /** Begins to delete a stack. */
  beginDeletion(stackId: string, retained: ReadonlySet<string>, clientRequestToken: string | undefined): void {
    const entry = this.book.change(stackId, {});
    const inUse = exportInUse(exportsIn(entry), {}, (name) => this.importers(entry, name));
    if (inUse !== undefined) {
      // The deletion is called off before it begins, and the stack stays what it was (RS 8.6).
      this.book.tell(stackId, beginning(entry.status, inUse), clientRequestToken);
      return;
    }
    this.book.tell(stackId, beginning('DELETE_IN_PROGRESS'), clientRequestToken);
    this.run(stackId, async () => await this.delete(stackId, retained, clientRequestToken));
  }

  /** Begins to take back an update that was left as it failed (RS 8.19b). */
  beginUpdateRollback(stackId: string, clientRequestToken: string | undefined): void {
    this.book.tell(stackId, beginning('UPDATE_ROLLBACK_IN_PROGRESS'), clientRequestToken);
    this.run(stackId, async () => {
      const entry = this.book.change(stackId, {});
      const { changes = [], failure } = entry.failedUpdate ?? {};
      await this.restore(entry);
      const nothing = { logicalId: undefined, reason: '' };
      this.book.tell(stackId, updateRollbackSteps(changes, failure ?? nothing), clientRequestToken);
    });
  }

  /** Begins to take back a creation that was left as it failed (RS 8.19b). */
  beginRollback(stackId: string, clientRequestToken: string | undefined): void {
    this.book.tell(stackId, beginning('ROLLBACK_IN_PROGRESS'), clientRequestToken);
    this.run(stackId, async () => {
      const { deployed } = this.book.change(stackId, {});
      await this.options.sources.commit({ stacks: new Map([[stackId, undefined]]) });
      this.book.change(stackId, { deployed: undefined });
      this.book.tell(stackId, rollbackSteps(deployed?.resources ?? []), clientRequestToken);
    });
  }

  /** Names of the stacks of a Region that import a name. */
  importers({ region, stackName }: Pick<StackEntry, 'region' | 'stackName'>, name: string): readonly string[] {
    const stacks = this.architecture().stacks.filter((stack) => stack.region === region && stack.name !== stackName);
    return stacks.filter(({ imports }) => imports?.includes(name) === true).map((stack) => stack.name);
  }

  /** What a parameter of Systems Manager was to the latest deployment of a stack, else what it is. */
  storedValue({ region, deployed }: Pick<StackEntry, 'region' | 'deployed'>, name: string): string | undefined {
    const found = this.options.parameters.in(region).get(name);
    return deployed?.source.stored?.value(name, undefined) ?? ('kind' in found ? undefined : found.value);
  }

  /** A target with the templates of the stacks nested in it, as far as they can be had. */
  async complete(entry: StackEntry, target: Target): Promise<Target> {
    return await withNestedTemplates(target, this.options.world(), (whole) => this.plan(entry, whole));
  }

  private planWith(entry: StackEntry, target: Target, code: TemplateSource['code']): Plan {
    const { sources, parameters } = this.options;
    const nestedBefore = this.book.nestedIn(entry.stackId);
    const store = parameters.in(entry.region);
    const handMade = withoutLeftovers(sources.handMade(), entry);
    return planDeployment(sources, entry, target, { code, store, nestedBefore, handMade });
  }

  private run(stackId: string, work: () => Promise<void>): void {
    const operation = this.options.sources.inTurn(work).catch((error: unknown) => this.options.onBug(error));
    this.book.underWay(stackId, operation);
  }

  private async create(stackId: string, target: Target, options: OperationOptions): Promise<void> {
    const entry = this.book.change(stackId, {});
    const { plan, failure } = await this.attempt(entry, target, { handMade: (made) => made, policy: undefined });
    const { clientRequestToken: token, onFailure } = options;
    if (failure === undefined) {
      this.book.change(stackId, { births: plan.births, deployed: deployedBy(plan, target) });
      this.nested.tellDeployed(this.book.change(stackId, {}), plan, idsOf(plan.after));
      this.book.tell(stackId, creationSteps(plan.after, undefined), token);
      this.putFiles(plan);
      return;
    }
    this.nested.tellFailed(entry, plan, { failure, made: madeBefore(plan.after, failure), onFailure });
    await this.keepWhatFailureLeaves(entry, target, { plan, failure, onFailure });
    this.book.tell(stackId, creationSteps(plan.after, failure, onFailure), token);
  }

  /** Resources that outlive a creation that was rolled back, and those of one that was left as it is (RS 8.19). */
  private async keepWhatFailureLeaves(
    entry: StackEntry,
    target: Target,
    { plan, failure, onFailure }: { readonly plan: Plan; readonly failure: Failure; readonly onFailure: OnFailure },
  ): Promise<void> {
    const { sources } = this.options;
    if (onFailure !== 'DO_NOTHING') {
      const kept = keptByRollback(plan.after, failure);
      if (kept.length > 0)
        await sources.commit({ handMade: leftBehind(sources.handMade(), { ...entry, ...plan }, kept).made });
      return;
    }
    const at = plan.after.findIndex(({ logicalId }) => logicalId === failure.logicalId);
    const made = plan.after.slice(0, Math.max(at, 0));
    const absent = plan.after.slice(Math.max(at, 0)).map(({ logicalId }) => logicalId);
    const source = { ...plan.source, history: { ...plan.source.history, absent } };
    const errors = await sources.commit({ stacks: new Map([[entry.stackId, source]]) });
    const deployed: Deployed = { target, source, resources: errors.length > 0 ? [] : made, outputs: [] };
    this.book.change(entry.stackId, { births: plan.births, deployed });
  }

  private async update(
    stackId: string,
    target: Target,
    { clientRequestToken: token, onFailure, duringUpdate }: OperationOptions,
  ): Promise<void> {
    const entry = this.book.change(stackId, {});
    let stuck: ReadonlyMap<string, string> = new Map();
    const handMade = (made: HandMadeResources, { changes, nested }: Plan): HandMadeResources => {
      const own = this.stayingOf(changes.flatMap(leavingBy));
      stuck = own.stuck;
      return this.book.nestedIn(stackId).reduce(
        (all, each) => {
          const changed = nested.find(({ stackName }) => stackName === each.stackName);
          const leaving = changed === undefined ? goingWith(each) : changed.changes.flatMap(leavingBy);
          return leftBehind(all, each, this.stayingOf(leaving).staying).made;
        },
        leftBehind(withoutLeftovers(made, entry), entry, own.staying).made,
      );
    };
    const { plan, failure } = await this.attempt(entry, target, { handMade, policy: duringUpdate ?? entry.policy });
    if (failure !== undefined) {
      const made = madeBefore(plan.after, failure);
      this.nested.tellFailed(entry, plan, { failure, made, onFailure: 'ROLLBACK' });
      if (onFailure === 'DO_NOTHING') await this.leave(entry, target, plan, failure);
      else await this.restore(entry);
      this.book.tell(stackId, updateSteps(plan.changes, failure, { onFailure }), token);
      return;
    }
    this.book.change(stackId, { births: plan.births, deployed: deployedBy(plan, target), failedUpdate: undefined });
    this.nested.tellDeployed(this.book.change(stackId, {}), plan, idsOf(plan.after));
    this.book.tell(stackId, updateSteps(plan.changes, undefined, { stuck }), token);
    this.putFiles(plan);
  }

  /** Leaves a stack as its update has failed. */
  private async leave(entry: StackEntry, target: Target, plan: Plan, failure: Failure): Promise<void> {
    const { stackId, deployed } = entry;
    const { sources } = this.options;
    if (deployed === undefined) return;
    const left = leftAsFailed({ ...entry, deployed }, target, { plan, failure, handMade: sources.handMade() });
    const { handMade, ...rest } = left;
    const errors = await sources.commit({ stacks: new Map([[stackId, rest.deployed.source]]), handMade });
    // What was done does not stand without what was not: all of it is as before then.
    this.book.change(
      stackId,
      errors.length === 0
        ? rest
        : { failedUpdate: { ...rest.failedUpdate, leftovers: entry.failedUpdate?.leftovers ?? [] } },
    );
  }

  /** Brings back what stood before the latest update, and before those that were left as they failed. */
  private async restore(entry: StackEntry): Promise<void> {
    const { stackId, deployed, failedUpdate } = entry;
    if (failedUpdate === undefined) {
      this.book.change(stackId, { target: deployed?.target });
      return;
    }
    const { sources } = this.options;
    const { stable, births } = failedUpdate;
    const handMade = withoutLeftovers(sources.handMade(), entry);
    await sources.commit({ stacks: new Map([[stackId, stable.source]]), handMade });
    this.book.change(stackId, { deployed: stable, births, target: stable.target, failedUpdate: undefined });
  }

  /** Tries a deployment in the world; either all of it is there afterwards, or nothing has changed. */
  private async attempt(
    entry: StackEntry,
    target: Target,
    { handMade, policy }: AttemptOptions,
  ): Promise<{ readonly plan: Plan; readonly failure: Failure | undefined }> {
    const { sources, world } = this.options;
    const first = this.plan(entry, target);
    const { code, failures } = await fetchCode(first.resources, world(), this.code);
    const inNested = await fetchNestedCode(first.nested, world(), this.code);
    const all = { ...inNested.code, ...code };
    const plan = withFailures(
      Object.keys(all).length === 0 ? first : this.planWith(entry, target, all),
      inNested.failures,
    );
    const inUse = exportInUse(entry.deployed === undefined ? {} : exportsIn(entry), plan.exports, (name) =>
      this.importers(entry, name),
    );
    const found = firstFailure(plan.after, [
      // What a store says of an object comes before what is said of the code that is missing then.
      ...failures,
      ...embeddedFailures(plan.nested),
      ...[plan.refusal?.message, inUse].flatMap((reason) =>
        reason === undefined ? [] : [{ logicalId: undefined, reason }],
      ),
      ...(plan.failure === undefined ? [] : [plan.failure]),
      ...deniedIn(policy, plan),
      ...planesDown(plan.changes, world(), this.options.now()),
    ]);
    if (found !== undefined) return { plan, failure: found };
    const errors = await sources.commit({
      stacks: new Map([[entry.stackId, plan.source]]),
      handMade: handMade(sources.handMade(), plan),
    });
    const told = withErrors(plan, errors);
    const own = failuresIn(ownErrors(errors, plan.nested), fileOf(entry));
    return { plan: told, failure: firstFailure(plan.after, [...embeddedFailures(told.nested), ...own]) };
  }

  private async delete(stackId: string, retained: ReadonlySet<string>, token: string | undefined): Promise<void> {
    const entry = this.book.change(stackId, {});
    const { deployed } = entry;
    if (deployed === undefined) {
      this.book.tell(stackId, deletionSteps([], new Map()), token);
      return;
    }
    const { resources } = deployed;
    const source = this.options.sources.source(stackId) ?? deployed.source;
    const nested = this.book.nestedIn(stackId);
    for (const each of [resources, ...nested.map((one) => one.deployed?.resources ?? [])]) this.emptyBuckets(each);
    const going = resources.filter((resource) => !isRetained(resource, retained));
    const { full, refusals } = this.refusalsOf(going, nested);
    const kept = resources.filter((resource) => isRetained(resource, retained));
    const handMade = retainedIn(nested.filter((each) => !full.has(each.stackId))).reduce(
      (made, [each, stays]) => leftBehind(made, each, stays).made,
      leftBehind(withoutLeftovers(this.options.sources.handMade(), entry), entry, kept).made,
    );
    const left = resources.filter(({ logicalId }) => refusals.has(logicalId));
    const absent = resources.map(({ logicalId }) => logicalId).filter((id) => !refusals.has(id));
    const remaining = { ...source, history: { ...source.history, absent } };
    const errors = await this.options.sources.commit({
      stacks: new Map([[stackId, left.length === 0 ? undefined : remaining]]),
      handMade,
    });
    const [error] = errors;
    if (error !== undefined) {
      this.book.tell(stackId, beginning('DELETE_FAILED', error.says), token);
      return;
    }
    for (const each of nested.toReversed()) {
      const stuck = full.get(each.stackId);
      if (stuck === undefined) this.nested.tellDeleted(each);
      else this.nested.tellStuck(each, stuck);
    }
    this.book.change(stackId, { deployed: { ...deployed, source: remaining, resources: left } });
    this.book.tell(stackId, deletionSteps(resources, refusals, retained), token);
  }

  /** Why resources of a stack do not go; and those of stacks nested in it, by the ids of these. */
  private refusalsOf(
    going: readonly DesiredResource[],
    nested: readonly StackEntry[],
  ): {
    readonly refusals: ReadonlyMap<string, string>;
    readonly full: ReadonlyMap<string, ReadonlyMap<string, string>>;
  } {
    const full = new Map(
      nested.flatMap(({ stackId, deployed }): [string, ReadonlyMap<string, string>][] => {
        const own = this.fullBuckets((deployed?.resources ?? []).filter((each) => !isRetained(each)));
        return own.size === 0 ? [] : [[stackId, own]];
      }),
    );
    const embedded = going.flatMap(({ logicalId, physicalId }): [string, string][] => {
      const stuck = full.get(physicalId);
      return stuck === undefined ? [] : [[logicalId, embeddedStays(physicalId, [...stuck.keys()])]];
    });
    return { full, refusals: new Map([...this.fullBuckets(going), ...embedded]) };
  }

  /** Of resources that leave a stack those that are there all the same, and why some of these are stuck. */
  private stayingOf(leaving: readonly Leaving[]): {
    readonly staying: readonly DesiredResource[];
    readonly stuck: ReadonlyMap<string, string>;
  } {
    const stuck = this.fullBuckets(leaving.flatMap(({ before, isKept }) => (isKept ? [] : [before])));
    const staying = leaving.flatMap(({ before, isKept }) => (isKept || stuck.has(before.logicalId) ? [before] : []));
    return { staying, stuck };
  }

  /** Buckets that do not go because something is in them. */
  private fullBuckets(resources: readonly DesiredResource[]): ReadonlyMap<string, string> {
    const full = resources.filter(
      ({ type, physicalId }) =>
        type === 'AWS::S3::Bucket' && this.options.world().contentsOf(physicalId)?.isEmpty === false,
    );
    return new Map(full.map(({ logicalId }) => [logicalId, BUCKET_NOT_EMPTY]));
  }

  /** What CDK's `autoDeleteObjects` does before its bucket goes. */
  private emptyBuckets(resources: readonly DesiredResource[]): void {
    for (const { type, properties } of resources) {
      const bucket = properties['BucketName'];
      if (type !== 'Custom::S3AutoDeleteObjects' || typeof bucket !== 'string') continue;
      const contents = this.options.world().contentsOf(bucket);
      for (const key of contents?.allKeys() ?? [])
        for (const { id } of contents?.versionsOf(key) ?? [])
          this.options.perform({ kind: 'delete-object', bucket, key, versionId: id });
    }
  }

  /** Files that CDK deploys into buckets. */
  private putFiles({ source, nested }: Plan): void {
    const files = new Set([source.file, ...nested.map(fileOf)]);
    const own = this.architecture().bucketDeployments.filter(({ place }) => files.has(place?.file ?? ''));
    for (const deployment of own)
      for (const [key, object] of Object.entries(this.options.objectsOf(deployment)))
        this.options.perform({ kind: 'put-object', bucket: deployment.bucket, key, object });
  }
}

/** What a stack's policy does not allow of a plan. */
function deniedIn(policy: string | undefined, { changes }: Plan): readonly Failure[] {
  const read = policy === undefined ? undefined : readStackPolicy(policy);
  const denied = read === undefined || 'code' in read ? undefined : deniedByPolicy(read, changes);
  return denied === undefined ? [] : [denied];
}

function idsOf(resources: readonly DesiredResource[]): ReadonlySet<string> {
  return new Set(resources.map(({ logicalId }) => logicalId));
}

/** Resources that come before the one that fails. */
function madeBefore(after: readonly DesiredResource[], failure: Failure): ReadonlySet<string> {
  const at = after.findIndex(({ logicalId }) => logicalId === failure.logicalId);
  return idsOf(after.slice(0, Math.max(at, 0)));
}

/** Code is fetched when a deployment is executed. */
const KNOWN_LATER: Readonly<Record<string, CodeLocation>> = {};

function deployedBy(plan: Plan, target: Target): Deployed {
  return { target, source: plan.source, resources: plan.after, outputs: plan.outputs };
}

function exportsIn({ deployed }: StackEntry): Readonly<Record<string, string>> {
  const outputs = deployed?.outputs ?? [];
  return Object.fromEntries(
    outputs.flatMap(({ exportName, value }): [string, string][] =>
      exportName === undefined ? [] : [[exportName, value]],
    ),
  );
}

/** A resource that an update takes out of a stack. */
interface Leaving {
  readonly before: DesiredResource;
  /** As its template wishes. */
  readonly isKept: boolean;
}

/** All resources of a nested stack that goes. */
function goingWith({ deployed }: StackEntry): readonly Leaving[] {
  return (deployed?.resources ?? []).map((before) => ({ before, isKept: isRetained(before) }));
}

function leavingBy(change: ResourceChange): readonly Leaving[] {
  switch (change.action) {
    case 'Add':
      return [];
    case 'Remove':
      return [{ before: change.before, isKept: isRetained(change.before) }];
    case 'Modify':
      return change.replaces ? [{ before: change.before, isKept: change.before.updateReplacePolicy === 'Retain' }] : [];
  }
}
