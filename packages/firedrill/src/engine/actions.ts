import type { Action, PlannedAction, TimelineData } from '../model/index.ts';
import { after, NEVER } from '../model/index.ts';
import type { PlaneRefusal } from './control-planes.ts';
import type { Conversation, Moment } from './conversation.ts';
import type { Recorder } from './parts.ts';
import type { Background } from './world.ts';

/** What came of an action. `code` and `message` are those of AWS's own answer. */
export type ActionResult =
  | {
      readonly kind: 'done';
      /** What AWS answers, of a request that asks for something. */
      readonly answer?: string;
    }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/**
 * What a service makes of an action: it refuses, or says how to carry it out. `carryOut` is called at once with the `seq` of
 * the event that tells of the action, the cause of all that follows from it, and gives what is to run from now on.
 */
export type Judgement =
  | {
      readonly kind: 'accepted';
      /** What AWS answers, of a request that asks for something. */
      readonly answer?: string;
      readonly carryOut: (cause: number) => readonly Background[];
    }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** Who carries out which kind of action. A kind without a performer does not compile. */
export type Performers = {
  readonly [Kind in Action['kind']]: (action: Extract<Action, { readonly kind: Kind }>, moment: Moment) => Judgement;
};

/** An action that is to be done now, and by which name the timeline tells of it. */
export interface NamedAction {
  readonly name: string;
  readonly action: Action;
}

/** Does operators' deeds: judges them, tells the timeline, carries them out. */
export class Actions {
  private readonly performers: Performers;
  private readonly bar: (action: Action, moment: Moment) => PlaneRefusal | undefined;
  private readonly timeline: Recorder;

  /** @param bar - what stands against an action before its service hears of it: a control plane that is down. */
  constructor(
    performers: Performers,
    timeline: Recorder,
    bar: (action: Action, moment: Moment) => PlaneRefusal | undefined,
  ) {
    this.performers = performers;
    this.bar = bar;
    this.timeline = timeline;
  }

  /**
   * Does one action now. What must run from now on because of it is handed to `begin`.
   * @param cause - `seq` of the event that made somebody do it; 0 for none.
   */
  perform(
    { name, action }: NamedAction,
    moment: Moment,
    cause: number,
    begin: (background: Background) => void,
  ): ActionResult {
    // Each kind's performer takes its own kind of action; the lookup loses what the table's type says.
    const judge = this.performers[action.kind] as (action: Action, moment: Moment) => Judgement;
    const barred = this.bar(action, moment);
    const judgement = barred ?? judge(action, moment);
    if (judgement.kind === 'refused') {
      const { code, message } = judgement;
      this.tell(moment, barred?.cause ?? cause, { name, action: action.kind, outcome: 'refused', code, message });
      return { kind: 'refused', code, message };
    }
    const answer = judgement.answer === undefined ? {} : { message: judgement.answer };
    const seq = this.tell(moment, cause, { name, action: action.kind, outcome: 'done', ...answer });
    for (const background of judgement.carryOut(seq)) begin(background);
    return judgement.answer === undefined ? { kind: 'done' } : { kind: 'done', answer: judgement.answer };
  }

  /** The actions of a plan, each a course of its own, in the plan's order. */
  planned(plan: { readonly actions?: readonly PlannedAction[] }): Background[] {
    return (plan.actions ?? []).map((planned) => ({
      name: `action/${planned.name}`,
      start: (moment) => this.courseOf(planned, moment),
    }));
  }

  private *courseOf({ name, action, at, everyMs, until = NEVER }: PlannedAction, moment: Moment): Conversation<void> {
    let due = at;
    yield { kind: 'pause', until: due };
    for (;;) {
      const begun: Background[] = [];
      this.perform({ name, action }, moment, 0, (background) => void begun.push(background));
      for (const { start } of begun) yield { kind: 'spawn', start, lasting: true };
      if (everyMs === undefined) return;
      // Counted from the plan's moments, so that the course does not drift.
      due = after(due, everyMs);
      if (due >= until) return;
      yield { kind: 'pause', until: due };
    }
  }

  private tell(moment: Moment, cause: number, data: TimelineData['action.performed']): number {
    return this.timeline.record(moment.now, cause, 'action.performed', data);
  }
}
