import type { Draft } from './draft.ts';
import { idFrom, uuidFrom } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import type { Shape } from './shape.ts';
import { boolean, inertFields, integer, listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';

const HEX = '0123456789abcdef';
const NAME = text({ most: 64 });
const ARNS = listOf(placed(text({ most: 256 })));
const WAIT = integer({ least: 0, most: 86_400_000, facts: ['R53 SR-02'] });

const CLUSTER = shape('AWS::Route53RecoveryControl::Cluster', {
  Name: required(NAME),
  ...inertFields('NetworkType', 'Tags'),
});

const CONTROL_PANEL = shape('AWS::Route53RecoveryControl::ControlPanel', {
  Name: required(NAME),
  ClusterArn: optional(placed(text())),
  ...inertFields('Tags'),
});

const ROUTING_CONTROL = shape('AWS::Route53RecoveryControl::RoutingControl', {
  Name: required(NAME),
  ClusterArn: optional(placed(text())),
  ControlPanelArn: optional(placed(text())),
});

const RULE_CONFIG = {
  Type: required(oneOf(['ATLEAST', 'AND', 'OR'], ['R53 SR-02'])),
  Threshold: required(placed(integer({ least: 0, most: 300, facts: ['R53 SR-02'] }))),
  Inverted: required(boolean),
};
const ASSERTION = { AssertedControls: required(ARNS), WaitPeriodMs: required(WAIT) };
const GATING = { GatingControls: required(ARNS), TargetControls: required(ARNS), WaitPeriodMs: required(WAIT) };

const SAFETY_RULE = shape('AWS::Route53RecoveryControl::SafetyRule', {
  Name: required(NAME),
  ControlPanelArn: required(text()),
  RuleConfig: required(shape('RuleConfig', RULE_CONFIG)),
  AssertionRule: optional(shape('AssertionRule', ASSERTION)),
  GatingRule: optional(shape('GatingRule', GATING)),
  ...inertFields('Tags'),
});

/** Routing control is acted on; readiness checks watch and tell, and change nothing about where traffic goes. */
export const RECOVERY_CONTROL_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::Route53RecoveryControl::Cluster', { standing: 'acted-on', regional: false, read: readCluster }],
  ['AWS::Route53RecoveryControl::ControlPanel', { standing: 'acted-on', regional: false, read: readPanel }],
  ['AWS::Route53RecoveryControl::RoutingControl', { standing: 'acted-on', regional: false, read: readControl }],
  ['AWS::Route53RecoveryControl::SafetyRule', { standing: 'acted-on', regional: false, read: readSafetyRule }],
  ...['Cell', 'ReadinessCheck', 'RecoveryGroup', 'ResourceSet'].map((what): [string, ResourceKind] => [
    `AWS::Route53RecoveryReadiness::${what}`,
    { standing: 'inert', regional: false, read: readReadiness },
  ]),
]);

/** ARNs of the service name no Region: its configuration lives in one (R53 RC-02). */
function recoveryArn({ context }: ResourceInput, rest: string): string {
  return `arn:${context.partition}:route53-recovery-control::${context.account}:${rest}`;
}

function readCluster(input: ResourceInput, draft: Draft): Identity {
  const arn = recoveryArn(input, `cluster/${uuidFrom(input.seed)}`);
  const properties = CLUSTER(input.properties, input.tell);
  if (properties !== undefined) {
    draft.recovery.clusters.push({ arn, name: properties.Name, stack: input.context.name, at: input.at });
  }
  return identity(arn, { ClusterArn: arn, Status: 'DEPLOYED' });
}

function readPanel(input: ResourceInput, draft: Draft): Identity {
  const arn = recoveryArn(input, `controlpanel/${idFrom(input.seed, 32, HEX)}`);
  const properties = CONTROL_PANEL(input.properties, input.tell);
  if (properties !== undefined) {
    const { ClusterArn: clusterArn } = properties;
    draft.recovery.panels.push({ arn, clusterArn, at: input.at });
  }
  return identity(arn, {
    ControlPanelArn: arn,
    DefaultControlPanel: 'false',
    RoutingControlCount: '0',
    Status: 'DEPLOYED',
  });
}

