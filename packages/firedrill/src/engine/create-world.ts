import type { Instant } from '../model/index.ts';
import { BEGINNING } from '../model/index.ts';
import { serveAtGateway } from './api-gateway/serve.ts';
import { serveAtEdge } from './cloudfront/serve.ts';
import { controlOf } from './control.ts';
import type { Conversation, Exchange, Moment, Reply } from './conversation.ts';
import type { AnnounceFault, Exposure } from './faults.ts';
import { lastingPartsOf } from './lasting-parts.ts';
import type { Parts } from './parts.ts';
import { resolverTeller } from './parts.ts';
import { PresentEstate } from './present-estate.ts';
import { probesOf } from './probes.ts';
import { BROKEN_OFF } from './servers.ts';
import type { Background, Endpoint, World, WorldInput } from './world.ts';

/** Brings an architecture to life: here, and with `lastingPartsOf`, and only there, the services meet. */
export function createWorld(input: WorldInput): World {
  const present = new PresentEstate(input);
  const { parts } = present;
  const { timeline } = parts;
  const lasting = lastingPartsOf(parts);
  const { edgeLocations, fronts, nameServers } = lasting;
  tellBeginning(parts);
  fronts.remark();

  return {
    get architecture() {
      return present.estate.architecture;
    },
    get endpoints() {
      return present.estate.endpoints;
    },
    get replicas() {
      return present.estate.replicas;
    },
    get pureHandlers() {
      return present.pureHandlers;
    },
    vantages: present.vantages,
    plan: input.plan,
    background: [
      announcements(parts),
      ...lasting.actions.planned(input.plan),
      ...lasting.background,
      ...probesOf(parts),
    ],
    serve(arrival, moment): Conversation<Reply> {
      const edge = edgeLocations.edges.get(arrival.to);
      if (edge !== undefined) return serveAtEdge(edge, arrival, moment);
      const front = fronts.serve(arrival, moment);
      if (front !== undefined) return front;
      const { around, regions } = present.gateways;
      const region = regions.get(arrival.to);
      // It was on its way when the endpoint went.
      return region === undefined ? brokenOff() : serveAtGateway(around, region, arrival, moment);
    },
    gatewayAt: (address) => present.gatewayAt(address),
    answer: nameServers.answer,
    walk: nameServers.walk,
    endpointsBehind: nameServers.endpointsBehind,
    ...hindrancesOf(parts),
    certificateNames: (address, serverName) => present.certificateNames(address, serverName),
    passage: (connection, now) => fronts.passage(connection, now),
    endpointAt: (address) => parts.endpoints.get(address),
    contentsOf: (bucket) => fronts.objects.contentsOf(bucket),
    objectsRefusal: (region, now) => fronts.objects.refusalIn(region, now),
    tables: lasting.tables,
    keyValuesOf: (arn) => lasting.stores.latest(arn),
    control: controlOf(parts, lasting.actions, lasting.readings, (moment) => announcerOf(parts, moment)),
    prepare: (architecture) => present.prepare(architecture, lasting),
    tellResolved: (resolver, ...told) => resolverTeller(parts, resolver)(...told),
    tellRequest({ at, to, ended, cause }) {
      const isOfFault = cause === 0 && !ended.success;
      const why = isOfFault ? parts.faults.latestSeq(parts.endpoints.get(to), ended.probe) : cause;
      timeline.record(at, why, 'request.ended', ended);
    },
    note: (at, says) => void timeline.record(at, 0, 'note', { says }),
    end: (at, reason) => void timeline.record(at, 0, 'world.ended', { reason, requests: timeline.requests }),
  };
}

/** Where nobody is any more: the connection ends without an answer. */
function* brokenOff(): Conversation<Reply> {
  const account = { edge: '', origin: '', endpoint: '', attempts: 0, result: '', cause: 0 };
  return { kind: 'reply', status: BROKEN_OFF, headers: [], body: { bytes: 0, text: '' }, account, store: undefined };
}

function tellBeginning({ input: { driver, plan, speed }, timeline }: Parts): void {
  timeline.record(BEGINNING, 0, 'world.started', {
    driver,
    seed: plan.seed,
    plan: plan.name,
    speed,
    functionCode: driver === 'sim' ? 'modelled' : 'real',
  });
}

function announcements(parts: Parts): Background {
  return { name: 'faults', start: (moment) => parts.faults.announce(announcerOf(parts, moment)) };
}

function announcerOf({ timeline }: Parts, moment: Moment): AnnounceFault {
  return (what, fault, cause) =>
    what === 'fault.started'
      ? timeline.record(moment.now, cause, what, { name: fault.name, fault })
      : timeline.record(moment.now, cause, what, { name: fault.name });
}

/** What befalls connections, on their way and back. */
function hindrancesOf({ faults, endpoints }: Parts): Pick<World, 'hindrance' | 'returnHindrance' | 'calmUntil'> {
  return {
    calmUntil: (now) => faults.calmUntil(now),
    hindrance(exchange, now) {
      if (faults.isQuiet(now)) return undefined;
      const found = faults.hindrance(exposureOf(exchange, endpoints, now));
      // Who only wants to connect has what it wants before the connection is reset (R53 HC-06).
      return found?.kind === 'reset' && exchange.request === undefined ? undefined : found;
    },
    returnHindrance: (exchange, now) =>
      faults.isQuiet(now) ? undefined : faults.returnHindrance(exposureOf(exchange, endpoints, now)),
  };
}

function exposureOf(exchange: Exchange, endpoints: ReadonlyMap<string, Endpoint>, now: Instant): Exposure {
  const host = exchange.request?.host ?? exchange.tls?.serverName ?? '';
  return { endpoint: endpoints.get(exchange.to), host, path: exchange.request?.target ?? '', now };
}
