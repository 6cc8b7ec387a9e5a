import type { HostedZone, ListRecordSets, RecordSet } from '../../model/index.ts';
import { ROUTE53_FACTS } from './facts.ts';
import { apexRecordsOf } from './zone-apex.ts';

/** A page of `ListResourceRecordSets`. */
export interface RecordPage {
  readonly records: readonly RecordSet[];
  /** What the next page begins with; undefined: this is the last one. */
  readonly next?: RecordSet;
}

type Start = Pick<ListRecordSets, 'startName' | 'startType' | 'startIdentifier' | 'maxItems'>;

/**
 * The records of a zone from a name on, by their names' labels from the last to the first, then by type, then by SetIdentifier; at
 * most 300 of them (R53 CH-11). The zone's own name servers and SOA are among them.
 * @returns a text when Route 53 refuses the request (InvalidInput).
 */
export function listRecordSets(
  zone: HostedZone,
  held: readonly RecordSet[],
  { startName, startType, startIdentifier, maxItems = ROUTE53_FACTS.LIST_PAGE_MAX.value }: Start,
): RecordPage | string {
  if (startType !== undefined && startName === undefined) return 'The input is not valid: a type needs a name.';
  if (startIdentifier !== undefined && startType === undefined)
    return 'The input is not valid: an identifier needs a name and a type.';
  if (maxItems < 1) return 'The input is not valid: maxItems is less than 1.';
  const start = [labelsOf(startName ?? ''), startType ?? '', startIdentifier ?? ''] as const;
  const sorted = [...apexRecordsOf(zone, held), ...held]
    .map((record) => ({ record, key: keyOf(record) }))
    .filter(({ key }) => startName === undefined || compare(key, start) >= 0)
    .toSorted((one, other) => compare(one.key, other.key))
    .map(({ record }) => record);
  const size = Math.min(maxItems, ROUTE53_FACTS.LIST_PAGE_MAX.value);
  const next = sorted[size];
  return { records: sorted.slice(0, size), ...(next === undefined ? {} : { next }) };
}

type Key = readonly [labels: readonly string[], type: string, identifier: string];

function keyOf({ name, type, policy }: RecordSet): Key {
  return [labelsOf(name), type, policy.kind === 'simple' ? '' : policy.setIdentifier];
}

/** `www.example.com` as com, example, www. */
function labelsOf(name: string): readonly string[] {
  return name.toLowerCase().replace(/\.$/, '').split('.').toReversed();
}

function compare([labels, ...rest]: Key, [otherLabels, ...otherRest]: Key): number {
  // A space sorts before whatever a label may hold, so that a name comes before the names below it.
  const one = [labels.join(' '), ...rest];
  const other = [otherLabels.join(' '), ...otherRest];
  const differing = one.findIndex((part, index) => part !== other[index]);
  if (differing < 0) return 0;
  return (one[differing] ?? '') < (other[differing] ?? '') ? -1 : 1;
}
