import type { Architecture, Instant } from '../model/index.ts';
import { assert, BEGINNING } from '../model/index.ts';
import type { GatewaySurroundings } from './api-gateway/serve.ts';
import { callGateway, serveAtGateway } from './api-gateway/serve.ts';
import type { Certificates } from './certificates.ts';
import { certificatesOf } from './certificates.ts';
import { serveAtEdge } from './cloudfront/serve.ts';
import { controlOf } from './control.ts';
import type { Conversation, Exchange, Moment, Reply } from './conversation.ts';
import { replicasOf } from './edge-functions.ts';
import type { AnnounceFault, Exposure } from './faults.ts';
import { FaultCalendar } from './faults.ts';
import { gatewaySurroundings } from './gateways.ts';
import { Ground } from './ground.ts';
import { lastingPartsOf } from './lasting-parts.ts';
import { withOwnAddresses } from './own-addresses.ts';
import type { Parts } from './parts.ts';
import { Recorder } from './parts.ts';
import { probesOf } from './probes.ts';
import { PureHandlers } from './pure-handlers.ts';
import { createRandom } from './random.ts';
import { changesInWords, withSameParts } from './same-parts.ts';
import { settingsOf } from './switches.ts';
import type { Layout } from './vantages.ts';
import { layOutPlaces } from './vantages.ts';
import type { Background, Deployment, Endpoint, Replica, World, WorldInput } from './world.ts';

/** Brings an architecture to life: here, and with `lastingPartsOf`, and only there, the services meet. */
export function createWorld(input: WorldInput): World {
  const ground = new Ground();
  let estate = estateOf(input.architecture, input, ground);
  const parts = partsOf(input, estate);
  const lasting = lastingPartsOf(parts);
  let pureHandlers = new PureHandlers(input.sandbox);
  let gateways = gatewaysOf(parts);
  tellBeginning(parts);
  lasting.fronts.remark();

  return {
    get architecture() {
      return estate.architecture;
    },
    get endpoints() {
      return estate.endpoints;
    },
    get replicas() {
      return estate.replicas;
    },
    get pureHandlers() {
      return pureHandlers;
    },
    vantages: ground.vantages,
    plan: input.plan,
    background: [
      announcements(parts),
      ...lasting.actions.planned(input.plan),
      ...lasting.background,
      ...probesOf(parts),
    ],
    serve(arrival, moment): Conversation<Reply> {
      const edge = lasting.edgeLocations.edges.get(arrival.to);
      if (edge !== undefined) return serveAtEdge(edge, arrival, moment);
      const front = lasting.fronts.serve(arrival, moment);
      if (front !== undefined) return front;
      const region = gateways.regions.get(arrival.to);
      assert(region !== undefined, `requests arrive at endpoints that serve HTTP, not at ${arrival.to}`);
      return serveAtGateway(gateways.around, region, arrival, moment);
    },
    gatewayAt: (address) => gatewayFor(gateways, address),
    answer: lasting.nameServers.answer,
    walk: lasting.nameServers.walk,
    endpointsBehind: lasting.nameServers.endpointsBehind,
    ...hindrancesOf(parts),
    certificateNames: (address, serverName) => certificateNamesIn(estate, address, serverName),
    passage: (connection, now) => lasting.fronts.passage(connection, now),
    endpointAt: (address) => parts.endpoints.get(address),
    control: controlOf(parts, lasting.actions, lasting.readings, (moment) => announcerOf(parts, moment)),
    prepare(architecture): Deployment {
      const next = estateOf(architecture, input, ground, estate);
      return {
        architecture,
        endpoints: next.endpoints,
        replicas: next.replicas,
        certificateNames: (address, serverName) => certificateNamesIn(next, address, serverName),
        commit(moment) {
          const changes = changesInWords(estate.settled, next.settled);
          if (next.settled.functions !== estate.settled.functions) pureHandlers = new PureHandlers(input.sandbox);
          estate = next;
          putInPlace(parts, next);
          gateways = gatewaysOf(parts);
          return lasting.deploy(moment, changes === '' ? 0 : parts.timeline.record(moment.now, 0, 'note', { says: changes }));
        },
      };
    },
    note: (at, says) => void parts.timeline.record(at, 0, 'note', { says }),
    end: (at, reason) => {
      const { timeline } = parts;
      timeline.record(at, 0, 'world.ended', { reason, requests: timeline.requests });
    },
    contentsOf: (bucket) => lasting.fronts.contentsOf(bucket),
  };
}

/** What an architecture comes to at its places: it holds no state, and is made anew when another takes its place. */
interface Estate {
  readonly architecture: Architecture;
  /** With addresses of the world in place of AWS's. */
  readonly settled: Architecture;
  readonly layout: Layout;
  readonly endpoints: readonly Endpoint[];
  readonly byAddress: ReadonlyMap<string, Endpoint>;
  readonly certificates: Certificates;
  readonly replicas: readonly Replica[];
}

/** @param before - the estate that this one takes the place of: what has not changed is the very same. */
function estateOf(architecture: Architecture, { plan }: WorldInput, ground: Ground, before?: Estate): Estate {
  const layout = layOutPlaces(architecture, plan, ground);
  const own = withOwnAddresses(architecture, layout);
  const settled = before === undefined ? own : withSameParts(before.settled, own);
  const endpoints = [...layout.edges, ...layout.gateways.values(), ...layout.frontEnds.endpoints, layout.nameServer];
  return {
    architecture,
    settled,
    layout,
    endpoints,
    byAddress: new Map(endpoints.map((endpoint) => [endpoint.address, endpoint])),
    certificates: certificatesOf(architecture),
    replicas: replicasOf(settled, layout),
  };
}

function partsOf(input: WorldInput, { settled, layout, byAddress }: Estate): Parts {
  const random = createRandom(input.plan.seed);
  return {
    input: { ...input, architecture: settled },
    timeline: new Recorder(input.sink),
    random,
    settings: settingsOf(input.plan),
    // Of its own: it changes when another estate is put in place.
    layout: { ...layout },
    faults: new FaultCalendar(input.plan, random),
    endpoints: new Map(byAddress),
  };
}

/** Whoever holds the parts, or any of these, sees the other estate from now on. */
function putInPlace({ input, layout, endpoints }: Parts, next: Estate): void {
  Object.assign(input, { architecture: next.settled });
  Object.assign(layout, next.layout);
  const own = endpoints as Map<string, Endpoint>;
  own.clear();
  for (const [address, endpoint] of next.byAddress) own.set(address, endpoint);
}

function certificateNamesIn(
  { byAddress, certificates }: Estate,
  address: string,
  serverName: string | undefined,
): readonly string[] {
  const endpoint = byAddress.get(address);
  return endpoint === undefined ? [] : certificates.namesFor(endpoint, serverName);
}

/** The gateways of an estate. */
interface Gateways {
  readonly around: GatewaySurroundings;
  /** By address. */
  readonly regions: ReadonlyMap<string, string>;
}

function gatewaysOf(parts: Parts): Gateways {
  const regions = new Map([...parts.layout.gateways].map(([region, { address }]) => [address, region]));
  return { around: gatewaySurroundings(parts), regions };
}

function gatewayFor({ around, regions }: Gateways, address: string): ReturnType<World['gatewayAt']> {
  const region = regions.get(address);
  if (region === undefined) return undefined;
  const ways = around.waysOf(region);
  const own = { ...around, waysOf: () => ways };
  return (arrival, moment) => callGateway(own, region, arrival, moment);
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
