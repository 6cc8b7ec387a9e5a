import type { Architecture, DeployedResource, DeployedValue, HealthCheck } from '../model/index.ts';
import { isNamedBy, itemsAt, numberAt, resourcesOf, textAt, textsAt, valueAt } from './deployed.ts';
import { namesBehind, targetsOf } from './names.ts';
import type { Offence, Rule } from './rule.ts';

/** Seconds for which an Application Load Balancer keeps a client's idle connection, by default (R53 RV-16). */
const CLIENT_KEEP_ALIVE_SECONDS = 3600;

/** What AWS advises instead (R53 RC-09). */
const ADVISED_KEEP_ALIVE_SECONDS = 300;

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

/** Load balancers that a name leads to. */
function balancersBehind(name: string, architecture: Architecture): readonly DeployedResource[] {
  const names = namesBehind(name, architecture);
  return resourcesOf(architecture, LOAD_BALANCER).filter((balancer) =>
    names.some(
      (each) => isNamedBy(lowerCased(balancer), each) || `${balancer.physicalId}-dnsname`.toLowerCase() === each,
    ),
  );
}

/** Names in DNS are lower case; those of a load balancer need not be. */
function lowerCased(resource: DeployedResource): DeployedResource {
  const attributes = Object.entries(resource.attributes).map(([key, value]): [string, string] => [
    key,
    value.toLowerCase(),
  ]);
  return { ...resource, attributes: Object.fromEntries(attributes) };
}

/** Checkers come from outside, by addresses that a security group must let in (R53 HC-43, PP-05). */
const CHECKERS_SHUT_OUT: Rule = {
  code: 'check/checkers-shut-out',
  weight: 'warning',
  facts: ['R53 HC-43', 'R53 PP-05', 'R53 RP-03'],
  costs: 'always unhealthy, on all sides: the primary is served, dead or alive',
  find: (architecture) =>
    architecture.healthChecks.flatMap((healthCheck): Offence[] => {
      const name = healthCheck.ipAddress === undefined ? healthCheck.fullyQualifiedDomainName : undefined;
      if (name === undefined) return [];
      const [balancer] = balancersBehind(name, architecture);
      const why = balancer === undefined ? undefined : whyShut(balancer, healthCheck, architecture);
      if (balancer === undefined || why === undefined) return [];
      return [
        {
          place: healthCheck.place,
          says: `The health check probes ${name} on port ${healthCheck.port}, but ${why}: checkers stand outside and cannot connect, so the check is always unhealthy. When it is so on both sides, Route 53 serves the primary, dead or alive.`,
          remedy: 'Allow the managed prefix list com.amazonaws.<region>.route53-healthchecks on that port.',
        },
      ];
    }),
};

function whyShut(balancer: DeployedResource, { port }: HealthCheck, architecture: Architecture): string | undefined {
  if (textAt(balancer.properties, 'Scheme') === 'internal')
    return `the load balancer ${balancer.logicalId} is internal`;
  const ids = textsAt(balancer.properties, 'SecurityGroups');
  const groups = resourcesOf(architecture, 'AWS::EC2::SecurityGroup').filter((group) =>
    ids.some((id) => isNamedBy(group, id)),
  );
  // A group that is in no template may allow anything.
  if (groups.length === 0 || groups.length < ids.length) return undefined;
  const separate = resourcesOf(architecture, 'AWS::EC2::SecurityGroupIngress')
    .map(({ properties }) => properties)
    .filter((rule) => groups.some((group) => isNamedBy(group, textAt(rule, 'GroupId') ?? '')));
  const rules = [...groups.flatMap(({ properties }) => itemsAt(properties, 'SecurityGroupIngress')), ...separate];
  if (rules.some((rule) => letsIn(rule, port))) return undefined;
  return `the security group ${groups.map(({ logicalId }) => logicalId).join(', ')} lets in neither everybody nor a prefix list there`;
}

function letsIn(rule: DeployedValue, port: number): boolean {
  const from = numberAt(rule, 'FromPort') ?? 0;
  const to = numberAt(rule, 'ToPort') ?? 65_535;
  const covers = textAt(rule, 'IpProtocol') === '-1' || (from <= port && port <= to);
  // What a prefix list holds is not in the template; it may well be the checkers'.
  const wide = textAt(rule, 'CidrIp')?.endsWith('/0') === true || textAt(rule, 'SourcePrefixListId') !== undefined;
  return covers && wide;
}

