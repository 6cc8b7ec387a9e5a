import type { HealthCheck, Instant } from '../../model/index.ts';
import { after, BEGINNING } from '../../model/index.ts';
import { CHECKER_REGIONS, ROUTE53_FACTS } from './facts.ts';
import type { Verdict } from './checker.ts';
import type { HealthCheckObservation } from './observation.ts';
import { statusText } from './observation.ts';
import type { SeenStatus } from './status-history.ts';
import { StatusHistory } from './status-history.ts';

/** One checker's place in the population of a health check. */
export interface Checker {
  readonly index: number;
  readonly region: string;
}

/** What a checker found, from which address, and when. */
interface Sight {
  readonly verdict: Verdict;
  readonly address: string;
  readonly at: Instant;
}

/** What all checkers of one health check think, and what Route 53 makes of it (R53 HC-18, HC-19). */
export class HealthCheckStatus implements SeenStatus {
  private current: HealthCheck;
  readonly checkers: readonly Checker[];
  private readonly opinions: boolean[];
  /** When each checker changed its mind last. */
  private readonly changedAt: Instant[] = [];
  private readonly courses: number[] = [];
  private readonly latestSights: Sight[] = [];
  private readonly latestFailures: Sight[] = [];
  private healthyCount: number;
  private readonly history: StatusHistory;

  constructor(check: HealthCheck) {
    this.current = check;
    const regions = check.regions.length > 0 ? check.regions : CHECKER_REGIONS;
    const perRegion = ROUTE53_FACTS.CHECKERS_PER_REGION.value;
    this.checkers = regions.flatMap((region, r) =>
      Array.from({ length: perRegion }, (_, c) => ({ index: r * perRegion + c, region })),
    );
    // A new check counts as healthy until there is enough data (R53 HC-25).
    this.opinions = this.checkers.map(() => true);
    this.healthyCount = this.opinions.length;
    this.history = new StatusHistory(this.status());
  }

  /** As it is configured now. */
  get check(): HealthCheck {
    return this.current;
  }

  /**
   * Somebody has updated the health check (R53 HC-45).
   * @returns the new aggregated status when that changed too.
   */
  reconfigure(check: HealthCheck): boolean | undefined {
    this.current = check;
    const status = this.status();
    return status === this.history.latest.healthy ? undefined : status;
  }

  /** Whether the same checkers would look at a health check so configured, as often: else it is another one (R53 HC-45). */
  isProbedAlike(check: HealthCheck): boolean {
    const { type, requestIntervalSeconds, regions } = this.current;
    return (
      check.type === type &&
      check.requestIntervalSeconds === requestIntervalSeconds &&
      check.regions.join() === regions.join()
    );
  }

  /** It is gone: no checker goes on. */
  retire(): void {
    for (const checker of this.checkers) this.begin(checker);
  }

  /** What one of its checkers thinks. */
  opinionOf({ index }: Checker): boolean {
    return this.opinions[index] ?? true;
  }

  /** A checker begins to probe; whatever course it was on before is over. */
  begin({ index }: Checker): number {
    const course = (this.courses[index] ?? 0) + 1;
    this.courses[index] = course;
    return course;
  }

  /** Whether a checker is still on that course; a disabled check is not probed (R53 HC-26). */
  isRunning({ index }: Checker, course: number): boolean {
    return !this.current.disabled && this.courses[index] === course;
  }

  /** `seq` of the event that gave it its status. */
  get seq(): number {
    return this.history.latest.seq;
  }

  /** One probe of a checker is over. */
  saw({ index }: Checker, sight: Sight): void {
    this.latestSights[index] = sight;
    if (!sight.verdict.healthy) this.latestFailures[index] = sight;
  }

  /** What each checker found last: GetHealthCheckStatus, which gives no verdict of all (R53 HC-47). */
  observations(): readonly HealthCheckObservation[] {
    return this.observed(this.latestSights);
  }

  /** What each checker found when it failed last: GetHealthCheckLastFailureReason (R53 HC-47). */
  lastFailures(): readonly HealthCheckObservation[] {
    return this.observed(this.latestFailures);
  }

  private observed(sights: readonly (Sight | undefined)[]): readonly HealthCheckObservation[] {
    return this.checkers.flatMap(({ index, region }) => {
      const sight = sights[index];
      if (sight === undefined) return [];
      const { verdict, address: ipAddress, at: checkedAt } = sight;
      return [{ region, ipAddress, status: statusText(verdict), checkedAt }];
    });
  }

  get healthyCheckers(): number {
    return this.healthyCount;
  }

  /** The aggregated status, as the console would show it now. */
  get healthy(): boolean {
    return this.history.latest.healthy;
  }

  /**
   * A checker has changed its mind.
   * @returns the new aggregated status when that changed too.
   */
  observe(checker: Checker, opinion: boolean, at: Instant = BEGINNING): boolean | undefined {
    if (this.opinions[checker.index] === opinion) return undefined;
    this.changedAt[checker.index] = at;
    this.opinions[checker.index] = opinion;
    this.healthyCount += opinion ? 1 : -1;
    const status = this.status();
    return status === this.history.latest.healthy ? undefined : status;
  }

  /** Keeps a change of the aggregated status, with the `seq` of its event. */
  changed(at: Instant, healthy: boolean, seq: number): void {
    this.history.add({ at, healthy, seq });
  }

  seenByDns(now: Instant, propagationSeconds: number): { readonly healthy: boolean; readonly seq: number } {
    return this.history.seenByDns(now, propagationSeconds);
  }

  seenWithout(regions: readonly string[], now: Instant, propagationSeconds: number): boolean | undefined {
    let heard = 0;
    let healthy = 0;
    for (const { index, region } of this.checkers) {
      if (regions.includes(region)) continue;
      heard += 1;
      const hasArrived = after(this.changedAt[index] ?? BEGINNING, propagationSeconds * 1000) <= now;
      const opinion = this.opinions[index] ?? true;
      // Until the new opinion has arrived there is the one before, which was the other one.
      if (this.changedAt[index] === undefined || hasArrived ? opinion : !opinion) healthy += 1;
    }
    return heard === 0 ? undefined : this.verdictOf(healthy / heard);
  }

  /** Strictly more than 18 % healthy; a disabled check is healthy; inversion comes last (R53 HC-18, HC-26). */
  private status(): boolean {
    return this.verdictOf(this.healthyCount / this.opinions.length);
  }

  private verdictOf(share: number): boolean {
    const raw = this.current.disabled || share > ROUTE53_FACTS.HEALTHY_SHARE.value;
    return this.current.inverted ? !raw : raw;
  }
}
