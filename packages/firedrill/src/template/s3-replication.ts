import type { ReplicationRule } from '../model/index.ts';
import {
  anyText,
  anything,
  inertFields,
  integer,
  listOf,
  oneOf,
  optional,
  placed,
  required,
  shape,
  text,
} from './shape.ts';
import type { Teller } from './teller.ts';

const STATUS = oneOf(['Enabled', 'Disabled']);
const FILTER = shape('Filter', {
  Prefix: optional(anyText),
  TagFilter: optional(anything),
  And: optional(shape('And', { Prefix: optional(anyText), TagFilters: optional(anything) })),
});

export const REPLICATION = shape('ReplicationConfiguration', {
  Role: required(anyText),
  Rules: required(
    listOf(
      shape('Rules', {
        Id: optional(anyText),
        Status: required(STATUS),
        Priority: optional(integer({ least: 0, most: 2_147_483_647, facts: ['RS 5.25'] })),
        Prefix: optional(anyText),
        Filter: optional(FILTER),
        DeleteMarkerReplication: optional(placed(shape('DeleteMarkerReplication', { Status: optional(STATUS) }))),
        Destination: required(
          shape('Destination', {
            Bucket: required(text()),
            ReplicationTime: optional(shape('ReplicationTime', { Status: required(STATUS), Time: optional(anything) })),
            ...inertFields('AccessControlTranslation', 'Account', 'EncryptionConfiguration', 'Metrics', 'StorageClass'),
          }),
        ),
        ...inertFields('SourceSelectionCriteria', 'ExistingObjectReplication'),
      }),
    ),
  ),
});

type Replication = NonNullable<ReturnType<typeof REPLICATION>>;

/** Replication rules, as S3 takes them. */
export function replicationRulesOf({ Rules: rules }: Replication, tell: Teller): readonly ReplicationRule[] {
  return rules.map((rule, index): ReplicationRule => {
    const { Filter: filter, Destination: destination, DeleteMarkerReplication: markers } = rule;
    const hasTagFilter = filter?.TagFilter !== undefined || filter?.And?.TagFilters !== undefined;
    const wantsMarkers = markers?.value.Status === 'Enabled';
    if (wantsMarkers && hasTagFilter) {
      const says = 'Delete markers cannot be replicated by a rule with a tag filter.';
      tell.error('template/property', markers.at, says, { facts: ['RS 5.27'] });
    }
    if (filter !== undefined && markers === undefined) {
      const says = 'A replication rule with Filter needs DeleteMarkerReplication.';
      tell.error('template/property', rule.at, says, { remedy: 'Add DeleteMarkerReplication: { Status: Disabled }.' });
    }
    return {
      id: rule.Id ?? `rule-${index + 1}`,
      enabled: rule.Status === 'Enabled',
      priority: rule.Priority ?? 0,
      prefix: filter?.Prefix ?? filter?.And?.Prefix ?? rule.Prefix ?? '',
      hasTagFilter,
      destinationArn: destination.Bucket,
      // Without Filter the rule is of the first kind, which copies users' delete markers (RS 5.26).
      deleteMarkers: filter === undefined ? markers?.value.Status !== 'Disabled' : wantsMarkers && !hasTagFilter,
      timeControl: destination.ReplicationTime?.Status === 'Enabled',
    };
  });
}
