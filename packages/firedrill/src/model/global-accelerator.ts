import type { Place } from './finding.ts';

/** How an endpoint group checks instances and Elastic IP addresses; load balancers have checks of their own (RS 2.6, 2.7). */
export interface AcceleratorHealthCheck {
  readonly protocol: 'TCP' | 'HTTP' | 'HTTPS';
  readonly path: string;
  readonly port: number;
  readonly intervalSeconds: 10 | 30;
  /** Of answers in a row, for either direction. */
  readonly thresholdCount: number;
}

/** Something that an accelerator sends traffic to (RS 2.12). */
export interface AcceleratorEndpoint {
  /** ARN of a load balancer, id of an instance, or allocation id of an Elastic IP address. */
  readonly endpointId: string;
  /** 0 to 255; 0: no traffic (RS 2.11). */
  readonly weight: number;
  readonly clientIpPreservation: boolean;
}

export interface PortOverride {
  readonly listenerPort: number;
  readonly endpointPort: number;
}

/** The endpoints of one Region (RS 2.5). */
export interface EndpointGroup {
  readonly arn: string;
  readonly region: string;
  /** 0 to 100 (RS 2.5, 2.13). */
  readonly trafficDialPercentage: number;
  readonly healthCheck: AcceleratorHealthCheck;
  readonly portOverrides: readonly PortOverride[];
  readonly endpoints: readonly AcceleratorEndpoint[];
}

export interface AcceleratorListener {
  readonly arn: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly portRanges: readonly { readonly from: number; readonly to: number }[];
  readonly clientAffinity: 'NONE' | 'SOURCE_IP';
  readonly endpointGroups: readonly EndpointGroup[];
}

/** A standard accelerator: static anycast addresses in front of endpoints in several Regions (RS 2.1). */
export interface Accelerator {
  readonly arn: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly ipAddressType: 'IPV4' | 'DUAL_STACK';
  /** As `a0123456789abcdef.awsglobalaccelerator.com` (RS 2.2). */
  readonly dnsName: string;
  /** Of one with addresses of both kinds. */
  readonly dualStackDnsName?: string;
  /** The two that AWS would give; the world maps them to addresses of its own. */
  readonly ipv4Addresses: readonly string[];
  readonly listeners: readonly AcceleratorListener[];
  readonly stack: string;
  readonly place?: Place;
}
