import type { Place } from './finding.ts';
import type { OriginAccessControl } from './s3.ts';

/** Regions that have a regional edge cache; all but one can be an Origin Shield (CF 4.11, 4.13). */
export const REGIONAL_CACHE_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ap-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'sa-east-1',
] as const;

/** Regions of Origin Shield: twelve in 2023 (CF 4.13). */
export const ORIGIN_SHIELD_REGIONS: readonly string[] = REGIONAL_CACHE_REGIONS.filter(
  (region) => region !== 'us-west-1',
);

/** One origin of a distribution. Defaults and ranges: CF 1.11, 1.13, 1.18, 1.21. */
export interface Origin {
  readonly id: string;
  readonly domainName: string;
  /** Begins with a slash, no trailing slash; empty when unset (CF 4.9). */
  readonly originPath: string;
  readonly customHeaders: Readonly<Record<string, string>>;
  readonly kind: 'custom' | 's3';
  readonly protocolPolicy: 'http-only' | 'https-only' | 'match-viewer';
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly connectionAttempts: number;
  readonly connectionTimeoutSeconds: number;
  /** `OriginReadTimeout`: until the first packet, and between packets. */
  readonly responseTimeoutSeconds: number;
  /** No cap unless set. */
  readonly responseCompletionTimeoutSeconds?: number;
  readonly keepaliveTimeoutSeconds: number;
  /** Signs what it is sent (CF 6.5). */
  readonly accessControl?: OriginAccessControl;
  /** Id of the origin access identity that it is read as. */
  readonly accessIdentity?: string;
  /** All its requests go through the regional edge cache of this Region (CF 4.13). */
  readonly originShieldRegion?: string;
  readonly place?: Place;
}

/** Two members, primary first (CF 1.1), and the status codes that fail over (CF 1.5). */
export interface OriginGroup {
  readonly id: string;
  readonly primary: string;
  readonly secondary: string;
  readonly statusCodes: readonly number[];
  /** Whichever has the better score is asked first; else the primary (CF 1.37). */
  readonly selection?: 'media-quality';
  readonly place?: Place;
}

/** Which items a policy selects: none, all, those listed, or all but those listed. */
export type Selection =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | { readonly kind: 'only'; readonly names: readonly string[] }
  | { readonly kind: 'except'; readonly names: readonly string[] };

/** What a cache policy (managed, own or legacy ForwardedValues) decides (CF 3.1 to 3.19). */
export interface CachePolicy {
  readonly id: string;
  readonly name: string;
  readonly minTtlSeconds: number;
  readonly defaultTtlSeconds: number;
  readonly maxTtlSeconds: number;
  readonly headers: Selection;
  readonly cookies: Selection;
  readonly queryStrings: Selection;
  readonly gzip: boolean;
  readonly brotli: boolean;
  /** Of legacy ForwardedValues: headers that are not listed go to the origin too, without counting for the key (CF 3.41). */
  readonly forwardsOthers?: true;
}

/** What an origin request policy adds to what goes to the origin (CF 3.7). */
export interface OriginRequestPolicy {
  readonly id: string;
  readonly name: string;
  readonly headers: Selection;
  /** `CloudFront-*` headers that go besides all of the viewer's (CF 3.43). */
  readonly cloudFrontHeaders?: readonly string[];
  readonly cookies: Selection;
  readonly queryStrings: Selection;
}

/** When a function at the edge runs (CF 5.1). */
export type EdgeEventType = 'viewer-request' | 'origin-request' | 'origin-response' | 'viewer-response';

/** A Lambda function that runs at an event of a behaviour. */
export interface LambdaFunctionAssociation {
  readonly eventType: EdgeEventType;
  /** ARN of a version, its number last (CF 5.22). */
  readonly functionArn: string;
  /** Whether request events carry the body (CF 5.13). */
  readonly includeBody: boolean;
  readonly place?: Place;
}

