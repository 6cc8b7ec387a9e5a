import type { Instant, ZonalAutoshift } from '../../model/index.ts';
import { after } from '../../model/index.ts';
import { RECOVERY_CONTROL_FACTS } from './facts.ts';

/** A load balancer as zonal shift sees it. */
export interface ShiftedResource {
  readonly arn: string;
  readonly zones: readonly string[];
  /** The attribute that lets zonal shift in; without it the resource is not known to it (R53 ZS-01). */
  readonly enabled: boolean;
}

export interface ZonalShift {
  readonly resource: string;
  readonly awayFrom: string;
  readonly type: 'ZONAL_SHIFT' | 'PRACTICE_RUN';
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
  /** Of a practice run (R53 ZS-03). */
  readonly outcome?: 'PENDING' | 'SUCCEEDED' | 'FAILED' | 'INTERRUPTED';
}

/** An error of the API, with the reason that AWS gives with conflicts. */
export interface ShiftError {
  readonly kind: 'refused';
  readonly code: 'ResourceNotFoundException' | 'ValidationException' | 'ConflictException';
  readonly message: string;
}

export interface ShiftWish {
  readonly resource: string;
  readonly awayFrom: string;
  readonly expiresInMs: number;
}

/** Shifts that are over and still known. */
const PAST_MAX = 1000;

/** Zonal shifts of all resources: one for each at a time (R53 ZS-01). Nothing here waits; `endsAt` says when to look again. */
export class ZonalShifts {
  private resources: ReadonlyMap<string, ShiftedResource> = new Map();
  private autoshifts: ReadonlyMap<string, ZonalAutoshift> = new Map();
  private readonly active = new Map<string, ZonalShift>();
  private readonly past: ZonalShift[] = [];

  constructor(resources: readonly ShiftedResource[], autoshifts: readonly ZonalAutoshift[] = []) {
    this.deploy(resources, autoshifts);
  }

  /** Goes on with other resources: shifts of those that there were already stay in force. */
  deploy(resources: readonly ShiftedResource[], autoshifts: readonly ZonalAutoshift[] = []): void {
    this.resources = new Map(resources.map((resource) => [resource.arn, resource]));
    this.autoshifts = new Map(autoshifts.map((autoshift) => [autoshift.resource, autoshift]));
    for (const resource of this.active.keys()) if (!this.resources.has(resource)) this.active.delete(resource);
  }

  /** The shift of a resource that is in force. */
  activeOf(resource: string, now: Instant): ZonalShift | undefined {
    const shift = this.active.get(resource);
    return shift !== undefined && now < shift.expiresAt ? shift : undefined;
  }

  /** Shifts that are over, the oldest first. */
  get history(): readonly ZonalShift[] {
    return this.past;
  }

  /** `StartZonalShift`. A practice run gives way to it (R53 ZS-03). */
  start(wish: ShiftWish, now: Instant): ZonalShift | ShiftError {
    const wrong = this.mistakeIn(wish.resource, wish.awayFrom) ?? mistakeInExpiry(wish.expiresInMs);
    if (wrong !== undefined) return wrong;
    const standing = this.activeOf(wish.resource, now);
    if (standing?.type === 'ZONAL_SHIFT') {
      return conflict('ZonalShiftAlreadyExists', `${wish.resource} is shifted away from ${standing.awayFrom} already.`);
    }
    this.end(wish.resource, now);
    const { resource, awayFrom, expiresInMs } = wish;
    const expiresAt = after(now, expiresInMs);
    return this.keep({ resource, awayFrom, type: 'ZONAL_SHIFT', startedAt: now, expiresAt });
  }

  /** `UpdateZonalShift`: a new expiry, counted from now; so a shift can be made to last (R53 ZS-01). */
  extend(resource: string, expiresInMs: number, now: Instant): ZonalShift | ShiftError {
    const wrong = mistakeInExpiry(expiresInMs);
    const shift = this.activeOf(resource, now);
    if (wrong !== undefined) return wrong;
    if (shift === undefined) return noShift(resource);
    return this.keep({ ...shift, expiresAt: after(now, expiresInMs) });
  }

  /** `CancelZonalShift`. */
  cancel(resource: string, now: Instant): ZonalShift | ShiftError {
    const shift = this.activeOf(resource, now);
    if (shift === undefined) return noShift(resource);
    this.end(resource, now);
    return shift;
  }

