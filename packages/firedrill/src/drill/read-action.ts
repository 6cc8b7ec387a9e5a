import { type Action, atSeconds, type MetricDatum, type PlannedAction } from '../model/index.ts';
import type { ActionText } from './drill-schema.ts';
import { readListing, readRecordChanges } from './record-changes.ts';
import { OBJECT_DEEDS } from './read-objects.ts';
import { RECOVERY_DEEDS } from './recovery-actions.ts';
import { complain, type Reading } from './reading.ts';

/** An action of a drill file; undefined when it does not say exactly one thing that is to be done. */
export function readAction(text: ActionText, index: number, reading: Reading): PlannedAction | undefined {
  const deeds = Object.entries(DEEDS).flatMap(([key, read]) => {
    const action = read(text);
    return action === undefined ? [] : [{ key, action }];
  });
  const [deed] = deeds;
  const keys = deeds.map(({ key }) => key);
  if (deed === undefined || deeds.length > 1) {
    complain(reading, ['do', index], {
      says:
        deed === undefined
          ? `Action ${text.name} does nothing.`
          : `Action ${text.name} does ${deeds.length} things: ${keys.join(', ')}.`,
      remedy: `Give exactly one of ${Object.keys(DEEDS).join(', ')}; write two actions for two deeds.`,
    });
    return undefined;
  }
  if (text.until !== undefined && text.every === undefined) {
    complain(reading, ['do', index, 'until'], {
      says: `Action ${text.name} has until, and is done only once.`,
      remedy: 'Add every, as 60s, or remove until.',
    });
  }
  return {
    name: text.name,
    at: atSeconds(text.at / 1000),
    ...(text.every === undefined ? {} : { everyMs: text.every }),
    ...(text.until === undefined ? {} : { until: atSeconds(text.until / 1000) }),
    action: deed.action,
    place: reading.document.placeOf(['do', index]),
  };
}

/** What can be done, by its key in the drill file: named as AWS's operation. */
const DEEDS: Readonly<Record<string, (text: ActionText) => Action | undefined>> = {
  ...RECOVERY_DEEDS,
  ...OBJECT_DEEDS,
  putMetricData: ({ putMetricData: deed }) =>
    deed && {
      kind: 'put-metric-data',
      region: deed.region,
      namespace: deed.namespace,
      metricData: [datumOf(deed)],
    },
  createInvalidation: ({ createInvalidation: deed }) => deed && { kind: 'create-invalidation', ...deed },
  changeRecordSets: ({ name, changeRecordSets: deed }) => deed && readRecordChanges(deed, name),
  getChange: ({ getChange: deed }) => deed && { kind: 'get-change', change: deed.change },
  listRecordSets: ({ listRecordSets: deed }) => deed && readListing(deed),
  setTrafficDial: ({ setTrafficDial: deed }) => deed && { kind: 'set-traffic-dial', ...deed },
  setEndpointWeight: ({ setEndpointWeight: deed }) =>
    deed && { kind: 'set-endpoint-weight', ...deed, endpoint: deed.endpoint ?? '' },
  updateKeys: ({ updateKeys: deed }) =>
    deed && { kind: 'update-keys', store: deed.store, puts: deed.puts ?? {}, deletes: deed.deletes ?? [] },
  setAlarmState: ({ setAlarmState: deed }) => deed && { kind: 'set-alarm-state', ...deed },
  putMetricAlarm({ putMetricAlarm: deed }) {
    if (deed === undefined) return undefined;
    const { region, alarm, period, ...change } = deed;
    const periodSeconds = period === undefined ? {} : { periodSeconds: period / 1000 };
    return { kind: 'put-metric-alarm', region, alarm, change: { ...withoutUndefined(change), ...periodSeconds } };
  },
  updateHealthCheck({ updateHealthCheck: deed }) {
    if (deed === undefined) return undefined;
    const { healthCheck, ...change } = deed;
    return { kind: 'update-health-check', healthCheck, ...withoutUndefined(change) };
  },
};

function datumOf(deed: NonNullable<ActionText['putMetricData']>): MetricDatum {
  const { metric, dimensions, statistics, age, region: _region, namespace: _namespace, ...same } = deed;
  return {
    metricName: metric,
    ...withoutUndefined(same),
    ...(dimensions === undefined
      ? {}
      : { dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })) }),
    ...(statistics === undefined ? {} : { statisticValues: statistics }),
    ...(age === undefined ? {} : { ageMs: age }),
  };
}

/** The fields that are there. */
function withoutUndefined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };
}
