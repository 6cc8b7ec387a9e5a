import type { Bucket, Instant, StoredObject } from '../../model/index.ts';
import { compareByUtf8 } from '../utf8.ts';

/** Versions of one object that a bucket of the world keeps; older ones are forgotten. */
const VERSIONS_MAX = 1000;

/** How replication of a version stands (RS 5.30). */
type ReplicationStatus = 'PENDING' | 'COMPLETED' | 'FAILED' | 'REPLICA';

/** One version of an object, or a delete marker when there is no object. */
export interface ObjectVersion {
  /** `null` in a bucket without versioning. */
  readonly id: string;
  readonly object: StoredObject | undefined;
  readonly at: Instant;
  readonly etag: string;
  /** The event that made it; 0 for what was there at the beginning. */
  readonly cause: number;
  replication: ReplicationStatus | undefined;
}

/** A bucket with what is in it. */
export class BucketContents {
  /** As it is configured now. */
  bucket: Bucket;
  /** Newest last. */
  private readonly versions = new Map<string, ObjectVersion[]>();
  private count = 0;
  /** All keys in order, until one comes or goes. */
  private sorted: readonly string[] | undefined = undefined;

  constructor(bucket: Bucket) {
    this.bucket = bucket;
  }

  /** The newest version, be it a delete marker; undefined: there is nothing under the key. */
  current(key: string): ObjectVersion | undefined {
    return this.versions.get(key)?.at(-1);
  }

  version(key: string, id: string): ObjectVersion | undefined {
    return this.versions.get(key)?.find((version) => version.id === id);
  }

  /** Oldest first, delete markers among them. */
  versionsOf(key: string): readonly ObjectVersion[] {
    return this.versions.get(key) ?? [];
  }

  /** Keys whose newest version is an object, in the order of their UTF-8. */
  keys(): readonly string[] {
    return this.allKeys().filter((key) => this.current(key)?.object !== undefined);
  }

  /** Keys that have any version, in the order of their UTF-8. */
  allKeys(): readonly string[] {
    this.sorted ??= [...this.versions.keys()].toSorted(compareByUtf8);
    return this.sorted;
  }

  get isEmpty(): boolean {
    return this.versions.size === 0;
  }

  /** Writes an object; without versioning it takes the place of the one before. */
  put(key: string, object: StoredObject, at: Instant, cause: number): ObjectVersion {
    return this.add(key, { object, at, cause, etag: object.etag ?? etagOf(key, object), replication: undefined });
  }

  /** Deletes the newest: with versioning by a delete marker, older versions remain (RS 5.23). */
  delete(key: string, at: Instant, cause: number): ObjectVersion | undefined {
    if (this.bucket.versioning === 'Unversioned') {
      this.forget(key);
      return undefined;
    }
    return this.add(key, { object: undefined, at, cause, etag: '', replication: undefined });
  }

  /** Gives a version other tags; without any it has none. */
  retag(key: string, id: string, tags: StoredObject['tags']): void {
    const versions = this.versions.get(key) ?? [];
    this.versions.set(
      key,
      versions.map((version) => {
        if (version.id !== id || version.object === undefined) return version;
        const { tags: _before, ...object } = version.object;
        return { ...version, object: tags === undefined ? object : { ...object, tags } };
      }),
    );
  }

  /** Deletes one version for good. */
  deleteVersion(key: string, id: string): boolean {
    const all = this.versions.get(key) ?? [];
    const left = all.filter((version) => version.id !== id);
    if (left.length === 0) this.forget(key);
    else this.versions.set(key, left);
    return left.length < all.length;
  }

  private forget(key: string): void {
    this.versions.delete(key);
    this.sorted = undefined;
  }

  private add(key: string, made: Omit<ObjectVersion, 'id'>): ObjectVersion {
    const isKept = this.bucket.versioning === 'Enabled';
    this.count += 1;
    const version = { ...made, id: isKept ? versionIdOf(this.bucket.name, this.count) : 'null' };
    const before = this.versions.get(key) ?? [];
    if (before.length === 0) this.sorted = undefined;
    const kept = isKept ? before : before.filter(({ id }) => id !== 'null');
    this.versions.set(key, [...kept.slice(-(VERSIONS_MAX - 1)), version]);
    return version;
  }
}

/** Looks like S3's, and says which it is. */
function versionIdOf(bucket: string, count: number): string {
  return `${hash(bucket).slice(0, 8)}${String(count).padStart(24, '0')}`;
}

/** In quotes, as in the header; the same content has the same everywhere. S3's own is an MD5, which nobody may rely on. */
function etagOf(key: string, { text, bytes }: StoredObject): string {
  return `"${hash(text ?? `${key} ${bytes}`)}"`;
}

/** 32 hexadecimal digits: four FNV-1a hashes. */
function hash(text: string): string {
  return [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b]
    .map((beginning) => {
      let value = beginning;
      for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
      return (value >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}
