import type {
  RegionSwitchBlock,
  RegionSwitchPlan,
  RegionSwitchStep,
  SetRoutingControl,
  StartPlanExecution,
} from '../../model/index.ts';
import { never } from '../../model/index.ts';

/** States of an execution that occur here (R53 RS-03). */
export type ExecutionState = 'inProgress' | 'pendingManualApproval' | 'pausedByFailedStep' | 'completed' | 'canceled';

/** What an execution does to the world. Steps tell `done` or why they failed. */
export interface Deeds {
  setHealth(check: string, healthy: boolean): void;
  /** @returns why it is refused; undefined when it is done. */
  setControls(entries: SetRoutingControl['entries']): string | undefined;
  tell(state: ExecutionState, says: string, step?: string): void;
}

/** The steps that an execution goes through; undefined when the plan has no workflow for what was asked (R53 RS-01). */
export function stepsFor(plan: RegionSwitchPlan, asked: StartPlanExecution): readonly RegionSwitchStep[] | undefined {
  return plan.workflows.find(
    ({ action, region }) => action === asked.action && (region === undefined || region === asked.targetRegion),
  )?.steps;
}

/** One execution of a plan: steps in their order, parallel ones together, a manual approval holds those after it. */
export class Execution {
  readonly plan: RegionSwitchPlan;
  readonly asked: StartPlanExecution;
  private readonly waiting = new Map<string, (deeds: Deeds) => void>();
  private current: ExecutionState = 'inProgress';

  constructor(plan: RegionSwitchPlan, asked: StartPlanExecution) {
    this.plan = plan;
    this.asked = asked;
  }

  get state(): ExecutionState {
    return this.current;
  }

  begin(steps: readonly RegionSwitchStep[], deeds: Deeds): void {
    const { action, mode } = this.asked;
    this.become('inProgress', `${action}, ${mode}`, deeds);
    this.inTurn(steps, deeds, (then) => this.become('completed', 'all steps are done', then));
  }

  /** Whether it still stands in the way of another execution of its plan. */
  get isOpen(): boolean {
    return this.current !== 'completed' && this.current !== 'canceled';
  }

  cancel(deeds: Deeds): void {
    this.waiting.clear();
    this.become('canceled', 'an operator has canceled it', deeds);
  }

  isWaitingFor(step: string): boolean {
    return this.waiting.has(step);
  }

  /** Decides a step that is waiting. */
  decide(step: string, isApproved: boolean, deeds: Deeds): void {
    const proceed = this.waiting.get(step);
    this.waiting.delete(step);
    if (!isApproved) {
      this.become('pausedByFailedStep', `step ${step} was declined`, deeds, step);
      return;
    }
    if (this.current === 'pendingManualApproval') {
      this.become(this.waiting.size === 0 ? 'inProgress' : this.current, `step ${step} is approved`, deeds, step);
    }
    proceed?.(deeds);
  }

  private become(state: ExecutionState, says: string, deeds: Deeds, step?: string): void {
    this.current = state;
    deeds.tell(state, says, step);
  }

  private inTurn(steps: readonly RegionSwitchStep[], deeds: Deeds, done: (deeds: Deeds) => void): void {
    const [first, ...rest] = steps;
    if (first === undefined) done(deeds);
    else this.step(first, deeds, (then) => this.inTurn(rest, then, done));
  }

  private step({ name, block }: RegionSwitchStep, deeds: Deeds, done: (deeds: Deeds) => void): void {
    switch (block.kind) {
      case 'health-check': {
        deeds.tell(this.current, `step ${name} sets health checks`, name);
        this.setHealth(block, deeds);
        done(deeds);
        return;
      }
      case 'routing-control': {
        deeds.tell(this.current, `step ${name} sets routing controls`, name);
        const refusal = deeds.setControls(block.entries.get(this.asked.targetRegion) ?? []);
        if (refusal === undefined) done(deeds);
        else this.become('pausedByFailedStep', `step ${name} failed: ${refusal}`, deeds, name);
        return;
      }
      case 'manual-approval':
        this.waiting.set(name, done);
        this.become('pendingManualApproval', `step ${name} waits for approval`, deeds, name);
        return;
      case 'parallel': {
        let open = block.steps.length;
        for (const each of block.steps) {
          this.step(each, deeds, (then) => {
            open -= 1;
            if (open === 0) done(then);
          });
        }
        return;
      }
      case 'other': {
        const isSkipped = block.skippedWhenUngraceful && this.asked.mode === 'ungraceful';
        const outcome = isSkipped ? 'is skipped' : `is taken as done at once (${block.type} is not simulated)`;
        deeds.tell(this.current, `step ${name} ${outcome}`, name);
        done(deeds);
        return;
      }
      default:
        never(block);
    }
  }

  /** Of an active/passive plan one Region alone is healthy afterwards; of an active/active one only the target changes. */
  private setHealth({ checks }: Extract<RegionSwitchBlock, { kind: 'health-check' }>, deeds: Deeds): void {
    const { action, targetRegion } = this.asked;
    for (const { id, region } of checks) {
      if (region === targetRegion) deeds.setHealth(id, action === 'activate');
      else if (this.plan.approach === 'activePassive') deeds.setHealth(id, action !== 'activate');
    }
  }
}
