import { fileURLToPath } from 'node:url';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import * as accelerator from 'aws-cdk-lib/aws-globalaccelerator';
import { ApplicationLoadBalancerEndpoint } from 'aws-cdk-lib/aws-globalaccelerator-endpoints';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { GlobalAcceleratorTarget } from 'aws-cdk-lib/aws-route53-targets';

/*
 * One application in two Regions, each an Application Load Balancer in front of a function, reached in two ways:
 * accelerated.DOMAIN by an accelerator, failover.DOMAIN by Route 53 failover records that follow the load balancers' health.
 */

const USAGE = `Say where to deploy, by context:
  -c primary=eu-west-1 -c backup=us-east-1 -c domain=example.com -c hostedZoneId=Z0EXAMPLE
and, if you like:
  -c checks=off   leave the functions unchecked, as a target group does unless it is told otherwise`;

const app = new App();
const estate = readContext();
const account = process.env.CDK_DEFAULT_ACCOUNT;
// Named here, so that nothing has to be looked up in an account before the app can be read.
for (const region of [estate.primary, estate.backup]) {
  app.node.setContext(`availability-zones:account=${account}:region=${region}`, [`${region}a`, `${region}b`]);
}

const primary = deployTo('Primary', estate.primary, 'PRIMARY');
const backup = deployTo('Backup', estate.backup, 'SECONDARY');
accelerate([primary, backup]);
app.synth();

/** A load balancer in front of a function, with a certificate for both names and a failover record of its own. */
function deployTo(id, region, role) {
  const stack = new Stack(app, `Accelerated${id}`, { env: { account, region }, crossRegionReferences: true });
  const zone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: estate.hostedZoneId,
    zoneName: estate.domain,
  });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'public', subnetType: ec2.SubnetType.PUBLIC }],
    restrictDefaultSecurityGroup: false,
  });
  const handler = new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(fileURLToPath(new URL('function', import.meta.url))),
  });
  const balancer = new elb.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
  const certificate = new acm.Certificate(stack, 'Certificate', {
    domainName: `accelerated.${estate.domain}`,
    subjectAlternativeNames: [`failover.${estate.domain}`],
    validation: acm.CertificateValidation.fromDns(zone),
  });
  // Without this a load balancer never looks at its functions: they count as healthy for good.
  const check = { enabled: true, path: '/health', interval: Duration.seconds(10), timeout: Duration.seconds(5) };
  balancer.addListener('Https', { port: 443, certificates: [certificate] }).addTargets('Application', {
    targets: [new LambdaTarget(handler)],
    healthCheck:
      estate.checks === 'off' ? { enabled: false } : { ...check, healthyThresholdCount: 2, unhealthyThresholdCount: 2 },
  });
  new route53.CfnRecordSet(stack, 'Failover', {
    hostedZoneId: estate.hostedZoneId,
    name: `failover.${estate.domain}`,
    type: 'A',
    setIdentifier: region,
    failover: role,
    aliasTarget: {
      dnsName: balancer.loadBalancerDnsName,
      hostedZoneId: balancer.loadBalancerCanonicalHostedZoneId,
      evaluateTargetHealth: true,
    },
  });
  return { stack, region, balancer };
}

/** Both Regions behind the same two addresses. */
function accelerate(regions) {
  const stack = new Stack(app, 'Accelerator', {
    env: { account, region: estate.primary },
    crossRegionReferences: true,
  });
  const own = new accelerator.Accelerator(stack, 'Accelerator');
  const listener = own.addListener('Https', { portRanges: [{ fromPort: 443 }] });
  for (const { region, balancer } of regions) {
    listener.addEndpointGroup(region, {
      region,
      endpoints: [new ApplicationLoadBalancerEndpoint(balancer, { preserveClientIp: true })],
    });
  }
  const zone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: estate.hostedZoneId,
    zoneName: estate.domain,
  });
  new route53.ARecord(stack, 'Name', {
    zone,
    recordName: `accelerated.${estate.domain}`,
    target: route53.RecordTarget.fromAlias(new GlobalAcceleratorTarget(own)),
  });
}

/** Everything that the command line says, or the end of the program with all that is wrong with it. */
function readContext() {
  const required = ['primary', 'backup', 'domain', 'hostedZoneId'];
  const context = Object.fromEntries(required.map((key) => [key, app.node.tryGetContext(key)]));
  const problems = required.filter((key) => !context[key]).map((key) => `The context value "${key}" is missing.`);
  const checks = app.node.tryGetContext('checks') ?? 'on';
  if (!['on', 'off'].includes(checks)) {
    problems.push(`The context value "checks" is "${checks}"; it can be "off" or be left out.`);
  }
  if (context.primary && context.primary === context.backup) {
    problems.push(`"primary" and "backup" are both ${context.primary}; there is no Region to fail over to.`);
  }
  if (problems.length > 0) {
    console.error([...problems, '', USAGE].join('\n'));
    process.exit(2);
  }
  return { ...context, checks };
}