  /**
   * `StartPracticeRun`: only of a resource with a practice run configuration, none of whose blocking alarms is red.
   * @param isRed - whether an alarm, by its ARN, is in ALARM now.
   */
  practise(
    { resource, awayFrom }: Omit<ShiftWish, 'expiresInMs'>,
    now: Instant,
    isRed: (alarm: string) => boolean,
  ): ZonalShift | ShiftError {
    const wrong = this.mistakeIn(resource, awayFrom);
    if (wrong !== undefined) return wrong;
    const practiceRun = this.autoshifts.get(resource)?.practiceRun;
    if (practiceRun === undefined) {
      return conflict('PracticeConfigurationDoesNotExist', `${resource} has no practice run configuration.`);
    }
    if (this.activeOf(resource, now) !== undefined) {
      return conflict('ZonalShiftAlreadyExists', `${resource} is shifted away from a zone already.`);
    }
    if (practiceRun.blockingAlarms.some(isRed)) {
      return conflict('PracticeBlockingAlarmsRed', 'A blocking alarm is in ALARM.');
    }
    if (practiceRun.outcomeAlarms.some(isRed)) {
      return conflict('PracticeOutcomeAlarmsRed', 'An outcome alarm is in ALARM.');
    }
    const expiresAt = after(now, RECOVERY_CONTROL_FACTS.PRACTICE_RUN_MS.value);
    return this.keep({ resource, awayFrom, type: 'PRACTICE_RUN', startedAt: now, expiresAt, outcome: 'PENDING' });
  }

  /** An outcome alarm is red: the practice run that it watches has failed and is over at once (R53 ZS-03). */
  alarmed(alarm: string, now: Instant): readonly ZonalShift[] {
    return [...this.active.values()].flatMap((shift) => {
      const { outcomeAlarms = [] } = this.autoshifts.get(shift.resource)?.practiceRun ?? {};
      if (shift.type !== 'PRACTICE_RUN' || now >= shift.expiresAt || !outcomeAlarms.includes(alarm)) return [];
      return this.end(shift.resource, now, 'FAILED') ?? [];
    });
  }

  /** Puts what has run out among what is over; gives the shift if it was this resource's turn. */
  expire(resource: string, now: Instant): ZonalShift | undefined {
    const shift = this.active.get(resource);
    return shift === undefined || now < shift.expiresAt ? undefined : this.end(resource, now, 'SUCCEEDED');
  }

  private keep(shift: ZonalShift): ZonalShift {
    this.active.set(shift.resource, shift);
    return shift;
  }

  private end(resource: string, now: Instant, outcome: ZonalShift['outcome'] = 'INTERRUPTED'): ZonalShift | undefined {
    const shift = this.active.get(resource);
    if (shift === undefined) return undefined;
    this.active.delete(resource);
    const isOver = now >= shift.expiresAt;
    const judged = shift.type === 'PRACTICE_RUN' ? { outcome: isOver ? 'SUCCEEDED' : outcome } : {};
    const ended = { ...shift, ...judged, expiresAt: isOver ? shift.expiresAt : now };
    this.past.push(ended);
    if (this.past.length > PAST_MAX) this.past.shift();
    return ended;
  }

  private mistakeIn(arn: string, zone: string): ShiftError | undefined {
    const resource = this.resources.get(arn);
    if (resource === undefined || !resource.enabled) {
      const message = `${arn} is not a resource that zonal shift is enabled for.`;
      return { kind: 'refused', code: 'ResourceNotFoundException', message };
    }
    if (resource.zones.includes(zone)) return undefined;
    return { kind: 'refused', code: 'ValidationException', message: `${arn} is not in ${zone}.` };
  }
}

function mistakeInExpiry(expiresInMs: number): ShiftError | undefined {
  const { ZONAL_SHIFT_LEAST_MS: least, ZONAL_SHIFT_MOST_MS: most } = RECOVERY_CONTROL_FACTS;
  if (expiresInMs >= least.value && expiresInMs <= most.value) return undefined;
  return { kind: 'refused', code: 'ValidationException', message: 'expiresIn must be from 1 minute to 72 hours.' };
}

function noShift(resource: string): ShiftError {
  return { kind: 'refused', code: 'ResourceNotFoundException', message: `${resource} has no active zonal shift.` };
}

function conflict(reason: string, says: string): ShiftError {
  return { kind: 'refused', code: 'ConflictException', message: `${reason}: ${says}` };
}
