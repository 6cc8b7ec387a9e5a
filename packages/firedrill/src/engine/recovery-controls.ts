import type { RoutingControlState, SetRoutingControl } from '../model/index.ts';
import { after, assert } from '../model/index.ts';
import type { Judgement, Performers } from './actions.ts';
import { toldBy } from './control-planes.ts';
import type { Conversation, Moment } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { ClusterClient, Reach, Tried } from './recovery-control/client.ts';
import { askInTurn, waitBefore } from './recovery-control/client.ts';
import type { AgreedUpdate, ClusterError, ClusterMakeup, OpenQuestions } from './recovery-control/cluster.ts';
import { ClusterState } from './recovery-control/cluster.ts';
import type { RoutingControlStates } from './routing-control-states.ts';

/** Routing controls of all clusters. */
export interface RecoveryControls {
  readonly performers: Pick<Performers, 'set-routing-control'>;
  /** Goes on with the clusters of another estate: controls that both have keep their states. */
  deploy(): void;
  /** The state of a control; undefined: there is none such. */
  stateOf(routingControlArn: string): RoutingControlState | undefined;
}

/** Performs what operators do with routing controls; `states` hears of every change. */
export function recoveryControlsOf(parts: Parts, states: RoutingControlStates): RecoveryControls {
  const open = openQuestions(parts);
  let clusters: readonly ClusterState[] = [];
  const clusterOf = (arn: string): ClusterState | undefined => clusters.find((one) => one.stateOf(arn) !== undefined);
  const deploy = (): void => {
    clusters = makeupsOf(parts).map((makeup) => {
      const known = clusters.find((one) => one.makeup.cluster.arn === makeup.cluster.arn);
      known?.deploy(makeup);
      return known ?? new ClusterState(makeup, open);
    });
    for (const cluster of clusters)
      for (const { arn } of cluster.makeup.controls)
        if (states.stateOf(arn) === undefined) states.begin(arn, cluster.stateOf(arn) === 'On');
  };
  deploy();
  return {
    deploy,
    stateOf: (arn) => clusterOf(arn)?.stateOf(arn),
    performers: {
      'set-routing-control'(action, moment) {
        const [first] = action.entries;
        const cluster = clusterOf(first?.routingControl ?? '');
        if (cluster === undefined) {
          const message = `Routing control ${first?.routingControl ?? ''} not found.`;
          return { kind: 'refused', code: 'ResourceNotFoundException', message };
        }
        return new Update(parts, states, cluster, action).judge(moment);
      },
    },
  };
}

function makeupsOf({ input }: Parts): readonly ClusterMakeup[] {
  const { recoveryClusters, routingControls, safetyRules } = input.architecture;
  return recoveryClusters.map((cluster) => {
    const controls = routingControls.filter(({ clusterArn }) => clusterArn === cluster.arn);
    const panels = new Set(controls.map(({ controlPanelArn }) => controlPanelArn));
    return { cluster, controls, rules: safetyRules.filter(({ controlPanelArn }) => panels.has(controlPanelArn)) };
  });
}

function openQuestions({ settings }: Parts): OpenQuestions {
  return {
    initialState: settings.text('recovery-control.initial-state') === 'On' ? 'On' : 'Off',
    blockedBy:
      settings.text('recovery-control.safety-rule-error') === 'ValidationException'
        ? 'ValidationException'
        : 'ConflictException',
  };
}

/** One update on its way to a cluster. */
class Update {
  private readonly parts: Parts;
  private readonly states: RoutingControlStates;
  private readonly cluster: ClusterState;
  private readonly action: SetRoutingControl;

  constructor(parts: Parts, states: RoutingControlStates, cluster: ClusterState, action: SetRoutingControl) {
    this.parts = parts;
    this.states = states;
    this.cluster = cluster;
    this.action = action;
  }

