import { randomBytes } from 'node:crypto';
import type { ChecksumAlgorithm, ObjectChecksum } from '../../model/index.ts';
import type { UploadedPart } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import { s3Error } from './buckets.ts';
import type { ObjectSettings } from './stored.ts';
import type { Uploaded } from './upload.ts';

/** Uploads in parts that are under way, in all buckets. */
const UPLOADS_MAX = 1000;

/** A part, with its bytes. */
export interface Part extends UploadedPart {
  readonly uploaded: Uploaded;
  /** When it was uploaded. */
  readonly modified: Date;
}

/** An upload in parts. */
export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiated: Date;
  readonly settings: ObjectSettings;
  readonly algorithm: ChecksumAlgorithm | undefined;
  readonly type: ObjectChecksum['type'];
  readonly parts: Map<number, Part>;
}

/** Uploads that are under way. */
export class Uploads {
  private readonly byId = new Map<string, Upload>();

  begin(upload: Omit<Upload, 'id' | 'parts'>): Upload {
    if (this.byId.size >= UPLOADS_MAX)
      throw new AwsError('SlowDown', `More than ${UPLOADS_MAX} uploads in parts are under way.`, 503);
    const begun = { ...upload, id: randomBytes(32).toString('hex'), parts: new Map<number, Part>() };
    this.byId.set(begun.id, begun);
    return begun;
  }

  /** @throws AwsError when there is no such upload for the key. */
  find({ Bucket: bucket, Key: key, UploadId: id }: UploadName): Upload {
    const upload = this.byId.get(id ?? '');
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key)
      throw s3Error('NoSuchUpload', { UploadId: id ?? '' });
    return upload;
  }

  end(id: string): void {
    this.byId.delete(id);
  }

  /** In the order of their keys. */
  of(bucket: string): readonly Upload[] {
    return [...this.byId.values()]
      .filter((upload) => upload.bucket === bucket)
      .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }
}

export interface UploadName {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly UploadId: string | undefined;
}
