import type { Action, Instant } from '../model/index.ts';
import { msBetween } from '../model/index.ts';
import { AwsError } from './aws-error.ts';
import type { Cloud } from './cloud.ts';

/**
 * Does to the world what a call asks for.
 * @throws AwsError with the service's own refusal.
 */
export function performed(cloud: Cloud, action: Action): void {
  const result = cloud.perform(action);
  if (result.kind === 'refused') throw new AwsError(result.code, result.message);
}

/** A moment of the world as a date of the calendar. */
export function dateOf(cloud: Cloud, at: Instant): Date {
  return new Date(cloud.epochMs() - msBetween(at, cloud.now()));
}
