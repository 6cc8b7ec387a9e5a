import type { Architecture, DeployedResource } from '../model/index.ts';
import { itemsAt, numberAt, resourcesOf, textAt, valueAt } from './deployed.ts';
import type { Offence, Rule } from './rule.ts';

const HEALTH_CHECK_KEYS = [
  'HealthCheckPath',
  'HealthCheckPort',
  'HealthCheckProtocol',
  'HealthCheckIntervalSeconds',
  'ThresholdCount',
];

function endpointGroups(architecture: Architecture): readonly DeployedResource[] {
  return resourcesOf(architecture, 'AWS::GlobalAccelerator::EndpointGroup');
}

/** A failover ignores dials (RS 2.15). */
const DIAL_ZERO: Rule = {
  code: 'check/dial-zero-is-standby',
  weight: 'note',
  facts: ['RS 2.15', 'RS 2.13'],
  costs: 'traffic in a Region that is thought to be off',
  find: (architecture) =>
    endpointGroups(architecture)
      .filter(({ properties }) => numberAt(properties, 'TrafficDialPercentage') === 0)
      .map(({ properties, place }) => ({
        place,
        says: `The endpoint group of ${textAt(properties, 'EndpointGroupRegion') ?? 'a Region'} is dialled to 0, which is not off: when no other group has a healthy endpoint, Global Accelerator ignores dials and sends traffic here.`,
        remedy: 'If nothing may ever come here, give its endpoints weight 0 or remove them.',
      })),
};

/** One group is one Region (RS 2.5). */
const LONE_ENDPOINT_GROUP: Rule = {
  code: 'check/lone-endpoint-group',
  weight: 'warning',
  facts: ['RS 2.5', 'RS 2.16'],
  costs: 'the whole outage of that Region',
  find: (architecture) =>
    resourcesOf(architecture, 'AWS::GlobalAccelerator::Listener').flatMap((listener): Offence[] => {
      const groups = endpointGroups(architecture).filter(
        ({ properties }) => textAt(properties, 'ListenerArn') === listener.physicalId,
      );
      if (groups.length !== 1) return [];
      return [
        {
          place: groups[0]?.place,
          says: `The listener ${listener.logicalId} has one endpoint group: when its Region goes there is nothing to fail over to, and the accelerator keeps sending traffic there.`,
          remedy: 'Add an endpoint group in another Region.',
        },
      ];
    }),
};

/** Load balancers are judged by their own target groups (RS 2.7). */
const UNUSED_HEALTH_CHECK: Rule = {
  code: 'check/unused-endpoint-health-check',
  weight: 'note',
  facts: ['RS 2.7', 'RS 2.8'],
  costs: 'what is thought to be probed is not',
  find: (architecture) =>
    endpointGroups(architecture).flatMap(({ properties, place }): Offence[] => {
      const set = HEALTH_CHECK_KEYS.filter((key) => valueAt(properties, key) !== undefined);
      const endpoints = itemsAt(properties, 'EndpointConfigurations').map((each) => textAt(each, 'EndpointId') ?? '');
      if (set.length === 0 || endpoints.length === 0 || !endpoints.every((id) => isLoadBalancer(id, architecture)))
        return [];
      return [
        {
          place,
          says: `The endpoint group sets ${set.join(', ')}, but all its endpoints are load balancers: these settings do nothing, the health of their target groups decides.`,
          remedy: 'Set the health check of the target groups; every group must have a healthy target.',
        },
      ];
    }),
};

function isLoadBalancer(id: string, architecture: Architecture): boolean {
  return (
    id.includes(':loadbalancer/') ||
    resourcesOf(architecture, 'AWS::ElasticLoadBalancingV2::LoadBalancer').some(({ physicalId }) => physicalId === id)
  );
}

/** Traps of Global Accelerator. */
export const ACCELERATOR_RULES: readonly Rule[] = [DIAL_ZERO, LONE_ENDPOINT_GROUP, UNUSED_HEALTH_CHECK];
