import type { Place } from './finding.ts';

/** An S3 bucket as its template has it. */
export interface Bucket {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly account: string;
  /** Undefined: it has no website endpoint's answers (RS 5.1). */
  readonly website?: BucketWebsite;
  /** `Enabled` keeps every version of an object (RS 5.23). */
  readonly versioning: 'Enabled' | 'Suspended' | 'Unversioned';
  readonly replicationRules: readonly ReplicationRule[];
  /** All statements of its bucket policies. */
  readonly policy: readonly PolicyStatement[];
  /** `RestrictPublicBuckets`: a public policy lets nobody in from outside. */
  readonly restrictsPublicBuckets: boolean;
  readonly stack: string;
  readonly logicalId: string;
  readonly place?: Place;
}

/** `WebsiteConfiguration`. */
export type BucketWebsite =
  /** Everything is sent elsewhere (RS 5.12). */
  | { readonly kind: 'redirect'; readonly hostName: string; readonly protocol?: 'http' | 'https' }
  | {
      readonly kind: 'hosting';
      readonly indexDocument: string;
      readonly errorDocument?: string;
      readonly routingRules: readonly RoutingRule[];
    };

/** One routing rule; without a condition it takes every request (RS 5.11). */
export interface RoutingRule {
  readonly keyPrefixEquals?: string;
  readonly httpErrorCodeReturnedEquals?: number;
  readonly redirect: {
    readonly hostName?: string;
    readonly protocol?: 'http' | 'https';
    readonly replaceKeyWith?: string;
    readonly replaceKeyPrefixWith?: string;
    readonly httpRedirectCode?: number;
  };
}

/** What of a bucket is copied where (RS 5.24 to 5.29). */
export interface ReplicationRule {
  readonly id: string;
  readonly enabled: boolean;
  readonly priority: number;
  readonly prefix: string;
  /** Only objects with these tags; the world's objects have none. */
  readonly hasTagFilter: boolean;
  readonly destinationArn: string;
  /** With `Filter` it is a V2 rule, which leaves delete markers out unless told otherwise (RS 5.26). */
  readonly deleteMarkers: boolean;
  /** Replication Time Control (RS 5.29). */
  readonly timeControl: boolean;
}

/** A statement of a bucket policy, as far as who may read and list goes by it. */
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  /** All but those listed. */
  readonly isNotPrincipal?: true;
  readonly principals: readonly PolicyPrincipal[];
  readonly isNotAction?: true;
  readonly actions: readonly string[];
  readonly isNotResource?: true;
  readonly resources: readonly string[];
  readonly conditions: readonly PolicyCondition[];
}

export interface PolicyPrincipal {
  readonly kind: 'everyone' | 'AWS' | 'Service' | 'CanonicalUser' | 'Federated';
  readonly value: string;
}

export interface PolicyCondition {
  /** As `StringEquals`. */
  readonly operator: string;
  /** As `AWS:SourceArn`; compared in lower case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** A CloudFront origin access identity: an S3 user that a distribution reads as (CF 1.40). */
export interface OriginAccessIdentity {
  readonly id: string;
  readonly canonicalUserId: string;
}

/** An origin access control: whether and how a distribution signs what it sends to an origin (CF 6.5). */
export interface OriginAccessControl {
  readonly id: string;
  readonly originType: string;
  readonly signing: 'always' | 'never' | 'no-override';
}

/** What is in a bucket under one key. */
export interface StoredObject {
  /** The object itself, as text or as Base64 of its bytes; undefined: only its size is known. */
  readonly text?: string;
  readonly isBase64Encoded?: boolean;
  readonly bytes: number;
  readonly contentType: string;
  readonly cacheControl?: string;
  /** `x-amz-website-redirect-location` (RS 5.13). */
  readonly redirectLocation?: string;
  /** Written before the bucket had replication rules: it is not copied (RS 5.24). */
  readonly isOlderThanRules?: true;
  /** Its bytes, where a driver keeps them: nobody else looks into it. It stands in for the text. */
  readonly content?: ObjectContent;
  /** With its quotes, as whoever wrote the object was told; made from what is known of the object unless given. */
  readonly etag?: string;
  /** What its answers carry beside that, as `Content-Encoding` and `x-amz-meta-…`. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Told to those who ask for it (`x-amz-checksum-mode`). */
  readonly checksum?: ObjectChecksum;
  readonly tags?: Readonly<Record<string, string>>;
  /** Bytes of the parts that it was uploaded in, in their order; undefined: in one. */
  readonly parts?: readonly number[];
}

/** Bytes that lie somewhere. */
export interface ObjectContent {
  readonly bytes: number;
}

export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; of an upload in parts it may end with a hyphen and their number. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** Checksums that S3 counts with, in its own words. */
export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

/** Objects by their key. */
export type BucketObjects = Readonly<Record<string, StoredObject>>;

/** Files that a deployment puts into a bucket; where they lie on this machine. */
export interface BucketDeployment {
  readonly bucket: string;
  /** Of every key; empty, or ends with a slash. */
  readonly prefix: string;
  readonly path: string;
  /** Relative to the path, with forward slashes. */
  readonly files: readonly string[];
  /** Texts in the files that stand for what is known only at deployment. */
  readonly markers: Readonly<Record<string, string>>;
  /** Of every object; empty: none. */
  readonly cacheControl: string;
  readonly place?: Place;
}
