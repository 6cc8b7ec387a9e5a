import type { Instant } from '../model/index.ts';
import { assert } from '../model/index.ts';
import type { Moment, Vantage } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { Rest, Verdict } from './route53/checker.ts';
import { checkerLife } from './route53/checker.ts';
import type { Checker, HealthCheckStatus } from './route53/health-check.ts';
import type { Background } from './world.ts';

/** Is told of every change of an aggregated status. */
export type Announce = (status: HealthCheckStatus, change: StatusChange) => void;

export interface StatusChange {
  readonly now: Instant;
  readonly healthy: boolean;
  readonly cause: number;
  /** What was probed, as people call it. */
  readonly endpoint?: string;
  /** Why, for checks without checkers. */
  readonly reason?: string;
}

/** One checker's course from now on. */
export function checkerOf(parts: Parts, status: HealthCheckStatus, checker: Checker, announce: Announce): Background {
  const { check } = status;
  const name = `route53/checker/${check.id}/${checker.region}/${checker.index}`;
  const vantage: Vantage | undefined = parts.layout.checkers.get(checker.region);
  assert(vantage !== undefined, `checker Region ${checker.region} has a place`);
  const phaseMs = parts.random.stream(name).next() * check.requestIntervalSeconds * 1000;
  const changed = (healthy: boolean, verdict: Verdict, moment: Moment): void =>
    opinionChanged(parts, status, checker, { healthy, verdict, moment }, announce);
  const course = status.begin(checker);
  const seat = {
    check: () => (status.isRunning(checker, course) ? status.check : undefined),
    opinion: status.opinionOf(checker),
    vantage,
    phaseMs,
    saw: (verdict: Verdict, { now }: Moment): void =>
      status.saw(checker, { verdict, address: vantage.address, at: now }),
    changed,
    rest: restOf(parts, status),
  };
  return { name, start: (moment) => checkerLife(seat, moment) };
}

/** At least so long nothing must have happened before a checker rests: until then what happened has reached it. */
const SETTLING_MS = 300_000;

/** With `route53.settled-checkers: rest` a checker lets probes be that would find what they found before. */
function restOf({ input, settings, timeline: { calm }, faults }: Parts, status: HealthCheckStatus): Rest | undefined {
  if (settings.text('route53.settled-checkers') !== 'rest') return undefined;
  // Elsewhere real code answers, and where packets are lost at random, too, no probe is as the one before.
  if (input.driver !== 'sim' || settings.number('network.loss-share') > 0) return undefined;
  return {
    until: (now) => {
      const { requestIntervalSeconds, failureThreshold } = status.check;
      const settlingMs = Math.max(SETTLING_MS, 2 * failureThreshold * requestIntervalSeconds * 1000);
      return calm.lastsMs(now) >= settlingMs && faults.isCertain(now) ? calm.end : undefined;
    },
  };
}

/** Puts a checker's new opinion on the timeline, and the new status if it tips the balance. */
function opinionChanged(
  parts: Parts,
  status: HealthCheckStatus,
  checker: Checker,
  { healthy, verdict, moment }: { readonly healthy: boolean; readonly verdict: Verdict; readonly moment: Moment },
  announce: Announce,
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
  if (aggregated !== undefined) announce(status, { now, healthy: aggregated, cause: seq, endpoint });
}
