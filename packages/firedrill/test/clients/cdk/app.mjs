import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { EndpointType, LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnHealthCheck, CfnRecordSet, HostedZone } from 'aws-cdk-lib/aws-route53';

/*
 * Somebody's app: deployed to one Region at a time, first with the context failover=SECONDARY, then as the primary.
 */

const app = new App();
const failover = app.node.tryGetContext('failover') ?? 'PRIMARY';
const zoneName = app.node.tryGetContext('zoneName');
const hostedZoneId = app.node.tryGetContext('zoneId');
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };

const stack = new Stack(app, 'Shop', { env });
const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId, zoneName });
const domainName = `shop.${zoneName}`;
const handler = new LambdaFunction(stack, 'Handler', {
  runtime: Runtime.NODEJS_20_X,
  handler: 'index.handler',
  code: Code.fromAsset(new URL('handler', import.meta.url).pathname),
  timeout: Duration.seconds(5),
  environment: { FAILOVER: failover },
});
const api = new LambdaRestApi(stack, 'Api', {
  handler,
  endpointTypes: [EndpointType.REGIONAL],
  domainName: {
    domainName,
    endpointType: EndpointType.REGIONAL,
    certificate: new Certificate(stack, 'Certificate', {
      domainName,
      validation: CertificateValidation.fromDns(zone),
    }),
  },
});
const check = new CfnHealthCheck(stack, 'Check', {
  healthCheckConfig: {
    type: 'HTTPS',
    fullyQualifiedDomainName: `${api.restApiId}.execute-api.${stack.region}.amazonaws.com`,
    resourcePath: '/prod/health',
    port: 443,
    requestInterval: 10,
    failureThreshold: 2,
  },
});
new CfnRecordSet(stack, 'Record', {
  hostedZoneId,
  name: domainName,
  type: 'CNAME',
  ttl: '60',
  setIdentifier: failover,
  failover,
  healthCheckId: failover === 'PRIMARY' ? check.attrHealthCheckId : undefined,
  resourceRecords: [api.domainName.domainNameAliasDomainName],
});
new CfnOutput(stack, 'Url', { value: `https://${domainName}/` });

const UNDERSTOOD = ['aws:cloudformation:stack', 'cdk:asset-manifest', 'cdk:tree'];

// An old CLI says which assemblies it can read; of what newer ones say besides, this app has nothing.
const { directory } = app.synth();
const understood = process.env.CDK_CLI_ASM_VERSION;
if (understood !== undefined) {
  for (const name of readdirSync(directory).filter((each) => /^manifest\.json$|\.assets\.json$/.test(each))) {
    const file = join(directory, name);
    const { version, artifacts, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    if (Number.parseInt(understood, 10) >= Number.parseInt(version, 10)) continue;
    const known = Object.entries(artifacts ?? {}).filter(([, { type }]) => UNDERSTOOD.includes(type));
    const kept = artifacts === undefined ? {} : { artifacts: Object.fromEntries(known) };
    writeFileSync(file, JSON.stringify({ version: understood, ...kept, ...rest }));
  }
}
