import type { Place } from './finding.ts';

/** An ACM certificate; the world's own CA issues what ACM would. */
export interface Certificate {
  readonly arn: string;
  readonly region: string;
  readonly domainName: string;
  readonly subjectAlternativeNames: readonly string[];
  readonly stack: string;
  readonly place?: Place;
}
