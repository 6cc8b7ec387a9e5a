import type {
  AliasTarget,
  CachePolicy,
  CloudFrontFunction,
  Certificate,
  CompositeAlarm,
  CidrCollection,
  DerivedHealthCheck,
  Distribution,
  HealthCheck,
  HostedZone,
  KeyValueStore,
  LambdaFunction,
  MetricAlarm,
  OriginRequestPolicy,
  Place,
  ResponseHeadersPolicy,
  RestIntegration,
  RoutingPolicy,
  Table,
} from '../model/index.ts';
import type { AccelerationDraft, BalancingDraft } from './balancing-draft.ts';
import { emptyAccelerationDraft, emptyBalancingDraft } from './balancing-draft.ts';
import type { HttpApiDraft } from './http-api-draft.ts';
import { emptyHttpApiDraft } from './http-api-draft.ts';
import type { RecoveryDraft } from './recovery-draft.ts';
import { emptyRecoveryDraft } from './recovery-draft.ts';
import type { S3Draft } from './s3-draft.ts';
import { emptyS3Draft } from './s3-draft.ts';
import type { Placed } from './shape.ts';

/**
 * What the resources of all stacks said, before it is put together: a method belongs to an API that may
 * stand elsewhere, a record to a zone that is named only by its name.
 */
export interface Draft {
  readonly hostedZones: HostedZone[];
  readonly records: DraftRecord[];
  /** Records that were told about and left out, as `name type`: an alias may target one. */
  readonly recordsLeftOut: Set<string>;
  readonly healthChecks: HealthCheck[];
  readonly derivedHealthChecks: DraftDerivedHealthCheck[];
  readonly metricAlarms: MetricAlarm[];
  readonly compositeAlarms: CompositeAlarm[];
  /** Alarms that are not acted on, by Region and name, with what Route 53 says of those it does not follow. */
  readonly alarmsLeftOut: Map<string, string>;
  readonly cidrCollections: CidrCollection[];
  /** Collections that were told about and left out. */
  readonly cidrCollectionsLeftOut: Set<string>;
  /** Checks of a type not acted on: records that carry them count as always healthy (R53 RP-02). */
  readonly healthChecksLeftOut: Set<string>;
  readonly distributions: Distribution[];
  readonly cloudFrontFunctions: CloudFrontFunction[];
  /** Functions that were told about and left out, by ARN. */
  readonly cloudFrontFunctionsLeftOut: Set<string>;
  /** Functions that are in their development stage only, by ARN. */
  readonly unpublishedFunctions: Set<string>;
  readonly keyValueStores: KeyValueStore[];
  readonly cachePolicies: CachePolicy[];
  readonly originRequestPolicies: OriginRequestPolicy[];
  readonly responseHeadersPolicies: ResponseHeadersPolicy[];
  readonly apis: DraftApi[];
  readonly apiResources: DraftApiResource[];
  readonly apiMethods: DraftApiMethod[];
  readonly apiDeployments: DraftDeployment[];
  readonly apiStages: DraftStage[];
  readonly apiDomainNames: DraftApiDomainName[];
  readonly apiMappings: DraftApiMapping[];
  readonly http: HttpApiDraft;
  readonly functions: LambdaFunction[];
  /** Functions that cannot be run, by ARN: methods that name them are left out. */
  readonly functionsLeftOut: Set<string>;
  /** ARNs of versions. */
  readonly functionVersions: Set<string>;
  /** ARNs of aliases, with the one of the version or function that each stands for. */
  readonly functionAliases: Map<string, string>;
  readonly certificates: Certificate[];
  /** Uses of certificates, to be held against what they cover. */
  readonly certificateUses: CertificateUse[];
  /** Hosted zones that certificates are validated in. */
  readonly validationZones: Placed<string>[];
  readonly balancing: BalancingDraft;
  readonly acceleration: AccelerationDraft;
  readonly recovery: RecoveryDraft;
  readonly s3: S3Draft;
  readonly tables: Table[];
}

/** Nothing has been read yet. */
export function emptyDraft(): Draft {
  return {
    hostedZones: [],
    records: [],
    recordsLeftOut: new Set(),
    healthChecks: [],
    derivedHealthChecks: [],
    metricAlarms: [],
    compositeAlarms: [],
    alarmsLeftOut: new Map(),
    cidrCollections: [],
    cidrCollectionsLeftOut: new Set(),
    healthChecksLeftOut: new Set(),
    distributions: [],
    cloudFrontFunctions: [],
    cloudFrontFunctionsLeftOut: new Set(),
    unpublishedFunctions: new Set(),
    keyValueStores: [],
    cachePolicies: [],
    originRequestPolicies: [],
    responseHeadersPolicies: [],
    apis: [],
    apiResources: [],
    apiMethods: [],
    apiDeployments: [],
    apiStages: [],
    apiDomainNames: [],
    apiMappings: [],
    http: emptyHttpApiDraft(),
    functions: [],
    functionsLeftOut: new Set(),
    functionVersions: new Set(),
    functionAliases: new Map(),
    certificates: [],
    certificateUses: [],
    validationZones: [],
    balancing: emptyBalancingDraft(),
    acceleration: emptyAccelerationDraft(),
    recovery: emptyRecoveryDraft(),
    s3: emptyS3Draft(),
    tables: [],
  };
}

/** A health check with what it follows, which may be in another stack, and where that stands. */
export interface DraftDerivedHealthCheck {
  readonly check: DerivedHealthCheck;
  readonly followsAt: Place;
}

export interface DraftRecord {
  /** One of the two. */
  readonly zoneId: string | undefined;
  readonly zoneName: string | undefined;
  readonly zoneAt: Place;
  readonly name: string;
  readonly type: string;
  readonly policy: RoutingPolicy;
  readonly ttlSeconds: number | undefined;
  readonly values: readonly string[];
  readonly alias: AliasTarget | undefined;
  readonly healthCheckId: Placed<string> | undefined;
  readonly stack: string;
  readonly at: Place;
}

export interface DraftApi {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly rootResourceId: string;
  readonly disableExecuteApiEndpoint: boolean;
  readonly stack: string;
  readonly at: Place;
}

export interface DraftApiResource {
  readonly id: string;
  readonly apiId: string;
  readonly parentId: string;
  readonly pathPart: string;
  readonly at: Place;
}

interface DraftApiMethod {
  readonly apiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
  readonly integration: RestIntegration;
  readonly at: Place;
}

interface DraftDeployment {
  readonly id: string;
  readonly apiId: string;
}

interface DraftStage {
  readonly apiId: string;
  readonly name: string;
  readonly deploymentId: Placed<string>;
  readonly variables: Readonly<Record<string, string>>;
  readonly at: Place;
}

export interface DraftApiDomainName {
  readonly name: string;
  readonly region: string;
  readonly regionalDomainName: string;
  readonly regionalHostedZoneId: string;
  readonly certificateArn: string | undefined;
  readonly stack: string;
  readonly at: Place;
}

interface DraftApiMapping {
  readonly domainName: string;
  readonly region: string;
  readonly path: string;
  readonly apiId: string;
  /** Undefined: the stage is part of the path (RS 3.40 does not apply to it). */
  readonly stage: string | undefined;
  readonly at: Place;
}

interface CertificateUse {
  readonly arn: string;
  /** Names that it must cover; empty when only its place is of interest. */
  readonly names: readonly string[];
  /** Region it must be in. */
  readonly region: string;
  readonly by: string;
  readonly at: Place;
}
