import type { Architecture, PlannedAction, RecordSet, RoutingControlHealthCheck } from '../../src/model/index.ts';
import { atSeconds, EMPTY_ARCHITECTURE } from '../../src/model/index.ts';
import { Course } from '../course.ts';
import { asking, planOf } from '../estates.ts';
import { setUp } from '../measurement.ts';

/* Recovery by hand: routing controls, and a plan of Region switch. */

const PRIMARY = 'us-east-1';
const STANDBY = 'us-west-2';
const BEGUN = 120;

/** Follows a routing control, or, of the same name, what a plan vends. */
function following(id: string, plan?: string): RoutingControlHealthCheck {
  return {
    id,
    type: 'RECOVERY_CONTROL',
    routingControlArn: id,
    inverted: false,
    disabled: false,
    stack: PRIMARY,
    ...(plan === undefined ? {} : { plan }),
  };
}

/** Servers in both Regions under each of the names. */
function withServers(names: readonly string[], records: (name: string, addresses: readonly string[]) => RecordSet[]) {
  const addressesOf = (index: number): readonly string[] => [`192.0.2.${index + 1}`, `198.51.100.${index + 1}`];
  return {
    ...EMPTY_ARCHITECTURE,
    hostedZones: [{ id: 'Z0EXAMPLE', name: 'example.com', private: false }],
    recordSets: names.flatMap((name, index) => records(name, addressesOf(index))),
    servers: names.flatMap((name, index) =>
      addressesOf(index).map((address, side) => {
        const region = side === 0 ? PRIMARY : STANDBY;
        return { id: `i-${name}-${region}`, region, otherNames: [address], stack: region };
      }),
    ),
  };
}

function recordOf(name: string, address: string, more: Pick<RecordSet, 'policy' | 'healthCheckId'>): RecordSet {
  return { zoneId: 'Z0EXAMPLE', name, type: 'A', ttlSeconds: 60, values: [address], stack: PRIMARY, ...more };
}

const STACKS = ['orders', 'users', 'stock'] as const;
const nameOf = (stack: string): string => `${stack}.example.com`;

/** Three applications, each with a routing control for each side in a panel of its own. */
function threeStacks(): Architecture {
  const sides = STACKS.flatMap((stack) => [`${stack}/on`, `${stack}/standby`]);
  const estate = withServers(STACKS.map(nameOf), (name, [primary = '', standby = '']) => {
    const [stack = ''] = name.split('.');
    return [
      recordOf(name, primary, {
        policy: { kind: 'failover', role: 'PRIMARY', setIdentifier: 'primary' },
        healthCheckId: `${stack}/on`,
      }),
      recordOf(name, standby, {
        policy: { kind: 'failover', role: 'SECONDARY', setIdentifier: 'standby' },
        healthCheckId: `${stack}/standby`,
      }),
    ];
  });
  return {
    ...estate,
    derivedHealthChecks: sides.map((side) => following(side)),
    recoveryClusters: [
      {
        arn: 'cluster',
        name: 'cluster',
        endpointRegions: ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1', 'ap-southeast-2'],
        stack: PRIMARY,
      },
    ],
    routingControls: sides.map((side) => ({
      arn: side,
      name: side,
      clusterArn: 'cluster',
      controlPanelArn: `panel/${side.split('/')[0] ?? ''}`,
      stack: PRIMARY,
    })),
  };
}

/** R53 MT-11. When the controls were toggled is not told, so only that one stack moves and the others stay. */
export const threePanels = setUp({
  name: 'three control panels',
  lines: ['R53 MT-11'],
  says: 'Three stacks, each with a control panel of its own, are moved one after the other; a loop asks every 6 s.',
  figures: {
    'stacks that moved with another': { measured: { kind: 'seen', least: 0, most: 0 }, unit: '' },
    'stacks that moved': { measured: { kind: 'seen', least: 3, most: 3 }, unit: '' },
  },
  simulate(seed) {
    const set = (name: string, at: number, states: readonly (readonly [string, 'On' | 'Off'])[]): PlannedAction => ({
      name,
      at: atSeconds(at),
      action: {
        kind: 'set-routing-control',
        entries: states.map(([routingControl, state]) => ({ routingControl, state })),
      },
    });
    const toggledAt = (index: number): number => BEGUN + index * 100;
    const actions = [
      set(
        'begin',
        0,
        STACKS.flatMap((stack) => [[`${stack}/on`, 'On'] as const]),
      ),
      ...STACKS.map((stack, index) =>
        set(stack, toggledAt(index), [
          [`${stack}/on`, 'Off'],
          [`${stack}/standby`, 'On'],
        ]),
      ),
    ];
    const probes = STACKS.map((stack) => asking(`http://${nameOf(stack)}/`, 6, { name: stack }));
    const course = new Course(threeStacks(), planOf(seed, 480, { probes, actions }));
    const moved = STACKS.map((stack) => course.secondsToAnswerOf(STANDBY, 0, stack));
    return {
      'stacks that moved with another': moved.filter((at, index) => at < toggledAt(index)).length,
      'stacks that moved': moved.filter((at) => !Number.isNaN(at)).length,
    };
  },
});

