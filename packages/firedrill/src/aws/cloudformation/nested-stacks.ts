import type { DesiredResource, Failure, OnFailure } from '../../engine/index.ts';
import { beginning, creationSteps, deletionSteps, isRetained, updateSteps } from '../../engine/index.ts';
import type { TemplateSource } from '../../template/index.ts';
import type { NestedPlan } from './nested-plans.ts';
import type { Plan } from './planning.ts';
import type { StackBook } from './stack-book.ts';
import type { StackEntry } from './stack-entry.ts';

/** What is told of stacks that are nested in others: they come, change and go with these (RS 8.27b). */
export class NestedStacks {
  private readonly book: StackBook;
  private readonly epochMs: () => number;

  constructor(book: StackBook, epochMs: () => number) {
    this.book = book;
    this.epochMs = epochMs;
  }

  /** All stands that a plan describes, as far as the resources of the outermost stack do that are given. */
  tellDeployed(root: StackEntry, { nested, source }: Plan, tops: ReadonlySet<string>): void {
    const kept = new Set(nested.map(({ stackName }) => stackName));
    for (const gone of this.book.nestedIn(root.stackId).toReversed())
      if (!kept.has(gone.stackName)) this.tellDeleted(gone);
    for (const plan of nested.filter(({ top }) => tops.has(top))) this.tellPlan(root, plan, source);
  }

  /**
   * A deployment has failed at a resource of the outermost stack: what was made for it is taken back, unless it is to be left.
   * @param made resources of that stack which had been made by then.
   */
  tellFailed(
    root: StackEntry,
    { nested, source }: Plan,
    {
      failure,
      made,
      onFailure,
    }: { readonly failure: Failure; readonly made: ReadonlySet<string>; readonly onFailure: OnFailure },
  ): void {
    const isLeft = onFailure === 'DO_NOTHING';
    for (const plan of nested) {
      const { before, top } = plan;
      if (top === failure.logicalId && plan.failure !== undefined) this.tellBroken(root, plan, source, isLeft);
      else if (before === undefined && made.has(top)) {
        const { stackId } = this.tellPlan(root, plan, source);
        if (!isLeft) this.tellDeleted(this.book.change(stackId, {}));
      }
    }
  }

  /** Goes with the stack that it is in; what is retained stays. */
  tellDeleted({ stackId, deployed }: StackEntry): void {
    this.book.tell(stackId, [
      ...beginning('DELETE_IN_PROGRESS'),
      ...deletionSteps(deployed?.resources ?? [], new Map()),
    ]);
  }

  /** Does not go, because of what is in it. */
  tellStuck({ stackId, deployed }: StackEntry, refusals: ReadonlyMap<string, string>): void {
    const stuck = (deployed?.resources ?? []).filter(({ logicalId }) => refusals.has(logicalId));
    this.book.tell(stackId, [...beginning('DELETE_IN_PROGRESS'), ...deletionSteps(stuck, refusals)]);
  }

  private tellPlan(root: StackEntry, plan: NestedPlan, source: TemplateSource): StackEntry {
    const { before, target, after, outputs, births, changes } = plan;
    const deployed = { target, source, resources: after, outputs };
    if (before === undefined) {
      const { stackId } = this.enter(root, plan);
      this.book.change(stackId, { births, deployed });
      return this.book.tell(stackId, [...beginning('CREATE_IN_PROGRESS'), ...creationSteps(after, undefined)]);
    }
    const { stackId } = before;
    const changed = this.book.change(stackId, { births, deployed, target });
    if (changes.length === 0) return changed;
    this.book.change(stackId, { updatedMs: this.epochMs() });
    return this.book.tell(stackId, [...beginning('UPDATE_IN_PROGRESS'), ...updateSteps(changes, undefined)]);
  }

  private tellBroken(root: StackEntry, plan: NestedPlan, source: TemplateSource, isLeft: boolean): void {
    const { before, after, changes, failure, target } = plan;
    if (failure === undefined) return;
    if (before !== undefined) {
      this.book.tell(before.stackId, [...beginning('UPDATE_IN_PROGRESS'), ...updateSteps(changes, failure)]);
      return;
    }
    const { stackId } = this.enter(root, plan);
    this.book.tell(stackId, [...beginning('CREATE_IN_PROGRESS'), ...creationSteps(after, failure, 'DO_NOTHING')]);
    if (isLeft) return;
    const at = after.findIndex(({ logicalId }) => logicalId === failure.logicalId);
    const deployed = { target, source, resources: after.slice(0, Math.max(at, 0)), outputs: [] };
    this.tellDeleted(this.book.change(stackId, { deployed }));
  }

  private enter(root: StackEntry, { stackId, stackName, parent, target }: NestedPlan): StackEntry {
    const { region } = root;
    const parentId = this.book.find(region, parent)?.stackId ?? root.stackId;
    const settings = { target, isProtected: false, rollbackDisabled: true };
    return this.book.enter(region, stackName, { ...settings, stackId, parentId, rootId: root.rootId ?? root.stackId });
  }
}

/** Resources of nested stacks that go with these and that their templates retain. */
export function retainedIn(
  nested: readonly StackEntry[],
): readonly (readonly [StackEntry, readonly DesiredResource[]])[] {
  return nested.map((entry) => [entry, (entry.deployed?.resources ?? []).filter((each) => isRetained(each))]);
}
