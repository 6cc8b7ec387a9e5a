import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as recovery from 'aws-cdk-lib/aws-route53recoverycontrol';
import * as route53 from 'aws-cdk-lib/aws-route53';

/*
 * Two servers, and a switch for each: a cluster of Application Recovery Controller with a routing control for either side,
 * health checks that follow the controls, and failover records that go by the checks. A safety rule keeps one side on.
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
  new route53.CfnRecordSet(stack, `${id}Record`, {
    hostedZoneId: estate.hostedZoneId,
    name: `app.${estate.domain}`,
    type: 'A',
    ttl: '60',
    setIdentifier: id.toLowerCase(),
    failover,
    resourceRecords: [address],
    healthCheckId: check.attrHealthCheckId,
  });
  return control;
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
