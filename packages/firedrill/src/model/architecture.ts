import type { ApiDomainName, HttpApi, RestApi } from './api-gateway.ts';
import type { Certificate } from './certificate-manager.ts';
import type { CloudFrontFunction, Distribution, KeyValueStore } from './cloudfront.ts';
import type { CompositeAlarm, MetricAlarm } from './cloudwatch.ts';
import type { LoadBalancer, TargetGroup } from './elastic-load-balancing.ts';
import type { Accelerator } from './global-accelerator.ts';
import type { DeployedResource, Ignore } from './deployed-resource.ts';
import type { FunctionUrl, LambdaFunction } from './lambda.ts';
import type { RegionSwitchPlan } from './region-switch.ts';
import type { RecoveryCluster, RoutingControl, SafetyRule, ZonalAutoshift } from './recovery-control.ts';
import type { CidrCollection, DerivedHealthCheck, HealthCheck, HostedZone, RecordSet } from './route53.ts';
import type { Bucket, BucketDeployment, OriginAccessControl, OriginAccessIdentity } from './s3.ts';
import type { Server } from './server.ts';
import type { Table } from './dynamodb.ts';

/** A stack as it stands after deployment: where it is and what it tells the outside. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  /** Resources in the order they are created (RS 8.14). */
  readonly resources: readonly StackResource[];
  readonly outputs: Readonly<Record<string, string>>;
  /** What it exports, and under which output; what it imports (RS 8.6). */
  readonly exports?: readonly StackExport[];
  readonly imports?: readonly string[];
  /** Name of the stack that it is a part of; undefined: it stands by itself. */
  readonly nestedIn?: string;
}

export interface StackExport {
  /** Known within the account and Region. */
  readonly name: string;
  /** Key of the output. */
  readonly output: string;
}

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  /** `acted-on`: the world behaves by it; `inert`: accepted, changes nothing; `unknown`: reported. */
  readonly standing: 'acted-on' | 'inert' | 'unknown';
}

/**
 * The whole estate, every value resolved: what `template` reads and `engine` brings to life.
 * A plain value; it can be printed, stored and compared.
 */
export interface Architecture {
  readonly stacks: readonly Stack[];
  readonly hostedZones: readonly HostedZone[];
  readonly recordSets: readonly RecordSet[];
  /** Those that probe an endpoint. */
  readonly healthChecks: readonly HealthCheck[];
  /** Those that follow something else. */
  readonly derivedHealthChecks: readonly DerivedHealthCheck[];
  readonly metricAlarms: readonly MetricAlarm[];
  readonly compositeAlarms: readonly CompositeAlarm[];
  readonly cidrCollections: readonly CidrCollection[];
  readonly distributions: readonly Distribution[];
  readonly cloudFrontFunctions: readonly CloudFrontFunction[];
  readonly keyValueStores: readonly KeyValueStore[];
  readonly restApis: readonly RestApi[];
  readonly httpApis: readonly HttpApi[];
  readonly apiDomainNames: readonly ApiDomainName[];
  readonly functions: readonly LambdaFunction[];
  readonly functionUrls: readonly FunctionUrl[];
  readonly certificates: readonly Certificate[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly targetGroups: readonly TargetGroup[];
  readonly servers: readonly Server[];
  readonly accelerators: readonly Accelerator[];
  readonly buckets: readonly Bucket[];
  /** Files that CDK puts into buckets. */
  readonly bucketDeployments: readonly BucketDeployment[];
  readonly originAccessIdentities: readonly OriginAccessIdentity[];
  readonly originAccessControls: readonly OriginAccessControl[];
  /** Of global tables, each replica. */
  readonly tables: readonly Table[];
  readonly recoveryClusters: readonly RecoveryCluster[];
  readonly routingControls: readonly RoutingControl[];
  readonly regionSwitchPlans: readonly RegionSwitchPlan[];
  readonly safetyRules: readonly SafetyRule[];
  readonly zonalAutoshifts: readonly ZonalAutoshift[];
  /** Every resource as its template has it, for `check`; the world is built from the nouns above. */
  readonly resources: readonly DeployedResource[];
  readonly ignores: readonly Ignore[];
}

export const EMPTY_ARCHITECTURE: Architecture = {
  stacks: [],
  hostedZones: [],
  recordSets: [],
  healthChecks: [],
  derivedHealthChecks: [],
  metricAlarms: [],
  compositeAlarms: [],
  cidrCollections: [],
  distributions: [],
  cloudFrontFunctions: [],
  keyValueStores: [],
  restApis: [],
  httpApis: [],
  apiDomainNames: [],
  functions: [],
  functionUrls: [],
  certificates: [],
  loadBalancers: [],
  targetGroups: [],
  servers: [],
  accelerators: [],
  buckets: [],
  bucketDeployments: [],
  originAccessIdentities: [],
  originAccessControls: [],
  tables: [],
  recoveryClusters: [],
  routingControls: [],
  regionSwitchPlans: [],
  safetyRules: [],
  zonalAutoshifts: [],
  resources: [],
  ignores: [],
};