const SIDES = [PRIMARY, STANDBY] as const;

/** Weights of 100 and 0 and vended checks; the blocks before the one that moves traffic are not simulated. */
function switchedByPlan(): Architecture {
  const estate = withServers(['app.example.com'], (name, addresses) =>
    SIDES.map((region, index) =>
      recordOf(name, addresses[index] ?? '', {
        policy: { kind: 'weighted', weight: index === 0 ? 100 : 0, setIdentifier: region },
        healthCheckId: region,
      }),
    ),
  );
  const other = (name: string, type: string, skippedWhenUngraceful: boolean) =>
    ({ name, block: { kind: 'other', type, skippedWhenUngraceful } }) as const;
  const checks = SIDES.map((region) => ({ id: region, region }));
  return {
    ...estate,
    derivedHealthChecks: SIDES.map((region) => following(region, 'plan')),
    regionSwitchPlans: [
      {
        arn: 'plan',
        name: 'plan',
        approach: 'activePassive',
        regions: SIDES,
        workflows: [
          {
            action: 'activate',
            steps: [
              other('gate', 'CustomActionLambda', true),
              other('pods', 'EKSResourceScaling', false),
              { name: 'move', block: { kind: 'health-check', checks } },
            ],
          },
        ],
        triggers: [],
        stack: PRIMARY,
      },
    ],
  };
}

const NO_TIME =
  'A block of a plan takes no time of its own in the simulation. AWS publishes none; the one run that was measured tells how ' +
  'long each block lasted, not at which moment within it the answers changed (R53 MT-04, RS-05).';

/** R53 MT-04, RP-09. */
export const regionSwitch = setUp({
  name: 'Region switch',
  lines: ['R53 MT-04', 'R53 RP-09'],
  says: 'A plan is executed without grace: a gate is skipped, pods are scaled, vended checks move weighted records of 100 and 0.',
  figures: {
    'traffic at weight 0 afterwards': { measured: { kind: 'seen', least: 100, most: 100 }, unit: '%' },
    'the whole plan': { measured: { kind: 'seen', least: 165.6, most: 165.6 }, explained: NO_TIME },
    'block that moves traffic': {
      measured: { kind: 'seen', least: 120.88, most: 120.88 },
      explained: NO_TIME,
    },
  },
  simulate(seed) {
    const start: PlannedAction = {
      name: 'start',
      at: atSeconds(BEGUN),
      action: {
        kind: 'start-plan-execution',
        plan: 'plan',
        targetRegion: STANDBY,
        action: 'activate',
        mode: 'ungraceful',
      },
    };
    const probes = [asking('http://app.example.com/', 1)];
    const course = new Course(switchedByPlan(), planOf(seed, 400, { probes, actions: [start] }));
    const over = course.secondsTo(
      ({ what, data }) => what === 'plan-execution.changed' && data.state === 'completed',
      BEGUN,
    );
    const block = course.secondsTo(({ what }) => what === 'health-check.changed', BEGUN);
    // As long as the measured plan took, counted from its start.
    const after = course.events.flatMap((event) =>
      event.what === 'request.ended' && event.data.sentAt >= (BEGUN + 166) * 1e6 ? [event.data.endpoint] : [],
    );
    return {
      'traffic at weight 0 afterwards': (100 * after.filter((endpoint) => endpoint === STANDBY).length) / after.length,
      'the whole plan': over,
      'block that moves traffic': over - block,
    };
  },
});
