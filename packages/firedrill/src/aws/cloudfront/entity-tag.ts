import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';

/** A tag that changes with what it is of. */
export function entityTag(content: unknown): string {
  return `E${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 13).toUpperCase()}`;
}

/**
 * Holds the version that a request is for against the present one.
 * @throws AwsError when it is not said, or is another one.
 */
export function holdVersion(given: string | undefined, present: string): void {
  if (given === undefined)
    throw new AwsError('InvalidIfMatchVersion', 'The If-Match version is missing or not valid for the resource.');
  if (given === present) return;
  const message = 'The request failed because it did not meet the preconditions in one or more request-header fields.';
  throw new AwsError('PreconditionFailed', message, 412);
}
