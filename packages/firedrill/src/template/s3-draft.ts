import type {
  Bucket,
  BucketDeployment,
  OriginAccessControl,
  OriginAccessIdentity,
  Place,
  PolicyStatement,
} from '../model/index.ts';

/** What resources said about S3, before it is put together: a policy stands apart from its bucket. */
export interface S3Draft {
  readonly buckets: Bucket[];
  readonly policies: { readonly bucket: string; readonly statements: readonly PolicyStatement[]; readonly at: Place }[];
  readonly deployments: BucketDeployment[];
  readonly accessIdentities: OriginAccessIdentity[];
  readonly accessControls: OriginAccessControl[];
}

export function emptyS3Draft(): S3Draft {
  return { buckets: [], policies: [], deployments: [], accessIdentities: [], accessControls: [] };
}
