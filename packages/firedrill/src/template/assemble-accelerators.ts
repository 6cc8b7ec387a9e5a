import type {
  Accelerator,
  AcceleratorEndpoint,
  AcceleratorListener,
  Architecture,
  EndpointGroup,
} from '../model/index.ts';
import type { DraftEndpointGroup } from './balancing-draft.ts';
import type { Draft } from './draft.ts';
import type { Teller } from './teller.ts';

/** What one account may have (RS 2.23); AWS raises them on request. */
const ACCELERATORS_MAX = 20;
const LISTENERS_MAX = 10;
const GROUPS_MAX = 42;

type Behind = Pick<Architecture, 'loadBalancers' | 'servers'>;

/** Accelerators with their listeners, endpoint groups and endpoints that exist. */
export function assembleAccelerators(draft: Draft, behind: Behind, tell: Teller): readonly Accelerator[] {
  const { accelerators, listeners, groups } = draft.acceleration;
  for (const { acceleratorArn } of listeners) {
    if (accelerators.some(({ arn }) => arn === acceleratorArn.value)) continue;
    tell.warning(
      'template/not-acted-on',
      acceleratorArn.at,
      'This listener belongs to an accelerator that is in no template read; it is left out.',
    );
  }
  for (const { listenerArn } of groups) {
    if (listeners.some(({ arn }) => arn === listenerArn.value)) continue;
    tell.warning(
      'template/not-acted-on',
      listenerArn.at,
      'This endpoint group belongs to a listener that is in no template read; it is left out.',
    );
  }
  const [, extra] = [accelerators[0], accelerators[ACCELERATORS_MAX]];
  if (extra !== undefined) tellQuota(`${ACCELERATORS_MAX} accelerators`, extra.at, tell);
  return accelerators.map((accelerator): Accelerator => {
    const { at, dualStackDnsName, ...same } = accelerator;
    const own = listeners.filter(({ acceleratorArn }) => acceleratorArn.value === accelerator.arn);
    const grouped = own.map(({ arn }) => groups.filter(({ listenerArn }) => listenerArn.value === arn));
    if (own.length > LISTENERS_MAX) tellQuota(`${LISTENERS_MAX} listeners for an accelerator`, at, tell);
    if (grouped.flat().length > GROUPS_MAX) tellQuota(`${GROUPS_MAX} endpoint groups for an accelerator`, at, tell);
    return {
      ...same,
      ...(accelerator.ipAddressType === 'DUAL_STACK' ? { dualStackDnsName } : {}),
      listeners: own.map((listener, index): AcceleratorListener => {
        const { arn, protocol, portRanges, clientAffinity } = listener;
        const endpointGroups = groupsOf(grouped[index] ?? [], { firstPort: portRanges[0]?.from ?? 80, behind }, tell);
        return { arn, protocol, portRanges, clientAffinity, endpointGroups };
      }),
      place: at,
    };
  });
}

function tellQuota(what: string, at: DraftEndpointGroup['at'], tell: Teller): void {
  const says = `AWS allows ${what}; a deployment of this needs a raised quota.`;
  tell.warning('template/property', at, says, { facts: ['RS 2.23'] });
}

/** One group for each Region (RS 2.5). */
function groupsOf(
  groups: readonly DraftEndpointGroup[],
  around: { readonly firstPort: number; readonly behind: Behind },
  tell: Teller,
): readonly EndpointGroup[] {
  return groups.flatMap((group, index) => {
    if (groups.findIndex(({ region }) => region === group.region) < index) {
      tell.error('template/property', group.at, `The listener has two endpoint groups in ${group.region}.`, {
        facts: ['RS 2.5'],
      });
      return [];
    }
    const { arn, region, trafficDialPercentage, portOverrides, healthCheck, healthCheckPort } = group;
    const port = healthCheckPort ?? around.firstPort;
    const endpoints = group.endpoints.flatMap((endpoint) => endpointOf(endpoint, group, around.behind, tell));
    return [{ arn, region, trafficDialPercentage, portOverrides, healthCheck: { ...healthCheck, port }, endpoints }];
  });
}

/** An endpoint that a template makes, in the Region of its group (RS 2.12). */
function endpointOf(
  { endpointId, weight, clientIpPreservation }: DraftEndpointGroup['endpoints'][number],
  group: DraftEndpointGroup,
  { loadBalancers, servers }: Behind,
  tell: Teller,
): readonly AcceleratorEndpoint[] {
  const balancer = loadBalancers.find(({ arn }) => arn === endpointId.value);
  const server = servers.find(({ id, otherNames }) => id === endpointId.value || otherNames.includes(endpointId.value));
  const region = balancer?.region ?? server?.region;
  if (region === undefined) {
    const says = `The endpoint ${endpointId.value} is in no template read; it is left out.`;
    tell.warning('template/not-acted-on', endpointId.at, says, { remedy: 'Give the template of the endpoint too.' });
    return [];
  }
  if (region !== group.region) {
    const says = `The endpoint ${endpointId.value} is in ${region}; this group is for ${group.region}.`;
    tell.error('template/property', endpointId.at, says, { facts: ['RS 2.5'] });
    return [];
  }
  // On unless said otherwise for Application Load Balancers (RS 2.21), and for instances, which cannot do without.
  const preserved = clientIpPreservation ?? balancer?.type !== 'network';
  return [{ endpointId: balancer?.arn ?? server?.id ?? '', weight, clientIpPreservation: preserved }];
}
