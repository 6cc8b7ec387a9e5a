import type { EdgeEventType } from './cloudfront.ts';
import type { ActionKind } from './action.ts';
import type { AlarmState } from './cloudwatch.ts';
import type { Fault } from './fault.ts';
import type { Instant } from './instant.ts';
import type { RoutingControlState } from './recovery-control.ts';

/**
 * Why one request ended as it did; `answered` is the only one with a status. `closed`: the WebSocket was closed by the other side, or
 * there was none to send a message over.
 */
export type RequestEnd = 'answered' | 'timeout' | 'refused' | 'reset' | 'tls' | 'dns' | 'closed';

/** What of a WebSocket a client tells of: that it was begun, a message of its own and what came of it, or that it was lost. */
export type WebSocketPart = 'handshake' | 'message' | 'loss';

/** Why an attempt at an origin brought no usable answer. */
export type AttemptFailure =
  | 'status'
  | 'refused'
  | 'connect-timeout'
  | 'response-timeout'
  | 'completion-timeout'
  | 'reset'
  | 'tls'
  | 'dns';

/** Who ended a WebSocket: one of its two ends by closing or breaking it off, the network, or whoever relayed it. */
export type TunnelEnd = 'viewer' | 'origin' | 'reset' | 'idle';

/** Everything that can happen, by code. The only stable interface of a run: codes and data, never wording. */
export interface TimelineData {
  'world.started': {
    readonly driver: 'sim' | 'local' | 'aws';
    readonly seed: string;
    readonly plan: string;
    readonly speed: number;
    readonly functionCode: 'real' | 'modelled';
  };
  'world.ended': { readonly reason: 'finished' | 'interrupted'; readonly requests: number };
  'fault.started': { readonly name: string; readonly fault: Fault };
  'fault.ended': { readonly name: string };
  /** An operator's call of an AWS API; `code` and `message` are AWS's own, of a call that was refused, or `message` what it answered. */
  'action.performed': {
    readonly name: string;
    readonly action: ActionKind;
    readonly outcome: 'done' | 'refused';
    readonly code?: string;
    readonly message?: string;
  };
  /** All name servers have a change of records: GetChange answers INSYNC (R53 CH-08). */
  'record-change.in-sync': { readonly hostedZone: string };
  /** An alarm came into another state. */
  'alarm.changed': {
    readonly alarm: string;
    readonly region: string;
    readonly from: AlarmState;
    readonly state: AlarmState;
    /** In CloudWatch's words as far as they are known. */
    readonly reason: string;
  };
  /** What an alarm calls was called, or another alarm kept it back (RS 1.10, 1.37). */
  'alarm.acted': {
    readonly alarm: string;
    readonly region: string;
    readonly state: AlarmState;
    readonly outcome: 'taken' | 'suppressed';
    /** ARNs of what is called. */
    readonly actions: readonly string[];
  };
  /** One checker changed its own opinion after enough answers in a row. */
  'checker.changed': {
    readonly healthCheck: string;
    /** What it watches: the Region of the endpoint, or its host name. */
    readonly endpoint?: string;
    readonly region: string;
    readonly checker: number;
    readonly healthy: boolean;
    readonly reason: string;
  };
  /** The aggregated status changed (R53 HC-18). */
  'health-check.changed': {
    readonly healthCheck: string;
    /** What it watches: the Region of the endpoint, or its host name. */
    readonly endpoint?: string;
    readonly healthy: boolean;
    readonly healthyCheckers: number;
    /** Of a calculated check its children; of one that follows a metric or a routing control 1. */
    readonly checkers: number;
    /** Why, for checks without checkers. */
    readonly reason?: string;
  };
  /** A name server gave an answer that differs from the one it gave before for that name, type and asker's group. */
  'dns.answer-changed': {
    readonly name: string;
    readonly type: string;
    readonly answer: readonly string[];
    readonly endpoint: string;
    readonly rule: string;
  };
  /** A resolver cached something else than before. */
  'resolver.changed': {
    readonly resolver: string;
    readonly name: string;
    readonly answer: readonly string[];
    readonly endpoint: string;
    readonly ttlSeconds: number;
  };
  /** An attempt at an origin failed (successful ones are part of `request.ended`). */
  'origin.attempt-failed': {
    readonly edge: string;
    readonly requestId: string;
    readonly origin: string;
    readonly endpoint: string;
    readonly attempt: number;
    readonly why: AttemptFailure;
    readonly status: number;
  };
  /** An edge left the primary member for the secondary for one request. */
  'origin.failed-over': {
    readonly edge: string;
    readonly requestId: string;
    readonly from: string;
    readonly to: string;
    readonly why: AttemptFailure;
    readonly status: number;
  };
  /** A function at the edge did what it must not do, or nothing: the viewer gets an error of CloudFront's own. */
  'edge-function.failed': {
    readonly edge: string;
    readonly requestId: string;
    readonly function: string;
    readonly event: EdgeEventType;
    /** As X-Cache has it: `LambdaExecutionError`. */
    readonly result: string;
    /** What it did. */
    readonly says: string;
  };
  /** An origin has taken a WebSocket: from here on the edge passes bytes both ways (CF 4.21). */
  'websocket.opened': {
    readonly edge: string;
    readonly requestId: string;
    readonly origin: string;
    readonly endpoint: string;
  };
  /** It has come to its end; whoever still needs it begins a new one (CF 4.21d). */
  'websocket.closed': {
    readonly edge: string;
    readonly requestId: string;
    readonly origin: string;
    readonly endpoint: string;
    readonly why: TunnelEnd;
    /** Since it was opened. */
    readonly seconds: number;
  };
  /** A load balancer changed its mind about one of its targets. */
  'target.changed': {
    readonly targetGroup: string;
    readonly target: string;
    readonly region: string;
    readonly healthy: boolean;
    readonly reason: string;
  };
  /** An accelerator found an endpoint healthy or unhealthy; new connections move a while later (RS 2.17, 2.18). */
  'accelerator.endpoint-changed': {
    readonly accelerator: string;
    /** Region of its endpoint group. */
    readonly region: string;
    readonly endpoint: string;
    readonly healthy: boolean;
    readonly reason: string;
  };
  /** New connections through an accelerator from one edge location go elsewhere than before. */
  'accelerator.rerouted': {
    readonly accelerator: string;
    readonly edge: string;
    readonly region: string;
    readonly rule: string;
  };
  /** Where the clients of a probe's population would send their next request. Told when it differs from before. */
  'clients.counted': {
    readonly probe: string;
    readonly place: string;
    readonly clients: number;
    /** Clients by endpoint; those that know no address stand under an empty name. */
    readonly endpoints: Readonly<Record<string, number>>;
  };
  /** A routing control was set to another state; its health checks follow (R53 HC-35). */
  'routing-control.changed': {
    /** Its name. */
    readonly routingControl: string;
    readonly state: RoutingControlState;
    /** Region of the cluster endpoint that took the update. */
    readonly endpoint: string;
  };
  /** An update that had to wait for silent cluster endpoints has found no way in; an action before says which. */
  'routing-control.refused': { readonly code: string; readonly message: string };
  /** A load balancer's zone has left its name, or come back: `awayFrom` is undefined when no shift is in force. */
  'zonal-shift.changed': { readonly resource: string; readonly awayFrom?: string };
  /** An execution of a Region switch plan is in another state, or one of its steps has come to an end. */
  'plan-execution.changed': {
    readonly plan: string;
    readonly region: string;
    readonly state: string;
    /** The step that brought it about. */
    readonly step?: string;
    readonly says: string;
  };
  /** A copy of an object, or of a delete marker, has arrived in another bucket (RS 5.24). */
  'object.replicated': {
    readonly key: string;
    readonly from: string;
    readonly to: string;
    /** Of the bucket it has arrived in. */
    readonly region: string;
    readonly kind: 'object' | 'delete-marker';
    /** After it was written. */
    readonly afterSeconds: number;
  };
  'request.ended': RequestEnded;
  /** Something a run wants to say aloud, as a model that had to stand in. */
  note: { readonly says: string };
}

