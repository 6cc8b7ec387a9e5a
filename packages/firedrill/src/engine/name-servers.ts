import type { DerivedHealthCheck, Instant } from '../model/index.ts';
import { askersOf } from './askers.ts';
import type { AwsNames } from './aws-names.ts';
import { AnswerChanges } from './answer-changes.ts';
import { answerAwsName, awsNames } from './aws-names.ts';
import type { DnsReply, Question, Vantage } from './conversation.ts';
import { dnsLocationsOf } from './dns-locations.ts';
import type { FaultCalendar } from './faults.ts';
import type { FrontEndNames } from './front-end-names.ts';
import { frontEndNames } from './front-end-names.ts';
import type { LoadBalancers } from './load-balancers.ts';
import type { Parts } from './parts.ts';
import type { RandomStream } from './random.ts';
import { answerFromZones } from './route53/answer.ts';
import { calculatedHealth } from './route53/calculated.ts';
import type { Health, Surroundings } from './route53/asking.ts';
import type { SeenStatus } from './route53/status-history.ts';
import { walkZones } from './route53/walk.ts';
import { s3Names } from './s3-names.ts';
import type { Endpoint, World } from './world.ts';
import type { ZoneVersions } from './zone-versions.ts';

/** The authoritative name servers: Route 53 for the zones, AWS for its own names, REFUSED for all others. */
export interface NameServers {
  readonly answer: (question: Question, asker: Vantage, now: Instant) => DnsReply;
  /** How an answer would come about, and what is behind an AWS name: as World tells of them. */
  readonly walk: World['walk'];
  readonly endpointsBehind: World['endpointsBehind'];
  /** Goes on with the names and health checks of another estate. */
  deploy(): void;
}

/** Builds the name servers; they go by the health checks as they see them. */
export function nameServersOf(
  parts: Parts,
  health: () => ReadonlyMap<string, SeenStatus>,
  balancers: LoadBalancers,
  versions: ZoneVersions,
): NameServers {
  const { faults } = parts;
  let { names, surroundings, derived } = lookupsOf(parts, health(), balancers);
  const changes = new AnswerChanges(parts, names);
  return {
    answer(question, asker, now) {
      const fault = faults.dns(question.name, now);
      if (fault !== undefined) return emptyReply(fault.answer, fault.seq);
      const found = answerFromZones(versions.seenBy(asker, now), question, asker, surroundings(now));
      if (found === undefined) return answerAwsName(names, question, asker) ?? emptyReply('REFUSED', 0);
      return found.routed ? { ...found.reply, cause: changes.causeOf(found, question, asker, now) } : found.reply;
    },
    walk: (question, asker, now, unhealthy) =>
      walkZones(versions.seenBy(asker, now), question, asker, supposing(surroundings(now), unhealthy, derived)),
    endpointsBehind: (awsName, asker) => names.endpointsOf(awsName, asker),
    deploy() {
      ({ names, surroundings, derived } = lookupsOf(parts, health(), balancers));
      changes.follow(names);
    },
  };
}

/** What an estate has that answers depend on. */
interface Lookups {
  readonly names: AwsNames;
  readonly surroundings: (now: Instant) => Surroundings;
  readonly derived: ReadonlyMap<string, DerivedHealthCheck>;
}

function lookupsOf(parts: Parts, health: ReadonlyMap<string, SeenStatus>, balancers: LoadBalancers): Lookups {
  const { layout, settings } = parts;
  const { architecture } = parts.input;
  const fronts = frontEndNames(architecture, layout.frontEnds, balancers);
  const s3 = s3Names(architecture, layout.s3, settings.isOn('s3.fresh-buckets'));
  const names = awsNames(architecture, layout.edges, layout.gateways, fronts, s3);
  const targetHealth = targetHealthIn(parts, names, fronts, balancers);
  return {
    names,
    surroundings: surroundingsOf(parts, names, { health, targetHealth }),
    derived: new Map(architecture.derivedHealthChecks.map((check) => [check.id, check])),
  };
}

