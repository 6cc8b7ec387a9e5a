import { describe, expect, test } from 'vitest';
import { acceleratedArchitecture, acceleratedPlan } from '../../test/accelerated-architecture.ts';
import { hybridArchitecture, hybridPlan, primaryFault } from '../../test/hybrid-architecture.ts';
import type { Action, Architecture, Bucket, RoutingControl } from '../model/index.ts';
import type { World } from '../engine/index.ts';
import type { Deed } from './succession.fixture.ts';
import { linesOf, replacing, runWith } from './succession.fixture.ts';

/* What services beside DNS and health checks know goes on when another estate takes the place of one. */

const PLAN = hybridPlan([], { endSeconds: 300, probes: [] });

function performing(atSecond: number, action: Action): Deed {
  return {
    atSecond,
    do: (simulation, world) => {
      const { result, begun } = world.control.perform(action, { now: simulation.at });
      expect(result).toMatchObject({ kind: 'done' });
      simulation.go(begun);
    },
  };
}

function looking(atSecond: number, seen: unknown[], look: (world: World) => unknown): Deed {
  return { atSecond, do: (_simulation, world) => void seen.push(look(world)) };
}

test('a bucket keeps its objects when its configuration changes; one that is new is empty, one that is gone is gone', () => {
  const bucketNamed = (name: string, versioning: Bucket['versioning']): Bucket => ({
    name,
    arn: `arn:aws:s3:::${name}`,
    region: 'eu-west-1',
    account: '123456789012',
    versioning,
    replicationRules: [],
    policy: [],
    restrictsPublicBuckets: false,
    stack: 's',
    logicalId: name,
  });
  const withBuckets = (...buckets: readonly Bucket[]): Architecture => ({ ...hybridArchitecture(), buckets });
  const seen: unknown[] = [];
  const keys = (world: World): unknown => ['old', 'new'].map((name) => world.contentsOf(name)?.keys());
  const object = { bytes: 2, text: 'hi', contentType: 'text/plain' };
  runWith(withBuckets(bucketNamed('old', 'Unversioned')), PLAN, [
    performing(10, { kind: 'put-object', bucket: 'old', key: 'a', object }),
    looking(11, seen, keys),
    replacing(20, withBuckets(bucketNamed('old', 'Enabled'), bucketNamed('new', 'Enabled'))),
    performing(21, { kind: 'put-object', bucket: 'old', key: 'b', object }),
    looking(22, seen, keys),
    looking(22, seen, (world) => world.contentsOf('old')?.current('b')?.id === 'null'),
    replacing(30, withBuckets(bucketNamed('new', 'Enabled'))),
    looking(31, seen, keys),
  ]);
  expect(seen).toEqual([[['a'], undefined], [['a', 'b'], []], false, [undefined, []]]);
});

test('R53 RC-07: a routing control keeps its state when another comes, which is Off', () => {
  const cluster = {
    arn: 'arn:cluster',
    name: 'cluster',
    endpointRegions: ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1', 'ap-southeast-2'],
    stack: 's',
  };
  const control = (name: string): RoutingControl => ({
    arn: `arn:${name}`,
    name,
    clusterArn: cluster.arn,
    controlPanelArn: 'arn:panel',
    stack: 's',
  });
  const estate = (...names: readonly string[]): Architecture => ({
    ...hybridArchitecture(),
    recoveryClusters: [cluster],
    routingControls: names.map(control),
    derivedHealthChecks: names.map((name) => ({
      id: `check-${name}`,
      type: 'RECOVERY_CONTROL',
      routingControlArn: `arn:${name}`,
      inverted: false,
      disabled: false,
      stack: 's',
    })),
  });
  const seen: unknown[] = [];
  const look = ({ control: readings }: World): unknown =>
    ['one', 'two'].map((name) => [
      readings.routingControl(`arn:${name}`),
      readings.healthCheck(`check-${name}`)?.healthy,
    ]);
  runWith(estate('one'), PLAN, [
    performing(10, { kind: 'set-routing-control', entries: [{ routingControl: 'arn:one', state: 'On' }] }),
    replacing(20, estate('one', 'two')),
    looking(21, seen, look),
    performing(30, { kind: 'set-routing-control', entries: [{ routingControl: 'arn:two', state: 'On' }] }),
    looking(31, seen, look),
    replacing(40, estate('two')),
    looking(41, seen, look),
  ]);
  expect(seen).toEqual([
    [
      ['On', true],
      ['Off', false],
    ],
    [
      ['On', true],
      ['On', true],
    ],
    [
      [undefined, undefined],
      ['On', true],
    ],
  ]);
});

describe('accelerators and load balancers', () => {
  const whole = acceleratedArchitecture();
  const plan = acceleratedPlan({ endSeconds: 260, faults: [primaryFault({ kind: 'blackhole' }, 30)] });

  test('what they have found out is not found out anew when their configuration changes beside it', () => {
    const changed: Architecture = {
      ...whole,
      accelerators: whole.accelerators.map((accelerator) => ({ ...accelerator, stack: 'renamed' })),
      targetGroups: whole.targetGroups.map((group) => ({ ...group, unhealthyRoutingMinimumCount: 2 })),
    };
    const kinds = ['target.changed', 'accelerator.endpoint-changed', 'accelerator.rerouted'] as const;
    const before = linesOf(runWith(whole, plan, []), ...kinds);
    expect(before.length).toBeGreaterThan(2);
    expect(linesOf(runWith(whole, plan, [replacing(200, changed)]), ...kinds)).toEqual(before);
  });

  test('RS 2.13: a dial that was turned stays turned until the template says otherwise', () => {
    const [group] = whole.accelerators.flatMap(({ listeners }) =>
      listeners.flatMap(({ endpointGroups }) => endpointGroups),
    );
    const seen: unknown[] = [];
    const away = (atSecond: number): Deed => ({
      atSecond,
      do: (simulation, world) => {
        const front = world.endpoints.find(({ kind }) => kind === 'accelerator');
        const from = world.vantages.find(({ name }) => name === 'city:Dublin');
        if (front === undefined || from === undefined) throw new Error('the estate has an accelerator');
        const to = world.passage({ to: front.address, port: 443, from }, simulation.at)?.to;
        seen.push(world.endpointAt(to ?? '')?.label);
      },
    });
    const dialled = (trafficDialPercentage: number): Architecture => ({
      ...whole,
      accelerators: whole.accelerators.map((accelerator) => ({
        ...accelerator,
        listeners: accelerator.listeners.map((listener) => ({
          ...listener,
          endpointGroups: listener.endpointGroups.map((each) =>
            each.arn === group?.arn ? { ...each, trafficDialPercentage } : each,
          ),
        })),
      })),
    });
    runWith(whole, { ...plan, faults: [] }, [
      away(1),
      performing(2, { kind: 'set-traffic-dial', endpointGroup: group?.arn ?? '', percentage: 0 }),
      away(120),
      replacing(130, { ...whole, accelerators: whole.accelerators.map((each) => ({ ...each, stack: 'renamed' })) }),
      away(140),
      replacing(150, dialled(99)),
      replacing(151, dialled(100)),
      away(160),
    ]);
    expect(seen).toEqual(['eu-west-1', 'us-east-1', 'us-east-1', 'eu-west-1']);
  });
});
