import type { Architecture } from '../model/index.ts';
import { assert } from '../model/index.ts';
import type { GatewaySurroundings } from './api-gateway/serve.ts';
import { callGateway } from './api-gateway/serve.ts';
import type { Certificates } from './certificates.ts';
import { certificatesOf } from './certificates.ts';
import { replicasOf } from './edge-functions.ts';
import { FaultCalendar } from './faults.ts';
import type { GatewayAskers } from './gateways.ts';
import { gatewaySurroundings, regionsWithServers } from './gateways.ts';
import { Ground } from './ground.ts';
import type { LastingParts } from './lasting-parts.ts';
import { withOwnAddresses } from './own-addresses.ts';
import type { Parts } from './parts.ts';
import { Recorder } from './parts.ts';
import { PureHandlers } from './pure-handlers.ts';
import { createRandom } from './random.ts';
import { changesInWords, withSameParts } from './same-parts.ts';
import { settingsOf } from './switches.ts';
import type { Layout } from './vantages.ts';
import { layOutPlaces } from './vantages.ts';
import type { Deployment, Endpoint, Replica, World, WorldInput } from './world.ts';

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

/** The estate that a world has at the time. */
export class PresentEstate {
  /** One for as long as the world lasts; what is in it changes with the estate. */
  readonly parts: Parts;
  estate: Estate;
  pureHandlers: PureHandlers;
  gateways: Gateways;
  private readonly input: WorldInput;
  private readonly ground = new Ground();
  /** What they know of names outlasts estates. */
  private readonly askers: GatewayAskers = new Map();

  constructor(input: WorldInput) {
    this.input = input;
    this.estate = estateOf(input.architecture, input, this.ground);
    this.parts = partsOf(input, this.estate);
    this.pureHandlers = new PureHandlers(input.sandbox);
    this.gateways = gatewaysOf(this.parts, this.askers);
  }

  get vantages(): Layout['vantages'] {
    return this.ground.vantages;
  }

  certificateNames(address: string, serverName: string | undefined): readonly string[] {
    return certificateNamesIn(this.estate, address, serverName);
  }

  gatewayAt(address: string): ReturnType<World['gatewayAt']> {
    const { around, regions, asking } = this.gateways;
    const region = regions.get(address);
    if (region === undefined || asking.has(region)) return undefined;
    const ways = around.waysOf(region);
    const own = { ...around, waysOf: () => ways };
    return (arrival, moment) => {
      const call = callGateway(own, region, arrival, moment);
      assert(call.kind !== 'server', 'this Region has no API that asks other servers');
      return call;
    };
  }

  /** @param lasting what goes on with the other estate. */
  prepare(architecture: Architecture, lasting: LastingParts): Deployment {
    const next = estateOf(architecture, this.input, this.ground, this.estate);
    return {
      architecture,
      endpoints: next.endpoints,
      replicas: next.replicas,
      certificateNames: (address, serverName) => certificateNamesIn(next, address, serverName),
      commit: (moment) => {
        const says = changesInWords(this.estate.settled, next.settled);
        const cause = says === '' ? 0 : this.parts.timeline.record(moment.now, 0, 'note', { says });
        this.become(next);
        return lasting.deploy(moment, cause);
      },
    };
  }

  /** Whoever holds the parts, or any of these, sees the other estate from now on. */
  private become(next: Estate): void {
    const { input, layout, endpoints } = this.parts;
    if (next.settled.functions !== this.estate.settled.functions)
      this.pureHandlers = new PureHandlers(this.input.sandbox);
    this.estate = next;
    Object.assign(input, { architecture: next.settled });
    Object.assign(layout, next.layout);
    const own = endpoints as Map<string, Endpoint>;
    own.clear();
    for (const [address, endpoint] of next.byAddress) own.set(address, endpoint);
    this.gateways = gatewaysOf(this.parts, this.askers);
  }
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
  /** Those whose APIs ask other servers. */
  readonly asking: ReadonlySet<string>;
}

function gatewaysOf(parts: Parts, askers: GatewayAskers): Gateways {
  const regions = new Map([...parts.layout.gateways].map(([region, { address }]) => [address, region]));
  const asking = regionsWithServers(parts.input.architecture);
  return { around: gatewaySurroundings(parts, askers), regions, asking };
}
