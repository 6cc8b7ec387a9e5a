import { describe, expect, test } from 'vitest';
import type { Architecture, Read } from '../model/index.ts';
import { inLine, readOne } from '../../test/read-one.ts';

const CLUSTER = 'Cluster: { Type: AWS::Route53RecoveryControl::Cluster, Properties: { Name: main } }';
const PANEL =
  'Panel: { Type: AWS::Route53RecoveryControl::ControlPanel, Properties: { Name: app, ClusterArn: !Ref Cluster } }';

function control(name: string, on = 'ControlPanelArn: !Ref Panel'): string {
  return `${name}: { Type: AWS::Route53RecoveryControl::RoutingControl, Properties: { Name: ${name}, ${on} } }`;
}

function rule(properties: string, config = 'Type: ATLEAST, Threshold: 1, Inverted: false'): string {
  return `Rule: { Type: AWS::Route53RecoveryControl::SafetyRule, Properties: { Name: r, ControlPanelArn: !Ref Panel, RuleConfig: { ${config} }, ${properties} } }`;
}

const ASSERTION = 'AssertionRule: { AssertedControls: [!Ref A, !Ref B], WaitPeriodMs: 5000 }';

/** Resources on lines of their own from line 2 on. */
function read(...resources: readonly string[]): Read<Architecture> {
  return readOne(`Resources:\n${resources.map((resource) => `  ${resource}\n`).join('')}`);
}

function told(...resources: readonly string[]): readonly string[] {
  return read(...resources).findings.map(inLine);
}

test('R53 RC-01, SR-02: a cluster, its controls and a rule are read without a word', () => {
  const { value, findings } = read(CLUSTER, PANEL, control('A'), control('B'), rule(ASSERTION));
  expect(findings).toEqual([]);
  const [cluster] = value.recoveryClusters;
  expect(cluster).toMatchObject({ name: 'main' });
  expect(cluster?.endpointRegions).toHaveLength(5);
  expect(value.routingControls.map(({ name, clusterArn }) => [name, clusterArn])).toEqual([
    ['A', cluster?.arn],
    ['B', cluster?.arn],
  ]);
  expect(value.safetyRules).toMatchObject([
    {
      kind: 'assertion',
      waitPeriodMs: 5000,
      config: { type: 'ATLEAST', threshold: 1, inverted: false },
      assertedControls: value.routingControls.map(({ arn }) => arn),
    },
  ]);
});

test('R53 SR-01: a gating rule has gates and targets', () => {
  const gate = 'GatingRule: { GatingControls: [!Ref A], TargetControls: [!Ref B], WaitPeriodMs: 0 }';
  const { value, findings } = read(CLUSTER, PANEL, control('A'), control('B'), rule(gate));
  expect(findings).toEqual([]);
  const [a, b] = value.routingControls;
  expect(value.safetyRules).toMatchObject([{ kind: 'gating', gatingControls: [a?.arn], targetControls: [b?.arn] }]);
});

test('a control on its cluster alone is in the panel that each cluster comes with; one of another estate has five endpoints', () => {
  const { value, findings } = read(
    CLUSTER,
    control('A', 'ClusterArn: !Ref Cluster'),
    control('B', 'ClusterArn: arn:far'),
  );
  expect(findings).toEqual([]);
  expect(value.routingControls[0]?.clusterArn).toBe(value.recoveryClusters[0]?.arn);
  expect(value.recoveryClusters[1]).toMatchObject({ arn: 'arn:far', endpointRegions: { length: 5 } });
});

describe('mistakes', () => {
  test('R53 SR-01, SR-02: rules of no kind, of both kinds, and rules that can never hold', () => {
    const controls = [CLUSTER, PANEL, control('A'), control('B')];
    const both = `${ASSERTION}, GatingRule: { GatingControls: [!Ref A], TargetControls: [!Ref B], WaitPeriodMs: 0 }`;
    const either =
      'error template/property 6: A safety rule is either an AssertionRule or a GatingRule; give exactly one of them.';
    expect(told(...controls, rule(both))).toEqual([either]);
    expect(told(...controls, rule('Tags: []'))).toEqual([either]);
    expect(told(...controls, rule(ASSERTION, 'Type: ATLEAST, Threshold: 3, Inverted: false'))).toEqual([
      'error template/property 6: ATLEAST 3 of 2 routing controls can never be On.',
    ]);
  });

  test('a control without a cluster, and a rule about a control that is nowhere', () => {
    expect(told(control('A', ''))).toContain(
      'error template/property 2: A routing control needs ClusterArn or ControlPanelArn: it is hosted on a cluster.',
    );
    const lost = 'AssertionRule: { AssertedControls: [arn:lost], WaitPeriodMs: 0 }';
    expect(told(CLUSTER, PANEL, rule(lost))).toEqual([
      'warning template/not-acted-on 4: This safety rule names a routing control that is in no template read; a drill takes it as Off.',
    ]);
  });

  test('R53 RC-06: more than the quotas is told where the first too many stands', () => {
    const clusters = ['One', 'Two', 'Three'].map((name) => CLUSTER.replace('Cluster', name));
    expect(told(...clusters)).toEqual([
      'warning template/limit 4: AWS allows 2 clusters in an account; a deployment of this needs a raised quota.',
    ]);
    const panels = Array.from({ length: 51 }, (_, index) => PANEL.replace('Panel', `P${index}`));
    expect(told(CLUSTER, ...panels)).toEqual([
      'warning template/limit 53: AWS allows 50 control panels on a cluster; a deployment of this needs a raised quota.',
    ]);
    const controls = Array.from({ length: 101 }, (_, index) => control(`C${index}`));
    expect(told(CLUSTER, PANEL, ...controls)).toEqual([
      'warning template/limit 104: AWS allows 100 routing controls in a control panel; a deployment of this needs a raised quota.',
    ]);
    const rules = Array.from({ length: 21 }, (_, index) => rule(ASSERTION).replace('Rule', `R${index}`));
    expect(told(CLUSTER, PANEL, control('A'), control('B'), ...rules)).toEqual([
      'warning template/limit 26: AWS allows 20 safety rules in a control panel; a deployment of this needs a raised quota.',
    ]);
  });

  test('R53 RC-08: readiness checks are told to be closed, and change nothing', () => {
    expect(
      told('Check: { Type: AWS::Route53RecoveryReadiness::ReadinessCheck, Properties: { ReadinessCheckName: c } }'),
    ).toEqual([
      'note template/not-acted-on 2: Readiness checks only watch; nothing in a drill depends on them. AWS takes no new customers for them since April 2026.',
    ]);
  });
});

