import type { Instant, LambdaFunction, Target, TargetGroup } from '../model/index.ts';
import { after, assert, NEVER } from '../model/index.ts';
import type { Arrival, Conversation, Exchange, Invocation, Moment, Outcome, Reply, Vantage } from './conversation.ts';
import { LoadBalancerHealth } from './elastic-load-balancing/balancer-health.ts';
import { LOAD_BALANCING_FACTS as FACTS } from './elastic-load-balancing/facts.ts';
import { targetEvent } from './elastic-load-balancing/lambda-event.ts';
import { targetResponse } from './elastic-load-balancing/lambda-response.ts';
import type { BalancerNode, BalancerSurroundings } from './elastic-load-balancing/serve.ts';
import { listenerOn, serveAtLoadBalancer } from './elastic-load-balancing/serve.ts';
import type { TargetVerdict } from './elastic-load-balancing/target-checker.ts';
import { matches, targetCheckerLife } from './elastic-load-balancing/target-checker.ts';
import { TargetGroupHealth } from './elastic-load-balancing/target-health.ts';
import { weighted } from './elastic-load-balancing/rules.ts';
import type { BalancerPlace } from './front-ends.ts';
import { groupsInUse } from './front-ends.ts';
import type { Parts } from './parts.ts';
import type { Background, Passage } from './world.ts';

/** The load balancers of a world. */
export interface LoadBalancers {
  readonly background: readonly Background[];
  /**
   * Goes on with the load balancers of another estate: what is known of targets and zones that both have stays.
   * @returns what runs from now on; checks of what is gone end by themselves.
   */
  deploy(): readonly Background[];
  /** By ARN. */
  readonly health: ReadonlyMap<string, LoadBalancerHealth>;
  /** Whether a load balancer answers HTTP at the address. */
  serves(address: string): boolean;
  serve(arrival: Arrival, moment: Moment): Conversation<Reply>;
  /** Where an address of a Network Load Balancer sends a connection; undefined: it is none. */
  passage(connection: Pick<Exchange, 'to' | 'port' | 'from'>, now: Instant): Passage | undefined;
  /** Whether a load balancer as a whole counts as healthy (R53 ET-01 to ET-03). */
  isHealthy(arn: string): { readonly healthy: boolean; readonly seq: number };
  /** Calls back whenever anything about a load balancer's health may have changed. */
  onChange(listener: (arn: string, moment: Moment, reason: string) => void): void;
}

/** Puts the load balancers together: their addresses, their checks, what they answer. */
export function loadBalancersOf(parts: Parts): LoadBalancers {
  return new BalancerFleet(parts);
}

class BalancerFleet implements LoadBalancers {
  readonly health = new Map<string, LoadBalancerHealth>();
  private readonly parts: Parts;
  private groups: ReadonlyMap<string, TargetGroupHealth> = new Map();
  private nodes: ReadonlyMap<string, BalancerNode> = new Map();
  private places: ReadonlyMap<string, BalancerPlace> = new Map();
  private functions: ReadonlyMap<string, LambdaFunction> = new Map();
  /** What is checked, by the name of the course that does it. */
  private courses: ReadonlyMap<string, TargetGroupHealth | string> = new Map();
  private readonly around: BalancerSurroundings;
  private readonly listeners: ((arn: string, moment: Moment, reason: string) => void)[] = [];

  constructor(parts: Parts) {
    this.parts = parts;
    this.settle();
    this.around = this.surroundings();
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
    const { groups } = this;
    this.groups = new Map(
      architecture.targetGroups.map((group) => {
        const known = groups.get(group.arn);
        return [group.arn, known?.group === group ? known : new TargetGroupHealth(group, known)];
      }),
    );
    const groupOf = (arn: string): TargetGroupHealth | undefined => this.groups.get(arn);
    const before = new Map(this.health);
    this.health.clear();
    for (const balancer of architecture.loadBalancers)
      this.health.set(balancer.arn, new LoadBalancerHealth(balancer, groupOf, before.get(balancer.arn)));
    const { balancerNodes } = this.parts.layout.frontEnds;
    this.places = new Map(balancerNodes.map((place) => [place.endpoint.address, place]));
    this.nodes = new Map(
      balancerNodes.map(({ endpoint, balancer, zone }) => [
        endpoint.address,
        { balancer, targetZone: balancer.crossZone ? undefined : zone, vantage: endpoint.vantage },
      ]),
    );
    this.functions = new Map(architecture.functions.map((fn) => [fn.arn, fn]));
  }