/** An open connection asks DNS nothing (R53 RV-16). */
const LONG_KEEP_ALIVE: Rule = {
  code: 'check/long-keep-alive',
  weight: 'note',
  facts: ['R53 RV-16', 'R53 RC-09', 'R53 PP-03'],
  costs: 'up to 3600 s for users whose connection stays open',
  find: (architecture) => {
    const steered = architecture.recordSets.filter(({ policy }) => policy.kind !== 'simple').flatMap(targetsOf);
    const balancers = new Set(steered.flatMap((name) => balancersBehind(name, architecture)));
    return [...balancers].flatMap((balancer): Offence[] => {
      if ((textAt(balancer.properties, 'Type') ?? 'application') !== 'application') return [];
      const attribute = itemsAt(balancer.properties, 'LoadBalancerAttributes').find(
        (each) => textAt(each, 'Key') === 'client_keep_alive.seconds',
      );
      const seconds = numberAt(attribute, 'Value') ?? CLIENT_KEEP_ALIVE_SECONDS;
      if (seconds <= ADVISED_KEEP_ALIVE_SECONDS) return [];
      return [
        {
          place: balancer.place,
          says: `The load balancer ${balancer.logicalId} keeps connections of clients for ${seconds} s, and DNS moves none of them: while it answers at all, users with an open connection stay with it for so long.`,
          remedy: `Set the attribute client_keep_alive.seconds to ${ADVISED_KEEP_ALIVE_SECONDS} or less.`,
        },
      ];
    });
  },
};

/** A web ACL that blocks what it does not know blocks checkers, too, unless a rule of it lets them in (R53 PP-05). */
const WEB_ACL_BLOCKS: Rule = {
  code: 'check/web-acl-blocks',
  weight: 'note',
  facts: ['R53 PP-05', 'R53 HC-09'],
  costs: 'always unhealthy, unless a rule lets checkers in',
  find: (architecture) =>
    architecture.healthChecks.flatMap((healthCheck): Offence[] => {
      const { type, fullyQualifiedDomainName: name, place } = healthCheck;
      if (type === 'TCP' || name === undefined || healthCheck.ipAddress !== undefined) return [];
      const balancers = balancersBehind(name, architecture).map(({ physicalId }) => physicalId);
      const association = resourcesOf(architecture, 'AWS::WAFv2::WebACLAssociation').find(({ properties }) =>
        balancers.includes(textAt(properties, 'ResourceArn') ?? ''),
      );
      const arn = textAt(association?.properties, 'WebACLArn');
      const acl = resourcesOf(architecture, 'AWS::WAFv2::WebACL').find(
        (each) =>
          arn !== undefined && isNamedBy(each, arn) && valueAt(each.properties, 'DefaultAction.Block') !== undefined,
      );
      if (acl === undefined) return [];
      return [
        {
          place,
          says: `The health check probes ${name} behind the web ACL ${acl.logicalId}, which blocks what no rule of it allows: unless one allows checkers, they get 403 and the check is always unhealthy.`,
          remedy:
            'Allow the User-Agent or the addresses of Route 53 health checks, and ignore this with that as the reason.',
        },
      ];
    }),
};

/** A redirect passes, and nobody follows it (R53 HC-09). */
const REDIRECT_PROBED: Rule = {
  code: 'check/redirect-probed',
  weight: 'warning',
  facts: ['R53 HC-09', 'R53 PP-04'],
  costs: 'the whole outage: the redirect is well',
  find: (architecture) =>
    architecture.healthChecks.flatMap((healthCheck): Offence[] => {
      const { type, fullyQualifiedDomainName: name, port, place } = healthCheck;
      if (!type.startsWith('HTTP') || name === undefined || healthCheck.ipAddress !== undefined) return [];
      const [balancer] = balancersBehind(name, architecture);
      const listener = resourcesOf(architecture, 'AWS::ElasticLoadBalancingV2::Listener').find(
        ({ properties }) =>
          textAt(properties, 'LoadBalancerArn') === balancer?.physicalId && numberAt(properties, 'Port') === port,
      );
      const actions = itemsAt(listener?.properties, 'DefaultActions').map((action) => textAt(action, 'Type'));
      const own = resourcesOf(architecture, 'AWS::ElasticLoadBalancingV2::ListenerRule').some(
        ({ properties }) => textAt(properties, 'ListenerArn') === listener?.physicalId,
      );
      if (own || !actions.includes('redirect')) return [];
      return [
        {
          place,
          says: `The health check probes ${name} on port ${port}, where the load balancer only redirects: a redirect is healthy and is not followed, so nothing behind it is looked at.`,
          remedy: 'Probe the port that answers, as HTTPS on 443.',
        },
      ];
    }),
};

/** Traps of load balancers that DNS chooses between. */
export const LOAD_BALANCER_RULES: readonly Rule[] = [
  CHECKERS_SHUT_OUT,
  WEB_ACL_BLOCKS,
  REDIRECT_PROBED,
  LONG_KEEP_ALIVE,
];
