import type { Action, StoredObject } from '../model/index.ts';
import { base64Of, contentTypeOf, utf8Of } from '../model/index.ts';
import type { ActionText, DrillText } from './drill-schema.ts';
import type { BucketSource } from './drill.ts';
import type { StoredObjectText } from './object-schema.ts';

/** What a drill file says is in buckets, by bucket as written. */
export function readObjects(objects: DrillText['objects'] | undefined): Readonly<Record<string, BucketSource>> {
  const read = Object.entries(objects ?? {}).map(([bucket, source]): [string, BucketSource] => {
    if (typeof source === 'string') return [bucket, { kind: 'directory', path: source }];
    const own = Object.entries(source).map(([key, object]): [string, StoredObject] => [
      key,
      objectOf(key, typeof object === 'string' ? { body: object } : object),
    ]);
    return [bucket, { kind: 'objects', objects: Object.fromEntries(own) }];
  });
  return Object.fromEntries(read);
}

/** Deeds with objects, by key in the drill file. */
export const OBJECT_DEEDS: Readonly<Record<string, (text: ActionText) => Action | undefined>> = {
  putObject({ putObject: deed }) {
    if (deed === undefined) return undefined;
    const { bucket, key, ...object } = deed;
    return { kind: 'put-object', bucket, key, object: objectOf(key, object) };
  },
  deleteObject({ deleteObject: deed }) {
    if (deed === undefined) return undefined;
    const { bucket, key, versionId } = deed;
    return { kind: 'delete-object', bucket, key, ...(versionId === undefined ? {} : { versionId }) };
  },
};

type ObjectText = { readonly [Key in keyof StoredObjectText]?: StoredObjectText[Key] | undefined };

function objectOf(key: string, object: ObjectText): StoredObject {
  const { body, bytes, contentType, cacheControl, redirect, beforeReplication } = object;
  return {
    ...(body === undefined ? {} : textOf(body)),
    bytes: body === undefined ? (bytes ?? 0) : utf8Of(body).length,
    contentType: contentType ?? contentTypeOf(key),
    ...(cacheControl === undefined ? {} : { cacheControl }),
    ...(redirect === undefined ? {} : { redirectLocation: redirect }),
    ...(beforeReplication === undefined ? {} : { isOlderThanRules: true }),
  };
}

/** Texts whose characters are not all one byte are kept as Base64, so that parts can be cut out of them. */
function textOf(body: string): Pick<StoredObject, 'text' | 'isBase64Encoded'> {
  const bytes = utf8Of(body);
  return bytes.length === body.length ? { text: body } : { text: base64Of(bytes), isBase64Encoded: true };
}
