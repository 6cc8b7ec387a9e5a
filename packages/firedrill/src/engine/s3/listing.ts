import { compareByUtf8 } from '../utf8.ts';
import type { BucketContents, ObjectVersion } from './buckets.ts';

/** What a list of keys is to show. */
export interface ListInput {
  readonly prefix: string;
  /** Keys that have it behind the prefix are told of as one common prefix; empty: none. */
  readonly delimiter: string;
  /** Only what comes behind it, a key or a common prefix; empty: from the beginning. */
  readonly after: string;
  readonly maxKeys: number;
}

export interface ObjectList {
  readonly objects: readonly { readonly key: string; readonly version: ObjectVersion }[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix listed, when there is more; undefined: that is all. */
  readonly next: string | undefined;
}

/** Keys that one list has at most, whatever is asked for. */
export const LIST_KEYS_MAX = 1000;

/** A bucket's objects in the order of their keys' UTF-8, common prefixes among them; each counts as one of `maxKeys`. */
export function listObjects(contents: BucketContents, { prefix, delimiter, after, maxKeys }: ListInput): ObjectList {
  const objects: { key: string; version: ObjectVersion }[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  for (const key of contents.keys()) {
    if (!key.startsWith(prefix) || (after !== '' && compareByUtf8(key, after) <= 0)) continue;
    const group = groupOf(key, prefix, delimiter);
    if (group !== undefined && (group === after || group === commonPrefixes.at(-1))) continue;
    if (objects.length + commonPrefixes.length >= maxKeys)
      return { objects, commonPrefixes, next: maxKeys === 0 ? undefined : last };
    last = group ?? key;
    const version = contents.current(key);
    if (group !== undefined) commonPrefixes.push(group);
    else if (version !== undefined) objects.push({ key, version });
  }
  return { objects, commonPrefixes, next: undefined };
}

/** The key up to and with the first delimiter behind the prefix. */
function groupOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

export interface VersionListInput extends Omit<ListInput, 'after'> {
  readonly keyMarker: string;
  /** Within the marked key, only versions older than this one; empty: none of that key. */
  readonly versionIdMarker: string;
}

interface ListedVersion {
  readonly key: string;
  readonly version: ObjectVersion;
  readonly isLatest: boolean;
}

export interface VersionList {
  /** Delete markers among them. */
  readonly versions: readonly ListedVersion[];
  readonly commonPrefixes: readonly string[];
  readonly next: { readonly key: string; readonly versionId: string } | undefined;
}

/** All versions of a bucket's objects, the newest of each key first. */
export function listVersions(contents: BucketContents, input: VersionListInput): VersionList {
  const { prefix, delimiter, keyMarker, versionIdMarker, maxKeys } = input;
  const versions: ListedVersion[] = [];
  const commonPrefixes: string[] = [];
  let last: { key: string; versionId: string } | undefined;
  for (const key of contents.allKeys()) {
    const order = keyMarker === '' ? 1 : compareByUtf8(key, keyMarker);
    if (!key.startsWith(prefix) || order < 0 || (order === 0 && versionIdMarker === '')) continue;
    const group = groupOf(key, prefix, delimiter);
    if (group !== undefined && (group === keyMarker || group === commonPrefixes.at(-1))) continue;
    const all = contents.versionsOf(key).toReversed();
    const from = order === 0 ? all.findIndex(({ id }) => id === versionIdMarker) + 1 : 0;
    for (const [index, version] of group === undefined ? all.entries() : []) {
      if (index < from) continue;
      if (versions.length + commonPrefixes.length >= maxKeys) return { versions, commonPrefixes, next: last };
      versions.push({ key, version, isLatest: index === 0 });
      last = { key, versionId: version.id };
    }
    if (group === undefined) continue;
    if (versions.length + commonPrefixes.length >= maxKeys) return { versions, commonPrefixes, next: last };
    commonPrefixes.push(group);
    last = { key: group, versionId: '' };
  }
  return { versions, commonPrefixes, next: undefined };
}
