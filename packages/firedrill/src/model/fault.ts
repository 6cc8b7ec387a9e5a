import type { Instant } from './instant.ts';
import type { Place } from './finding.ts';

/** Services that fail by Region. */
export type FaultService = 'api-gateway' | 'lambda' | 'elastic-load-balancing' | 'recovery-cluster' | 's3' | 'dynamodb';

/**
 * Planes on which AWS takes changes of configuration, as opposed to those that serve users: each has one home Region, and what
 * serves users goes on without it (R53 ST-01, RC-02).
 */
export type ControlPlane = 'route53' | 'cloudfront' | 'global-accelerator' | 'recovery-control';

/** What a fault befalls. */
export type FaultTarget =
  /** Everything of a Region that answers the network. */
  | { readonly kind: 'region'; readonly region: string }
  /** One service in one Region. */
  | { readonly kind: 'service'; readonly region: string; readonly service: FaultService }
  /** Whatever answers to one host name, wherever it is. */
  | { readonly kind: 'host'; readonly host: string }
  /** One edge location, by its code as `DUB`. */
  | { readonly kind: 'edge'; readonly edge: string }
  /** The name servers at one edge location, by its code. */
  | { readonly kind: 'dns-location'; readonly edge: string }
  /** A key value store of CloudFront Functions, by its name, ARN or logical id. */
  | { readonly kind: 'key-value-store'; readonly store: string }
  /** Where a service takes changes of its configuration. */
  | { readonly kind: 'control-plane'; readonly controlPlane: ControlPlane }
  /** Authoritative DNS for names at and below one name. */
  | { readonly kind: 'name'; readonly name: string };

/** What the fault does. Network effects act on connections; the others on answers. */
export type FaultEffect =
  /** Connections are refused at once. */
  | { readonly kind: 'refuse' }
  /** Packets vanish: connections hang, answers in flight are lost. */
  | { readonly kind: 'blackhole' }
  /** Connects, never answers. */
  | { readonly kind: 'hang' }
  /** Connects, then the connection is reset. */
  | { readonly kind: 'reset' }
  /** Answers come later by so much. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The TLS handshake fails. */
  | { readonly kind: 'tls' }
  /** Answers with this status instead of its own. */
  | { readonly kind: 'status'; readonly status: number }
  /** Functions end in an unhandled error. */
  | { readonly kind: 'function-error' }
  /** Functions cannot read it; for targets of kind `key-value-store`. */
  | { readonly kind: 'unreadable' }
  /** Functions are refused for want of concurrency. */
  | { readonly kind: 'throttle' }
  /** Name servers do not hear the health checkers of these Regions (R53 HC-40); for targets of kind `dns-location`. */
  | { readonly kind: 'unheard'; readonly regions: readonly string[] }
  /** Name servers answer wrongly or not at all; for targets of kind `name`. */
  | { readonly kind: 'dns'; readonly answer: 'SERVFAIL' | 'NXDOMAIN' | 'timeout' };

/** A fault, when it is there, and for how much of the traffic. */
export interface Fault {
  readonly name: string;
  readonly target: FaultTarget;
  readonly effect: FaultEffect;
  readonly from: Instant;
  /** Exclusive; `NEVER` when it is not healed. */
  readonly until: Instant;
  /** Share of connections or answers it befalls, 0 to 1. */
  readonly share: number;
  /** Only requests whose path begins so; for gray faults (health path fine, application broken). */
  readonly pathPrefix?: string;
  /** All requests but those whose path begins so. */
  readonly exceptPathPrefix?: string;
  readonly place?: Place;
}
