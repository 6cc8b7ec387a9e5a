import type { EventCode, Instant, TimelineData, TimelineEvent } from '../model/index.ts';
import { assert, atSeconds, BEGINNING } from '../model/index.ts';
import { serveAtGateway } from './api-gateway/serve.ts';
import { answerAwsName, awsNames } from './aws-names.ts';
import { certificatesOf } from './certificates.ts';
import { viewersOf } from './client/probes.ts';
import { viewerLife } from './client/viewer.ts';
import { EdgeLocation } from './cloudfront/edge.ts';
import { serveAtEdge } from './cloudfront/serve.ts';
import { siteOf } from './cloudfront/site.ts';
import type { Arrival, Conversation, DnsReply, Exchange, Moment, Question, Reply, Vantage } from './conversation.ts';
import { FaultCalendar } from './faults.ts';
import { gatewaySurroundings } from './gateways.ts';
import type { RandomStreams } from './random.ts';
import { createRandom } from './random.ts';
import { PLAIN_RESOLVER, Resolver } from './resolver.ts';
import type { ResolverPolicy } from './resolver.ts';
import { answerFromZones } from './route53/answer.ts';
import { checkerLife } from './route53/checker.ts';
import { HealthCheckStatus } from './route53/health-check.ts';
import { layOut } from './route53/zones.ts';
import type { Settings } from './switches.ts';
import { settingsOf } from './switches.ts';
import type { Layout } from './vantages.ts';
import { layOutPlaces } from './vantages.ts';
import type { Background, Endpoint, World, WorldInput } from './world.ts';

/** Brings an architecture to life: here, and only here, the services meet. */
export function createWorld(input: WorldInput): World {
  const { architecture, plan } = input;
  const timeline = new Recorder(input.sink);
  const parts: Parts = {
    input,
    timeline,
    random: createRandom(plan.seed),
    settings: settingsOf(plan),
    layout: layOutPlaces(architecture, plan),
    faults: new FaultCalendar(plan, createRandom(plan.seed)),
  };
  const { layout, faults } = parts;
  const endpoints = [...layout.edges, ...layout.gateways.values(), layout.nameServer];
  const byAddress = new Map(endpoints.map((endpoint) => [endpoint.address, endpoint]));
  const health = new Map(architecture.healthChecks.map((check) => [check.id, new HealthCheckStatus(check)]));
  const certificates = certificatesOf(architecture);
  const edges = edgesOf(parts, byAddress);
  const gateways = gatewaySurroundings(parts, byAddress);
  const answer = answering(parts, health, byAddress);
  timeline.record(BEGINNING, 0, 'world.started', {
    driver: input.driver,
    seed: plan.seed,
    plan: plan.name,
    speed: input.speed,
    functionCode: input.driver === 'sim' ? 'modelled' : 'real',
  });

  return {
    architecture,
    plan,
    endpoints,
    vantages: layout.vantages,
    background: [
      {
        name: 'faults',
        start: (moment) => faults.announce((what, fault, cause) => announceFault(timeline, moment, what, fault, cause)),
      },
      ...checkersOf(parts, health, byAddress),
      ...probesOf(parts),
    ],
    serve(arrival: Arrival, moment: Moment): Conversation<Reply> {
      const edge = edges.get(arrival.to);
      if (edge !== undefined) return serveAtEdge(edge, arrival, moment);
      const endpoint = byAddress.get(arrival.to);
      assert(endpoint?.kind === 'api-gateway', `requests arrive at endpoints that serve HTTP, not at ${arrival.to}`);
      return serveAtGateway(gateways, endpoint.label, arrival, moment);
    },
    answer,
    hindrance: (exchange, now) =>
      faults.isQuiet(now) ? undefined : faults.hindrance(exposureOf(exchange, byAddress, now)),
    returnHindrance: (exchange, now) =>
      faults.isQuiet(now) ? undefined : faults.hindrance(exposureOf(exchange, byAddress, now)),
    certificateNames(address, serverName) {
      const endpoint = byAddress.get(address);
      return endpoint === undefined ? [] : certificates.namesFor(endpoint, serverName);
    },
    endpointAt: (address) => byAddress.get(address),
    note: (at, says) => void timeline.record(at, 0, 'note', { says }),
    end: (at, reason) => void timeline.record(at, 0, 'world.ended', { reason, requests: timeline.requests }),
  };
}

/** What the parts of a world share while it is put together. */
export interface Parts {
  readonly input: WorldInput;
  readonly timeline: Recorder;
  readonly random: RandomStreams;
  readonly settings: Settings;
  readonly layout: Layout;
  readonly faults: FaultCalendar;
}

