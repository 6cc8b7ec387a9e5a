import type { Architecture, Place, RecoveryCluster, RoutingControl } from '../model/index.ts';
import type { Draft } from './draft.ts';
import type { DraftControl } from './recovery-draft.ts';
import type { Teller } from './teller.ts';

/** Regions that the endpoints of every cluster are in. */
const ENDPOINT_REGIONS: readonly string[] = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1', 'ap-southeast-2'];

/** What one account may have (R53 RC-06). */
const CLUSTERS_MAX = 2;
const PANELS_PER_CLUSTER_MAX = 50;
const CONTROLS_PER_PANEL_MAX = 100;
const CONTROLS_PER_CLUSTER_MAX = 300;
const RULES_PER_PANEL_MAX = 20;

type Recovery = Pick<
  Architecture,
  'recoveryClusters' | 'routingControls' | 'safetyRules' | 'zonalAutoshifts' | 'regionSwitchPlans'
>;

/** Clusters with the routing controls that they host; controls whose cluster is elsewhere get one that is like all others. */
export function assembleRecovery({ recovery }: Draft, tell: Teller): Recovery {
  const controls = recovery.controls.map((control): RoutingControl => {
    const { arn, name, panelArn, stack, at } = control;
    return { arn, name, clusterArn: clusterOf(control, recovery.panels), controlPanelArn: panelArn, stack, place: at };
  });
  const known = recovery.clusters.map(({ at, ...cluster }): RecoveryCluster => ({
    ...cluster,
    endpointRegions: ENDPOINT_REGIONS,
    place: at,
  }));
  const elsewhere = [...new Set(controls.map(({ clusterArn }) => clusterArn))]
    .filter((arn) => !known.some((cluster) => cluster.arn === arn))
    .map((arn): RecoveryCluster => ({ arn, name: arn, endpointRegions: ENDPOINT_REGIONS, stack: '' }));
  for (const { mentioned } of recovery.rules) {
    for (const { value, at } of mentioned) {
      if (recovery.controls.some(({ arn }) => arn === value)) continue;
      const says = 'This safety rule names a routing control that is in no template read; a drill takes it as Off.';
      tell.warning('template/not-acted-on', at, says, { facts: ['R53 SR-01'] });
    }
  }
  tellQuotas(recovery, controls, tell);
  return {
    recoveryClusters: [...known, ...elsewhere],
    routingControls: controls,
    safetyRules: recovery.rules.map(({ rule }) => rule),
    zonalAutoshifts: recovery.autoshifts,
    regionSwitchPlans: recovery.plans,
  };
}

function clusterOf({ clusterArn, panelArn }: DraftControl, panels: Draft['recovery']['panels']): string {
  return clusterArn?.value ?? panels.find(({ arn }) => arn === panelArn)?.clusterArn?.value ?? `cluster of ${panelArn}`;
}

function tellQuotas(
  { clusters, panels, rules }: Draft['recovery'],
  controls: readonly RoutingControl[],
  tell: Teller,
): void {
  const hold = (counted: Counted, most: number, what: string): void => {
    for (const places of counted.values()) {
      const extra = places[most];
      if (extra === undefined) continue;
      const says = `AWS allows ${most} ${what}; a deployment of this needs a raised quota.`;
      tell.warning('template/limit', extra, says, { facts: ['R53 RC-06'] });
    }
  };
  hold(
    countedBy(
      clusters,
      () => '',
      ({ at }) => at,
    ),
    CLUSTERS_MAX,
    'clusters in an account',
  );
  hold(
    countedBy(
      panels,
      ({ clusterArn }) => clusterArn?.value ?? '',
      ({ at }) => at,
    ),
    PANELS_PER_CLUSTER_MAX,
    'control panels on a cluster',
  );
  const placeOf = ({ place }: RoutingControl): Place | undefined => place;
  hold(
    countedBy(controls, ({ controlPanelArn }) => controlPanelArn, placeOf),
    CONTROLS_PER_PANEL_MAX,
    'routing controls in a control panel',
  );
  hold(
    countedBy(controls, ({ clusterArn }) => clusterArn, placeOf),
    CONTROLS_PER_CLUSTER_MAX,
    'routing controls on a cluster',
  );
  hold(
    countedBy(
      rules,
      ({ rule }) => rule.controlPanelArn,
      ({ rule }) => rule.place,
    ),
    RULES_PER_PANEL_MAX,
    'safety rules in a control panel',
  );
}

type Counted = ReadonlyMap<string, readonly Place[]>;

/** Where things stand, by what they belong to. */
function countedBy<Item>(
  items: readonly Item[],
  ownerOf: (item: Item) => string,
  placeOf: (item: Item) => Place | undefined,
): Counted {
  const counted = new Map<string, Place[]>();
  for (const item of items) {
    const place = placeOf(item);
    if (place === undefined) continue;
    counted.set(ownerOf(item), [...(counted.get(ownerOf(item)) ?? []), place]);
  }
  return counted;
}