  /** What is checked from now on that was not before. */
  private begin(): readonly Background[] {
    const inUse = groupsInUse(this.parts.input.architecture);
    const checked = [...this.groups.values()].filter(({ group }) => inUse.has(group.arn) && group.healthCheck.enabled);
    const watched = this.parts.settings.isOn('elastic-load-balancing.node-checks') ? [...this.places.values()] : [];
    const courses = [
      ...checked.flatMap((health) =>
        health.group.targets.map((target, index) => [health, this.targetChecker(health, target, index)] as const),
      ),
      // A listener's first port is what is looked at.
      ...watched.map((place) => [[...(place.endpoint.ports?.keys() ?? [])].join(), this.nodeChecker(place)] as const),
    ];
    const before = this.courses;
    this.courses = new Map(courses.map(([of, { name }]) => [name, of]));
    return courses.flatMap(([of, background]) => (before.get(background.name) === of ? [] : [background]));
  }

  serves(address: string): boolean {
    return this.nodes.get(address)?.balancer.type === 'application';
  }

  serve(arrival: Arrival, moment: Moment): Conversation<Reply> {
    const node = this.nodes.get(arrival.to);
    assert(node !== undefined, 'requests arrive at addresses of load balancers');
    return serveAtLoadBalancer(this.around, node, arrival, moment);
  }

  passage({ to, port, from }: Pick<Exchange, 'to' | 'port' | 'from'>): Passage | undefined {
    const node = this.nodes.get(to);
    if (node === undefined || node.balancer.type !== 'network') return undefined;
    const listener = listenerOn(node.balancer, port);
    const action = listener?.defaultAction;
    const draws = this.around.draws;
    const chosen = action?.kind === 'forward' ? weighted(action.targetGroups, draws.next()) : undefined;
    const group = this.groups.get(chosen?.targetGroupArn ?? '');
    const eligible = group?.eligible(node.targetZone) ?? [];
    const target = group?.group.targets[eligible[Math.floor(draws.next() * eligible.length)] ?? -1];
    return {
      hops: [node.vantage],
      to: target === undefined ? undefined : this.addressOf(target),
      port: target?.port ?? port,
      from,
      cause: group?.cause ?? 0,
      idleTimeoutMs: (listener?.tcpIdleTimeoutSeconds ?? 350) * 1000,
    };
  }

  isHealthy(arn: string): { readonly healthy: boolean; readonly seq: number } {
    const health = this.health.get(arn);
    if (health === undefined) return { healthy: true, seq: 0 };
    const withoutGroups = this.parts.settings.text('route53.load-balancer-without-targets') === 'healthy';
    const healthy = health.hasHealthyTargets(withoutGroups) && health.hasReachableNode();
    return { healthy, seq: health.cause };
  }

  onChange(listener: (arn: string, moment: Moment, reason: string) => void): void {
    this.listeners.push(listener);
  }

  private surroundings(): BalancerSurroundings {
    const { faults, endpoints, random } = this.parts;
    return {
      groupOf: (arn) => this.groups.get(arn),
      functionOf: (arn) => this.functions.get(arn),
      addressOf: (target) => this.addressOf(target),
      fault(arrival, { now }) {
        if (faults.isQuiet(now)) return undefined;
        const { host, target } = arrival.request;
        const found = faults.answer({ endpoint: endpoints.get(arrival.to), host, path: target, now });
        const effect = found?.fault.effect;
        return found !== undefined && effect?.kind === 'status'
          ? { status: effect.status, cause: found.seq }
          : undefined;
      },
      functionFault: (node, arrival, { now }) => {
        const found = faults.isQuiet(now) ? undefined : this.functionFault(node.vantage, arrival.request.target, now);
        return found === undefined ? undefined : { cause: found.seq };
      },
      draws: random.lasting('elastic-load-balancing/targets'),
    };
  }

  /** A fault of the functions of a Region: they are no endpoints, but have a place. */
  private functionFault(vantage: Vantage, path: string, now: Instant): ReturnType<Parts['faults']['answer']> {
    const label = vantage.name.slice('region:'.length);
    return this.parts.faults.answer({ endpoint: { kind: 'function', label, vantage }, host: '', path, now });
  }

