import type { Place } from './finding.ts';

/** A Route 53 hosted zone: a domain and the records that Route 53 answers with authority. */
export interface HostedZone {
  readonly id: string;
  /** Lower case, no trailing dot. */
  readonly name: string;
  readonly private: boolean;
}

/** `AliasTarget` of a record set. */
export interface AliasTarget {
  readonly dnsName: string;
  readonly hostedZoneId: string;
  readonly evaluateTargetHealth: boolean;
}

/** How a record set competes with others of its name and type. */
export type RoutingPolicy =
  | { readonly kind: 'simple' }
  | { readonly kind: 'failover'; readonly role: 'PRIMARY' | 'SECONDARY'; readonly setIdentifier: string };

/** A record set: name, type and either values with a TTL or an alias. */
export interface RecordSet {
  readonly zoneId: string;
  /** Lower case, no trailing dot. */
  readonly name: string;
  readonly type: string;
  readonly policy: RoutingPolicy;
  readonly ttlSeconds?: number;
  readonly values: readonly string[];
  readonly alias?: AliasTarget;
  readonly healthCheckId?: string;
  readonly stack: string;
  readonly place?: Place;
}

export type EndpointProtocol = 'HTTP' | 'HTTPS' | 'TCP';

/** An endpoint health check. Limits: R53 HC-03, HC-04, HC-15. */
export interface HealthCheck {
  readonly id: string;
  /** `CALCULATED` and the others arrive with their own issue; the reader reports them. */
  readonly type: EndpointProtocol;
  readonly fullyQualifiedDomainName?: string;
  readonly ipAddress?: string;
  readonly port: number;
  /** Begins with a slash. */
  readonly resourcePath: string;
  readonly requestIntervalSeconds: 10 | 30;
  readonly failureThreshold: number;
  readonly enableSni: boolean;
  readonly inverted: boolean;
  readonly disabled: boolean;
  /** Regions whose checkers probe; all eight when the template names none (R53 HC-20). */
  readonly regions: readonly string[];
  readonly stack: string;
  readonly place?: Place;
}
