import type { Place } from './finding.ts';

/** A value of a resource, free of intrinsics, and where it is written. Numbers and booleans are texts, as they are written. */
export type DeployedValue =
  | { readonly kind: 'text'; readonly text: string; readonly at: Place }
  | { readonly kind: 'list'; readonly items: readonly DeployedValue[]; readonly at: Place }
  | { readonly kind: 'map'; readonly entries: Readonly<Record<string, DeployedValue>>; readonly at: Place }
  /** Could not be evaluated; a finding has told why. */
  | { readonly kind: 'unknown'; readonly at: Place };

/** A resource as it is deployed, whether or not the world acts on its type: what rules look at that the nouns do not hold. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, as far as it is text. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly stack: string;
  readonly region: string;
  readonly account: string;
  readonly properties: DeployedValue;
  readonly place: Place;
}

/** A finding that the user has seen and accepts: an entry of `Metadata: { Firedrill: { Ignore: […] } }`. */
export interface Ignore {
  readonly code: string;
  readonly reason: string;
  readonly place: Place;
  /** Path that findings must lie at or below, as `Resources.Api`; empty for the whole template. */
  readonly within: string;
}
