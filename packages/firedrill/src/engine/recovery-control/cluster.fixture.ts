import type { RoutingControl, RuleConfig, SafetyRule } from '../../model/index.ts';
import { atSeconds } from '../../model/index.ts';
import type { Call, StateEntry } from './cluster.ts';
import { ClusterState } from './cluster.ts';

/** Regions of a cluster's endpoints. */
export const REGIONS: readonly string[] = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1', 'ap-southeast-2'];

const PANEL = 'arn:panel';

function controlNamed(name: string): RoutingControl {
  return { arn: `arn:${name}`, name, clusterArn: 'arn:cluster', controlPanelArn: PANEL, stack: 'Stack' };
}

/** A cluster with the controls `names`, all Off. */
export function clusterWith(names: readonly string[], rules: readonly SafetyRule[] = []): ClusterState {
  return new ClusterState(
    {
      cluster: { arn: 'arn:cluster', name: 'cluster', endpointRegions: REGIONS, stack: 'Stack' },
      controls: names.map(controlNamed),
      rules,
    },
    { initialState: 'Off', blockedBy: 'ConflictException' },
  );
}

/** A rule about the control names given. */
export function asserting(
  controls: readonly string[],
  config: Partial<RuleConfig> = {},
  waitPeriodMs = 0,
  name = 'assertion',
): SafetyRule {
  return {
    kind: 'assertion',
    arn: `arn:${name}`,
    name,
    controlPanelArn: PANEL,
    config: { type: 'ATLEAST', threshold: 1, inverted: false, ...config },
    waitPeriodMs,
    assertedControls: controls.map((control) => `arn:${control}`),
    stack: 'Stack',
  };
}

/** A gate of one control before others. */
export function gating(gate: string, targets: readonly string[], config: Partial<RuleConfig> = {}): SafetyRule {
  return {
    kind: 'gating',
    arn: 'arn:gate-rule',
    name: 'gate-rule',
    controlPanelArn: PANEL,
    config: { type: 'OR', threshold: 1, inverted: false, ...config },
    waitPeriodMs: 0,
    gatingControls: [`arn:${gate}`],
    targetControls: targets.map((target) => `arn:${target}`),
    stack: 'Stack',
  };
}

/** A call at an endpoint, by default with all of them up. */
export function callAt(seconds: number, up: readonly string[] = REGIONS, at = up[0] ?? 'us-east-1'): Call {
  return { at, now: atSeconds(seconds), up: new Set(up) };
}

/** Entries as `a On b Off`. */
export function entries(text: string): StateEntry[] {
  return [...text.matchAll(/(\w+) (On|Off)/g)].map(([, name, state]) => ({
    routingControlArn: `arn:${name}`,
    state: state === 'On' ? 'On' : 'Off',
  }));
}

/** Updates and tells what came of it: `done`, or the error's code with its message. */
export function update(
  cluster: ClusterState,
  text: string,
  { at = 0, override = [], call = callAt(at) }: { at?: number; override?: readonly string[]; call?: Call } = {},
): string {
  const agreed = cluster.judge({ entries: entries(text), safetyRulesToOverride: override }, call);
  if (agreed.kind === 'refused') return `${agreed.code}: ${agreed.message}`;
  cluster.apply(agreed, call.now);
  return 'done';
}

/** Names of the controls that are On. */
export function on(cluster: ClusterState): string {
  return cluster.makeup.controls
    .filter(({ arn }) => cluster.stateOf(arn) === 'On')
    .map(({ name }) => name)
    .join(' ');
}
