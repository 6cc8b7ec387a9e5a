import type { RecordChange } from '../../model/index.ts';
import { memberBound } from './member-bound.ts';
import { policyProblem } from './change-policy.ts';

/** R53 CH-03. */
const TYPES = new Set('A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT'.split(' '));

/** R53 CH-05. */
const VALUES_MAX = 400;
/** R53 AL-06. */
const TTL_SECONDS_MAX = 2_147_483_647;

/** What Route 53's own answer to an alias without EvaluateTargetHealth says (R53 CH-25). */
const INCOMPLETE_ALIAS =
  "Invalid XML ; cvc-complex-type.2.4.b: The content of element 'AliasTarget' is not complete. One of " +
  '\'{"https://route53.amazonaws.com/doc/2013-04-01/":EvaluateTargetHealth}\' is expected.';

/** What is wrong with a change as such, whatever the zone holds; undefined: nothing. AWS answers InvalidInput (R53 CH-07). */
export function invalidInput(change: RecordChange): string | undefined {
  const { action, recordSet } = change;
  const { type, policy, ttlSeconds, values, alias, healthCheckId } = recordSet;
  const which = inWords(change);
  if (!TYPES.has(type)) return `Value '${type}' at 'type' failed to satisfy constraint: no such type of record`;
  if (alias !== undefined && alias.evaluateTargetHealth === undefined) return INCOMPLETE_ALIAS;
  const ofPolicy = policyProblem(recordSet, which);
  if (ofPolicy !== undefined) return ofPolicy;
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

function inWords({ action, recordSet: { name, type, policy } }: RecordChange): string {
  const identifier = policy.kind === 'simple' ? '' : `, SetIdentifier=${policy.setIdentifier}`;
  return `Change with [Action=${action}, Name=${name}, Type=${type}${identifier}]`;
}

/** R53 CH-24, AL-01: values with a TTL, or an alias without either. */
function contentsProblem(hasAlias: boolean, hasTtl: boolean, hasValues: boolean): string | undefined {
  if (hasAlias) return hasTtl || hasValues ? 'more than one' : undefined;
  return hasTtl && hasValues ? undefined : 'none';
}
