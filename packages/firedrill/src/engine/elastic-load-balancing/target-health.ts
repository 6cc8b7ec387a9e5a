import type { Target, TargetGroup } from '../../model/index.ts';
import { assert } from '../../model/index.ts';

/** What a load balancer thinks of the members of a target group. All begin healthy: the estate has been up for long. */
export class TargetGroupHealth {
  readonly group: TargetGroup;
  /** `seq` of the event behind the latest change of any target; 0 before the first. */
  cause: number;
  private readonly opinions: boolean[];

  /** @param before - the group as it was configured before: what was thought of targets that are still there is thought on. */
  constructor(group: TargetGroup, before?: TargetGroupHealth) {
    this.group = group;
    this.opinions = group.targets.map((target) => before?.opinionOf(target) ?? true);
    this.cause = before?.cause ?? 0;
  }

  private opinionOf({ id, port }: Target): boolean | undefined {
    return this.opinions[this.group.targets.findIndex((target) => target.id === id && target.port === port)];
  }

  isHealthy(target: number): boolean {
    const opinion = this.opinions[target];
    assert(opinion !== undefined, 'a target group is asked about its own targets');
    return opinion;
  }

  /** A target has been found healthy or unhealthy, by the event `seq`. */
  observe(target: number, isHealthy: boolean, seq: number): void {
    assert(target in this.opinions, 'a target group is told about its own targets');
    this.opinions[target] = isHealthy;
    this.cause = seq;
  }

  /** How many healthy targets an address in this zone has; undefined: in all zones. */
  healthyCount(zone: string | undefined): number {
    return this.among(zone).filter((target) => this.isHealthy(target)).length;
  }

  /**
   * The targets that an address in this zone may choose from: the healthy ones, or, when there are fewer of them than the
   * threshold, all of them (RS 6.5, 6.6: fail open, "routing failover").
   */
  eligible(zone: string | undefined): readonly number[] {
    const all = this.among(zone);
    const healthy = all.filter((target) => this.isHealthy(target));
    return healthy.length < this.group.unhealthyRoutingMinimumCount ? all : healthy;
  }

  private among(zone: string | undefined): readonly number[] {
    return this.group.targets.flatMap((target, index) => (isIn(target, zone) ? [index] : []));
  }
}

/** A target without a zone, as a function, is in every zone. */
function isIn(target: Target, zone: string | undefined): boolean {
  return zone === undefined || target.zone === undefined || target.zone === zone;
}