/** Numbers events and hands them on. */
export class Recorder {
  requests = 0;
  private seq = 0;
  private readonly sink: (event: TimelineEvent) => void;

  constructor(sink: (event: TimelineEvent) => void) {
    this.sink = sink;
  }

  record<Code extends EventCode>(at: Instant, cause: number, what: Code, data: TimelineData[Code]): number {
    this.seq += 1;
    if (what === 'request.ended') this.requests += 1;
    this.sink({ at, seq: this.seq, cause, what, data } as TimelineEvent);
    return this.seq;
  }
}

function announceFault(
  timeline: Recorder,
  moment: Moment,
  what: 'fault.started' | 'fault.ended',
  fault: TimelineData['fault.started']['fault'],
  cause: number,
): number {
  return what === 'fault.started'
    ? timeline.record(moment.now, cause, what, { name: fault.name, fault })
    : timeline.record(moment.now, cause, what, { name: fault.name });
}

function exposureOf(
  exchange: Exchange,
  byAddress: ReadonlyMap<string, Endpoint>,
  now: Instant,
): Parameters<FaultCalendar['hindrance']>[0] {
  const host = exchange.request?.host ?? exchange.tls?.serverName ?? '';
  return { endpoint: byAddress.get(exchange.to), host, path: exchange.request?.target ?? '', now };
}

/** A resolver that tells the timeline when its answer changes. */
function resolverFor(
  { timeline, random, settings }: Parts,
  name: string,
  vantage: Vantage,
  policy: ResolverPolicy,
  byAddress: ReadonlyMap<string, Endpoint>,
): Resolver {
  const warmStart = settings.isOn('resolver.warm-start') ? random.stream(`resolver/${name}`) : undefined;
  return new Resolver(
    vantage,
    policy,
    (asked, found, moment) => {
      const answer = found.kind === 'found' ? found.addresses : [found.rcode];
      const endpoint = byAddress.get(answer[0] ?? '')?.label ?? '';
      return timeline.record(moment.now, found.cause, 'resolver.changed', {
        resolver: name,
        name: asked,
        answer,
        endpoint,
        ttlSeconds: found.ttlSeconds,
      });
    },
    warmStart,
  );
}

function edgesOf(parts: Parts, byAddress: ReadonlyMap<string, Endpoint>): ReadonlyMap<string, EdgeLocation> {
  const { input, timeline, random, settings, layout, faults } = parts;
  const sites = input.architecture.distributions.filter(({ enabled }) => enabled).map(siteOf);
  const byHost = new Map(
    sites.flatMap((site) => [site.distribution.domainName, ...site.distribution.aliases].map((host) => [host, site])),
  );
  return new Map(
    layout.edges.map(({ address, label, vantage }) => {
      const resolver = resolverFor(parts, `edge:${label}`, vantage, PLAIN_RESOLVER, byAddress);
      const edge = new EdgeLocation(label, vantage, resolver, random.stream(`cloudfront/request-id/${label}`), {
        siteOf: (host) => byHost.get(host) ?? byHost.get(host.toLowerCase()),
        endpointLabel: (to) => byAddress.get(to)?.label ?? '',
        strictCriteria: settings.text('cloudfront.failover-criteria') === 'strict',
        attemptFailed: (at, call, { to, endpoint, address: tried, attempt, why, status }) =>
          timeline.record(
            call.moment.now,
            faults.latestSeq(byAddress.get(tried), to.origin.domainName),
            'origin.attempt-failed',
            {
              edge: at.label,
              requestId: call.requestId,
              origin: to.origin.id,
              endpoint,
              attempt,
              why,
              status,
            },
          ),
        failedOver: (at, call, { from, to, why, status, cause }) =>
          void timeline.record(call.moment.now, cause, 'origin.failed-over', {
            edge: at.label,
            requestId: call.requestId,
            from: from.origin.id,
            to: to.origin.id,
            why,
            status,
          }),
      });
      return [address, edge];
    }),
  );
}

