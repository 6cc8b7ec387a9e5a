import type { Draft } from './draft.ts';
import { idFrom } from './physical-id.ts';
import { madeUpIdentity } from './inert.ts';
import type { Node } from './node.ts';
import { get, isScalar } from './node.ts';
import type { ResourceInput } from './resource-kind.ts';
import type { Identity } from './scope.ts';

/** A service whose tasks register themselves with target groups: they are not run, and a model stands in. */
export function readService(input: ResourceInput, draft: Draft): Identity {
  for (const item of itemsOf(get(input.properties, 'LoadBalancers')))
    staff(get(item, 'TargetGroupArn'), `the service ${input.logicalId}`, draft);
  return named(input);
}

/** The same for the instances of a group. */
export function readAutoScalingGroup(input: ResourceInput, draft: Draft): Identity {
  for (const item of itemsOf(get(input.properties, 'TargetGroupARNs')))
    staff(item, `the Auto Scaling group ${input.logicalId}`, draft);
  return named(input);
}

function staff(arn: Node | undefined, by: string, { balancing }: Draft): void {
  if (arn !== undefined && isScalar(arn)) balancing.staffedBy.set(arn.text, by);
}

function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? node.items : [];
}

function named(input: ResourceInput): Identity {
  const made = madeUpIdentity(input);
  return {
    ...made,
    attributes: new Map([...made.attributes, ['Name', `${input.logicalId}-${idFrom(input.seed, 8, 'abcdefgh')}`]]),
  };
}