/** What Route 53 goes by, at a moment. */
function surroundingsOf(
  parts: Parts,
  names: AwsNames,
  { health, targetHealth }: { readonly health: ReadonlyMap<string, SeenStatus>; readonly targetHealth: TargetHealth },
): (now: Instant) => Surroundings {
  const { input, random, settings, layout } = parts;
  const healthSeen = dnsLocationsOf(parts, health);
  const locate = askersOf(input.architecture, input.plan, layout);
  let now: Instant;
  const around: Surroundings = {
    health: (id, asker) => healthSeen(id, asker, now),
    addressesOf(dnsName, from) {
      const found = names.endpointsOf(dnsName, from) ?? NO_ENDPOINTS;
      return found.map(({ address }) => address);
    },
    targetHealth: (dnsName) => targetHealth(dnsName, now),
    ttlSecondsOf: (dnsName) => names.ttlSecondsOf(dnsName),
    shuffle: (values, user, most) => shuffled(values, random.lasting(user), most),
    draw: (user) => random.lasting(user).next(),
    locate,
    vpcOf: ({ vpcId }) => vpcId,
    any: settings.text('route53.any-answer') === 'all' ? 'all' : 'one',
  };
  return (at) => {
    now = at;
    return around;
  };
}

/** The same, but for what is supposed to be unhealthy, and for calculated checks that count it. */
function supposing(
  around: Surroundings,
  unhealthy: ReadonlySet<string> | undefined,
  derived: ReadonlyMap<string, DerivedHealthCheck>,
): Surroundings {
  if (unhealthy === undefined || unhealthy.size === 0) return around;
  return {
    ...around,
    health(id, asker) {
      if (unhealthy.has(id)) return UNHEALTHY;
      const healthOf = (child: string): boolean => !unhealthy.has(child) && around.health(child, asker).healthy;
      const counted = calculatedHealth(derived.get(id), (child) => unhealthy.has(child), healthOf);
      return counted === undefined ? around.health(id, asker) : counted ? HEALTHY : UNHEALTHY;
    },
    targetHealth: (dnsName) => (unhealthy.has(dnsName) ? UNHEALTHY : around.targetHealth(dnsName)),
  };
}

const NO_ENDPOINTS: readonly Endpoint[] = [];
const HEALTHY: Health = { healthy: true, seq: 0 };
const UNHEALTHY: Health = { healthy: false, seq: 0 };

/** What EvaluateTargetHealth finds for an AWS name. */
type TargetHealth = (dnsName: string, now: Instant) => Health;

/** Load balancers know their own; an API Gateway is as its Region is, if at all (R53 ET-01 to ET-05). */
function targetHealthIn(
  { settings, layout, faults }: Parts,
  names: AwsNames,
  fronts: FrontEndNames,
  balancers: LoadBalancers,
): TargetHealth {
  const followsRegion = settings.text('route53.api-gateway-target-health') === 'follows-region';
  return (dnsName, now) => {
    const balancer = fronts.balancerOf(dnsName);
    if (balancer !== undefined) return balancers.isHealthy(balancer);
    const isDown = followsRegion && regionIsDown(faults, layout.gateways.get(names.regionOf(dnsName) ?? ''), now);
    return isDown ? UNHEALTHY : HEALTHY;
  };
}

function regionIsDown(faults: FaultCalendar, endpoint: Endpoint | undefined, now: Instant): boolean {
  const exposure = { endpoint, host: '', path: '/', now };
  return faults.hindrance(exposure) !== undefined || faults.answer(exposure) !== undefined;
}

function emptyReply(rcode: DnsReply['rcode'], cause: number): DnsReply {
  return { kind: 'dns', rcode, answers: [], authority: [], negativeTtlSeconds: 0, cause };
}

/** Fisher and Yates, from the end; when only some are wanted, it stops as soon as they are there. */
function shuffled<Item>(values: readonly Item[], draws: RandomStream, most = values.length): readonly Item[] {
  const order = [...values];
  const untouched = Math.max(0, order.length - most);
  for (let last = order.length - 1; last > 0 && last >= untouched; last--) {
    const chosen = Math.floor(draws.next() * (last + 1));
    const item = order[last] as Item;
    order[last] = order[chosen] as Item;
    order[chosen] = item;
  }
  return untouched === 0 ? order : order.slice(untouched);
}
