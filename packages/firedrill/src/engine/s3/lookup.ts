import type { StoredObject } from '../../model/index.ts';
import type { Headers } from '../conversation.ts';
import type { BucketContents, ObjectVersion } from './buckets.ts';

/** What is found under a key. */
export type Lookup =
  | { readonly kind: 'object'; readonly version: ObjectVersion; readonly object: StoredObject }
  | {
      readonly kind: 'missing';
      /** For somebody who may list; nobody else learns whether there is something (RS 5.20). */
      readonly code: 'NoSuchKey' | 'NoSuchVersion' | 'MethodNotAllowed';
      /** A delete marker that is there instead (RS 5.22). */
      readonly marker: ObjectVersion | undefined;
      /** What the refusal says of the marker. */
      readonly headers: Headers;
    };

/** Looks for an object's newest version, or for one by its id: nothing can be read of a delete marker (RS 5.22). */
export function lookUp(contents: BucketContents, key: string, versionId: string | undefined): Lookup {
  const version = versionId === undefined ? contents.current(key) : contents.version(key, versionId);
  if (version?.object !== undefined) return { kind: 'object', version, object: version.object };
  const code = versionId === undefined ? 'NoSuchKey' : version === undefined ? 'NoSuchVersion' : 'MethodNotAllowed';
  return { kind: 'missing', code, marker: version, headers: version === undefined ? [] : markerHeaders(version, code) };
}

function markerHeaders({ id }: ObjectVersion, code: string): Headers {
  return [
    ['x-amz-delete-marker', 'true'],
    ['x-amz-version-id', id],
    ...(code === 'MethodNotAllowed' ? [['Allow', 'DELETE'] as const] : []),
  ];
}