describe('zonal autoshift', () => {
  const autoshift = (properties: string) =>
    `Shift: { Type: AWS::ARCZonalShift::ZonalAutoshiftConfiguration, Properties: { ResourceIdentifier: arn:lb, ${properties} } }`;

  test('R53 ZS-03: what practice runs look at is read; enabled without them it is refused', () => {
    const practice =
      'PracticeRunConfiguration: { OutcomeAlarms: [{ AlarmIdentifier: arn:out, Type: CLOUDWATCH }], BlockingAlarms: [{ AlarmIdentifier: arn:block, Type: CLOUDWATCH }] }';
    const { value, findings } = read(autoshift(`ZonalAutoshiftStatus: ENABLED, ${practice}`));
    expect(findings).toEqual([]);
    expect(value.zonalAutoshifts).toMatchObject([
      { resource: 'arn:lb', enabled: true, practiceRun: { outcomeAlarms: ['arn:out'], blockingAlarms: ['arn:block'] } },
    ]);
    expect(told(autoshift('ZonalAutoshiftStatus: ENABLED'))).toEqual([
      'error template/property 2: Zonal autoshift needs a PracticeRunConfiguration with an outcome alarm.',
    ]);
  });
});

test('R53 RS-01, RS-02, RS-05, RS-06: a plan is read with the checks that it vends and its triggers', () => {
  const steps =
    '[{ Name: move, ExecutionBlockType: Route53HealthCheck, ExecutionBlockConfiguration: { Route53HealthCheckConfig: { HostedZoneId: Z1, RecordName: a.example } } }, { Name: scale, ExecutionBlockType: EC2AutoScaling, ExecutionBlockConfiguration: { Ec2AsgCapacityIncreaseConfig: {} } }]';
  const triggers =
    '[{ Action: activate, TargetRegion: eu-west-1, MinDelayMinutesBetweenExecutions: 30, Conditions: [{ AssociatedAlarmName: a, Condition: red }] }]';
  const { value, findings } = read(
    `Plan: { Type: AWS::ARCRegionSwitch::Plan, Properties: { Name: p, ExecutionRole: r, RecoveryApproach: activePassive, Regions: [us-east-1, eu-west-1], Workflows: [{ WorkflowTargetAction: activate, Steps: ${steps} }], AssociatedAlarms: { a: { ResourceIdentifier: arn:alarm, AlarmType: trigger } }, Triggers: ${triggers} } }`,
  );
  expect(findings.map(({ says }) => says)).toEqual([
    'Step scale: a EC2AutoScaling block is not simulated; an execution takes it as done at once.',
  ]);
  expect(value.derivedHealthChecks.map(({ type }) => type)).toEqual(['RECOVERY_CONTROL', 'RECOVERY_CONTROL']);
  expect(value.regionSwitchPlans).toMatchObject([
    {
      workflows: [{ steps: [{ block: { kind: 'health-check' } }, { block: { kind: 'other' } }] }],
      triggers: [{ minimumDelayMs: 1_800_000, conditions: [{ alarm: 'arn:alarm', red: true }] }],
    },
  ]);
});

test('R53 AR-01: accelerated recovery is read from a zone, and refused for a private one', () => {
  const zone = (more: string) =>
    `Zone: { Type: AWS::Route53::HostedZone, Properties: { Name: example.net, HostedZoneFeatures: { EnableAcceleratedRecovery: true }${more} } }`;
  const { value, findings } = read(zone(''));
  expect(findings).toEqual([]);
  expect(value.hostedZones.find(({ name }) => name === 'example.net')?.acceleratedRecovery).toBe(true);
  expect(told(zone(', VPCs: [{ VPCId: vpc-1, VPCRegion: eu-west-1 }]'))).toContain(
    'error template/property 2: Accelerated recovery is for public zones; this one is private.',
  );
});