function readControl(input: ResourceInput, draft: Draft): Identity {
  const cluster = textProperty(input, 'ClusterArn') ?? recoveryArn(input, 'cluster/unknown');
  // A control that names only its cluster goes into the panel that each cluster comes with.
  const standard = recoveryArn(input, `controlpanel/${idFrom(`default panel of ${cluster}`, 32, HEX)}`);
  const panel = textProperty(input, 'ControlPanelArn') ?? standard;
  const arn = `${panel}/routingcontrol/${idFrom(input.seed, 16, HEX)}`;
  const own = identity(arn, { RoutingControlArn: arn, Status: 'DEPLOYED' });
  const properties = ROUTING_CONTROL(input.properties, input.tell);
  if (properties === undefined) return own;
  const { Name: name, ClusterArn: clusterArn, ControlPanelArn: panelArn } = properties;
  if (clusterArn === undefined && panelArn === undefined) {
    const says = 'A routing control needs ClusterArn or ControlPanelArn: it is hosted on a cluster.';
    input.tell.error('template/property', input.at, says, { facts: ['R53 RC-01'] });
    return own;
  }
  draft.recovery.controls.push({ arn, name, clusterArn, panelArn: panel, stack: input.context.name, at: input.at });
  return own;
}

function readSafetyRule(input: ResourceInput, draft: Draft): Identity {
  const panel = textProperty(input, 'ControlPanelArn') ?? recoveryArn(input, 'controlpanel/unknown');
  const arn = `${panel}/safetyrule/${idFrom(input.seed, 16, HEX)}`;
  const own = identity(arn, { SafetyRuleArn: arn, Status: 'DEPLOYED' });
  const properties = SAFETY_RULE(input.properties, input.tell);
  if (properties === undefined) return own;
  const { Name: name, AssertionRule: assertion, GatingRule: gating, RuleConfig: config } = properties;
  const { written } = properties;
  if (written.has('AssertionRule') === written.has('GatingRule')) {
    const says = 'A safety rule is either an AssertionRule or a GatingRule; give exactly one of them.';
    input.tell.error('template/property', input.at, says, { facts: ['R53 SR-01'] });
    return own;
  }
  const evaluated = assertion?.AssertedControls ?? gating?.GatingControls ?? [];
  if (!canHold(config, evaluated.length, input)) return own;
  const rule = {
    arn,
    name,
    controlPanelArn: panel,
    config: { type: config.Type, threshold: config.Threshold.value, inverted: config.Inverted },
    stack: input.context.name,
    place: input.at,
  };
  const names = (arns: readonly { readonly value: string }[]): readonly string[] => arns.map(({ value }) => value);
  const mentioned = [...evaluated, ...(gating?.TargetControls ?? [])];
  if (assertion !== undefined) {
    const { AssertedControls: asserted, WaitPeriodMs: waitPeriodMs } = assertion;
    const whole = { ...rule, kind: 'assertion' as const, waitPeriodMs, assertedControls: names(asserted) };
    draft.recovery.rules.push({ rule: whole, mentioned });
  } else if (gating !== undefined) {
    const { GatingControls: gates, TargetControls: targets, WaitPeriodMs: waitPeriodMs } = gating;
    const controls = { gatingControls: names(gates), targetControls: names(targets) };
    draft.recovery.rules.push({ rule: { ...rule, kind: 'gating', waitPeriodMs, ...controls }, mentioned });
  }
  return own;
}

/** More controls that have to be On than there are: nothing could ever be changed. */
function canHold(
  { Type: type, Threshold: threshold }: Shape<typeof RULE_CONFIG>,
  count: number,
  input: ResourceInput,
): boolean {
  if (type !== 'ATLEAST' || threshold.value <= count) return true;
  const says = `ATLEAST ${threshold.value} of ${count} routing controls can never be On.`;
  input.tell.error('template/property', threshold.at, says, { facts: ['R53 SR-02'] });
  return false;
}

function readReadiness(input: ResourceInput): Identity {
  input.tell.note(
    'template/not-acted-on',
    input.at,
    'Readiness checks only watch; nothing in a drill depends on them. AWS takes no new customers for them since April 2026.',
    { facts: ['R53 RC-08'] },
  );
  const name = textProperty(input, `${input.type.split('::')[2]}Name`) ?? `${input.context.name}-${input.logicalId}`;
  const what = input.type.split('::')[2] ?? '';
  const arn = `arn:${input.context.partition}:route53-recovery-readiness::${input.context.account}:${what.toLowerCase()}/${name}`;
  return { ref: name, attributes: new Map([[`${what}Arn`, arn]]), open: true };
}
