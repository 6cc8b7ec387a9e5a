import type { Place } from './finding.ts';

/** A Route 53 hosted zone: a domain and the records that Route 53 answers with authority. */
export interface HostedZone {
  readonly id: string;
  /** Lower case, no trailing dot. */
  readonly name: string;
  readonly private: boolean;
  /** Whether its records can be changed again an hour after the control plane has failed (R53 AR-01). */
  readonly acceleratedRecovery?: boolean;
  /** Of a private zone: the VPCs whose askers it answers (R53 WS-13). */
  readonly vpcs?: readonly Vpc[];
}

/** A VPC that a private zone is associated with. */
export interface Vpc {
  readonly id: string;
  readonly region: string;
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
  | { readonly kind: 'failover'; readonly role: 'PRIMARY' | 'SECONDARY'; readonly setIdentifier: string }
  /** 0 to 255; 0 is a standby, not "off" (R53 RP-07, RP-08). */
  | { readonly kind: 'weighted'; readonly weight: number; readonly setIdentifier: string }
  | { readonly kind: 'latency'; readonly region: string; readonly setIdentifier: string }
  | { readonly kind: 'geolocation'; readonly location: GeoLocation; readonly setIdentifier: string }
  | {
      readonly kind: 'geoproximity';
      readonly location: GeoProximityLocation;
      /** -99 to 99: how far the record reaches beyond, or falls short of, what is nearest to it (R53 RP-13). */
      readonly bias: number;
      readonly setIdentifier: string;
    }
  | { readonly kind: 'multivalue'; readonly setIdentifier: string }
  /** `locationName` is `*` for the default (R53 RP-15). */
  | {
      readonly kind: 'ip-based';
      readonly collectionId: string;
      readonly locationName: string;
      readonly setIdentifier: string;
    };

/** Askers that a geolocation record is for (R53 RP-11). */
export type GeoLocation =
  | { readonly kind: 'default' }
  | { readonly kind: 'continent'; readonly continent: string }
  | { readonly kind: 'country'; readonly country: string }
  | { readonly kind: 'subdivision'; readonly country: string; readonly subdivision: string };

/** Where what a geoproximity record leads to stands (R53 RP-13). */
export type GeoProximityLocation =
  | { readonly kind: 'region'; readonly region: string }
  | { readonly kind: 'local-zone-group'; readonly group: string }
  | { readonly kind: 'coordinates'; readonly latitude: number; readonly longitude: number };

/** Named sets of networks, for IP-based records (R53 RP-15). */
export interface CidrCollection {
  readonly id: string;
  readonly name: string;
  readonly locations: readonly CidrLocation[];
  readonly stack: string;
  readonly place?: Place;
}

export interface CidrLocation {
  readonly name: string;
  /** As `203.0.113.0/24`. */
  readonly blocks: readonly string[];
}

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
  readonly type: EndpointProtocol;
  /** Of `HTTP_STR_MATCH` and `HTTPS_STR_MATCH`: what the beginning of the body must hold (R53 HC-07). */
  readonly searchString?: string;
  /** Whether its metrics tell how long connecting and answering took (R53 HC-37). */
  readonly measureLatency?: boolean;
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

interface DerivedHealthCheckBase {
  readonly id: string;
  readonly inverted: boolean;
  readonly disabled: boolean;
  readonly stack: string;
  readonly place?: Place;
}

/** Healthy while enough others are (R53 HC-27). */
export interface CalculatedHealthCheck extends DerivedHealthCheckBase {
  readonly type: 'CALCULATED';
  readonly healthThreshold: number;
  readonly childHealthChecks: readonly string[];
}

/** Healthy while the metric of an alarm is what the alarm calls OK (R53 HC-29). */
export interface MetricHealthCheck extends DerivedHealthCheckBase {
  readonly type: 'CLOUDWATCH_METRIC';
  readonly alarmRegion: string;
  readonly alarmName: string;
  readonly insufficientDataHealthStatus: 'Healthy' | 'Unhealthy' | 'LastKnownStatus';
}

/** Healthy while a routing control is On (R53 HC-35). */
export interface RoutingControlHealthCheck extends DerivedHealthCheckBase {
  readonly type: 'RECOVERY_CONTROL';
  readonly routingControlArn: string;
  /** Name of the Region switch plan that vended it, and whose executions set it (R53 RS-05). */
  readonly plan?: string;
}

/** A health check that probes nothing: it follows other checks, a metric or a routing control. */
export type DerivedHealthCheck = CalculatedHealthCheck | MetricHealthCheck | RoutingControlHealthCheck;
