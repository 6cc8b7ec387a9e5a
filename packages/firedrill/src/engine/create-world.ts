import type { Instant, TimelineData } from '../model/index.ts';
import { assert, BEGINNING } from '../model/index.ts';
import { Actions } from './actions.ts';
import { alarmsOf } from './alarms.ts';
import type { GatewaySurroundings } from './api-gateway/serve.ts';
import { callGateway, serveAtGateway } from './api-gateway/serve.ts';
import { certificatesOf } from './certificates.ts';
import type { EdgeLocation } from './cloudfront/edge.ts';
import { serveAtEdge } from './cloudfront/serve.ts';
import { planeRefusal } from './control-planes.ts';
import type { Arrival, Conversation, Exchange, Moment, Reply } from './conversation.ts';
import { edgeFunctionsOf } from './edge-functions.ts';
import { edgesOf } from './edge-locations.ts';
import { replicasOf } from './edge-functions.ts';
import type { Exposure } from './faults.ts';
import { FaultCalendar } from './faults.ts';
import type { FrontServices } from './front-services.ts';
import { frontServices } from './front-services.ts';
import { gatewaySurroundings } from './gateways.ts';
import { HealthChecks } from './health-checks.ts';
import { Invalidations } from './invalidations.ts';
import type { KeyValueStores } from './key-value-stores.ts';
import { keyValueStoresOf } from './key-value-stores.ts';
import { nameServersOf } from './name-servers.ts';
import { withOwnAddresses } from './own-addresses.ts';
import type { Parts } from './parts.ts';
import { Recorder } from './parts.ts';
import { probesOf } from './probes.ts';
import { PureHandlers } from './pure-handlers.ts';
import { createRandom } from './random.ts';
import { recoveryControlsOf } from './recovery-controls.ts';
import { RegionSwitches } from './region-switches.ts';
import { RoutingControlStates } from './routing-control-states.ts';
import { RequestRate } from './route53/request-rate.ts';
import { settingsOf } from './switches.ts';
import { layOutPlaces } from './vantages.ts';
import type { Background, Endpoint, World, WorldInput } from './world.ts';
import { zonalShiftsOf } from './zonal-shifts.ts';
import { throttled, ZoneRequests } from './zone-requests.ts';
import { ZoneVersions } from './zone-versions.ts';

/** Brings an architecture to life: here, and only here, the services meet. */
export function createWorld(input: WorldInput): World {
  const { architecture, plan } = input;
  const timeline = new Recorder(input.sink);
  const random = createRandom(plan.seed);
  const layout = layOutPlaces(architecture, plan);
  const faults = new FaultCalendar(plan, random);
  const all = [...layout.edges, ...layout.gateways.values(), ...layout.frontEnds.endpoints, layout.nameServer];
  const endpoints = new Map(all.map((endpoint) => [endpoint.address, endpoint]));
  const settled = withOwnAddresses(architecture, layout);
  const parts: Parts = {
    input: { ...input, architecture: settled },
    timeline,
    random,
    settings: settingsOf(plan),
    layout,
    faults,
    endpoints,
  };
  const certificates = certificatesOf(architecture);
  const epochMs = (now: Instant): number => input.beganAtEpochMs + now / 1000;
  const stores = keyValueStoresOf(parts, epochMs);
  const { edges, regionalCaches } = edgesOf(parts, edgeFunctionsOf(parts, stores, epochMs));
  const gateways = gatewaySurroundings(parts);
  const regions = new Map([...layout.gateways].map(([region, { address }]) => [address, region]));
  const fronts = frontServices(parts);
  const zones = new ZoneVersions(parts);
  const caches = [...edges.values(), ...regionalCaches.values()];
  const { health, actions, background } = operationsOf(parts, { fronts, zones, caches, stores });
  const nameServers = nameServersOf(parts, health.statuses, fronts.balancers, zones);
  tellBeginning(parts);
  fronts.remark();

  return {
    architecture,
    plan,
    endpoints: all,
    vantages: layout.vantages,
    replicas: replicasOf(settled, [...edges.values(), ...regionalCaches.values()]),
    pureHandlers: new PureHandlers(input.sandbox),
    background: [
      announcements(parts),
      ...actions.planned(plan),
      ...background,
      ...fronts.background,
      ...probesOf(parts),
    ],
    serve(arrival: Arrival, moment: Moment): Conversation<Reply> {
      const edge = edges.get(arrival.to);
      if (edge !== undefined) return serveAtEdge(edge, arrival, moment);
      const front = fronts.serve(arrival, moment);
      if (front !== undefined) return front;
      const region = regions.get(arrival.to);
      assert(region !== undefined, `requests arrive at endpoints that serve HTTP, not at ${arrival.to}`);
      return serveAtGateway(gateways, region, arrival, moment);
    },
    gatewayAt: gatewayFinder(gateways, regions),
    answer: nameServers.answer,
    walk: nameServers.walk,
    endpointsBehind: nameServers.endpointsBehind,
    ...hindrancesOf(parts),
    certificateNames(address, serverName) {
      const endpoint = endpoints.get(address);
      return endpoint === undefined ? [] : certificates.namesFor(endpoint, serverName);
    },
    passage: (connection, now) => fronts.passage(connection, now),
    contentsOf: (bucket) => fronts.contentsOf(bucket),
    endpointAt: (address) => endpoints.get(address),
    note: (at, says) => void timeline.record(at, 0, 'note', { says }),
    end: (at, reason) => void timeline.record(at, 0, 'world.ended', { reason, requests: timeline.requests }),
  };
}

