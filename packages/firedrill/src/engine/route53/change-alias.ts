import type { HostedZone, RecordSet } from '../../model/index.ts';
import { ROUTE53_FACTS } from './facts.ts';

/** AWS's own zones of one id everywhere, and what the names in them end with (R53 AL-12). */
const AWS_ZONES: readonly { readonly id: string; readonly ending: string }[] = [
  { id: ROUTE53_FACTS.CLOUDFRONT_ZONE_ID.value, ending: '.cloudfront.net' },
  { id: ROUTE53_FACTS.GLOBAL_ACCELERATOR_ZONE_ID.value, ending: '.awsglobalaccelerator.com' },
];

/** What speaks against an alias beside the other records of its zone; `sameName` gives those of a name (R53 AL-07 to AL-10). */
export function aliasProblem(
  zone: HostedZone,
  record: RecordSet,
  sameName: (name: string) => readonly RecordSet[],
): string | undefined {
  const { type, alias } = record;
  if (alias === undefined) return undefined;
  const { dnsName: target } = alias;
  const says = `Tried to create an alias that targets ${target}., type ${type} in zone ${alias.hostedZoneId}, but`;
  if (type === 'NS' || type === 'SOA') return `An RRSet of type ${type} cannot be an alias.`;
  const isElsewhere = AWS_ZONES.some(({ id, ending }) => (alias.hostedZoneId === id) !== target.endsWith(ending));
  if (isElsewhere || (alias.hostedZoneId === zone.id && !liesWithin(target, zone.name)))
    return `${says} the alias target name does not lie within the target zone`;
  if (alias.hostedZoneId === ROUTE53_FACTS.CLOUDFRONT_ZONE_ID.value && alias.evaluateTargetHealth)
    return `EvaluateTargetHealth must be false for an alias that targets ${target}.`;
  if (alias.hostedZoneId === zone.id) {
    const isThere = sameName(target).some((other) => other !== record && other.type === type);
    return isThere ? undefined : `${says} that target was not found`;
  }
  return websiteProblem(record, sameName(record.name));
}

/**
 * Of a failover or weighted group at most one alias leads to an S3 website, since the name of the record is that of the bucket
 * (R53 AL-07).
 */
function websiteProblem(record: RecordSet, group: readonly RecordSet[]): string | undefined {
  const { kind } = record.policy;
  if (!leadsToWebsite(record) || (kind !== 'failover' && kind !== 'weighted')) return undefined;
  const isSecond = group.some((other) => other !== record && other.type === record.type && leadsToWebsite(other));
  return isSecond
    ? `RRSet with DNS name ${record.name}., type ${record.type} cannot be created because another RRSet with the same name and type targets an Amazon S3 website already.`
    : undefined;
}

function leadsToWebsite({ alias }: RecordSet): boolean {
  return alias !== undefined && /^s3-website[.-]/.test(alias.dnsName);
}

function liesWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
