import type { Instant } from '../model/index.ts';
import type { Judgement, Performers } from './actions.ts';
import type { Conversation, Moment } from './conversation.ts';
import type { LoadBalancers } from './load-balancers.ts';
import type { Parts } from './parts.ts';
import type { ShiftError, ZonalShift } from './recovery-control/zonal-shifts.ts';
import { ZonalShifts } from './recovery-control/zonal-shifts.ts';

type Kinds = 'start-zonal-shift' | 'update-zonal-shift' | 'cancel-zonal-shift' | 'start-practice-run';

/** Zonal shifts of the load balancers of a world. */
export interface ShiftedZones {
  readonly performers: Pick<Performers, Kinds>;
  /** Goes on with the load balancers of another estate: shifts of those that both have stay in force. */
  deploy(): void;
}

/**
 * Performs zonal shifts: the zone's address leaves the load balancer's name, open connections stay (R53 ZS-01, ZS-02).
 * @param isRed - whether an alarm, by its ARN, is in ALARM now.
 */
export function zonalShiftsOf(parts: Parts, balancers: LoadBalancers, isRed: (alarm: string) => boolean): ShiftedZones {
  const shifts = new ZonalShifts([]);
  const desk = new ShiftDesk(parts, balancers, shifts);
  const deploy = (): void => {
    const { loadBalancers, zonalAutoshifts } = parts.input.architecture;
    const resources = loadBalancers.map(({ arn, zones, zonalShiftEnabled = false }) => ({
      arn,
      zones,
      enabled: zonalShiftEnabled,
    }));
    shifts.deploy(resources, zonalAutoshifts);
  };
  deploy();
  return {
    deploy,
    performers: {
      'start-zonal-shift': (action, { now }) => desk.begin(() => shifts.start(action, now), action.resource, now),
      'update-zonal-shift': ({ resource, expiresInMs }, { now }) =>
        desk.begin(() => shifts.extend(resource, expiresInMs, now), resource, now),
      'cancel-zonal-shift': ({ resource }, { now }) => desk.begin(() => shifts.cancel(resource, now), resource, now),
      'start-practice-run': (action, { now }) =>
        desk.begin(() => shifts.practise(action, now, isRed), action.resource, now),
    },
  };
}

/** Tells load balancers and the timeline what shifts are in force. */
class ShiftDesk {
  private readonly parts: Parts;
  private readonly balancers: LoadBalancers;
  private readonly shifts: ZonalShifts;
  private readonly shown = new Map<string, string>();

  constructor(parts: Parts, balancers: LoadBalancers, shifts: ZonalShifts) {
    this.parts = parts;
    this.balancers = balancers;
    this.shifts = shifts;
  }

  /** Does what changes a shift, and waits for the end of the one that is then in force. */
  begin(change: () => ZonalShift | ShiftError, resource: string, now: Instant): Judgement {
    const changed = change();
    if ('code' in changed) return changed;
    return {
      kind: 'accepted',
      carryOut: (cause) => {
        this.show(resource, now, cause);
        const active = this.shifts.activeOf(resource, now);
        if (active === undefined) return [];
        return [{ name: 'zonal-shift', start: (moment) => this.expiry(active, cause, moment) }];
      },
    };
  }

  /** One that was extended or replaced meanwhile is left to whoever did that. */
  private *expiry({ resource, expiresAt }: ZonalShift, cause: number, moment: Moment): Conversation<void> {
    yield { kind: 'pause', until: expiresAt };
    if (this.shifts.expire(resource, moment.now) !== undefined) this.show(resource, moment.now, cause);
  }

  private show(resource: string, now: Instant, cause: number): void {
    const before = this.shown.get(resource);
    const awayFrom = this.shifts.activeOf(resource, now)?.awayFrom;
    if (before === awayFrom) return;
    const health = this.balancers.health.get(resource);
    const said = { resource, ...(awayFrom === undefined ? {} : { awayFrom }) };
    const seq = this.parts.timeline.record(now, cause, 'zonal-shift.changed', said);
    if (before !== undefined) health?.shift(before, false, seq);
    if (awayFrom !== undefined) health?.shift(awayFrom, true, seq);
    if (awayFrom === undefined) this.shown.delete(resource);
    else this.shown.set(resource, awayFrom);
  }
}
