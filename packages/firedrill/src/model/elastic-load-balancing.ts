import type { Place } from './finding.ts';

/** Where an action sends a request: target groups by weight, 0 to 999 (RS 6.11). */
export interface WeightedTargetGroup {
  readonly targetGroupArn: string;
  readonly weight: number;
}

/** What a listener or a rule does with a request. */
export type ListenerAction =
  | { readonly kind: 'forward'; readonly targetGroups: readonly WeightedTargetGroup[] }
  | {
      readonly kind: 'fixed-response';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  | {
      readonly kind: 'redirect';
      readonly status: 301 | 302;
      /** Parts that the template leaves out stay as they were in the request, as `#{host}`. */
      readonly protocol: string;
      readonly host: string;
      readonly port: string;
      readonly path: string;
      readonly query: string;
    };

/** What a rule looks at; a rule applies when all its conditions hold, a condition when one of its values does. */
export interface RuleCondition {
  readonly field: 'host-header' | 'path-pattern' | 'http-request-method';
  readonly values: readonly string[];
}

/** A rule of an Application Load Balancer's listener. */
export interface ListenerRule {
  readonly arn: string;
  /** Rules are looked at from the lowest number on. */
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly action: ListenerAction;
}

export interface LoadBalancerListener {
  readonly arn: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  /** The first is shown to clients that name none of the others. */
  readonly certificateArns: readonly string[];
  readonly defaultAction: ListenerAction;
  /** In order of priority. */
  readonly rules: readonly ListenerRule[];
  /** Of a TCP listener (RS 6.15a). */
  readonly tcpIdleTimeoutSeconds: number;
}

/** An Application or Network Load Balancer in one Region. */
export interface LoadBalancer {
  /** Whether it lets zonal shift in (R53 ZS-01). */
  readonly zonalShiftEnabled?: boolean;
  readonly arn: string;
  readonly name: string;
  readonly type: 'application' | 'network';
  readonly region: string;
  /** RS 6.13, 6.14. */
  readonly dnsName: string;
  readonly canonicalHostedZoneId: string;
  /** Availability Zones that it has an address in, as `eu-west-1a`. */
  readonly zones: readonly string[];
  /** How long an Application Load Balancer waits for an answer (RS 6.9). */
  readonly idleTimeoutSeconds: number;
  /** Whether an address passes on to targets in other zones than its own. */
  readonly crossZone: boolean;
  readonly listeners: readonly LoadBalancerListener[];
  readonly stack: string;
  readonly place?: Place;
}

/** How targets are checked (RS 6.1, 6.3). */
export interface TargetHealthCheck {
  /** Off for functions unless a template turns it on: then they are never unhealthy. */
  readonly enabled: boolean;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  readonly path: string;
  /** Undefined: the port that the target gets traffic on. */
  readonly port?: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThresholdCount: number;
  readonly unhealthyThresholdCount: number;
  /** Ranges of statuses that are healthy, ends included. */
  readonly matcher: readonly (readonly [first: number, last: number])[];
}

/** A member of a target group. */
export interface Target {
  /** ARN of a function or of a load balancer, id of an instance, or an IP address. */
  readonly id: string;
  readonly port: number;
  /** Availability Zone; undefined for those in all zones, as functions. */
  readonly zone?: string;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly targetType: 'instance' | 'ip' | 'lambda' | 'alb';
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  readonly healthCheck: TargetHealthCheck;
  readonly targets: readonly Target[];
  /** Fewer healthy targets than this take a zone out of DNS (RS 6.6). */
  readonly dnsFailoverMinimumCount: number;
  /** Fewer healthy targets than this and requests go to all of them (RS 6.6). */
  readonly unhealthyRoutingMinimumCount: number;
  /** `lambda.multi_value_headers.enabled`. */
  readonly multiValueHeaders: boolean;
  readonly stack: string;
  readonly place?: Place;
}
