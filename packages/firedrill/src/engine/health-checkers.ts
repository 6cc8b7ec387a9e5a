import { assert } from '../model/index.ts';
import type { Moment, Vantage } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { Verdict } from './route53/checker.ts';
import { checkerLife } from './route53/checker.ts';
import type { Checker, HealthCheckStatus } from './route53/health-check.ts';
import type { Background } from './world.ts';

/** Every checker of every health check; a disabled check sends none (R53 HC-26). */
export function checkersOf(parts: Parts, health: ReadonlyMap<string, HealthCheckStatus>): Background[] {
  return [...health.values()]
    .filter(({ check }) => !check.disabled)
    .flatMap((status) => status.checkers.map((checker) => checkerOf(parts, status, checker)));
}

function checkerOf(parts: Parts, status: HealthCheckStatus, checker: Checker): Background {
  const { check } = status;
  const name = `route53/checker/${check.id}/${checker.region}/${checker.index}`;
  const vantage: Vantage | undefined = parts.layout.checkers.get(checker.region);
  assert(vantage !== undefined, `checker Region ${checker.region} has a place`);
  const phaseMs = parts.random.stream(name).next() * check.requestIntervalSeconds * 1000;
  const changed = (healthy: boolean, verdict: Verdict, moment: Moment): void =>
    opinionChanged(parts, status, checker, { healthy, verdict, moment });
  return { name, start: (moment) => checkerLife({ check, vantage, phaseMs, changed }, moment) };
}

/** Puts a checker's new opinion on the timeline, and the new status if it tips the balance. */
function opinionChanged(
  { timeline, faults, endpoints }: Parts,
  status: HealthCheckStatus,
  checker: Checker,
  { healthy, verdict, moment }: { readonly healthy: boolean; readonly verdict: Verdict; readonly moment: Moment },
): void {
  const { now } = moment;
  const { id: healthCheck, fullyQualifiedDomainName = '' } = status.check;
  const probed = endpoints.get(verdict.address);
  const endpoint = probed?.label ?? fullyQualifiedDomainName;
  const { region, index } = checker;
  const opinion = { healthCheck, endpoint, region, checker: index, healthy, reason: verdict.reason };
  const seq = timeline.record(now, faults.latestSeq(probed, fullyQualifiedDomainName), 'checker.changed', opinion);
  const aggregated = status.observe(checker, healthy);
  if (aggregated === undefined) return;
  const { healthyCheckers, checkers } = status;
  const verdictOfAll = { healthCheck, endpoint, healthy: aggregated, healthyCheckers, checkers: checkers.length };
  status.changed(now, aggregated, timeline.record(now, seq, 'health-check.changed', verdictOfAll));
}
