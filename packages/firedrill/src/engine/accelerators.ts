import type { Instant, Server, SetEndpointWeight, SetTrafficDial } from '../model/index.ts';
import { after, distanceKm, REGIONS } from '../model/index.ts';
import type { Judgement } from './actions.ts';
import type { Exchange, Moment, Vantage } from './conversation.ts';
import type { EndpointState, GroupState, ListenerState } from './global-accelerator/accelerator.ts';
import { AcceleratorState, endpointPort } from './global-accelerator/accelerator.ts';
import { endpointCheckerLife } from './global-accelerator/endpoint-checker.ts';
import { GLOBAL_ACCELERATOR_FACTS as FACTS } from './global-accelerator/facts.ts';
import type { Chosen } from './global-accelerator/routing.ts';
import { chooseEndpoint } from './global-accelerator/routing.ts';
import type { LoadBalancers } from './load-balancers.ts';
import type { Parts } from './parts.ts';
import type { RandomStream } from './random.ts';
import type { Background, Passage } from './world.ts';

/** The accelerators of a world. */
export interface Accelerators {
  readonly background: readonly Background[];
  /**
   * Goes on with the accelerators of another estate: what is known of endpoints that both have stays, and what operators have
   * turned.
   * @returns what runs from now on; checks of what is gone end by themselves.
   */
  deploy(): readonly Background[];
  /** Where a static address sends a new connection; undefined: it is none. */
  passage(connection: Pick<Exchange, 'to' | 'port' | 'from'>, now: Instant): Passage | undefined;
  readonly states: readonly AcceleratorState[];
  setTrafficDial(action: SetTrafficDial, moment: Moment): Judgement;
  setEndpointWeight(action: SetEndpointWeight, moment: Moment): Judgement;
}

/** Puts the accelerators together: health of their endpoints, and where connections go. */
export function acceleratorsOf(parts: Parts, balancers: LoadBalancers): Accelerators {
  return new AcceleratorFleet(parts, balancers);
}

class AcceleratorFleet implements Accelerators {
  states: readonly AcceleratorState[] = [];
  private readonly parts: Parts;
  private readonly balancers: LoadBalancers;
  private byAddress: ReadonlyMap<string, AcceleratorState> = new Map();
  private draws: ReadonlyMap<AcceleratorState, RandomStream> = new Map();
  private servers: ReadonlyMap<string, Server> = new Map();
  /** Groups whose endpoints are checked, by the name of the course that does it. */
  private courses: ReadonlyMap<string, string> = new Map();
  /** What was said last about where connections from an edge go, by accelerator, listener, edge and group headed for. */
  private readonly said = new Map<string, { readonly where: string; readonly seq: number }>();

  constructor(parts: Parts, balancers: LoadBalancers) {
    this.parts = parts;
    this.balancers = balancers;
    this.settle();
    balancers.onChange((arn, moment, reason) => this.balancerChanged(arn, moment, reason));
  }

  get background(): readonly Background[] {
    return this.begin();
  }

  deploy(): readonly Background[] {
    this.settle();
    return this.begin();
  }

  private settle(): void {
    const { architecture } = this.parts.input;
    const before = new Map(this.states.map((state) => [state.accelerator.arn, state]));
    this.states = architecture.accelerators.map((accelerator) => {
      const known = before.get(accelerator.arn);
      return known?.accelerator === accelerator ? known : new AcceleratorState(accelerator, known);
    });
    const byArn = new Map(this.states.map((state) => [state.accelerator.arn, state]));
    this.byAddress = new Map(
      this.parts.layout.frontEnds.accelerators.flatMap(({ endpoint, accelerator }) => {
        const state = byArn.get(accelerator.arn);
        return state === undefined ? [] : [[endpoint.address, state] as const];
      }),
    );
    this.draws = new Map(
      this.states.map((state) => [
        state,
        this.parts.random.lasting(`global-accelerator/flows/${state.accelerator.name}`),
      ]),
    );
    this.servers = new Map(architecture.servers.map((server) => [server.id, server]));
  }

  /** What is checked from now on that was not before, or not so. */
  private begin(): readonly Background[] {
    const checked = this.states.flatMap((state) =>
      state
        .groups()
        .flatMap((group) =>
          group.endpoints
            .filter(({ endpoint }) => this.servers.has(endpoint.endpointId))
            .map((endpoint) => [configurationOf(group), this.checkerOf(state, group, endpoint)] as const),
        ),
    );
    const before = this.courses;
    this.courses = new Map(checked.map(([configuration, { name }]) => [name, configuration]));
    return checked.flatMap(([configuration, background]) =>
      before.get(background.name) === configuration ? [] : [background],
    );
  }