  private addressOf({ id }: Target): string | undefined {
    const { frontEnds } = this.parts.layout;
    const balancer = frontEnds.balancerNodes.find((place) => place.balancer.arn === id);
    return balancer?.endpoint.address ?? frontEnds.servers.find(({ names }) => names.includes(id))?.endpoint.address;
  }

  private targetChecker(health: TargetGroupHealth, target: Target, index: number): Background {
    const { group } = health;
    const name = `elastic-load-balancing/target/${group.name}/${group.region}/${target.id}/${target.port}`;
    const phaseMs = this.parts.random.stream(name).next() * group.healthCheck.intervalSeconds * 1000;
    const probe = (moment: Moment): Conversation<TargetVerdict> =>
      group.targetType === 'lambda' ? this.probeFunction(group, target, moment) : this.probeServer(group, target);
    const changed = ({ healthy, reason }: TargetVerdict, moment: Moment): void => {
      const { timeline, faults, endpoints } = this.parts;
      const endpoint = endpoints.get(this.addressOf(target) ?? '') ?? this.nodesOf(group)[0]?.endpoint;
      const { region } = group;
      const cause = faults.latestSeq(endpoint, '');
      const said = { targetGroup: group.name, target: target.id, region, healthy, reason };
      health.observe(index, healthy, timeline.record(moment.now, cause, 'target.changed', said));
      for (const balancer of this.health.values())
        if (balancer.groups.includes(health)) this.tell(balancer.balancer.arn, moment, reason);
    };
    const seat = {
      group,
      phaseMs,
      probe,
      changed,
      opinion: health.isHealthy(index),
      isWanted: () => this.courses.get(name) === health,
    };
    return { name, start: (moment) => targetCheckerLife(seat, moment) };
  }

  /** A function is checked by running it with a request for the path (RS 6.1). */
  private *probeFunction(group: TargetGroup, target: Target, moment: Moment): Conversation<TargetVerdict> {
    const { path, timeoutSeconds } = group.healthCheck;
    const timeoutMs = timeoutSeconds * 1000;
    const vantage = this.parts.layout.frontEnds.regions.get(group.region);
    const fn = this.functions.get(target.id);
    assert(vantage !== undefined, 'target groups are in Regions that have a place');
    if (fn === undefined) return { healthy: false, reason: 'no such function' };
    const hindered = this.hindranceOf(group, vantage, moment.now);
    if (hindered !== undefined) {
      yield { kind: 'pause', until: after(moment.now, hindered === 'timeout' ? timeoutMs : 0) };
      return { healthy: false, reason: hindered };
    }
    if (this.functionFault(vantage, path, moment.now) !== undefined)
      return { healthy: false, reason: 'function error' };
    const request = {
      method: 'GET',
      target: path,
      host: '',
      headers: [['User-Agent', AGENT]],
      body: undefined,
    } as const;
    const { arn: targetGroupArn, multiValueHeaders } = group;
    const invocation = (yield {
      kind: 'invoke',
      function: fn,
      body: undefined,
      bodyBytesMax: FACTS.LAMBDA_PAYLOAD_BYTES_MAX.value,
      payload: (body) => targetEvent({ targetGroupArn, request, headers: request.headers, multiValueHeaders, body }),
      timeoutMs: Math.min(timeoutMs, fn.timeoutSeconds * 1000),
    }) as Invocation;
    if (invocation.kind !== 'returned') return { healthy: false, reason: `function ${invocation.kind}` };
    const response = targetResponse(invocation.payload, multiValueHeaders);
    const status = response?.status ?? 502;
    return { healthy: matches(group, status), reason: `status ${status}` };
  }

  /** A Region that is dead to the network is so to its own load balancers. */
  private hindranceOf(group: TargetGroup, vantage: Vantage, now: Instant): string | undefined {
    const { faults } = this.parts;
    if (faults.isQuiet(now)) return undefined;
    const endpoint = { kind: 'function', label: group.region, vantage } as const;
    const kind = faults.hindrance({ endpoint, host: '', path: group.healthCheck.path, now })?.kind;
    if (kind === undefined || kind === 'slow') return undefined;
    return kind === 'blackhole' || kind === 'hang' ? 'timeout' : kind;
  }

