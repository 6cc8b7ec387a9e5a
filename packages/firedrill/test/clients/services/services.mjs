/* Calls every service of a world by the SDK for JavaScript, to write and to read; a line of JSON for each service. */

import { ACM } from '@aws-sdk/client-acm';
import { APIGateway } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { CloudFormation, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { CloudFront } from '@aws-sdk/client-cloudfront';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { DynamoDB, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { ResourceGroupsTaggingAPI } from '@aws-sdk/client-resource-groups-tagging-api';
import { Route53, waitUntilResourceRecordSetsChanged } from '@aws-sdk/client-route-53';
import { S3 } from '@aws-sdk/client-s3';
import { SSM } from '@aws-sdk/client-ssm';
import { STS } from '@aws-sdk/client-sts';
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { zipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

const MEGABYTE = 1024 * 1024;
const NOBODY = JSON.stringify({ Version: '2012-10-17', Statement: [] });
const TEMPLATE = {
  Resources: {
    Rest: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'rest-by-sdk' } },
    Http: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'http-by-sdk', ProtocolType: 'HTTP' } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'role-of-sdk', AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
    },
  },
};
// In a world waits settle at once; a client that asks once a second asks once.
const waiting = (client) => ({ client, maxWaitTime: 600, minDelay: 1, maxDelay: 1 });

function tell(service, seen) {
  process.stdout.write(`${JSON.stringify({ service, ...seen })}\n`);
}

async function codeOf(promise) {
  return await promise.then(
    () => 'no error',
    ({ name }) => name,
  );
}

async function cloudformation() {
  const client = new CloudFormation();
  await client.createStack({
    StackName: 'by-sdk',
    TemplateBody: JSON.stringify(TEMPLATE),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  await waitUntilStackCreateComplete(waiting(client), { StackName: 'by-sdk' });
  const { StackResourceSummaries } = await client.listStackResources({ StackName: 'by-sdk' });
  const ids = Object.fromEntries(
    StackResourceSummaries.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]),
  );
  const { Stacks } = await client.describeStacks({ StackName: 'by-sdk' });
  tell('cloudformation', { status: Stacks[0].StackStatus, resources: Object.keys(ids).toSorted() });
  return ids;
}

async function s3() {
  const client = new S3();
  const Bucket = 'bucket-of-sdk';
  await client.createBucket({ Bucket });
  await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
  const versioning = (await client.getBucketVersioning({ Bucket })).Status;
  const body = Buffer.alloc(6 * MEGABYTE, 'firedrill');
  const large = { Bucket, Key: 'large' };
  const { UploadId } = await client.createMultipartUpload({ ...large, ChecksumAlgorithm: 'SHA256' });
  const Parts = [];
  for (const [index, Body] of [body.subarray(0, 5 * MEGABYTE), body.subarray(5 * MEGABYTE)].entries()) {
    const PartNumber = index + 1;
    const { ETag, ChecksumSHA256 } = await client.uploadPart({
      ...large,
      UploadId,
      PartNumber,
      Body,
      ChecksumAlgorithm: 'SHA256',
    });
    Parts.push({ PartNumber, ETag, ChecksumSHA256 });
  }
  await client.completeMultipartUpload({ ...large, UploadId, MultipartUpload: { Parts } });
  const read = await client.getObject({ ...large, ChecksumMode: 'ENABLED' });
  const whole = body.equals(Buffer.from(await read.Body.transformToByteArray()));
  // A body of unknown checksum goes in chunks, with the checksum behind them (aws-chunked).
  const stream = Readable.from([Buffer.from('sma'), Buffer.from('ll')]);
  await client.putObject({ Bucket, Key: 'small', Body: stream, ContentLength: 5, ChecksumAlgorithm: 'SHA256' });
  const small = await client.headObject({ Bucket, Key: 'small', ChecksumMode: 'ENABLED' });
  const wrong = createHash('md5').update('other').digest('base64');
  const { Contents } = await client.listObjectsV2({ Bucket });
  tell('s3', {
    versioning,
    whole,
    parts: read.ETag.replaceAll('"', '').split('-')[1],
    sameChecksum: small.ChecksumSHA256 === createHash('sha256').update('small').digest('base64'),
    refused: await codeOf(client.putObject({ Bucket, Key: 'bad', Body: 'bad', ContentMD5: wrong })),
    keys: Contents.map(({ Key }) => Key),
  });
}

