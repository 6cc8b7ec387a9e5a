import type { Instant, UpdateHealthCheck } from '../model/index.ts';
import { assert } from '../model/index.ts';
import type { Judgement } from './actions.ts';
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

/** Judges updates of health checks (R53 HC-26, HC-45). */
export function updaterOf(
  parts: Parts,
  health: ReadonlyMap<string, HealthCheckStatus>,
): (action: UpdateHealthCheck, moment: Moment) => Judgement {
  return ({ healthCheck, disabled, inverted }, { now }) => {
    const status = health.get(healthCheck);
    if (status === undefined) {
      const message = `No health check exists with the specified ID: ${healthCheck}.`;
      return { kind: 'refused', code: 'NoSuchHealthCheck', message };
    }
    const before = status.check;
    const after = {
      ...before,
      ...(disabled === undefined ? {} : { disabled }),
      ...(inverted === undefined ? {} : { inverted }),
    };
    return {
      kind: 'accepted',
      carryOut(cause) {
        const changed = status.reconfigure(after);
        if (changed !== undefined) aggregateChanged(parts, status, { now, healthy: changed, cause });
        // Checkers that were told to stop end by themselves; those of a check that is enabled again begin anew.
        return before.disabled && !after.disabled
          ? status.checkers.map((checker) => checkerOf(parts, status, checker))
          : [];
      },
    };
  };
}

function checkerOf(parts: Parts, status: HealthCheckStatus, checker: Checker): Background {
  const { check } = status;
  const name = `route53/checker/${check.id}/${checker.region}/${checker.index}`;
  const vantage: Vantage | undefined = parts.layout.checkers.get(checker.region);
  assert(vantage !== undefined, `checker Region ${checker.region} has a place`);
  const phaseMs = parts.random.stream(name).next() * check.requestIntervalSeconds * 1000;
  const changed = (healthy: boolean, verdict: Verdict, moment: Moment): void =>
    opinionChanged(parts, status, checker, { healthy, verdict, moment });
  const course = status.begin(checker);
  const seat = {
    check: () => (status.isRunning(checker, course) ? status.check : undefined),
    opinion: status.opinionOf(checker),
    vantage,
    phaseMs,
    changed,
  };
  return { name, start: (moment) => checkerLife(seat, moment) };
}

/** Puts a checker's new opinion on the timeline, and the new status if it tips the balance. */
function opinionChanged(
  parts: Parts,
  status: HealthCheckStatus,
  checker: Checker,
  { healthy, verdict, moment }: { readonly healthy: boolean; readonly verdict: Verdict; readonly moment: Moment },
): void {
  const { timeline, faults, endpoints } = parts;
  const { now } = moment;
  const { id: healthCheck, fullyQualifiedDomainName = '' } = status.check;
  const probed = endpoints.get(verdict.address);
  const endpoint = probed?.label ?? fullyQualifiedDomainName;
  const { region, index } = checker;
  const opinion = { healthCheck, endpoint, region, checker: index, healthy, reason: verdict.reason };
  const seq = timeline.record(now, faults.latestSeq(probed, fullyQualifiedDomainName), 'checker.changed', opinion);
  const aggregated = status.observe(checker, healthy, now);
  if (aggregated !== undefined) aggregateChanged(parts, status, { now, healthy: aggregated, cause: seq, endpoint });
}

/** Puts a new aggregated status on the timeline, and keeps it for the name servers. */
function aggregateChanged(
  { timeline }: Parts,
  status: HealthCheckStatus,
  change: { readonly now: Instant; readonly healthy: boolean; readonly cause: number; readonly endpoint?: string },
): void {
  const { id: healthCheck, fullyQualifiedDomainName = '' } = status.check;
  const { now, healthy, cause, endpoint = fullyQualifiedDomainName } = change;
  const { healthyCheckers, checkers } = status;
  const verdictOfAll = { healthCheck, endpoint, healthy, healthyCheckers, checkers: checkers.length };
  status.changed(now, healthy, timeline.record(now, cause, 'health-check.changed', verdictOfAll));
}
