import { fileURLToPath } from 'node:url';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';

/*
 * One API in two or more Regions, all of which answer. Behind CloudFront, whose edge locations find it by two names:
 * nearest.DOMAIN by latency records, shared.DOMAIN by weighted ones. A health check for each Region takes it out of both.
 */

const USAGE = `Say where to deploy, by context:
  -c regions=eu-west-1,us-east-1 -c domain=example.com -c hostedZoneId=Z0EXAMPLE
and, if you like:
  -c weights=90,10   how much of shared.DOMAIN each Region takes (equal shares unless given; 0 drains it)`;

const app = new App();
const estate = readContext();
const account = process.env.CDK_DEFAULT_ACCOUNT;
const stacks = estate.regions.map((region, i) => deployTo(region, estate.weights[i]));
distribute(stacks[0]);
app.synth();

/** The API in one Region, under both names. */
function deployTo(region, weight) {
  const stack = new Stack(app, `ActiveActive-${region}`, { env: { account, region } });
  const zone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: estate.hostedZoneId,
    zoneName: estate.domain,
  });
  const handler = new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(fileURLToPath(new URL('function', import.meta.url))),
  });
  const api = new apigateway.LambdaRestApi(stack, 'Api', {
    handler,
    endpointTypes: [apigateway.EndpointType.REGIONAL],
    deployOptions: { stageName: 'prod' },
    integrationOptions: { allowTestInvoke: false },
    cloudWatchRole: false,
  });
  // By its own name, never by one that the check itself steers.
  const healthCheck = new route53.HealthCheck(stack, 'HealthCheck', {
    type: route53.HealthCheckType.HTTPS,
    fqdn: `${api.restApiId}.execute-api.${region}.amazonaws.com`,
    resourcePath: '/prod/health',
    requestInterval: Duration.seconds(10),
    failureThreshold: 3,
    enableSNI: true,
  });
  healthCheck.node.addDependency(api.deploymentStage);
  new CfnOutput(stack, 'HealthCheckId', { value: healthCheck.healthCheckId });
  const routing = { nearest: { region }, shared: { weight } };
  for (const [label, policy] of Object.entries(routing)) {
    const name = `${label}.${estate.domain}`;
    const domain = api.addDomainName(label, {
      domainName: name,
      endpointType: apigateway.EndpointType.REGIONAL,
      certificate: new acm.Certificate(stack, `${label}Certificate`, {
        domainName: name,
        validation: acm.CertificateValidation.fromDns(zone),
      }),
    });
    // What somebody has to say who changes the record: an UPSERT gives it whole.
    const title = label[0].toUpperCase() + label.slice(1);
    new CfnOutput(stack, `${title}Target`, { value: domain.domainNameAliasDomainName });
    new CfnOutput(stack, `${title}TargetZone`, { value: domain.domainNameAliasHostedZoneId });
    new route53.CfnRecordSet(stack, `${label}Record`, {
      hostedZoneId: estate.hostedZoneId,
      name,
      type: 'A',
      setIdentifier: region,
      ...policy,
      healthCheckId: healthCheck.healthCheckId,
      aliasTarget: {
        dnsName: domain.domainNameAliasDomainName,
        hostedZoneId: domain.domainNameAliasHostedZoneId,
        evaluateTargetHealth: true,
      },
    });
  }
  return stack;
}

/** A distribution for each name; nothing is cached, so that every answer is a Region's own. */
function distribute(stack) {
  for (const label of ['Nearest', 'Shared']) {
    const distribution = new cloudfront.Distribution(stack, `${label}Distribution`, {
      defaultBehavior: {
        origin: new origins.HttpOrigin(`${label.toLowerCase()}.${estate.domain}`, {
          connectionAttempts: 2,
          connectionTimeout: Duration.seconds(2),
          readTimeout: Duration.seconds(10),
        }),
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      },
    });
    new CfnOutput(stack, `${label}Domain`, { value: distribution.distributionDomainName });
  }
}

/** Everything that the command line says, or the end of the program with all that is wrong with it. */
function readContext() {
  const required = ['regions', 'domain', 'hostedZoneId'];
  const context = Object.fromEntries(required.map((key) => [key, app.node.tryGetContext(key)]));
  const problems = required.filter((key) => !context[key]).map((key) => `The context value "${key}" is missing.`);
  const regions = listIn(context.regions);
  const written = app.node.tryGetContext('weights');
  const weights = written === undefined ? regions.map(() => 1) : listIn(written).map(Number);
  if (context.regions && new Set(regions).size < 2)
    problems.push('"regions" must name two Regions or more, by commas.');
  if (
    weights.length !== regions.length ||
    weights.some((each) => !(Number.isInteger(each) && each >= 0 && each <= 255))
  ) {
    problems.push(`"weights" is "${written}"; it has a whole number from 0 to 255 for each of the Regions.`);
  }
  if (problems.length > 0) {
    console.error([...problems, '', USAGE].join('\n'));
    process.exit(2);
  }
  return { ...context, regions, weights };
}

function listIn(text) {
  return String(text ?? '')
    .split(',')
    .filter((item) => item !== '');
}