  private *probeServer(group: TargetGroup, target: Target): Conversation<TargetVerdict> {
    const { protocol, path, port = target.port, timeoutSeconds } = group.healthCheck;
    const from = this.parts.layout.frontEnds.regions.get(group.region);
    const to = this.addressOf(target);
    assert(from !== undefined, 'target groups are in Regions that have a place');
    if (to === undefined) return { healthy: false, reason: 'nobody answers' };
    const timeoutMs = timeoutSeconds * 1000;
    const isTcp = protocol === 'TCP';
    const headers = [['User-Agent', AGENT]] as const;
    const outcome = (yield {
      kind: 'exchange',
      from,
      to,
      port,
      tls: protocol === 'HTTPS' ? { serverName: undefined, verifyNames: undefined } : undefined,
      request: isTcp ? undefined : { method: 'GET', target: path, host: to, headers, body: undefined },
      connectTimeoutMs: timeoutMs,
      responseTimeoutMs: timeoutMs,
      until: NEVER,
    } satisfies Exchange) as Outcome;
    if (outcome.kind === 'unanswered') return { healthy: false, reason: outcome.why };
    if (isTcp) return { healthy: true, reason: 'connected' };
    return { healthy: matches(group, outcome.status), reason: `status ${outcome.status}` };
  }

  private nodesOf(group: TargetGroup): readonly BalancerPlace[] {
    return [...this.places.values()].filter(({ balancer }) =>
      this.health.get(balancer.arn)?.groups.some((each) => each.group.arn === group.arn),
    );
  }

  /** Route 53 looks whether the address of each zone takes connections; how often is assumed (R53 ET-01). */
  private nodeChecker(place: BalancerPlace): Background {
    const { endpoint, balancer, zone } = place;
    const name = `elastic-load-balancing/node/${balancer.name}/${zone}`;
    const intervalMs = FACTS.NODE_CHECK_INTERVAL_SECONDS.value * 1000;
    const phaseMs = this.parts.random.stream(name).next() * intervalMs;
    const from = this.parts.layout.frontEnds.checkers.get(balancer.region);
    assert(from !== undefined, 'a Region with a load balancer has a checker outside it');
    const ports = [...(endpoint.ports?.keys() ?? [])];
    const [port] = ports;
    const isWanted = (): boolean => this.courses.get(name) === ports.join();
    const wasReachable = this.health.get(balancer.arn)?.isReachable(zone) ?? true;
    const connection: Exchange = {
      kind: 'exchange',
      from,
      to: endpoint.address,
      port: port ?? 80,
      tls: undefined,
      request: undefined,
      connectTimeoutMs: FACTS.NODE_CHECK_TIMEOUT_MS.value,
      responseTimeoutMs: FACTS.NODE_CHECK_TIMEOUT_MS.value,
      until: NEVER,
    };
    const changed = (isReachable: boolean, moment: Moment): void => this.nodeChanged(place, isReachable, moment);
    return {
      name,
      *start(moment) {
        if (port === undefined) return;
        let isReachable = wasReachable;
        let streak = 0;
        yield { kind: 'pause', until: after(moment.now, phaseMs) };
        while (isWanted()) {
          const outcome = (yield connection) as Outcome;
          streak = (outcome.kind === 'answered') === isReachable ? 0 : streak + 1;
          if (streak === FACTS.NODE_CHECK_THRESHOLD.value) {
            isReachable = !isReachable;
            streak = 0;
            changed(isReachable, moment);
          }
          yield { kind: 'pause', until: after(moment.now, intervalMs) };
        }
      },
    };
  }

  private nodeChanged({ endpoint, balancer, zone }: BalancerPlace, isReachable: boolean, moment: Moment): void {
    const { timeline, faults } = this.parts;
    const cause = faults.latestSeq(endpoint, '');
    const reason = isReachable ? 'connected' : 'no connection';
    const said = {
      targetGroup: '',
      target: `${balancer.name}/${zone}`,
      region: balancer.region,
      healthy: isReachable,
      reason,
    };
    const seq = timeline.record(moment.now, cause, 'target.changed', said);
    this.health.get(balancer.arn)?.observeNode(zone, isReachable, seq);
    this.tell(balancer.arn, moment, reason);
  }

  private tell(arn: string, moment: Moment, reason: string): void {
    for (const listener of this.listeners) listener(arn, moment, reason);
  }
}

const AGENT = 'ELB-HealthChecker/2.0';
