import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import * as regionSwitch from 'aws-cdk-lib/aws-arcregionswitch';
import * as recovery from 'aws-cdk-lib/aws-route53recoverycontrol';
import * as route53 from 'aws-cdk-lib/aws-route53';

/*
 * Two servers, and a switch for each: a cluster of Application Recovery Controller with a routing control for either side,
 * health checks that follow the controls, and failover records that go by the checks. A safety rule keeps one side on.
 * The same servers have a second name, which a plan of Region switch moves by health checks of its own.
 */

const USAGE = `Say what is switched, by context:
  -c primary=192.0.2.10 -c standby=198.51.100.10 -c domain=example.com -c hostedZoneId=Z0EXAMPLE`;

const app = new App();
const estate = readContext();
// The configuration of Recovery Controller lives in us-west-2 whatever it switches.
const stack = new Stack(app, 'Switch', { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: 'us-west-2' } });
const cluster = new recovery.CfnCluster(stack, 'Cluster', { name: 'switches' });
const panel = new recovery.CfnControlPanel(stack, 'Panel', { name: 'app', clusterArn: cluster.attrClusterArn });
const controls = [side('Primary', 'PRIMARY', estate.primary), side('Standby', 'SECONDARY', estate.standby)];

// Both off would not turn traffic off: with nobody healthy Route 53 serves the primary.
new recovery.CfnSafetyRule(stack, 'OneSideOn', {
  name: 'one-side-on',
  controlPanelArn: panel.attrControlPanelArn,
  ruleConfig: { type: 'ATLEAST', threshold: 1, inverted: false },
  assertionRule: { assertedControls: controls.map((control) => control.attrRoutingControlArn), waitPeriodMs: 5000 },
});
new CfnOutput(stack, 'Domain', { value: `app.${estate.domain}` });
const plan = planOf({ primary: 'us-east-1', standby: 'eu-west-1' });
record('PlanPrimaryRecord', 'plan', 'PRIMARY', estate.primary, vendedCheck(plan, 0));
record('PlanStandbyRecord', 'plan', 'SECONDARY', estate.standby, vendedCheck(plan, 1));
new CfnOutput(stack, 'PlanDomain', { value: `plan.${estate.domain}` });
app.synth();

/** A routing control, its health check, and the failover record that goes by it. */
function side(id, failover, address) {
  const control = new recovery.CfnRoutingControl(stack, `${id}Control`, {
    name: id.toLowerCase(),
    controlPanelArn: panel.attrControlPanelArn,
  });
  const check = new route53.CfnHealthCheck(stack, `${id}Check`, {
    healthCheckConfig: { type: 'RECOVERY_CONTROL', routingControlArn: control.attrRoutingControlArn },
  });
  record(`${id}Record`, 'app', failover, address, check.attrHealthCheckId);
  return control;
}

/** One of a pair of failover records. */
function record(id, name, failover, address, healthCheckId) {
  return new route53.CfnRecordSet(stack, id, {
    hostedZoneId: estate.hostedZoneId,
    name: `${name}.${estate.domain}`,
    type: 'A',
    ttl: '60',
    setIdentifier: failover.toLowerCase(),
    failover,
    resourceRecords: [address],
    healthCheckId,
  });
}

/** Activates either Region once somebody has approved it: it makes one health check for each Region and switches them. */
function planOf({ primary, standby }) {
  const executionRole = `arn:aws:iam::${stack.account}:role/region-switch`;
  const approval = { executionApprovalConfig: { approvalRole: executionRole } };
  const checks = {
    route53HealthCheckConfig: { hostedZoneId: estate.hostedZoneId, recordName: `plan.${estate.domain}` },
  };
  return new regionSwitch.CfnPlan(stack, 'Plan', {
    name: 'over',
    executionRole,
    recoveryApproach: 'activePassive',
    primaryRegion: primary,
    regions: [primary, standby],
    workflows: [
      {
        workflowTargetAction: 'activate',
        steps: [
          { name: 'sure', executionBlockType: 'ManualApproval', executionBlockConfiguration: approval },
          { name: 'move', executionBlockType: 'Route53HealthCheck', executionBlockConfiguration: checks },
        ],
      },
    ],
  });
}

/** One of the plan's own health checks, in the order of its Regions. */
function vendedCheck(plan, index) {
  return Fn.select(index, Fn.getAtt(plan.logicalId, 'Route53HealthChecks.HealthCheckIds'));
}

/** Everything that the command line says, or the end of the program with all that is wrong with it. */
function readContext() {
  const required = ['primary', 'standby', 'domain', 'hostedZoneId'];
  const context = Object.fromEntries(required.map((key) => [key, app.node.tryGetContext(key)]));
  const problems = required.filter((key) => !context[key]).map((key) => `The context value "${key}" is missing.`);
  if (problems.length > 0) {
    console.error([...problems, '', USAGE].join('\n'));
    process.exit(2);
  }
  return context;
}
