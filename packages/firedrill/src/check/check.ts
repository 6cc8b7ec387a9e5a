import type { Architecture, Finding } from '../model/index.ts';
import { checkCloudFront } from './cloudfront.ts';
import { checkRoute53 } from './route53.ts';

/**
 * Looks for failover traps in an architecture before anything runs. Errors are what AWS refuses or what
 * cannot work; warnings and notes are what works, and other than most people expect.
 */
export function check(architecture: Architecture): readonly Finding[] {
  return [...checkCloudFront(architecture), ...checkRoute53(architecture)];
}
