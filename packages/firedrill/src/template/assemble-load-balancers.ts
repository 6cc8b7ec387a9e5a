import type {
  Architecture,
  ListenerAction,
  LoadBalancer,
  LoadBalancerListener,
  Server,
  Target,
  TargetGroup,
} from '../model/index.ts';
import type { DraftBalancer, DraftListener } from './balancing-draft.ts';
import type { Draft } from './draft.ts';
import { octets } from './ec2.ts';
import type { Teller } from './teller.ts';

type Balancing = Pick<Architecture, 'loadBalancers' | 'targetGroups' | 'servers'>;

/** Load balancers with their listeners and rules, target groups with targets that exist, and the servers among them. */
export function assembleLoadBalancers(draft: Draft, tell: Teller): Balancing {
  const { balancing } = draft;
  tellStrays(draft, tell);
  const loadBalancers = balancing.balancers.map((balancer) => balancerOf(balancer, draft, tell));
  const servers: Server[] = serversOf(draft);
  const targetGroups = balancing.targetGroups.map((group) => groupOf(group, { draft, servers, loadBalancers }, tell));
  return { loadBalancers, targetGroups, servers };
}

/** Listeners and rules that name a load balancer or listener which no template makes. */
function tellStrays({ balancing }: Draft, tell: Teller): void {
  const { balancers, listeners, rules } = balancing;
  for (const { balancerArn } of listeners) {
    if (balancers.some(({ arn }) => arn === balancerArn.value)) continue;
    const says = `This listener belongs to the load balancer ${balancerArn.value}, which is in no template read; it is left out.`;
    tell.warning('template/not-acted-on', balancerArn.at, says, {
      remedy: 'Give the template of the load balancer too.',
    });
  }
  for (const { listenerArn } of rules) {
    if (listeners.some(({ arn }) => arn === listenerArn.value)) continue;
    const says = `This rule belongs to the listener ${listenerArn.value}, which is in no template read; it is left out.`;
    tell.warning('template/not-acted-on', listenerArn.at, says);
  }
}

function balancerOf(balancer: DraftBalancer, draft: Draft, tell: Teller): LoadBalancer {
  const { subnets: _subnets, at, ...same } = balancer;
  const listeners = draft.balancing.listeners.filter(({ balancerArn }) => balancerArn.value === balancer.arn);
  const ports = listeners.map(({ port }) => port);
  for (const [index, { port, at: where }] of listeners.entries()) {
    if (ports.indexOf(port) < index)
      tell.error('template/property', where, `The load balancer ${balancer.name} has two listeners on port ${port}.`);
  }
  return {
    ...same,
    zones: zonesOf(balancer, draft),
    listeners: listeners
      .filter(({ port }, index) => ports.indexOf(port) === index)
      .map((listener) => listenerOf(listener, draft, tell)),
    place: at,
  };
}

/** The zones of its subnets; those of a Region in turn for subnets that no template makes. */
function zonesOf({ subnets, region }: DraftBalancer, { balancing }: Draft): readonly string[] {
  const known = subnets.map(
    (subnet, index) => balancing.subnetZones.get(subnet) ?? `${region}${'abcdef'.charAt(index % 6)}`,
  );
  const zones = [...new Set(known)];
  return zones.length === 0 ? [`${region}a`, `${region}b`] : zones;
}

function listenerOf(listener: DraftListener, draft: Draft, tell: Teller): LoadBalancerListener {
  const { arn, port, protocol, certificateArns, action, tcpIdleTimeoutSeconds, at } = listener;
  const added = draft.balancing.listenerCertificates
    .filter(({ listenerArn }) => listenerArn === arn)
    .flatMap(({ certificateArns: arns }) => arns);
  if (protocol === 'HTTPS' && certificateArns.length === 0)
    tell.error('template/property', at, 'An HTTPS listener needs a certificate.');
  const own = draft.balancing.rules.filter(({ listenerArn }) => listenerArn.value === arn);
  const rules = own.toSorted((a, b) => a.priority - b.priority);
  for (const rule of [listener, ...rules]) tellMissingGroups(rule.action, rule.at, draft, tell);
  return {
    arn,
    port,
    protocol,
    certificateArns: [...certificateArns.map(({ value }) => value), ...added],
    defaultAction: action,
    rules: rules.map(({ arn: ruleArn, priority, conditions, action: act }) => ({
      arn: ruleArn,
      priority,
      conditions,
      action: act,
    })),
    tcpIdleTimeoutSeconds,
  };
}

function tellMissingGroups(action: ListenerAction, at: DraftListener['at'], { balancing }: Draft, tell: Teller): void {
  if (action.kind !== 'forward') return;
  for (const { targetGroupArn } of action.targetGroups) {
    if (balancing.targetGroups.some(({ arn }) => arn === targetGroupArn)) continue;
    const says = `The action forwards to the target group ${targetGroupArn}, which is in no template read; requests for it are answered with 503.`;
    tell.warning('template/not-acted-on', at, says, {
      remedy: 'Give the template of the target group too.',
      facts: ['RS 6.8'],
    });
  }
}

