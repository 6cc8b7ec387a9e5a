import type { ListenerAction, LoadBalancer } from '../../model/index.ts';
import { assert } from '../../model/index.ts';
import type { TargetGroupHealth } from './target-health.ts';

/** What is thought of one load balancer: of its addresses, and of what stands behind them. */
export class LoadBalancerHealth {
  readonly balancer: LoadBalancer;
  /** Groups that a listener or a rule forwards to. */
  readonly groups: readonly TargetGroupHealth[];
  /** By zone; false: Route 53 gets no connection to it. */
  private readonly reachable: Map<string, boolean>;
  private readonly away = new Set<string>();
  private nodeCause = 0;

  /** @param before - the load balancer as it was configured before: what was known of its zones is known on. */
  constructor(
    balancer: LoadBalancer,
    groupOf: (arn: string) => TargetGroupHealth | undefined,
    before?: LoadBalancerHealth,
  ) {
    this.balancer = balancer;
    this.reachable = new Map(balancer.zones.map((zone) => [zone, before?.reachable.get(zone) ?? true]));
    for (const zone of before?.away ?? []) this.away.add(zone);
    this.nodeCause = before?.nodeCause ?? 0;
    this.groups = groupArnsOf(balancer).flatMap((arn) => groupOf(arn) ?? []);
  }

  /** The latest event that could have changed anything about it. */
  get cause(): number {
    return this.groups.reduce((latest, { cause }) => Math.max(latest, cause), this.nodeCause);
  }

  /** The address of a zone can be reached, or no more. */
  observeNode(zone: string, isReachable: boolean, seq: number): void {
    assert(this.reachable.has(zone), 'a load balancer is told about its own zones');
    this.reachable.set(zone, isReachable);
    this.nodeCause = seq;
  }

  isReachable(zone: string): boolean {
    return this.reachable.get(zone) ?? false;
  }

  /** Takes the address of a zone out of DNS, or puts it back, whatever its health: a zonal shift (R53 ZS-01). */
  shift(zone: string, isAway: boolean, seq: number): void {
    this.nodeCause = seq;
    if (isAway) this.away.add(zone);
    else this.away.delete(zone);
  }

  /**
   * Zones whose addresses its name is answered with: those that can be reached and have enough healthy targets in every
   * group, or all of them when there is none such (RS 6.5, 6.16; R53 ET-11).
   */
  zonesInDns(): readonly string[] {
    const { zones } = this.balancer;
    const offered = zones.filter((zone) => !this.away.has(zone));
    const candidates = offered.length === 0 ? zones : offered;
    const good = candidates.filter((zone) => this.isReachable(zone) && this.hasEnoughTargets(zone));
    return good.length === 0 ? candidates : good;
  }

  /**
   * Whether every group has a healthy target: one without targets counts as unhealthy (R53 ET-02; RS 2.8). A load balancer
   * that forwards to no group has nothing that could be unhealthy (R53 ET-03, a switch).
   */
  hasHealthyTargets(withoutGroups: boolean): boolean {
    if (this.groups.length === 0) return withoutGroups;
    return this.groups.every((group) => group.healthyCount(undefined) > 0);
  }

  /** Whether the address of any zone can be reached (R53 ET-01). */
  hasReachableNode(): boolean {
    return this.balancer.zones.some((zone) => this.isReachable(zone));
  }

  /** Zone of the targets that an address may choose from; undefined: of all zones. */
  zoneFor(zone: string): string | undefined {
    return this.balancer.crossZone ? undefined : zone;
  }

  private hasEnoughTargets(zone: string): boolean {
    return this.groups.every((group) => group.healthyCount(this.zoneFor(zone)) >= group.group.dnsFailoverMinimumCount);
  }
}

/** Target groups that any listener or rule of a load balancer forwards to, in that order. */
export function groupArnsOf({ listeners }: LoadBalancer): readonly string[] {
  const arnsOf = (action: ListenerAction): string[] =>
    action.kind === 'forward' ? action.targetGroups.map(({ targetGroupArn }) => targetGroupArn) : [];
  const all = listeners.flatMap(({ defaultAction, rules }) => [
    ...arnsOf(defaultAction),
    ...rules.flatMap(({ action }) => arnsOf(action)),
  ]);
  return [...new Set(all)];
}
