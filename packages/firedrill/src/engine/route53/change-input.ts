import type { RecordChange } from '../../model/index.ts';

/** R53 CH-03. */
const TYPES = new Set('A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT'.split(' '));

/** R53 CH-05. */
const VALUES_MAX = 400;
/** R53 CH-01. */
const SET_IDENTIFIER_MAX = 128;
/** R53 RP-07. */
const WEIGHT_MAX = 255;
/** R53 AL-06. */
const TTL_SECONDS_MAX = 2_147_483_647;

/** What is wrong with a change as such, whatever the zone holds; undefined: nothing. AWS answers InvalidInput (R53 CH-07). */
export function invalidInput({ action, recordSet }: RecordChange): string | undefined {
  const { name, type, policy, ttlSeconds, values, alias, healthCheckId } = recordSet;
  const which = `Change with [Action=${action}, Name=${name}, Type=${type}${
    policy.kind === 'simple' ? '' : `, SetIdentifier=${policy.setIdentifier}`
  }]`;
  if (!TYPES.has(type)) return `Value '${type}' at 'type' failed to satisfy constraint: no such type of record`;
  if (policy.kind !== 'simple' && (policy.setIdentifier === '' || policy.setIdentifier.length > SET_IDENTIFIER_MAX)) {
    return `Invalid request: SetIdentifier must have 1 to ${SET_IDENTIFIER_MAX} characters in ${which}`;
  }
  if (policy.kind === 'weighted' && !(policy.weight >= 0)) return memberBound('weight', policy.weight, 'greater', 0);
  if (policy.kind === 'weighted' && policy.weight > WEIGHT_MAX)
    return memberBound('weight', policy.weight, 'less', WEIGHT_MAX);
  if (ttlSeconds !== undefined && ttlSeconds < 0) return memberBound('tTL', ttlSeconds, 'greater', 0);
  if (ttlSeconds !== undefined && ttlSeconds > TTL_SECONDS_MAX)
    return memberBound('tTL', ttlSeconds, 'less', TTL_SECONDS_MAX);
  if (values.length > VALUES_MAX) return `Invalid request: more than ${VALUES_MAX} values in ${which}`;
  const contents = contentsProblem(alias !== undefined, ttlSeconds !== undefined, values.length > 0);
  if (contents !== undefined) {
    return `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${contents} in ${which}`;
  }
  // A DELETE only names what is there.
  const isNew = action !== 'DELETE' && alias === undefined && healthCheckId === undefined;
  return isNew && policy.kind === 'failover' && policy.role === 'PRIMARY'
    ? 'A non-alias primary ResourceRecordSet must have an associated health check. No changes made.'
    : undefined;
}

/** R53 CH-24, AL-01: values with a TTL, or an alias without either. */
function contentsProblem(hasAlias: boolean, hasTtl: boolean, hasValues: boolean): string | undefined {
  if (hasAlias) return hasTtl || hasValues ? 'more than one' : undefined;
  return hasTtl && hasValues ? undefined : 'none';
}

/** R53 CH-26. */
function memberBound(member: string, value: number, than: 'less' | 'greater', bound: number): string {
  return `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${than} than or equal to ${bound}`;
}
