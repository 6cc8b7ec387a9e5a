import type { Instant, RecoveryCluster, RoutingControl, RoutingControlState, SafetyRule } from '../../model/index.ts';
import { after } from '../../model/index.ts';
import { RECOVERY_CONTROL_FACTS } from './facts.ts';
import type { Block } from './safety-rules.ts';
import { blockOf } from './safety-rules.ts';

/** An error of the routing control API, as AWS names it (R53 RC-05). */
export interface ClusterError {
  readonly kind: 'refused';
  readonly code:
    | 'ResourceNotFoundException'
    | 'ValidationException'
    | 'ThrottlingException'
    | 'EndpointTemporarilyUnavailableException'
    | 'ConflictException'
    | 'ServiceLimitExceededException';
  readonly message: string;
}

/** What `GetRoutingControlState` answers (R53 RC-03). */
export interface ControlReading {
  readonly kind: 'state';
  readonly routingControlArn: string;
  readonly routingControlName: string;
  readonly routingControlState: RoutingControlState;
}

/** One entry of an update. */
export interface StateEntry {
  readonly routingControlArn: string;
  readonly state: RoutingControlState;
}

/** `UpdateRoutingControlState` or, with several entries, `UpdateRoutingControlStates` (R53 RC-04). */
export interface StateUpdate {
  readonly entries: readonly StateEntry[];
  /** ARNs of safety rules that are not to be looked at: breaking the glass (R53 SR-03). */
  readonly safetyRulesToOverride: readonly string[];
}

/** A call that arrives at one of the endpoints. */
export interface Call {
  /** Region of the endpoint. */
  readonly at: string;
  readonly now: Instant;
  /** Regions whose endpoints are up; quorum is counted over them (R53 RC-01). */
  readonly up: ReadonlySet<string>;
}

/** An update that the cluster has agreed to; nothing has changed until it is carried out. */
export interface AgreedUpdate {
  readonly kind: 'agreed';
  /** What really changes. */
  readonly changes: readonly StateEntry[];
}

/** What AWS does not say, or not plainly (R53 RC-07, SR-03, OQ-08). */
export interface OpenQuestions {
  /** Of a control that nobody has set yet. */
  readonly initialState: RoutingControlState;
  /** What an update is refused with that a safety rule stands against. */
  readonly blockedBy: 'ConflictException' | 'ValidationException';
}

/** What belongs to one cluster. */
export interface ClusterMakeup {
  readonly cluster: RecoveryCluster;
  readonly controls: readonly RoutingControl[];
  readonly rules: readonly SafetyRule[];
}

/** The states that a cluster's endpoints agree on. One truth for all five: what an endpoint answers without quorum is an error. */
export class ClusterState {
  makeup: ClusterMakeup;
  private readonly open: OpenQuestions;
  private controls: ReadonlyMap<string, RoutingControl>;
  private readonly states: Map<string, RoutingControlState>;
  private readonly changedAt = new Map<string, Instant>();
  private readonly lastCalls = new Map<string, Instant[]>();

  constructor(makeup: ClusterMakeup, open: OpenQuestions) {
    this.makeup = makeup;
    this.open = open;
    this.controls = new Map(makeup.controls.map((control) => [control.arn, control]));
    this.states = new Map(makeup.controls.map(({ arn }) => [arn, open.initialState]));
  }

  /** Goes on with other controls and rules: controls that there were already keep their states. */
  deploy(makeup: ClusterMakeup): void {
    this.makeup = makeup;
    this.controls = new Map(makeup.controls.map((control) => [control.arn, control]));
    for (const arn of this.states.keys()) if (!this.controls.has(arn)) this.states.delete(arn);
    for (const arn of this.controls.keys()) if (!this.states.has(arn)) this.states.set(arn, this.open.initialState);
  }

  /** The state of a control of this cluster, as its health checks see it; undefined: it is not hosted here. */
  stateOf(arn: string): RoutingControlState | undefined {
    return this.states.get(arn);
  }

  /** `GetRoutingControlState`. */
  read(arn: string, call: Call): ControlReading | ClusterError {
    const absent = this.unavailable(call);
    if (absent !== undefined) return absent;
    const control = this.controls.get(arn);
    return control === undefined ? noSuchControl(arn) : this.readingOf(control);
  }

  /**
   * `ListRoutingControls`, in pages (R53 RC-04).
   * @param from - how many to pass over: what the page before gave as `next`.
   */
  list(
    page: { readonly controlPanelArn?: string; readonly from: number; readonly most: number },
    call: Call,
  ): { readonly kind: 'page'; readonly controls: readonly ControlReading[]; readonly next?: number } | ClusterError {
    const absent = this.unavailable(call);
    if (absent !== undefined) return absent;
    const { controlPanelArn, from, most } = page;
    const all = this.makeup.controls.filter(
      (control) => controlPanelArn === undefined || control.controlPanelArn === controlPanelArn,
    );
    const controls = all.slice(from, from + most).map((control) => this.readingOf(control));
    return { kind: 'page', controls, ...(from + most < all.length ? { next: from + most } : {}) };
  }

