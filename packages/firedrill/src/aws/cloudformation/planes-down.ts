import type { Instant } from '../../model/index.ts';
import type { Failure, ResourceChange, World } from '../../engine/index.ts';
import { handlerMessage } from '../../engine/index.ts';

/** Services whose resources are made in one Region alone, by how their types begin (R53 ST-01). */
const MADE_BY = [
  { types: 'AWS::Route53::', api: 'route53', region: 'us-east-1' },
  { types: 'AWS::CloudFront::', api: 'cloudfront', region: 'us-east-1' },
] as const;

/**
 * Resources that cannot be made or changed because the control plane of their service is down, whichever Region their stack is
 * in. Records of zones with accelerated recovery are let through: they come back before the rest (R53 AR-01).
 */
export function planesDown(
  changes: readonly ResourceChange[],
  { control, architecture }: World,
  now: Instant,
): Failure[] {
  const isAccelerated = architecture.hostedZones.some(({ acceleratedRecovery }) => acceleratedRecovery === true);
  return changes.flatMap((change): Failure[] => {
    if (change.action === 'Remove') return [];
    const { type, logicalId } = change.after;
    const made = MADE_BY.find(({ types }) => type.startsWith(types));
    if (made === undefined || (isAccelerated && type.startsWith('AWS::Route53::RecordSet'))) return [];
    const { api, region } = made;
    const refusal = control.apiRefusal({ api, region, operation: change.action }, now);
    if (refusal === undefined) return [];
    return [{ logicalId, reason: handlerMessage(refusal.message, 'ServiceInternalError') }];
  });
}