  passage({ to, port, from }: Pick<Exchange, 'to' | 'port' | 'from'>, now: Instant): Passage | undefined {
    const state = this.byAddress.get(to);
    if (state === undefined) return undefined;
    const ingress = this.parts.layout.frontEnds.ingressOf(from);
    const listener = state.listenerOn(port);
    const nowhere: Passage = { hops: [ingress], to: undefined, port, from, cause: 0, idleTimeoutMs: FLOW_IDLE_MS };
    if (listener === undefined) return nowhere;
    const groups = this.nearestFirst(listener.groups, ingress);
    const chosen = this.choose(state, listener, { groups, from, now });
    const group = groups[chosen?.group ?? -1];
    const endpoint = group?.endpoints[chosen?.endpoint ?? -1];
    if (chosen === undefined || group === undefined || endpoint === undefined) return nowhere;
    const told = this.tell(state, listener, { groups, chosen, ingress, now });
    // A dial that was turned explains why it went past a nearer group, a weight why it went to this endpoint.
    const turned = groups.slice(0, chosen.headedFor + 1).map(({ dial }) => dial.at(now).seq);
    const cause = Math.max(told, ...turned, ...group.endpoints.map(({ weight }) => weight.at(now).seq));
    const inner = endpointPort(group.group, port);
    const seen = endpoint.endpoint.clientIpPreservation ? from : ingress;
    const address = this.addressOf(endpoint, inner);
    const onward =
      address === undefined ? undefined : this.balancers.passage({ to: address, port: inner, from: seen }, now);
    if (onward === undefined)
      return { hops: [ingress], to: address, port: inner, from: seen, cause, idleTimeoutMs: FLOW_IDLE_MS };
    // Behind a Network Load Balancer the way goes on.
    const idleTimeoutMs = Math.min(onward.idleTimeoutMs, FLOW_IDLE_MS);
    return { ...onward, hops: [ingress, ...onward.hops], cause: Math.max(cause, onward.cause), idleTimeoutMs };
  }

  setTrafficDial({ endpointGroup, percentage }: SetTrafficDial, { now }: Moment): Judgement {
    const group = this.groupOf(endpointGroup);
    if (group === undefined) return NO_SUCH_GROUP;
    return this.turning((from, cause) => group.dial.turn(percentage, from, cause), now);
  }

  setEndpointWeight({ endpointGroup, endpoint, weight }: SetEndpointWeight, { now }: Moment): Judgement {
    const group = this.groupOf(endpointGroup);
    if (group === undefined) return NO_SUCH_GROUP;
    const found = group.endpoints.find((each) => each.endpoint.endpointId === endpoint);
    if (found === undefined) {
      const message = `The endpoint ${endpoint} is not in the endpoint group.`;
      return { kind: 'refused', code: 'EndpointNotFoundException', message };
    }
    return this.turning((from, cause) => found.weight.turn(weight, from, cause), now);
  }

  private groupOf(arn: string): GroupState | undefined {
    return this.states.flatMap((state) => state.groups()).find(({ group }) => group.arn === arn);
  }

  /** A change is in force everywhere a while after it has been accepted. */
  private turning(turn: (from: Instant, cause: number) => void, now: Instant): Judgement {
    const lagMs = this.parts.settings.number('global-accelerator.change-seconds') * 1000;
    return {
      kind: 'accepted',
      carryOut(cause) {
        turn(after(now, lagMs), cause);
        return [];
      },
    };
  }

  /** Nearest to the edge location first; of equally near ones the first of the template (RS 2.13). */
  private nearestFirst(groups: readonly GroupState[], ingress: Vantage): readonly GroupState[] {
    const distance = ({ group }: GroupState): number => distanceKm(ingress.spot, REGIONS[group.region] ?? ingress.spot);
    return groups.toSorted((a, b) => distance(a) - distance(b));
  }

  private choose(
    state: AcceleratorState,
    { listener }: ListenerState,
    { groups, from, now }: { readonly groups: readonly GroupState[]; readonly from: Vantage; readonly now: Instant },
  ): Chosen | undefined {
    const { settings } = this.parts;
    const lag = {
      failoverSeconds: settings.number('global-accelerator.failover-seconds'),
      recoverySeconds: settings.number('global-accelerator.recovery-seconds'),
    };
    const seen = groups.map(({ dial, endpoints }) => ({
      dial: dial.at(now).value,
      endpoints: endpoints.map(({ weight, health }) => ({
        weight: weight.at(now).value,
        ...health.seenByRouting(now, lag),
      })),
    }));
    const flows = this.draws.get(state);
    // By source address a client is always drawn the same (RS 2.4); else each connection by itself, as its ports differ.
    const draw =
      listener.clientAffinity === 'SOURCE_IP'
        ? drawsBy(`${listener.arn} ${from.address}`)
        : (): number => flows?.next() ?? 0;
    const spillIsDialled = settings.text('global-accelerator.spill') === 'dialled';
    return chooseEndpoint(seen, draw, { spillIsDialled });
  }