async function route53() {
  const client = new Route53();
  const { HostedZone } = await client.createHostedZone({ Name: 'sdk.example.net', CallerReference: 'sdk' });
  const HostedZoneId = HostedZone.Id;
  const ResourceRecordSet = {
    Name: 'www.sdk.example.net',
    Type: 'A',
    TTL: 60,
    ResourceRecords: [{ Value: '192.0.2.1' }],
  };
  const ChangeBatch = { Changes: [{ Action: 'CREATE', ResourceRecordSet }] };
  const { ChangeInfo } = await client.changeResourceRecordSets({ HostedZoneId, ChangeBatch });
  await waitUntilResourceRecordSetsChanged(waiting(client), { Id: ChangeInfo.Id });
  const { ResourceRecordSets } = await client.listResourceRecordSets({ HostedZoneId });
  tell('route53', { records: ResourceRecordSets.map(({ Type, Name }) => `${Type} ${Name}`) });
}

async function cloudfront() {
  const client = new CloudFront();
  const CustomOriginConfig = { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' };
  const DistributionConfig = {
    CallerReference: 'sdk',
    Comment: 'by sdk',
    Enabled: true,
    Origins: { Quantity: 1, Items: [{ Id: 'o', DomainName: 'orders.example.com', CustomOriginConfig }] },
    DefaultCacheBehavior: {
      TargetOriginId: 'o',
      ViewerProtocolPolicy: 'allow-all',
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    },
  };
  const { Distribution } = await client.createDistribution({ DistributionConfig });
  const read = (await client.getDistribution({ Id: Distribution.Id })).Distribution;
  tell('cloudfront', { comment: read.DistributionConfig.Comment });
}

async function cloudwatch() {
  const client = new CloudWatch();
  const sent = [];
  const note = (next) => async (args) => {
    sent.push(args.request.headers['content-type']);
    return await next(args);
  };
  client.middlewareStack.add(note, { step: 'finalizeRequest', priority: 'low', name: 'note' });
  const metric = { Namespace: 'Sdk', MetricName: 'Down' };
  const rule = { Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1, Threshold: 1 };
  const ComparisonOperator = 'GreaterThanOrEqualToThreshold';
  await client.putMetricAlarm({ AlarmName: 'by-sdk', ...metric, ...rule, ComparisonOperator });
  await client.putMetricData({ Namespace: 'Sdk', MetricData: [{ MetricName: 'Down', Value: 0 }] });
  const { MetricAlarms } = await client.describeAlarms({ AlarmNames: ['by-sdk'] });
  // As other SDKs do by themselves.
  const byCbor = new CloudWatch({ protocol: AwsSmithyRpcV2CborProtocol });
  const again = await byCbor.describeAlarms({ AlarmNames: ['by-sdk'] });
  tell('cloudwatch', {
    byCbor: again.MetricAlarms.map(({ AlarmName }) => AlarmName),
    alarms: MetricAlarms.map(({ MetricName }) => MetricName),
    contentType: sent[0],
  });
}

async function functions() {
  const client = new Lambda();
  const archive = zipSync({ 'index.js': Buffer.from('exports.handler = async ({ n }) => ({ twice: n * 2 });') });
  await new S3().putObject({ Bucket: 'bucket-of-sdk', Key: 'code.zip', Body: archive });
  const { FunctionArn } = await client.createFunction({
    FunctionName: 'by-sdk',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::123456789012:role/role-of-sdk',
    Code: { S3Bucket: 'bucket-of-sdk', S3Key: 'code.zip' },
    Tags: { by: 'sdk' },
  });
  await waitUntilFunctionActiveV2(waiting(client), { FunctionName: 'by-sdk' });
  const { Payload } = await client.invoke({ FunctionName: 'by-sdk', Payload: JSON.stringify({ n: 21 }) });
  const { Configuration } = await client.getFunction({ FunctionName: 'by-sdk' });
  tell('lambda', { answer: JSON.parse(Buffer.from(Payload).toString()), handler: Configuration.Handler });
  return FunctionArn;
}

async function gateways({ Rest: restApiId, Http: ApiId }) {
  const rest = new APIGateway();
  const patchOperations = [{ op: 'replace', path: '/disableExecuteApiEndpoint', value: 'true' }];
  await rest.updateRestApi({ restApiId, patchOperations });
  const { name, disableExecuteApiEndpoint } = await rest.getRestApi({ restApiId });
  tell('apigateway', { name, disabled: disableExecuteApiEndpoint });
  const http = new ApiGatewayV2();
  await http.updateApi({ ApiId, DisableExecuteApiEndpoint: true });
  const { Name, DisableExecuteApiEndpoint } = await http.getApi({ ApiId });
  tell('apigatewayv2', { name: Name, disabled: DisableExecuteApiEndpoint });
}

async function acm() {
  const client = new ACM();
  const wanted = { DomainName: 'sdk.example.com', ValidationMethod: 'DNS' };
  const { CertificateArn } = await client.requestCertificate(wanted);
  tell('acm', { name: (await client.describeCertificate({ CertificateArn })).Certificate.DomainName });
}

async function dynamodb() {
  const client = new DynamoDB();
  const TableName = 'by-sdk';
  await client.createTable({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await waitUntilTableExists(waiting(client), { TableName });
  const item = (n) => ({ TableName, Item: { id: { S: 'a' }, n: { N: n } } });
  await client.putItem(item('1'));
  const taken = await codeOf(client.putItem({ ...item('2'), ConditionExpression: 'attribute_not_exists(id)' }));
  const { Item } = await client.getItem({ TableName, Key: { id: { S: 'a' } }, ConsistentRead: true });
  tell('dynamodb', { n: Number(Item.n.N), taken });
}

async function ssm() {
  const client = new SSM();
  await client.putParameter({ Name: '/by/sdk', Value: 'yes', Type: 'String' });
  tell('ssm', { value: (await client.getParameter({ Name: '/by/sdk' })).Parameter.Value });
}

async function identities() {
  const client = new IAM();
  await client.createRole({ RoleName: 'by-sdk', AssumeRolePolicyDocument: NOBODY });
  const { Role } = await client.getRole({ RoleName: 'by-sdk' });
  tell('iam', { name: Role.RoleName });
  const sts = new STS();
  const RoleArn = 'arn:aws:iam::123456789012:role/role-of-sdk';
  const { AssumedRoleUser } = await sts.assumeRole({ RoleArn, RoleSessionName: 'session' });
  tell('sts', { account: (await sts.getCallerIdentity({})).Account, user: AssumedRoleUser.Arn });
}

async function tagging(Resource) {
  await new Lambda().tagResource({ Resource, Tags: { team: 'sdk' } });
  const client = new ResourceGroupsTaggingAPI();
  const { ResourceTagMappingList } = await client.getResources({ TagFilters: [{ Key: 'team', Values: ['sdk'] }] });
  tell('tagging', { found: ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN.split(':').at(-1)) });
}

const stack = await cloudformation();
await s3();
await route53();
await cloudfront();
await cloudwatch();
const functionArn = await functions();
await gateways(stack);
await acm();
await dynamodb();
await ssm();
await identities();
await tagging(functionArn);