  /** Judges an update: all of it or none (R53 RC-04). A call that reaches quorum counts against the endpoint's rate (R53 RC-06). */
  judge(update: StateUpdate, call: Call): AgreedUpdate | ClusterError {
    const absent = this.unavailable(call) ?? this.throttled(call);
    if (absent !== undefined) return absent;
    const wrong = this.mistakeIn(update);
    if (wrong !== undefined) return wrong;
    const then = new Map(this.states);
    for (const { routingControlArn, state } of update.entries) then.set(routingControlArn, state);
    const rules = this.makeup.rules.filter(({ arn }) => !update.safetyRulesToOverride.includes(arn));
    const named = update.entries.map(({ routingControlArn }) => routingControlArn);
    const { changedAt } = this;
    const block = blockOf({ before: this.states, after: then, named, now: call.now, changedAt }, rules);
    if (block !== undefined) return { kind: 'refused', code: this.open.blockedBy, message: messageOf(block) };
    return {
      kind: 'agreed',
      changes: update.entries.filter(({ routingControlArn, state }) => this.states.get(routingControlArn) !== state),
    };
  }

  /** Carries out what was agreed. */
  apply({ changes }: AgreedUpdate, now: Instant): void {
    for (const { routingControlArn, state } of changes) {
      this.states.set(routingControlArn, state);
      this.changedAt.set(routingControlArn, now);
    }
  }

  private readingOf({ arn, name }: RoutingControl): ControlReading {
    return {
      kind: 'state',
      routingControlArn: arn,
      routingControlName: name,
      routingControlState: this.states.get(arn) ?? 'Off',
    };
  }

  /** An endpoint that cannot ask enough of the others knows nothing for certain (R53 RC-01). */
  private unavailable({ at, up }: Call): ClusterError | undefined {
    const { endpointRegions } = this.makeup.cluster;
    const reachable = endpointRegions.filter((region) => up.has(region));
    if (reachable.includes(at) && reachable.length >= RECOVERY_CONTROL_FACTS.QUORUM.value) return undefined;
    return {
      kind: 'refused',
      code: 'EndpointTemporarilyUnavailableException',
      message: `The cluster endpoint in ${at} isn't available. Try another cluster endpoint.`,
    };
  }

  private throttled({ at, now }: Call): ClusterError | undefined {
    const recent = (this.lastCalls.get(at) ?? []).filter((before) => now < after(before, 1000));
    const isTooMany = recent.length >= RECOVERY_CONTROL_FACTS.MUTATING_CALLS_PER_SECOND_MAX.value;
    this.lastCalls.set(at, isTooMany ? recent : [...recent, now]);
    return isTooMany ? { kind: 'refused', code: 'ThrottlingException', message: 'Rate exceeded' } : undefined;
  }

  private mistakeIn({ entries, safetyRulesToOverride }: StateUpdate): ClusterError | undefined {
    const arns = entries.map(({ routingControlArn }) => routingControlArn);
    if (arns.length > RECOVERY_CONTROL_FACTS.CONTROLS_PER_BATCH_MAX.value) {
      const message = `${arns.length} routing controls in one request; the limit is ${RECOVERY_CONTROL_FACTS.CONTROLS_PER_BATCH_MAX.value}.`;
      return { kind: 'refused', code: 'ServiceLimitExceededException', message };
    }
    if (arns.length === 0 || new Set(arns).size < arns.length) {
      return { kind: 'refused', code: 'ValidationException', message: 'Name each routing control once.' };
    }
    const unknown = arns.find((arn) => !this.controls.has(arn));
    if (unknown !== undefined) return noSuchControl(unknown);
    const noRule = safetyRulesToOverride.find((arn) => !this.makeup.rules.some((rule) => rule.arn === arn));
    if (noRule === undefined) return undefined;
    return { kind: 'refused', code: 'ResourceNotFoundException', message: `Safety rule ${noRule} not found.` };
  }
}

function noSuchControl(arn: string): ClusterError {
  return { kind: 'refused', code: 'ResourceNotFoundException', message: `Routing control ${arn} not found.` };
}

/** The message carries the ARN of the rule, so that it can be overridden (R53 SR-03). */
function messageOf({ rule, why }: Block): string {
  return why === 'waiting'
    ? `The wait period of safety rule ${rule.arn} is not over.`
    : `The update would not satisfy safety rule ${rule.arn}.`;
}
