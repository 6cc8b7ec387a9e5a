import type { Bucket, ReplicationRule, StoredObject } from '../../model/index.ts';
import type { RandomStream } from '../random.ts';
import { S3_FACTS } from './facts.ts';

/**
 * The rules that copy a version of an object, the highest priority first where two lead to one bucket (RS 5.24 to 5.27).
 * @param object undefined for a delete marker.
 */
export function rulesFor(bucket: Bucket, key: string, object: StoredObject | undefined): readonly ReplicationRule[] {
  if (bucket.versioning !== 'Enabled') return [];
  const matching = bucket.replicationRules
    .filter(({ enabled, prefix, hasTagFilter }) => enabled && !hasTagFilter && key.startsWith(prefix))
    .toSorted((a, b) => b.priority - a.priority);
  const first = matching.filter(
    (rule, index) => matching.findIndex(({ destinationArn }) => destinationArn === rule.destinationArn) === index,
  );
  return object === undefined ? first.filter(({ deleteMarkers }) => deleteMarkers) : first;
}

/**
 * How long one version takes to arrive, in milliseconds. AWS publishes "most within 15 minutes, sometimes a couple of hours"
 * (RS 5.28), and "most in seconds, 99.99 % within 15 minutes" with Replication Time Control (RS 5.29), which does not hold for
 * delete markers (RS 5.27); within each part every order of magnitude is as likely.
 */
export function lagMs(rule: ReplicationRule, isMarker: boolean, draws: RandomStream): number {
  const [which, where] = [draws.next(), draws.next()];
  const usual = S3_FACTS.REPLICATION_USUAL_MINUTES.value * 60;
  const long = S3_FACTS.REPLICATION_LONG_MINUTES.value * 60;
  const [least, most] =
    rule.timeControl && !isMarker
      ? which < S3_FACTS.TIME_CONTROL_SECONDS_SHARE.value
        ? [1, 60]
        : which < S3_FACTS.TIME_CONTROL_SHARE.value
          ? [60, usual]
          : [usual, long]
      : which < S3_FACTS.REPLICATION_USUAL_SHARE.value
        ? [5, usual]
        : [usual, long];
  return Math.round(least * (most / least) ** where * 1000);
}