  /**
   * What comes of it. With a silent endpoint before the first that can be reached, that is known only when the client has given
   * it up: the call is then under way, and what came of it follows.
   */
  judge(moment: Moment): Judgement {
    const waitMs = waitBefore(this.client(moment));
    if (waitMs > 0) {
      return {
        kind: 'accepted',
        carryOut: (cause) => [{ name: 'recovery-control/update', start: (then) => this.laterOn(waitMs, cause, then) }],
      };
    }
    const tried = this.ask(moment);
    const agreed = agreedIn(tried);
    if (agreed === undefined) return refusalOf(tried);
    return {
      kind: 'accepted',
      carryOut: (cause) => {
        this.carryOut(agreed, tried, cause, moment);
        return [];
      },
    };
  }

  private *laterOn(waitMs: number, cause: number, moment: Moment): Conversation<void> {
    yield { kind: 'pause', until: after(moment.now, waitMs) };
    const tried = this.ask(moment, waitMs);
    const agreed = agreedIn(tried);
    if (agreed !== undefined) {
      this.carryOut(agreed, tried, cause, moment);
      return;
    }
    const { code, message } = refusalOf(tried);
    this.parts.timeline.record(moment.now, cause, 'routing-control.refused', { code, message });
  }

  private ask(moment: Moment, waitedMs = 0): Tried<AgreedUpdate> {
    const { entries, safetyRulesToOverride = [] } = this.action;
    const update = {
      entries: entries.map(({ routingControl: routingControlArn, state }) => ({ routingControlArn, state })),
      safetyRulesToOverride,
    };
    const client = this.client(moment);
    // Endpoints that have been waited for already are not asked again.
    const order = waitedMs === 0 ? client.order : client.order.filter((region) => client.reach.get(region) === 'up');
    return askInTurn({ ...client, order }, (call) => this.cluster.judge(update, call));
  }

  private carryOut(agreed: AgreedUpdate, { asked }: Tried<unknown>, cause: number, { now }: Moment): void {
    this.cluster.apply(agreed, now);
    const endpoint = asked.at(-1);
    assert(endpoint !== undefined, 'an update that was agreed to was asked for somewhere');
    for (const { routingControlArn, state } of agreed.changes) {
      const name = this.cluster.makeup.controls.find(({ arn }) => arn === routingControlArn)?.name ?? '';
      const said: { routingControl: string; state: RoutingControlState; endpoint: string } = {
        routingControl: name,
        state,
        endpoint,
      };
      const seq = this.parts.timeline.record(now, cause, 'routing-control.changed', said);
      this.states.set(routingControlArn, state === 'On', now, seq);
    }
  }

  private client({ now }: Moment): ClusterClient {
    const { endpointRegions } = this.cluster.makeup.cluster;
    const { faults } = this.parts;
    const reach = new Map(endpointRegions.map((region) => [region, reachOf(region)] as const));
    return { order: this.action.endpoints ?? endpointRegions, reach, now };

    function reachOf(region: string): Reach {
      if (faults.isQuiet(now)) return 'up';
      const met = faults.operatorsMeet(
        (target) =>
          (target.kind === 'region' || (target.kind === 'service' && target.service === 'recovery-cluster')) &&
          target.region === region,
        now,
      );
      if (met === undefined || toldBy(met.fault, 'cluster') === undefined) return 'up';
      const { kind } = met.fault.effect;
      return kind === 'blackhole' || kind === 'hang' ? 'silent' : 'refuses';
    }
  }
}

function agreedIn({ answer }: Tried<AgreedUpdate>): AgreedUpdate | undefined {
  return answer?.kind === 'agreed' ? answer : undefined;
}

function refusalOf({ answer, asked }: Tried<AgreedUpdate>): ClusterError | Extract<Judgement, { kind: 'refused' }> {
  if (answer?.kind === 'refused') return answer;
  const message = `No answer from the cluster's endpoints in ${asked.join(', ')}.`;
  return { kind: 'refused', code: 'EndpointConnectionError', message };
}
