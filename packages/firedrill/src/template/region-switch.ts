import type { RegionSwitchBlock, RegionSwitchPlan, RegionSwitchStep } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { idFrom, LOWER_ALPHANUMERIC, uuidFrom } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import type { Shape } from './shape.ts';
import { anything, inertFields, integer, listOf, oneOf, optional, recordOf, required, shape, text } from './shape.ts';

const UNGRACEFUL = optional(
  shape('Ungraceful', { Behavior: optional(text()), ...inertFields('MinimumSuccessPercentage') }),
);
const OTHER = (...inert: string[]) => optional(shape('block', { Ungraceful: UNGRACEFUL, ...inertFields(...inert) }));

const ACTION = oneOf(['activate', 'deactivate'], ['R53 RS-01']);
const CONFIG = {
  ArcRoutingControlConfig: optional(
    shape('ArcRoutingControlConfig', {
      RegionAndRoutingControls: required(
        recordOf(
          listOf(
            shape('RoutingControl', { RoutingControlArn: required(text()), State: required(oneOf(['On', 'Off'])) }),
          ),
        ),
      ),
      ...inertFields('CrossAccountRole', 'ExternalId', 'TimeoutMinutes'),
    }),
  ),
  Route53HealthCheckConfig: optional(
    shape('Route53HealthCheckConfig', {
      HostedZoneId: required(text()),
      RecordName: required(text()),
      ...inertFields('RecordSets', 'CrossAccountRole', 'ExternalId', 'TimeoutMinutes'),
    }),
  ),
  ExecutionApprovalConfig: optional(
    shape('ExecutionApprovalConfig', { ...inertFields('ApprovalRole', 'TimeoutMinutes') }),
  ),
  ParallelConfig: optional(shape('ParallelConfig', { Steps: required(listOf(anything)) })),
  CustomActionLambdaConfig: OTHER('Lambdas', 'RegionToRun', 'RetryIntervalMinutes', 'TimeoutMinutes'),
  ...inertFields('DocumentDbConfig', 'Ec2AsgCapacityIncreaseConfig', 'EcsCapacityIncreaseConfig'),
  ...inertFields('EksResourceScalingConfig', 'GlobalAuroraConfig', 'RegionSwitchPlanConfig'),
};
const STEP_FIELDS = {
  Name: required(text()),
  ExecutionBlockType: required(text()),
  ExecutionBlockConfiguration: required(shape('ExecutionBlockConfiguration', CONFIG)),
  ...inertFields('Description'),
};
const STEP = shape('Step', STEP_FIELDS);

const PLAN = shape('AWS::ARCRegionSwitch::Plan', {
  Name: required(text()),
  RecoveryApproach: required(oneOf(['activePassive', 'activeActive'], ['R53 RS-01'])),
  Regions: required(listOf(text())),
  Workflows: required(
    listOf(
      shape('Workflow', {
        WorkflowTargetAction: required(oneOf(['activate', 'deactivate', 'postRecovery'], ['R53 RS-01'])),
        WorkflowTargetRegion: optional(text()),
        Steps: optional(listOf(STEP)),
        ...inertFields('WorkflowDescription'),
      }),
    ),
  ),
  AssociatedAlarms: optional(
    recordOf(
      shape('AssociatedAlarm', {
        ResourceIdentifier: required(text()),
        ...inertFields('AlarmType', 'CrossAccountRole', 'ExternalId'),
      }),
    ),
  ),
  Triggers: optional(
    listOf(
      shape('Trigger', {
        Action: required(ACTION),
        TargetRegion: required(text()),
        MinDelayMinutesBetweenExecutions: required(integer({ least: 0, most: 1_000_000, facts: ['R53 RS-06'] })),
        Conditions: required(
          listOf(
            shape('TriggerCondition', {
              AssociatedAlarmName: required(text()),
              Condition: required(oneOf(['red', 'green'], ['R53 RS-06'])),
            }),
          ),
        ),
        ...inertFields('Description'),
      }),
    ),
  ),
  ...inertFields('Description', 'ExecutionRole', 'PrimaryRegion', 'RecoveryTimeObjectiveMinutes', 'Tags'),
  ...inertFields('ReportConfiguration'),
});

/** Plans of Region switch, as far as their Route 53, routing control and approval blocks. */
export const REGION_SWITCH_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::ARCRegionSwitch::Plan', { standing: 'acted-on', regional: false, read: readPlan }],
]);

