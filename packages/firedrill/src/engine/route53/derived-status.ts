import type { DerivedHealthCheck, Instant } from '../../model/index.ts';
import type { SeenStatus } from './status-history.ts';
import { StatusHistory } from './status-history.ts';

/** The status of a health check without checkers: of other checks, of a metric, of a routing control. */
export class DerivedStatus implements SeenStatus {
  private current: DerivedHealthCheck;
  private found: boolean;
  private readonly history: StatusHistory;

  /** @param found - What it follows, in the beginning: healthy until there is enough data (R53 HC-25). */
  constructor(check: DerivedHealthCheck, found: boolean) {
    this.current = check;
    this.found = found;
    this.history = new StatusHistory(this.status());
  }

  /** As it is configured now. */
  get check(): DerivedHealthCheck {
    return this.current;
  }

  get healthy(): boolean {
    return this.history.latest.healthy;
  }

  /** `seq` of the event that gave it its status. */
  get seq(): number {
    return this.history.latest.seq;
  }

  /** What it follows has been looked at. @returns the new status when that changed too. */
  find(found: boolean): boolean | undefined {
    this.found = found;
    return this.news();
  }

  /** Somebody has updated it. @returns the new status when that changed too. */
  reconfigure(check: DerivedHealthCheck): boolean | undefined {
    this.current = check;
    return this.news();
  }

  changed(at: Instant, healthy: boolean, seq: number): void {
    this.history.add({ at, healthy, seq });
  }

  seenByDns(now: Instant, propagationSeconds: number): { readonly healthy: boolean; readonly seq: number } {
    return this.history.seenByDns(now, propagationSeconds);
  }

  /** It has no checkers that could be out of hearing. */
  seenWithout(_regions: readonly string[], now: Instant, propagationSeconds: number): boolean {
    return this.seenByDns(now, propagationSeconds).healthy;
  }

  private news(): boolean | undefined {
    const status = this.status();
    return status === this.healthy ? undefined : status;
  }

  /** A disabled check is healthy; inversion comes last (R53 HC-26). */
  private status(): boolean {
    const { disabled, inverted } = this.current;
    return (disabled || this.found) !== inverted;
  }
}
