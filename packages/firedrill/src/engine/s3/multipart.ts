import type { S3ErrorCode } from './errors.ts';

/** A part of an object that is being uploaded. */
export interface UploadedPart {
  readonly number: number;
  /** With its quotes. */
  readonly etag: string;
  readonly bytes: number;
}

/** Every part but the last one has at least so many bytes. */
const PART_BYTES_MIN = 5 * 1024 * 1024;
export const PART_NUMBER_MAX = 10_000;

/**
 * Parts that an upload is completed with: those listed, in ascending order, each as it was uploaded last.
 * @returns the parts, or what stands against it.
 */
export function completedParts<Part extends UploadedPart>(
  listed: readonly { readonly number: number; readonly etag: string }[],
  uploaded: ReadonlyMap<number, Part>,
): readonly Part[] | Extract<S3ErrorCode, 'EntityTooSmall' | 'InvalidPart' | 'InvalidPartOrder' | 'MalformedXML'> {
  if (listed.length === 0) return 'MalformedXML';
  if (listed.some(({ number }, index) => number <= (listed[index - 1]?.number ?? 0))) return 'InvalidPartOrder';
  const parts = listed.flatMap(({ number, etag }) => {
    const part = uploaded.get(number);
    return part === undefined || bare(part.etag) !== bare(etag) ? [] : [part];
  });
  if (parts.length < listed.length) return 'InvalidPart';
  return parts.slice(0, -1).some(({ bytes }) => bytes < PART_BYTES_MIN) ? 'EntityTooSmall' : parts;
}

function bare(etag: string): string {
  return etag.replaceAll('"', '');
}