/** A CloudFront Function that runs at a viewer event of a behaviour (CF 5.25). */
export interface FunctionAssociation {
  readonly eventType: 'viewer-request' | 'viewer-response';
  readonly functionArn: string;
  readonly place?: Place;
}

/** What a response headers policy does to the answers that viewers get (CF 3.23 to 3.26). */
export interface ResponseHeadersPolicy {
  readonly id: string;
  readonly name: string;
  /** Names, in any case. They go before anything is added. */
  readonly removed: readonly string[];
  readonly added: readonly AddedHeader[];
  readonly cors?: CorsHeaders;
  readonly serverTiming?: {
    /** Share of answers that carry the header, in percent. */
    readonly samplingRate: number;
  };
}

/** A header that a policy adds, as one of security. */
export interface AddedHeader {
  readonly name: string;
  readonly value: string;
  /** Whether it takes the place of the origin's. */
  readonly overrides: boolean;
}

/** What a policy adds to answers to requests that carry `Origin`. */
export interface CorsHeaders {
  readonly allowCredentials: boolean;
  readonly allowHeaders: readonly string[];
  /** `ALL` stands for all seven. */
  readonly allowMethods: readonly string[];
  /** `*`, or origins, whose leftmost label may be `*`. */
  readonly allowOrigins: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
  readonly overrides: boolean;
  /** As AWS's own policy has it (CF 3.24); one of a template exposes to every request that carries `Origin`. */
  readonly exposesToPreflightsOnly?: true;
}

/** A function of CloudFront Functions: one file of JavaScript (CF 5.25). */
export interface CloudFrontFunction {
  readonly arn: string;
  readonly name: string;
  readonly runtime: 'cloudfront-js-1.0' | 'cloudfront-js-2.0';
  readonly code: string;
  /** One store at most (CF 5.33). */
  readonly keyValueStoreArn?: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly place?: Place;
}

/** Keys and values that functions read (CF 5.33). */
export interface KeyValueStore {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly entries: Readonly<Record<string, string>>;
  readonly stack: string;
  readonly logicalId: string;
  readonly place?: Place;
}

/** A cache behaviour: which requests it takes and where they go. */
export interface CacheBehavior {
  /** `*` for the default behaviour. */
  readonly pathPattern: string;
  /** Id of an origin or of an origin group. */
  readonly targetOriginId: string;
  readonly viewerProtocolPolicy: 'allow-all' | 'https-only' | 'redirect-to-https';
  readonly allowedMethods: readonly string[];
  readonly cachedMethods: readonly string[];
  readonly cachePolicy: CachePolicy;
  /** Whether CloudFront compresses what the origin has not (CF 3.33); it does not unless given. */
  readonly compress?: boolean;
  readonly originRequestPolicy?: OriginRequestPolicy;
  readonly responseHeadersPolicy?: ResponseHeadersPolicy;
  /** One function at most for each event (CF 5.1). */
  readonly lambdaFunctionAssociations?: readonly LambdaFunctionAssociation[];
  readonly functionAssociations?: readonly FunctionAssociation[];
  readonly place?: Place;
}

/** `CustomErrorResponses`: the error caching minimum TTL, and the page that replaces an error. */
export interface CustomErrorResponse {
  readonly errorCode: number;
  readonly errorCachingMinTtlSeconds: number;
  readonly responsePagePath?: string;
  readonly responseCode?: number;
}

/** A CloudFront distribution. Behaviours in listed order, the default one last. */
export interface Distribution {
  readonly id: string;
  /** As `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string;
  readonly aliases: readonly string[];
  readonly enabled: boolean;
  readonly origins: readonly Origin[];
  readonly originGroups: readonly OriginGroup[];
  readonly behaviors: readonly CacheBehavior[];
  readonly customErrorResponses: readonly CustomErrorResponse[];
  readonly defaultRootObject: string;
  /** Countries whose viewers are served, as `DE`; undefined: all (CF 2.28a). */
  readonly countries?: Selection;
  /** Whose it is, for its ARN. */
  readonly account?: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly place?: Place;
}