/** The authoritative name servers: Route 53 for the zones, AWS for its own names, REFUSED for all others. */
function answering(
  { input, timeline, random, settings, layout, faults }: Parts,
  health: ReadonlyMap<string, HealthCheckStatus>,
  byAddress: ReadonlyMap<string, Endpoint>,
): (question: Question, asker: Vantage, now: Instant) => DnsReply {
  const zones = layOut(input.architecture.hostedZones, input.architecture.recordSets);
  const names = awsNames(input.architecture, layout.edges, layout.gateways);
  const order = random.stream('route53/order-of-values');
  const propagation = settings.number('route53.status-propagation-seconds');
  const followsRegion = settings.text('route53.api-gateway-target-health') === 'follows-region';
  const chosenBefore = new Map<string, string>();
  return (question, asker, now) => {
    const fault = faults.dns(question.name, now);
    if (fault !== undefined) return emptyReply(fault.answer, fault.seq);
    const found = answerFromZones(zones, question, asker, {
      health: (id) => health.get(id)?.seenByDns(now, propagation) ?? { healthy: true, seq: 0 },
      addressesOf: (dnsName, from) => (names.endpointsOf(dnsName, from) ?? []).map(({ address }) => address),
      targetIsHealthy: (dnsName) =>
        !followsRegion || !regionIsDown(faults, layout.gateways.get(names.regionOf(dnsName) ?? ''), now),
      shuffle: (values) => values.toSorted(() => order.next() - 0.5),
    });
    if (found === undefined) return answerAwsName(names, question, asker) ?? emptyReply('REFUSED', 0);
    if (!found.routed) return found.reply;
    const key = `${question.name} ${question.type}`;
    if (chosenBefore.get(key) === found.chosen) return found.reply;
    chosenBefore.set(key, found.chosen);
    const answer = found.reply.answers.map(({ data }) => data);
    const cause = timeline.record(now, found.reply.cause, 'dns.answer-changed', {
      name: question.name,
      type: question.type,
      answer,
      endpoint: byAddress.get(answer[0] ?? '')?.label ?? '',
      rule: found.rule,
    });
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

/** Every checker of every health check; a disabled check sends none (R53 HC-26). */
function checkersOf(
  { timeline, random, layout, faults }: Parts,
  health: ReadonlyMap<string, HealthCheckStatus>,
  byAddress: ReadonlyMap<string, Endpoint>,
): Background[] {
  return [...health.values()].flatMap((status) =>
    status.check.disabled
      ? []
      : status.checkers.map((checker): Background => {
          const { check } = status;
          const name = `route53/checker/${check.id}/${checker.region}/${checker.index}`;
          const vantage = layout.checkers.get(checker.region);
          assert(vantage !== undefined, `checker Region ${checker.region} has a place`);
          const phaseMs = random.stream(name).next() * check.requestIntervalSeconds * 1000;
          return {
            name,
            start: (moment) =>
              checkerLife(
                {
                  check,
                  vantage,
                  phaseMs,
                  changed(healthy, verdict, { now }) {
                    const blamed = faults.latestSeq(
                      byAddress.get(verdict.address),
                      check.fullyQualifiedDomainName ?? '',
                    );
                    const seq = timeline.record(now, blamed, 'checker.changed', {
                      healthCheck: check.id,
                      region: checker.region,
                      checker: checker.index,
                      healthy,
                      reason: verdict.reason,
                    });
                    const aggregated = status.observe(checker, healthy);
                    if (aggregated === undefined) return;
                    const { healthyCheckers, checkers } = status;
                    const data = {
                      healthCheck: check.id,
                      healthy: aggregated,
                      healthyCheckers,
                      checkers: checkers.length,
                    };
                    status.changed(now, aggregated, timeline.record(now, seq, 'health-check.changed', data));
                  },
                },
                moment,
              ),
          };
        }),
  );
}

/** Every stream of every probe; those of one interval are spread over it. */
function probesOf(parts: Parts): Background[] {
  const { input, timeline, random, layout } = parts;
  const byAddress = new Map(
    [...layout.edges, ...layout.gateways.values()].map((endpoint) => [endpoint.address, endpoint]),
  );
  return input.plan.probes.flatMap((probe) => {
    const viewers = viewersOf(probe, {
      vantageOf: (place) => layout.cities.get(place),
      drawsOf: (stream) => random.stream(`client/${stream}`),
      resolverOf: (place, policy) => {
        const vantage = layout.cities.get(place);
        assert(vantage !== undefined, `the city ${place} has a place`);
        return resolverFor(parts, `${probe.name}@${place}`, vantage, policy, byAddress);
      },
      ended: (moment, ended, cause) => void timeline.record(moment.now, cause, 'request.ended', ended),
    });
    return viewers.map((viewer, i): Background => {
      const firstAt = atSeconds(i / viewers.length / probe.ratePerSecond);
      return {
        name: `probe/${probe.name}/${viewer.place}/${viewer.method}`,
        start: (moment) => viewerLife(viewer, moment, firstAt, input.plan.end),
      };
    });
  });
}
