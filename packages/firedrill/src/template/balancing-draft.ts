import type {
  EndpointGroup,
  ListenerAction,
  LoadBalancer,
  Place,
  RuleCondition,
  Server,
  TargetGroup,
} from '../model/index.ts';
import type { Placed } from './shape.ts';

/** What resources said about load balancers and what stands behind them, before it is put together. */
export interface BalancingDraft {
  readonly balancers: DraftBalancer[];
  readonly listeners: DraftListener[];
  readonly rules: DraftRule[];
  /** Certificates that are added to a listener afterwards. */
  readonly listenerCertificates: { readonly listenerArn: string; readonly certificateArns: readonly string[] }[];
  readonly targetGroups: TargetGroup[];
  /** Target groups, by ARN, whose targets something registers that Firedrill does not run; and what that is. */
  readonly staffedBy: Map<string, string>;
  readonly servers: Server[];
  readonly addresses: DraftAddress[];
  readonly associations: { readonly allocation: string; readonly instance: string }[];
  /** Availability Zone by subnet id. */
  readonly subnetZones: Map<string, string>;
}

export function emptyBalancingDraft(): BalancingDraft {
  return {
    balancers: [],
    listeners: [],
    rules: [],
    listenerCertificates: [],
    targetGroups: [],
    staffedBy: new Map(),
    servers: [],
    addresses: [],
    associations: [],
    subnetZones: new Map(),
  };
}

export interface DraftBalancer extends Omit<LoadBalancer, 'zones' | 'listeners' | 'place'> {
  readonly subnets: readonly string[];
  readonly at: Place;
}

export interface DraftListener {
  readonly arn: string;
  readonly balancerArn: Placed<string>;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  readonly certificateArns: readonly Placed<string>[];
  readonly action: ListenerAction;
  readonly tcpIdleTimeoutSeconds: number;
  readonly at: Place;
}

interface DraftRule {
  readonly arn: string;
  readonly listenerArn: Placed<string>;
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly action: ListenerAction;
  readonly at: Place;
}

interface DraftAddress {
  readonly allocation: string;
  readonly address: string;
  readonly logicalId: string;
  readonly region: string;
  readonly stack: string;
  readonly at: Place;
}

/** What resources said about accelerators. */
export interface AccelerationDraft {
  readonly accelerators: DraftAccelerator[];
  readonly listeners: DraftAcceleratorListener[];
  readonly groups: DraftEndpointGroup[];
}

export function emptyAccelerationDraft(): AccelerationDraft {
  return { accelerators: [], listeners: [], groups: [] };
}

interface DraftAccelerator {
  readonly arn: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly ipAddressType: 'IPV4' | 'DUAL_STACK';
  readonly dnsName: string;
  readonly dualStackDnsName: string;
  readonly ipv4Addresses: readonly string[];
  readonly stack: string;
  readonly at: Place;
}

interface DraftAcceleratorListener {
  readonly arn: string;
  readonly acceleratorArn: Placed<string>;
  readonly protocol: 'TCP' | 'UDP';
  readonly portRanges: readonly { readonly from: number; readonly to: number }[];
  readonly clientAffinity: 'NONE' | 'SOURCE_IP';
  readonly at: Place;
}

export interface DraftEndpointGroup extends Omit<EndpointGroup, 'endpoints' | 'healthCheck'> {
  readonly listenerArn: Placed<string>;
  /** Undefined: the first port of the listener (RS 2.6). */
  readonly healthCheckPort: number | undefined;
  readonly healthCheck: Omit<EndpointGroup['healthCheck'], 'port'>;
  readonly endpoints: readonly {
    readonly endpointId: Placed<string>;
    readonly weight: number;
    readonly clientIpPreservation: boolean | undefined;
  }[];
  readonly at: Place;
}
