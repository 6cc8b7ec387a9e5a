import type { Instant } from '../model/index.ts';
import { answerAwsName, awsNames } from './aws-names.ts';
import type { DnsReply, Question, Vantage } from './conversation.ts';
import type { FaultCalendar } from './faults.ts';
import { frontEndNames } from './front-end-names.ts';
import type { LoadBalancers } from './load-balancers.ts';
import type { Parts } from './parts.ts';
import type { RandomStream } from './random.ts';
import { answerFromZones } from './route53/answer.ts';
import type { HealthCheckStatus } from './route53/health-check.ts';
import { layOut } from './route53/zones.ts';
import type { Endpoint } from './world.ts';

/** The authoritative name servers: Route 53 for the zones, AWS for its own names, REFUSED for all others. */
export function answering(
  { input, timeline, random, settings, layout, faults, endpoints }: Parts,
  health: ReadonlyMap<string, HealthCheckStatus>,
  balancers: LoadBalancers,
): (question: Question, asker: Vantage, now: Instant) => DnsReply {
  const zones = layOut(input.architecture.hostedZones, input.architecture.recordSets);
  const fronts = frontEndNames(input.architecture, layout.frontEnds, balancers);
  const names = awsNames(input.architecture, layout.edges, layout.gateways, fronts);
  const order = random.stream('route53/order-of-values');
  const propagation = settings.number('route53.status-propagation-seconds');
  const followsRegion = settings.text('route53.api-gateway-target-health') === 'follows-region';
  const chosenBefore = new Map<string, { readonly chosen: string; readonly seq: number }>();
  return (question, asker, now) => {
    const fault = faults.dns(question.name, now);
    if (fault !== undefined) return emptyReply(fault.answer, fault.seq);
    const found = answerFromZones(zones, question, asker, {
      health: (id) => health.get(id)?.seenByDns(now, propagation) ?? { healthy: true, seq: 0 },
      addressesOf: (dnsName, from) => (names.endpointsOf(dnsName, from) ?? []).map(({ address }) => address),
      targetIsHealthy: (dnsName) =>
        balancers.isHealthy(fronts.balancerOf(dnsName) ?? '').healthy &&
        (!followsRegion || !regionIsDown(faults, layout.gateways.get(names.regionOf(dnsName) ?? ''), now)),
      shuffle: (values) => shuffled(values, order),
    });
    if (found === undefined) return answerAwsName(names, question, asker) ?? emptyReply('REFUSED', 0);
    if (!found.routed) return found.reply;
    const key = `${question.name} ${question.type}`;
    const before = chosenBefore.get(key);
    if (before?.chosen === found.chosen) return { ...found.reply, cause: before.seq };
    const answer = found.reply.answers.map(({ data }) => data);
    const cause = timeline.record(now, found.reply.cause, 'dns.answer-changed', {
      name: question.name,
      type: question.type,
      answer,
      endpoint: endpoints.get(answer[0] ?? '')?.label ?? '',
      rule: found.rule,
    });
    chosenBefore.set(key, { chosen: found.chosen, seq: cause });
    return { ...found.reply, cause };
  };
}

function regionIsDown(faults: FaultCalendar, endpoint: Endpoint | undefined, now: Instant): boolean {
  const exposure = { endpoint, host: '', path: '/', now };
  return faults.hindrance(exposure) !== undefined || faults.answer(exposure) !== undefined;
}

function emptyReply(rcode: DnsReply['rcode'], cause: number): DnsReply {
  return { kind: 'dns', rcode, answers: [], authority: [], negativeTtlSeconds: 0, cause };
}

/** Fisher and Yates. */
function shuffled(values: readonly string[], draws: RandomStream): readonly string[] {
  const order = [...values];
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = Math.floor(draws.next() * (last + 1));
    [order[last], order[chosen]] = [order[chosen] ?? '', order[last] ?? ''];
  }
  return order;
}
