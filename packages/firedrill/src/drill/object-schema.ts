import * as z from 'zod';

type Text = z.ZodType<string, string>;

/** Bytes of one object that a drill file only counts. */
const BYTES_MAX = 5_000_000_000;

function storedObject(text: Text) {
  return z.strictObject({
    body: z.string().optional().describe('What it says.'),
    bytes: z.int().min(0).max(BYTES_MAX).optional().describe('Its size, when nobody reads it.'),
    contentType: text.optional().describe('By the ending of the key unless given.'),
    cacheControl: text.optional().describe('Cache-Control that S3 answers with it.'),
    redirect: text.optional().describe('x-amz-website-redirect-location: where a website sends those who ask for it.'),
    beforeReplication: z
      .literal(true)
      .optional()
      .describe('It was written before the bucket had replication rules: it is in no other bucket.'),
  });
}

/** What is in buckets at the beginning. */
export function objectsField(text: Text) {
  const objects = z.record(z.string(), z.union([z.string(), storedObject(text)]));
  return z
    .record(z.string(), z.union([text, objects]))
    .default({})
    .describe(
      'What is in buckets at the beginning, by bucket (name, logical id or ${Output}): a directory relative to this file, or objects by key, each its text or a model. What a CDK app deploys is there without it.',
    );
}

/** What a drill file can do with objects, by key. */
export function objectActionFields(text: Text) {
  const bucket = text.describe('Name of the bucket, its logical id in a template, or ${Output}.');
  const key = text.describe('As index.html.');
  return {
    putObject: z
      .strictObject({ bucket, key, ...storedObject(text).omit({ beforeReplication: true }).shape })
      .optional()
      .describe('PutObject of S3.'),
    deleteObject: z
      .strictObject({
        bucket,
        key,
        versionId: text.optional().describe('That version for good; current for the newest.'),
      })
      .optional()
      .describe('DeleteObject of S3: a delete marker in a bucket with versioning.'),
  };
}

export type StoredObjectText = z.output<ReturnType<typeof storedObject>>;