  /** Puts it on the timeline when connections of one edge location leave their group, or come back to it. */
  private tell(
    { accelerator }: AcceleratorState,
    { listener }: ListenerState,
    {
      groups,
      chosen,
      ingress,
      now,
    }: {
      readonly groups: readonly GroupState[];
      readonly chosen: Chosen;
      readonly ingress: Vantage;
      readonly now: Instant;
    },
  ): number {
    const edge = ingress.name.slice('ingress:'.length);
    const home = groups[chosen.headedFor]?.group.region ?? '';
    const region = groups[chosen.group]?.group.region ?? '';
    const isHome = chosen.rule === 'nearest' || chosen.rule === 'dialled away';
    const key = `${listener.arn} ${edge} ${home}`;
    const where = isHome ? home : `${region} ${chosen.rule}`;
    const before = this.said.get(key) ?? { where: home, seq: 0 };
    if (before.where === where) return before.seq;
    const healed = groups[chosen.headedFor]?.endpoints.map(({ health }) => health.lastSeq) ?? [];
    const cause = isHome ? Math.max(0, ...healed) : chosen.cause;
    const said = { accelerator: accelerator.name, edge, region, rule: isHome ? 'recovery' : chosen.rule };
    const seq = this.parts.timeline.record(now, cause, 'accelerator.rerouted', said);
    this.said.set(key, { where, seq });
    return seq;
  }

  private addressOf({ endpoint: { endpointId } }: EndpointState, port: number): string | undefined {
    const { balancerNodes, servers } = this.parts.layout.frontEnds;
    const health = this.balancers.health.get(endpointId);
    if (health === undefined) return servers.find(({ names }) => names.includes(endpointId))?.endpoint.address;
    // Through an address that its name would be answered with.
    const zones = new Set(health.zonesInDns());
    const nodes = balancerNodes.filter(({ balancer, zone }) => balancer.arn === endpointId && zones.has(zone));
    return nodes[port % Math.max(1, nodes.length)]?.endpoint.address;
  }

  private balancerChanged(arn: string, moment: Moment, reason: string): void {
    const { healthy, seq } = this.balancers.isHealthy(arn);
    for (const state of this.states)
      for (const group of state.groups())
        for (const endpoint of group.endpoints)
          if (endpoint.endpoint.endpointId === arn && endpoint.health.healthy !== healthy)
            this.endpointChanged(state, group, endpoint, { healthy, reason, cause: seq, moment });
  }

  private endpointChanged(
    { accelerator }: AcceleratorState,
    { group }: GroupState,
    { endpoint, health }: EndpointState,
    what: { readonly healthy: boolean; readonly reason: string; readonly cause: number; readonly moment: Moment },
  ): void {
    const { now } = what.moment;
    const said = {
      accelerator: accelerator.name,
      region: group.region,
      endpoint: endpoint.endpointId,
      healthy: what.healthy,
      reason: what.reason,
    };
    health.changed(
      now,
      what.healthy,
      this.parts.timeline.record(now, what.cause, 'accelerator.endpoint-changed', said),
    );
  }

  private checkerOf(state: AcceleratorState, group: GroupState, endpoint: EndpointState): Background {
    const { layout, random, faults, endpoints } = this.parts;
    const { endpointId } = endpoint.endpoint;
    const { healthCheck: check, region } = group.group;
    const name = `global-accelerator/checker/${state.accelerator.name}/${region}/${endpointId}`;
    const address = layout.frontEnds.servers.find(({ names }) => names.includes(endpointId))?.endpoint.address;
    const phaseMs = random.stream(name).next() * check.intervalSeconds * 1000;
    const changed = (verdict: { readonly healthy: boolean; readonly reason: string }, moment: Moment): void => {
      const cause = faults.latestSeq(endpoints.get(address ?? ''), '');
      this.endpointChanged(state, group, endpoint, { ...verdict, cause, moment });
    };
    const opinion = endpoint.health.healthy;
    const configuration = configurationOf(group);
    const isWanted = (): boolean => this.courses.get(name) === configuration;
    return {
      name,
      *start(moment) {
        const vantage = layout.frontEnds.checkers.get(region);
        if (vantage === undefined) return;
        yield* endpointCheckerLife({ check, vantage, address, phaseMs, changed, opinion, isWanted }, moment);
      },
    };
  }
}

/** What a check goes by: another check begins when it is another. */
function configurationOf({ group: { healthCheck } }: GroupState): string {
  return JSON.stringify(healthCheck);
}

const NO_SUCH_GROUP: Judgement = {
  kind: 'refused',
  code: 'EndpointGroupNotFoundException',
  message: 'The endpoint group does not exist.',
};

const FLOW_IDLE_MS = FACTS.TCP_IDLE_TIMEOUT_SECONDS.value * 1000;

/** Draws that follow from a text alone. */
function drawsBy(text: string): () => number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return () => {
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    hash ^= hash >>> 13;
    return (hash >>> 0) / 0x1_0000_0000;
  };
}
