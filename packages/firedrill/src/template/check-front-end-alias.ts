import type { Accelerator, LoadBalancer } from '../model/index.ts';
import type { DraftRecord } from './draft.ts';
import { GLOBAL_ACCELERATOR_ZONE_ID } from './load-balancer-zones.ts';
import type { Teller } from './teller.ts';

/** Whether a name is one that AWS gives to load balancers or accelerators. */
export function isFrontEndName(name: string): boolean {
  return name.endsWith('.awsglobalaccelerator.com') || /\.elb(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/.test(name);
}

/** Holds an alias to a load balancer or an accelerator against its target (R53 AL-12, AL-14). */
export function checkFrontEndAlias(
  { alias, at }: DraftRecord,
  around: { readonly loadBalancers: readonly LoadBalancer[]; readonly accelerators: readonly Accelerator[] },
  tell: Teller,
): boolean {
  if (alias === undefined) return false;
  const { dnsName, hostedZoneId } = alias;
  const accelerator = around.accelerators.find((each) => each.dnsName === dnsName || each.dualStackDnsName === dnsName);
  const bare = dnsName.replace(/^dualstack\./, '');
  const balancer = around.loadBalancers.find((each) => each.dnsName === bare);
  const expected = accelerator === undefined ? balancer?.canonicalHostedZoneId : GLOBAL_ACCELERATOR_ZONE_ID;
  if (expected === undefined) {
    const says = `The alias targets ${dnsName}, which is in no template read; its name is not answered.`;
    tell.warning('template/not-acted-on', at, says, { remedy: 'Give the template of its target too.' });
    return false;
  }
  if (expected === hostedZoneId) return true;
  const remedy =
    accelerator === undefined
      ? 'Use !GetAtt with CanonicalHostedZoneID.'
      : `Every alias to an accelerator has ${expected}.`;
  tell.error(
    'template/property',
    at,
    `The alias to ${dnsName} has the HostedZoneId ${hostedZoneId}; it must be ${expected}.`,
    {
      remedy,
      facts: [accelerator === undefined ? 'R53 AL-14' : 'R53 AL-12'],
    },
  );
  return false;
}