function gatewayFinder(gateways: GatewaySurroundings, regions: ReadonlyMap<string, string>): World['gatewayAt'] {
  return (address) => {
    const region = regions.get(address);
    if (region === undefined) return undefined;
    const ways = gateways.waysOf(region);
    const own = { ...gateways, waysOf: () => ways };
    return (arrival, moment) => callGateway(own, region, arrival, moment);
  };
}

/** What operators act on, beside health. */
interface Operated {
  readonly fronts: FrontServices;
  readonly zones: ZoneVersions;
  readonly caches: readonly EdgeLocation[];
  readonly stores: KeyValueStores;
}

/** What health goes by, and who performs what operators do. */
function operationsOf(parts: Parts, { fronts, zones: versions, caches, stores }: Operated): Operations {
  const { faults, timeline } = parts;
  const zones = parts.input.architecture.hostedZones.filter(({ acceleratedRecovery }) => acceleratedRecovery);
  const accelerated = new Set(zones.map(({ id }) => id));
  const routingControls = new RoutingControlStates();
  // Health checks begin with the states that controls begin with.
  const recoveryControls = recoveryControlsOf(parts, routingControls);
  const alarms = alarmsOf(parts);
  const rate = new RequestRate();
  const health = new HealthChecks(parts, alarms, routingControls);
  const zonalShifts = zonalShiftsOf(parts, fronts.balancers, (alarm) => alarms.isInAlarm(alarm));
  const switches = new RegionSwitches(parts, routingControls, recoveryControls['set-routing-control'], (alarm) =>
    alarms.isInAlarm(alarm),
  );
  const actions = new Actions(
    {
      ...switches.performers,
      ...health.performers,
      'update-health-check': (action, moment) => throttled(rate, moment) ?? health.update(action, moment.now),
      ...new ZoneRequests(parts, versions, rate).performers,
      ...fronts.performers,
      ...new Invalidations(parts, caches).performers,
      ...stores.performers,
      ...recoveryControls,
      ...zonalShifts,
    },
    timeline,
    (action, { now }) => planeRefusal(faults, action, now, (zone) => accelerated.has(zone)),
  );
  return { health, actions, background: [...health.background(), ...switches.background()] };
}

interface Operations {
  readonly health: HealthChecks;
  readonly actions: Actions;
  /** What goes on by itself: health checks, and the triggers of Region switch. */
  readonly background: readonly Background[];
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

function announcements({ faults, timeline }: Parts): Background {
  return {
    name: 'faults',
    start: (moment) => faults.announce((what, fault, cause) => announceFault(timeline, moment, what, fault, cause)),
  };
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
