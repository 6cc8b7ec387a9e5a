import type { Action, Fault, Instant } from '../model/index.ts';
import { NEVER } from '../model/index.ts';
import type { ActionResult, Actions } from './actions.ts';
import type { ApiCalled, PlaneRefusal } from './control-planes.ts';
import { apiRefusal } from './control-planes.ts';
import type { Moment } from './conversation.ts';
import type { AnnounceFault } from './faults.ts';
import type { Parts } from './parts.ts';
import type { Readings } from './readings.ts';
import type { Background } from './world.ts';

/** What came of something that was done now, and what runs from now on because of it: the driver starts that. */
export interface Performed {
  readonly result: ActionResult;
  readonly begun: readonly Background[];
}

/** A fault that begins when somebody says so; it lasts until somebody ends it unless it has an end. */
export type FaultNow = Omit<Fault, 'from' | 'until'> & { readonly until?: Instant };

/** What operators do to the estate while it runs, and what they see of it. */
export interface Control extends Readings {
  /**
   * A call of an AWS API that changes something. AWS's refusals are results: those of the service, and that of a control plane
   * that a fault has put out of order.
   * @param name what the timeline calls it; the kind of the action unless given.
   */
  perform(action: Action, moment: Moment, name?: string): Performed;
  /** A fault begins now; one of that name that is there already ends. */
  startFault(fault: FaultNow, moment: Moment): readonly Background[];
  /** A fault ends now. @returns whether one of that name was there. */
  endFault(name: string, moment: Moment): boolean;
  /** What a call of an AWS API meets because its Region or its control plane is down; undefined: it is taken. */
  apiRefusal(called: ApiCalled, now: Instant): PlaneRefusal | undefined;
  /** Faults that are there. */
  faults(now: Instant): readonly Fault[];
}

/** @param announce puts faults on the timeline. */
export function controlOf(
  { faults }: Parts,
  actions: Actions,
  readings: Readings,
  announce: (moment: Moment) => AnnounceFault,
): Control {
  return {
    ...readings,
    perform(action, moment, name = action.kind) {
      const begun: Background[] = [];
      const result = actions.perform({ name, action }, moment, 0, (background) => void begun.push(background));
      return { result, begun };
    },
    startFault({ until = NEVER, ...fault }, moment) {
      faults.end(fault.name, moment.now, announce(moment));
      const courseOf = faults.begin({ ...fault, from: moment.now, until }, moment, announce);
      return courseOf === undefined ? [] : [{ name: `fault/${fault.name}`, start: courseOf }];
    },
    endFault: (name, moment) => faults.end(name, moment.now, announce(moment)),
    apiRefusal: (called, now) => apiRefusal(faults, called, now),
    faults: (now) => faults.activeAt(now),
  };
}
