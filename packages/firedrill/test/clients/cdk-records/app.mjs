import { App, CfnResource, Stack } from 'aws-cdk-lib';

/* Two records, the second with whatever the context says is its TTL: one that is no number cannot be deployed. */

const app = new App();
const stack = new Stack(app, 'Records', { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: 'eu-west-1' } });
const first = record('First', 'first.example.com', '60');
record('Second', 'second.example.com', app.node.tryGetContext('ttl')).addDependency(first);
app.synth();

function record(id, name, TTL) {
  const properties = { HostedZoneId: 'Z0EXAMPLE', Name: name, Type: 'A', TTL, ResourceRecords: ['192.0.2.1'] };
  return new CfnResource(stack, id, { type: 'AWS::Route53::RecordSet', properties });
}