/** One request of a probe, from the client's side. */
export interface RequestEnded {
  readonly probe: string;
  readonly method: string;
  /** City of the client. */
  readonly place: string;
  /** Edge location that served it, or empty when none did. */
  readonly edge: string;
  readonly sentAt: Instant;
  readonly end: RequestEnd;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly success: boolean;
  /** Until the first byte of the answer; until it was given up when there was none. */
  readonly ttfbMs: number;
  /** Which origin answered in the end, as its id in the distribution; empty when none did. */
  readonly origin: string;
  /** Region or place of the endpoint that answered, as `eu-west-1`; `edge` when CloudFront made the answer itself. */
  readonly endpoint: string;
  /** Attempts at origins, over all members. */
  readonly attempts: number;
  /** `x-cache` of the answer without its suffix, as `Miss`. */
  readonly result: string;
  /** Only of a WebSocket: which part of it; served is it by whoever took the handshake. */
  readonly webSocket?: WebSocketPart;
}

export type EventCode = keyof TimelineData;

/**
 * The one lasting product of a run. Ordered by `(at, seq)`; `cause` is the `seq` of the event that made
 * this one happen, 0 when nothing before it did (`seq` counts from 1).
 */
export type TimelineEvent = {
  readonly [Code in EventCode]: {
    readonly at: Instant;
    readonly seq: number;
    readonly cause: number;
    readonly what: Code;
    readonly data: TimelineData[Code];
  };
}[EventCode];