/** Instances, and Elastic IP addresses that belong to none. */
function serversOf({ balancing }: Draft): Server[] {
  const { servers, addresses, associations } = balancing;
  const addressesOf = (id: string): readonly string[] =>
    associations
      .filter(({ instance }) => instance === id)
      .flatMap(({ allocation }) => addresses.filter((each) => each.allocation === allocation))
      .flatMap(({ allocation, address, logicalId }) => [allocation, address, logicalId]);
  const free = addresses.filter(({ allocation }) => !associations.some((each) => each.allocation === allocation));
  return [
    ...servers.map((server) => ({ ...server, otherNames: [...server.otherNames, ...addressesOf(server.id)] })),
    ...free.map(({ allocation, address, logicalId, region, stack, at }) => ({
      id: allocation,
      region,
      otherNames: [address, logicalId],
      stack,
      place: at,
    })),
  ];
}

interface Around {
  readonly draft: Draft;
  /** Targets that are only an address become servers too. */
  readonly servers: Server[];
  readonly loadBalancers: readonly LoadBalancer[];
}

function groupOf(group: TargetGroup, around: Around, tell: Teller): TargetGroup {
  const { draft, servers } = around;
  const given = group.targets.flatMap((target) => targetOf(group, target, around, tell));
  const staff = draft.balancing.staffedBy.get(group.arn);
  const standIns = staff === undefined || given.length > 0 ? [] : standInsOf(group, around);
  for (const { id, zone } of standIns)
    servers.push({
      id,
      region: group.region,
      ...(zone === undefined ? {} : { zone }),
      otherNames: [group.name],
      stack: group.stack,
    });
  const { place } = group;
  if (staff !== undefined && place !== undefined) {
    const says = `Firedrill does not run the targets that ${staff} registers with ${group.name}; a model stands in for one in each zone.`;
    tell.note('template/not-acted-on', place, says, {
      remedy: `Say what answers in their place: \`origins: { ${group.name}: … }\` in the drill file.`,
    });
  } else if (given.length === 0 && place !== undefined) {
    const says = `The target group ${group.name} has no targets, so requests for it are answered with 503, and it counts as unhealthy.`;
    tell.warning('template/property', place, says, {
      remedy: 'Give it Targets, or what registers them.',
      facts: ['RS 6.8', 'R53 ET-02'],
    });
  }
  return { ...group, targets: given.length > 0 ? given : standIns };
}

/** One target in each zone of the load balancers that forward to the group. */
function standInsOf(group: TargetGroup, { loadBalancers }: Around): readonly Target[] {
  const zones = loadBalancers
    .filter(({ listeners }) => JSON.stringify(listeners).includes(group.arn))
    .flatMap((balancer) => balancer.zones);
  return [...new Set(zones)].map((zone) => ({
    id: `10.${octets(`${group.arn} ${zone}`, 3)}`,
    port: standInPort(group),
    zone,
  }));
}

function standInPort({ protocol }: TargetGroup): number {
  return protocol === 'HTTPS' ? 443 : 80;
}

/** A target that is there; what is not has been told and is left out. */
function targetOf(
  group: TargetGroup,
  target: Target,
  { draft, servers, loadBalancers }: Around,
  tell: Teller,
): readonly Target[] {
  const leftOut = (what: string): readonly Target[] => {
    const says = `The target ${target.id} of ${group.name} is ${what}; it is left out.`;
    if (group.place !== undefined) tell.warning('template/not-acted-on', group.place, says);
    return [];
  };
  switch (group.targetType) {
    case 'lambda': {
      const id = draft.functionAliases.get(target.id) ?? target.id;
      if (draft.functions.some(({ arn }) => arn === id)) return [{ ...target, id }];
      return draft.functionsLeftOut.has(id) ? [] : leftOut('a function that is in no template read');
    }
    case 'alb':
      return loadBalancers.some(({ arn }) => arn === target.id)
        ? [target]
        : leftOut('a load balancer that is in no template read');
    case 'instance': {
      const server = servers.find(({ id }) => id === target.id);
      if (server === undefined) return leftOut('an instance that is in no template read');
      const zone = target.zone ?? server.zone;
      return [{ ...target, ...(zone === undefined ? {} : { zone }) }];
    }
    case 'ip': {
      const known = servers.find(({ id, otherNames }) => id === target.id || otherNames.includes(target.id));
      const { region, stack } = group;
      if (known === undefined)
        servers.push({
          id: target.id,
          region,
          ...(target.zone === undefined ? {} : { zone: target.zone }),
          otherNames: [],
          stack,
        });
      return [known === undefined ? target : { ...target, id: known.id }];
    }
  }
}