function readPlan(input: ResourceInput, draft: Draft): Identity {
  const { partition, account, name: stack } = input.context;
  const name = textProperty(input, 'Name') ?? `${stack}-${input.logicalId}`;
  const arn = `arn:${partition}:arc-region-switch::${account}:plan/${name}:${idFrom(input.seed, 6, LOWER_ALPHANUMERIC)}`;
  const properties = PLAN(input.properties, input.tell);
  const reader = new BlockReader(input, properties?.Regions ?? []);
  if (properties !== undefined) {
    const { AssociatedAlarms: alarms, Triggers: triggers = [], Workflows: workflows } = properties;
    const plan: RegionSwitchPlan = {
      arn,
      name,
      approach: properties.RecoveryApproach,
      regions: properties.Regions,
      workflows: workflows.map(({ WorkflowTargetAction: action, WorkflowTargetRegion: region, Steps: steps = [] }) => ({
        action,
        ...(region === undefined ? {} : { region }),
        steps: steps.map((step) => reader.step(step)),
      })),
      triggers: triggers.map((trigger) => ({
        action: trigger.Action,
        region: trigger.TargetRegion,
        minimumDelayMs: trigger.MinDelayMinutesBetweenExecutions * 60_000,
        conditions: trigger.Conditions.map(({ AssociatedAlarmName: alarm, Condition: condition }) => ({
          alarm: alarms?.get(alarm)?.ResourceIdentifier ?? alarm,
          red: condition === 'red',
        })),
      })),
      stack,
      place: input.at,
    };
    draft.recovery.plans.push(plan);
  }
  const vended = [...reader.vended.values()];
  for (const { id } of vended) {
    const check = { id, inverted: false, disabled: false, stack, place: input.at, plan: name };
    // Healthy until an execution says otherwise: its control is one that nobody else keeps.
    draft.derivedHealthChecks.push({
      check: { ...check, type: 'RECOVERY_CONTROL', routingControlArn: id },
      followsAt: input.at,
    });
  }
  const attributes = new Map<string, string | readonly string[]>([
    ['Arn', arn],
    ['Route53HealthChecks.HealthCheckIds', vended.map(({ id }) => id)],
    ['Route53HealthChecks.Regions', vended.map(({ region }) => region)],
    ['Route53HealthChecks.HostedZoneIds', vended.map(({ zone }) => zone)],
    ['Route53HealthChecks.RecordNames', vended.map(({ record }) => record)],
  ]);
  return { ref: arn, attributes, open: true };
}

interface Vended {
  readonly id: string;
  readonly region: string;
  readonly zone: string;
  readonly record: string;
}

/** Reads steps, and keeps the health checks that their blocks vend: one for each Region and record (R53 RS-05). */
class BlockReader {
  readonly vended = new Map<string, Vended>();
  private readonly input: ResourceInput;
  private readonly regions: readonly string[];

  constructor(input: ResourceInput, regions: readonly string[]) {
    this.input = input;
    this.regions = regions;
  }

  step(step: Shape<typeof STEP_FIELDS>): RegionSwitchStep {
    return { name: step.Name, block: this.block(step) };
  }

  private block(step: Shape<typeof STEP_FIELDS>): RegionSwitchBlock {
    const { ExecutionBlockConfiguration: config, ExecutionBlockType: type } = step;
    const { ArcRoutingControlConfig: controls, Route53HealthCheckConfig: health, ParallelConfig: parallel } = config;
    if (health !== undefined)
      return { kind: 'health-check', checks: this.checksOf(health.HostedZoneId, health.RecordName) };
    if (controls !== undefined) {
      const entries = [...controls.RegionAndRoutingControls].map(([region, list]) => {
        const set = list.map(({ RoutingControlArn: routingControl, State: state }) => ({ routingControl, state }));
        return [region, set] as const;
      });
      return { kind: 'routing-control', entries: new Map(entries) };
    }
    if (parallel !== undefined) {
      const steps = parallel.Steps.flatMap((node) => STEP(node, this.input.tell) ?? []);
      return { kind: 'parallel', steps: steps.map((each) => this.step(each)) };
    }
    if (type === 'ManualApproval') return { kind: 'manual-approval' };
    const says = `Step ${step.Name}: a ${type} block is not simulated; an execution takes it as done at once.`;
    this.input.tell.warning('template/not-acted-on', step.at, says, { facts: ['R53 RS-02'] });
    const behavior = config.CustomActionLambdaConfig?.Ungraceful?.Behavior;
    return { kind: 'other', type, skippedWhenUngraceful: behavior === 'skip' };
  }

  private checksOf(zone: string, record: string): readonly Vended[] {
    return this.regions.map((region) => {
      const key = `${this.input.seed} ${zone} ${record} ${region}`;
      const check = this.vended.get(key) ?? { id: uuidFrom(key), region, zone, record };
      this.vended.set(key, check);
      return check;
    });
  }
}
