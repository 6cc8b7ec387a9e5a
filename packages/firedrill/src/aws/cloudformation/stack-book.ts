import type { Refusal, Step } from '../../engine/index.ts';
import { CLOUDFORMATION_FACTS, isBusy, noSuchStack, tellSteps } from '../../engine/index.ts';
import { uuidOf } from './ids.ts';
import { AwsError } from '../aws-error.ts';
import type { StackEntry } from './stack-entry.ts';

/** Deleted stacks that are remembered, beside the 90 days that AWS does (RS 8.23). */
const DELETED_MAX = 1000;
const DAY_MS = 86_400_000;

/** All stacks of an account, also those that are gone and still answer to their ARN. */
export class StackBook {
  private readonly entries = new Map<string, StackEntry>();
  /** Ids of stacks that live, by Region and name. */
  private readonly named = new Map<string, string>();
  private readonly under = new Map<string, Promise<void>>();
  private readonly account: string;
  private readonly epochMs: () => number;

  constructor(account: string, epochMs: () => number) {
    this.account = account;
    this.epochMs = epochMs;
  }

  /** By name, or by ARN; a name finds only what is not deleted. */
  find(region: string, nameOrId: string): StackEntry | undefined {
    const id = nameOrId.startsWith('arn:') ? nameOrId : this.named.get(`${region} ${nameOrId}`);
    return id === undefined ? undefined : this.entries.get(id);
  }

  /** @throws AwsError when there is none. */
  need(region: string, nameOrId: string | undefined, refusal: (name: string) => Refusal = noSuchStack): StackEntry {
    const found = this.find(region, nameOrId ?? '');
    if (found !== undefined) return found;
    throw refused(refusal(nameOrId ?? ''));
  }

  /** Stacks of a Region, the newest first. */
  list(region: string): readonly StackEntry[] {
    return [...this.entries.values()].filter((entry) => entry.region === region).toReversed();
  }

  /** Stacks of all Regions that are not deleted, in the order in which they were made. */
  living(): readonly StackEntry[] {
    return [...this.entries.values()].filter(({ status }) => status !== 'DELETE_COMPLETE');
  }

  /** Stacks that are nested in one, at every depth, as far as they are not deleted. */
  nestedIn(rootId: string): readonly StackEntry[] {
    return [...this.entries.values()].filter((each) => each.rootId === rootId && each.status !== 'DELETE_COMPLETE');
  }

  /** Enters a new stack; its status is that of its first step. */
  enter(
    region: string,
    stackName: string,
    more: Pick<StackEntry, 'target' | 'isProtected' | 'rollbackDisabled'> & Partial<StackEntry>,
  ): StackEntry {
    const number = [...this.entries.values()].filter((each) => each.region === region && each.stackName === stackName);
    const incarnation = number.length === 0 ? '' : String(number.length + 1);
    const uuid = uuidOf(`${this.account} ${region} ${stackName} ${incarnation}`);
    const entry: StackEntry = {
      stackId: `arn:aws:cloudformation:${region}:${this.account}:stack/${stackName}/${uuid}`,
      stackName,
      region,
      incarnation,
      status: 'REVIEW_IN_PROGRESS',
      statusReason: undefined,
      resources: [],
      events: [],
      births: {},
      deployed: undefined,
      createdMs: this.epochMs(),
      ...more,
    };
    this.entries.set(entry.stackId, entry);
    this.named.set(`${region} ${stackName}`, entry.stackId);
    return entry;
  }

  /** Takes back the entry of a stack that never began. */
  remove(stackId: string): void {
    const entry = this.entries.get(stackId);
    this.entries.delete(stackId);
    if (entry !== undefined) this.named.delete(`${entry.region} ${entry.stackName}`);
  }

  /** Changes a stack. */
  change(stackId: string, change: Partial<StackEntry>): StackEntry {
    const entry = this.entries.get(stackId);
    if (entry === undefined) throw refused(noSuchStack(stackId));
    const changed = { ...entry, ...change };
    this.entries.set(stackId, changed);
    return changed;
  }

  /** Tells what happens to a stack. */
  tell(stackId: string, steps: readonly Step[], clientRequestToken?: string): StackEntry {
    const entry = this.change(stackId, {});
    const nowMs = this.epochMs();
    let count = entry.events.length;
    const told = tellSteps(entry, steps, {
      nowMs,
      uuid: () => uuidOf(`event ${stackId} ${(count += 1)}`),
      ...(clientRequestToken === undefined ? {} : { clientRequestToken }),
    });
    this.entries.set(stackId, told);
    if (told.status !== 'DELETE_COMPLETE') return told;
    this.named.delete(`${told.region} ${told.stackName}`);
    this.forgetOldOnes(nowMs);
    return this.change(stackId, { deletedMs: told.events.at(-1)?.atMs ?? nowMs, deployed: undefined });
  }

  /** An operation has begun that ends on its own. */
  underWay(stackId: string, operation: Promise<void>): void {
    this.under.set(stackId, operation);
    void operation.finally(() => {
      if (this.under.get(stackId) === operation) this.under.delete(stackId);
    });
  }

  /**
   * Waits until nothing is under way with a stack, so that who asks again and again for the end of an operation asks once.
   * @param signal ends the waiting; what there is then is answered.
   */
  async settled(stackId: string, signal: AbortSignal): Promise<void> {
    // What is nested goes on with the outermost stack.
    const operation = this.under.get(this.entries.get(stackId)?.rootId ?? stackId);
    if (operation === undefined || signal.aborted) return;
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      void operation.finally(resolve);
    });
  }

  isBusy(stackId: string): boolean {
    const entry = this.entries.get(stackId);
    return entry !== undefined && (isBusy(entry.status) || this.under.has(stackId));
  }

  private forgetOldOnes(nowMs: number): void {
    const deleted = [...this.entries.values()].filter(({ status }) => status === 'DELETE_COMPLETE');
    const oldest = nowMs - CLOUDFORMATION_FACTS.DELETED_STACKS_KEPT_DAYS.value * DAY_MS;
    const surplus = deleted.length - DELETED_MAX;
    for (const [index, { stackId, deletedMs }] of deleted.entries())
      if (index < surplus || (deletedMs ?? nowMs) < oldest) this.entries.delete(stackId);
  }
}

/** A refusal as what is thrown. */
export function refused({ code, message }: Refusal): AwsError {
  return new AwsError(code, message);
}
