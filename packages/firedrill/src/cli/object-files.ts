import { readFileSync, statSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import type { BucketDeployment, StoredObject } from '../model/index.ts';
import { contentTypeOf } from '../model/index.ts';
import { shown } from './files.ts';

/** Bytes of one file that are kept; of larger ones only the size is known. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;
/** Bytes of all files of one world. */
const ALL_BYTES_MAX = 128 * 1024 * 1024;

type Objects = Record<string, Record<string, StoredObject>>;

/** What deployments of files put into buckets, by bucket and key. */
export function deployedObjects(
  deployments: readonly BucketDeployment[],
): Readonly<Record<string, Readonly<Record<string, StoredObject>>>> {
  const files = new ObjectFiles();
  for (const deployment of deployments) files.deploy(deployment);
  return files.objects;
}

/** Objects as they come together; bounded. */
export class ObjectFiles {
  readonly objects: Objects = {};
  private bytes = 0;

  get isEmpty(): boolean {
    return Object.keys(this.objects).length === 0;
  }

  add(bucket: string, objects: Readonly<Record<string, StoredObject>>): void {
    this.objects[bucket] = { ...this.objects[bucket], ...objects };
  }

  deploy({ bucket, prefix, path, files, markers, cacheControl }: BucketDeployment): void {
    const added = files.flatMap((file): [string, StoredObject][] => {
      const object = this.objectOf(join(path, file), file, markers);
      if (object === undefined) return [];
      return [[`${prefix}${file}`, cacheControl === '' ? object : { ...object, cacheControl }]];
    });
    this.add(bucket, Object.fromEntries(added));
  }

  private objectOf(path: string, key: string, markers: Readonly<Record<string, string>>): StoredObject | undefined {
    const contentType = contentTypeOf(key);
    try {
      const { size } = statSync(path);
      if (size > FILE_BYTES_MAX || this.bytes + size > ALL_BYTES_MAX) return { bytes: size, contentType };
      this.bytes += size;
      return storedObject(replaced(readFileSync(path), markers), contentType);
    } catch {
      // It was there when the directory was listed; nothing that is gone can be deployed.
      process.stderr.write(`firedrill: ${shown(path)} cannot be read and is left out\n`);
      return undefined;
    }
  }
}

/** What CDK's deployment puts in the place of values that were not known at synthesis. */
function replaced(content: Buffer, markers: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(markers);
  if (entries.length === 0 || !isUtf8(content)) return content;
  return Buffer.from(
    entries.reduce((text, [marker, value]) => text.replaceAll(marker, value), content.toString('utf8')),
  );
}

/** Texts of plain characters stand as they are, so that parts can be cut out of them; all else as Base64. */
function storedObject(content: Buffer, contentType: string): StoredObject {
  const text = content.toString('latin1');
  const isPlain = content.every((byte) => byte < 0x80);
  return isPlain
    ? { text, bytes: content.length, contentType }
    : { text: content.toString('base64'), isBase64Encoded: true, bytes: content.length, contentType };
}
