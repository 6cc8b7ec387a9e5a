import type {
  Bucket,
  OriginAccessIdentity,
  PolicyCondition,
  PolicyPrincipal,
  PolicyStatement,
} from '../../model/index.ts';
import { fitsWildcard } from '../wildcard.ts';

/** Who asks S3. */
export type Caller =
  | { readonly kind: 'anonymous' }
  /** CloudFront, for a distribution, by an origin access control (CF 6.5). */
  | { readonly kind: 'cloudfront'; readonly sourceArn: string }
  /** A distribution by an origin access identity: a user of S3. */
  | { readonly kind: 'identity'; readonly identity: OriginAccessIdentity }
  /** Somebody of the bucket's own account, who may do all that no policy denies. */
  | { readonly kind: 'owner' };

export interface Asked {
  readonly caller: Caller;
  /** As `s3:GetObject`. */
  readonly action: string;
  /** Of an object; empty for the bucket itself. */
  readonly key: string;
  readonly isSecure: boolean;
  readonly referer: string | undefined;
  readonly userAgent: string | undefined;
}

/**
 * Whether a bucket's policy lets somebody do something: no statement denies it and one allows it. Visitors do not belong to
 * the bucket's account; who does needs nobody's leave. Public statements do not count where public access is blocked.
 */
export function isAllowed(bucket: Bucket, asked: Asked): boolean {
  const applying = bucket.policy.filter((statement) => applies(statement, bucket, asked));
  if (applying.some(({ effect }) => effect === 'Deny')) return false;
  if (asked.caller.kind === 'owner') return true;
  return applying.some(
    (statement) => statement.effect === 'Allow' && !(bucket.restrictsPublicBuckets && isPublic(statement)),
  );
}

/** Whether a statement is for everybody, with no condition that says which. */
function isPublic({ effect, principals, isNotPrincipal, conditions }: PolicyStatement): boolean {
  if (effect !== 'Allow') return false;
  const forAll = isNotPrincipal === true || principals.some(({ kind }) => kind === 'everyone');
  return forAll && !conditions.some(({ key }) => key === 'aws:sourcearn' || key === 'aws:sourceaccount');
}

function applies(statement: PolicyStatement, { arn, account }: Bucket, asked: Asked): boolean {
  const { principals, actions, resources, conditions } = statement;
  const resource = asked.key === '' ? arn : `${arn}/${asked.key}`;
  return (
    principals.some((principal) => isCaller(principal, asked.caller, account)) !==
      (statement.isNotPrincipal ?? false) &&
    actions.some((action) => fitsWildcard(action.toLowerCase(), asked.action.toLowerCase())) !==
      (statement.isNotAction ?? false) &&
    resources.some((pattern) => fitsWildcard(pattern, resource)) !== (statement.isNotResource ?? false) &&
    conditions.every((condition) => holds(condition, asked))
  );
}

function isCaller({ kind, value }: PolicyPrincipal, caller: Caller, account: string): boolean {
  if (kind === 'everyone') return true;
  if (kind === 'Service') return caller.kind === 'cloudfront' && value === 'cloudfront.amazonaws.com';
  if (caller.kind === 'owner') return kind === 'AWS' && (value === account || value.endsWith(`:iam::${account}:root`));
  if (caller.kind !== 'identity') return false;
  if (kind === 'CanonicalUser') return value === caller.identity.canonicalUserId;
  return kind === 'AWS' && value.endsWith(`user/CloudFront Origin Access Identity ${caller.identity.id}`);
}

function holds({ operator, key, values }: PolicyCondition, asked: Asked): boolean {
  const given = valueOf(key, asked);
  const isNegative = operator.includes('Not');
  if (given === undefined) return isNegative;
  const matches = values.some((value) => compare(operator, value, given));
  return matches !== isNegative;
}

function compare(operator: string, value: string, given: string): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'StringNotEquals':
      return value === given;
    case 'StringEqualsIgnoreCase':
    case 'Bool':
      return value.toLowerCase() === given.toLowerCase();
    case 'StringLike':
    case 'StringNotLike':
    case 'ArnLike':
    case 'ArnNotLike':
    case 'ArnEquals':
    case 'ArnNotEquals':
      return fitsWildcard(value, given);
    default:
      // Reading the policy has told that it cannot be decided.
      return false;
  }
}

function valueOf(key: string, { caller, isSecure, referer, userAgent }: Asked): string | undefined {
  switch (key) {
    case 'aws:sourcearn':
      return caller.kind === 'cloudfront' ? caller.sourceArn : undefined;
    case 'aws:sourceaccount':
      return caller.kind === 'cloudfront' ? caller.sourceArn.split(':')[4] : undefined;
    case 'aws:securetransport':
      return String(isSecure);
    case 'aws:referer':
      return referer;
    case 'aws:useragent':
      return userAgent;
    default:
      return undefined;
  }
}
