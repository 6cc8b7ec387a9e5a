import type {
  ApprovePlanStep,
  CancelPlanExecution,
  Instant,
  RegionSwitchPlan,
  StartPlanExecution,
} from '../model/index.ts';
import { after } from '../model/index.ts';
import type { Judgement, Performers } from './actions.ts';
import { toldBy } from './control-planes.ts';
import type { Conversation, Moment } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { Deeds } from './region-switch/execution.ts';
import { Execution, stepsFor } from './region-switch/execution.ts';
import { REGION_SWITCH_FACTS } from './region-switch/facts.ts';
import type { RoutingControlStates } from './routing-control-states.ts';
import type { Background } from './world.ts';

type Kinds = 'start-plan-execution' | 'approve-plan-step' | 'cancel-plan-execution';

/** Runs plans of Region switch (R53 RS-01): on the data planes of health checks and routing controls alone. */
export class RegionSwitches {
  private readonly parts: Parts;
  private readonly states: RoutingControlStates;
  private readonly controls: Performers['set-routing-control'];
  private readonly isRed: (alarm: string) => boolean;
  private readonly latest = new Map<string, { readonly execution: Execution; readonly startedAt: Instant }>();

  /** Plans whose triggers are looked at. */
  private watched: readonly RegionSwitchPlan[] = [];

  /** @param isRed - whether an alarm, by its ARN, is in ALARM now. */
  constructor(
    parts: Parts,
    states: RoutingControlStates,
    controls: Performers['set-routing-control'],
    isRed: (alarm: string) => boolean,
  ) {
    this.parts = parts;
    this.states = states;
    this.controls = controls;
    this.isRed = isRed;
  }

  get performers(): Pick<Performers, Kinds> {
    return {
      'start-plan-execution': (action, moment) => this.start(action, moment),
      'approve-plan-step': (action, moment) => this.approve(action, moment),
      'cancel-plan-execution': (action, moment) => this.cancel(action, moment),
    };
  }

  /** A look at the alarms of each plan with triggers, unless one goes on already (R53 RS-06). */
  background(): readonly Background[] {
    const plans = this.parts.input.architecture.regionSwitchPlans.filter(({ triggers }) => triggers.length > 0);
    const begun = plans.filter((plan) => !this.watched.includes(plan));
    this.watched = plans;
    return begun.map((plan) => ({
      name: `region-switch/${plan.name}`,
      start: (moment) => this.watch(plan, moment),
    }));
  }

  private *watch(plan: RegionSwitchPlan, moment: Moment): Conversation<void> {
    for (;;) {
      yield { kind: 'pause', until: after(moment.now, REGION_SWITCH_FACTS.TRIGGER_LOOK_MS.value) };
      if (!this.watched.includes(plan)) return;
      const trigger = plan.triggers.find(({ conditions, minimumDelayMs }) => {
        const last = this.latest.get(plan.arn)?.startedAt;
        const isRested = last === undefined || after(last, minimumDelayMs) <= moment.now;
        return isRested && conditions.every(({ alarm, red }) => this.isRed(alarm) === red);
      });
      if (trigger === undefined) continue;
      const { action, region: targetRegion } = trigger;
      const judgement = this.start(
        { kind: 'start-plan-execution', plan: plan.arn, targetRegion, action, mode: 'graceful' },
        moment,
      );
      if (judgement.kind === 'refused') continue;
      for (const { start } of judgement.carryOut(0)) yield { kind: 'spawn', start, lasting: true };
    }
  }

  private start(asked: StartPlanExecution, moment: Moment): Judgement {
    const plan = this.parts.input.architecture.regionSwitchPlans.find(({ arn }) => arn === asked.plan);
    if (plan === undefined) return refused('ResourceNotFoundException', `Plan ${asked.plan} not found.`);
    const steps = stepsFor(plan, asked);
    if (!plan.regions.includes(asked.targetRegion) || steps === undefined) {
      return refused('ValidationException', `The plan has no workflow to ${asked.action} ${asked.targetRegion}.`);
    }
    const running = this.latest.get(plan.arn)?.execution;
    if (running?.isOpen === true) {
      return refused('IllegalStateException', 'An execution of the plan is in progress.');
    }
    // An activation runs in the Region that is activated, any other in one of the other Regions (R53 RS-04).
    const from = plan.regions.filter((region) => (region === asked.targetRegion) === (asked.action === 'activate'));
    if (from.every((region) => this.isDown(region, moment))) {
      return refused('EndpointConnectionError', `No answer from Region switch in ${from.join(', ')}.`);
    }
    return {
      kind: 'accepted',
      carryOut: (cause) => {
        const execution = new Execution(plan, asked);
        this.latest.set(plan.arn, { execution, startedAt: moment.now });
        const desk = this.deedsOf(execution, moment, cause);
        execution.begin(steps, desk.deeds);
        return desk.begun;
      },
    };
  }

  private approve({ plan, step, approval }: ApprovePlanStep, moment: Moment): Judgement {
    const execution = this.latest.get(plan)?.execution;
    if (execution?.isWaitingFor(step) !== true) {
      return refused('ResourceNotFoundException', `No execution of the plan waits for approval of ${step}.`);
    }
    return {
      kind: 'accepted',
      carryOut: (cause) => {
        const desk = this.deedsOf(execution, moment, cause);
        execution.decide(step, approval === 'approve', desk.deeds);
        return desk.begun;
      },
    };
  }

  private cancel({ plan }: CancelPlanExecution, moment: Moment): Judgement {
    const execution = this.latest.get(plan)?.execution;
    if (execution?.isOpen !== true) {
      return refused('ResourceNotFoundException', `No execution of the plan ${plan} is in progress.`);
    }
    return {
      kind: 'accepted',
      carryOut: (cause) => {
        const desk = this.deedsOf(execution, moment, cause);
        execution.cancel(desk.deeds);
        return desk.begun;
      },
    };
  }

  private isDown(region: string, { now }: Moment): boolean {
    const { faults } = this.parts;
    if (faults.isQuiet(now)) return false;
    const met = faults.operatorsMeet((target) => target.kind === 'region' && target.region === region, now);
    return met !== undefined && toldBy(met.fault, 'cluster') !== undefined;
  }

  /** What steps do now; each follows from the event that told of its step. */
  private deedsOf({ plan, asked }: Execution, moment: Moment, cause: number): Desk {
    const begun: Background[] = [];
    let seq = cause;
    const deeds: Deeds = {
      setHealth: (check, healthy) => this.states.set(check, healthy, moment.now, seq),
      setControls: (entries) => {
        if (entries.length === 0) return undefined;
        const judgement = this.controls({ kind: 'set-routing-control', entries }, moment);
        if (judgement.kind === 'refused') return `${judgement.code}: ${judgement.message}`;
        begun.push(...judgement.carryOut(seq));
        return undefined;
      },
      tell: (state, says, step) => {
        const data = {
          plan: plan.name,
          region: asked.targetRegion,
          state,
          says,
          ...(step === undefined ? {} : { step }),
        };
        seq = this.parts.timeline.record(moment.now, seq, 'plan-execution.changed', data);
      },
    };
    return { deeds, begun };
  }
}

interface Desk {
  readonly deeds: Deeds;
  readonly begun: readonly Background[];
}

function refused(code: string, message: string): Judgement {
  return { kind: 'refused', code, message };
}
