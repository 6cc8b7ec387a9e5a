import { API_GATEWAY_V2_KINDS } from './api-gateway-v2.ts';
import { API_GATEWAY_KINDS } from './api-gateway.ts';
import { CERTIFICATE_KINDS } from './certificate-manager.ts';
import { CLOUDFRONT_KINDS } from './cloudfront.ts';
import { CLOUDWATCH_KINDS } from './cloudwatch.ts';
import { CROSS_REGION_KINDS } from './cross-region-references.ts';
import { DYNAMODB_KINDS } from './dynamodb.ts';
import { EC2_KINDS } from './ec2.ts';
import { LOAD_BALANCING_KINDS } from './elastic-load-balancing.ts';
import { GLOBAL_ACCELERATOR_KINDS } from './global-accelerator.ts';
import { HTTP_API_KINDS } from './http-api.ts';
import { inertKind } from './inert.ts';
import { LAMBDA_KINDS } from './lambda.ts';
import { RECOVERY_CONTROL_KINDS } from './recovery-control.ts';
import { REGION_SWITCH_KINDS } from './region-switch.ts';
import type { ResourceKind } from './resource-kind.ts';
import { ROUTE53_KINDS } from './route53.ts';
import { ORIGIN_ACCESS_KINDS, S3_KINDS } from './s3.ts';
import { ZONAL_SHIFT_KINDS } from './zonal-shift.ts';

const KINDS: ReadonlyMap<string, ResourceKind> = new Map([
  ...API_GATEWAY_KINDS,
  ...API_GATEWAY_V2_KINDS,
  ...CERTIFICATE_KINDS,
  ...CLOUDFRONT_KINDS,
  ...CLOUDWATCH_KINDS,
  ...CROSS_REGION_KINDS,
  ...DYNAMODB_KINDS,
  ...EC2_KINDS,
  ...GLOBAL_ACCELERATOR_KINDS,
  ...HTTP_API_KINDS,
  ...LAMBDA_KINDS,
  ...LOAD_BALANCING_KINDS,
  ...RECOVERY_CONTROL_KINDS,
  ...REGION_SWITCH_KINDS,
  ...ZONAL_SHIFT_KINDS,
  ...ROUTE53_KINDS,
  ...S3_KINDS,
  ...ORIGIN_ACCESS_KINDS,
]);

/** How a resource type is read; undefined for those that Firedrill does not know. */
export function kindOf(type: string): ResourceKind | undefined {
  return KINDS.get(type) ?? inertKind(type);
}

/** Types that are known by name, for proposals. */
export function knownTypes(): readonly string[] {
  return [...KINDS.keys()];
}
