import type { RoutingControlState, SetRoutingControl } from '../model/index.ts';
import { after, assert } from '../model/index.ts';
import type { Judgement, Performers } from './actions.ts';
import { toldBy } from './control-planes.ts';
import type { Conversation, Moment } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { ClusterClient, Reach, Tried } from './recovery-control/client.ts';
import { askInTurn, waitBefore } from './recovery-control/client.ts';
import type { AgreedUpdate, ClusterError } from './recovery-control/cluster.ts';
import { ClusterState } from './recovery-control/cluster.ts';
import type { RoutingControlStates } from './routing-control-states.ts';

/** Performs what operators do with routing controls; `states` hears of every change. */
export function recoveryControlsOf(
  parts: Parts,
  states: RoutingControlStates,
): Pick<Performers, 'set-routing-control'> {
  const clusters = clustersOf(parts);
  for (const cluster of clusters) {
    for (const { arn } of cluster.makeup.controls) states.begin(arn, cluster.stateOf(arn) === 'On');
  }
  return {
    'set-routing-control'(action, moment) {
      const [first] = action.entries;
      const cluster = clusters.find((one) => one.stateOf(first?.routingControl ?? '') !== undefined);
      if (cluster === undefined) {
        const message = `Routing control ${first?.routingControl ?? ''} not found.`;
        return { kind: 'refused', code: 'ResourceNotFoundException', message };
      }
      return new Update(parts, states, cluster, action).judge(moment);
    },
  };
}

function clustersOf({ input, settings }: Parts): readonly ClusterState[] {
  const { recoveryClusters, routingControls, safetyRules } = input.architecture;
  const initialState = settings.text('recovery-control.initial-state') === 'On' ? 'On' : 'Off';
  const blockedBy =
    settings.text('recovery-control.safety-rule-error') === 'ValidationException'
      ? 'ValidationException'
      : 'ConflictException';
  return recoveryClusters.map((cluster) => {
    const controls = routingControls.filter(({ clusterArn }) => clusterArn === cluster.arn);
    const panels = new Set(controls.map(({ controlPanelArn }) => controlPanelArn));
    const rules = safetyRules.filter(({ controlPanelArn }) => panels.has(controlPanelArn));
    return new ClusterState({ cluster, controls, rules }, { initialState, blockedBy });
  });
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
