import type { FunctionUnderEvents } from './serverless-events.ts';
import { addEvents } from './serverless-events.ts';
import { hashOf } from './serverless-ids.ts';
import type { Serverless, ServerlessResource } from './serverless-stack.ts';
import {
  addMade,
  addMain,
  attribute,
  checkProperties,
  givenText,
  passed,
  ref,
  tagsOf,
  textOf,
  withParameters,
} from './serverless-stack.ts';
import type { ServerlessApis } from './serverless-apis.ts';
import type { Node } from './node.ts';
import { get, isScalar, kindInWords } from './node.ts';
import type { WrittenMap } from './written-node.ts';
import { nodeOf } from './written-node.ts';

const TYPE = 'AWS::Serverless::Function';

/** Properties that Lambda's own type has under the same name. */
const SAME = [
  'Architectures CodeSigningConfigArn Description Environment EphemeralStorage FileSystemConfigs',
  'FunctionName Handler ImageConfig KmsKeyArn Layers LoggingConfig MemorySize PackageType RecursiveLoop',
  'ReservedConcurrentExecutions Runtime RuntimeManagementConfig SnapStart Timeout VpcConfig',
]
  .join(' ')
  .split(' ');

const TAKEN = [
  ...SAME,
  ...[
    'AssumeRolePolicyDocument AutoPublishAlias AutoPublishAliasAllProperties AutoPublishCodeSha256',
    'CodeUri Events FunctionUrlConfig ImageUri InlineCode PermissionsBoundary Policies PropagateTags',
    'PublishToLatestPublished Role RolePath SourceKMSKeyArn Tags Tracing VersionDescription',
  ]
    .join(' ')
    .split(' '),
];

const NOT_YET: Readonly<Record<string, string>> = {
  CapacityProviderConfig: 'The function runs as others do.',
  DeadLetterQueue: 'What fails is not queued.',
  DeploymentPreference: 'All traffic goes to the newest version at once.',
  DurableConfig: 'The function runs as others do.',
  EventInvokeConfig: 'Results of asynchronous invocations go nowhere.',
  ProvisionedConcurrencyConfig: 'Environments are started when they are needed.',
  TenancyConfig: 'All requests share the environments.',
};

/** A function, the role that it needs, and what its events, its alias and its URL ask for (RS 8.28 to 8.32, 8.36). */
export function expandFunction(sam: Serverless, from: ServerlessResource, apis: ServerlessApis): void {
  const { logicalId, properties } = from;
  checkProperties(from, TYPE, { taken: TAKEN, notYet: NOT_YET }, sam.tell);
  const code = codeOf(sam, from);
  const tracing = get(properties, 'Tracing');
  addMain(sam, from, 'AWS::Lambda::Function', {
    Code: code,
    ...passed(properties, SAME),
    ...(tracing === undefined ? {} : { TracingConfig: { Mode: tracing } }),
    Role: get(properties, 'Role') ?? attribute(`${logicalId}Role`, 'Arn'),
    Tags: tagsOf(get(properties, 'Tags'), 'lambda:createdBy'),
  });
  if (get(properties, 'Role') === undefined) addRole(sam, from);
  const alias = addAlias(sam, from, code);
  addUrl(sam, from, alias);
  const under: FunctionUnderEvents = { from, arn: alias === undefined ? `${logicalId}.Arn` : alias.logicalId };
  addEvents(sam, under, apis);
}

function addRole(sam: Serverless, from: ServerlessResource): void {
  const { logicalId, properties } = from;
  const policies = get(properties, 'Policies');
  const basic = 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  addMade(sam, from, `${logicalId}Role`, {
    type: 'AWS::IAM::Role',
    properties: {
      AssumeRolePolicyDocument: get(properties, 'AssumeRolePolicyDocument') ?? {
        Version: '2012-10-17',
        Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] } }],
      },
      ManagedPolicyArns: [{ 'Fn::Sub': basic }],
      // Templates of policies and the like are inert here, and stay as they are written.
      ...(policies === undefined ? {} : { Policies: policies }),
      Tags: [{ Key: 'lambda:createdBy', Value: 'SAM' }],
    },
  });
}

/** Inline text, a path as `aws cloudformation package` takes it, or an object in S3 (RS 8.29). */
function codeOf(sam: Serverless, { logicalId, properties, at }: ServerlessResource): Node | undefined {
  const inline = get(properties, 'InlineCode');
  if (inline !== undefined) return nodeOf({ ZipFile: inline }, inline.at);
  const image = get(properties, 'ImageUri');
  if (image !== undefined) return nodeOf({ ImageUri: image }, image.at);
  const uri = get(properties, 'CodeUri');
  if (uri === undefined) {
    sam.tell.error('template/property', at, `${logicalId} needs InlineCode or CodeUri.`, { facts: ['RS 8.29'] });
    return undefined;
  }
  if (isScalar(uri)) {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/([^?]+)/.exec(uri.text) ?? [];
    return bucket === undefined || key === undefined ? uri : nodeOf({ S3Bucket: bucket, S3Key: key }, uri.at);
  }
  const [bucket, key, version] = ['Bucket', 'Key', 'Version'].map((name) => get(uri, name));
  if (bucket !== undefined && key !== undefined)
    return nodeOf({ S3Bucket: bucket, S3Key: key, S3ObjectVersion: version }, uri.at);
  if (uri.kind !== 'unknown') {
    const says = `CodeUri must be a path, s3://bucket/key, or a map with Bucket and Key; this is ${kindInWords(uri)}.`;
    sam.tell.error('template/property', uri.at, says, { facts: ['RS 8.29'] });
  }
  return undefined;
}

/** A version named after the code, and the alias that points to it (RS 8.30). */
function addAlias(
  sam: Serverless,
  from: ServerlessResource,
  code: Node | undefined,
): { readonly logicalId: string } | undefined {
  const { logicalId, properties } = from;
  const written = get(properties, 'AutoPublishAlias');
  if (written === undefined || code === undefined) return undefined;
  const name = givenText(properties, 'AutoPublishAlias', sam);
  if (name === undefined) {
    const says = 'AutoPublishAlias must be a text or name a parameter: logical ids are made of it.';
    if (written.kind !== 'unknown') sam.tell.error('template/property', written.at, says, { facts: ['RS 8.30'] });
    return undefined;
  }
  const given = givenText(properties, 'AutoPublishCodeSha256', sam)?.slice(0, 10);
  const version = `${logicalId}Version${given ?? hashOf(withParameters(code, sam.parameters))}`;
  const alias = `${logicalId}Alias${name}`;
  addMade(sam, from, version, {
    type: 'AWS::Lambda::Version',
    properties: { FunctionName: ref(logicalId), Description: get(properties, 'VersionDescription') },
  });
  addMade(sam, from, alias, {
    type: 'AWS::Lambda::Alias',
    properties: { FunctionName: ref(logicalId), FunctionVersion: attribute(version, 'Version'), Name: name },
  });
  sam.properties.set(`${logicalId}.Version`, version).set(`${logicalId}.Alias`, alias);
  return { logicalId: alias };
}

function addUrl(sam: Serverless, from: ServerlessResource, alias: { readonly logicalId: string } | undefined): void {
  const { logicalId, properties } = from;
  const config = get(properties, 'FunctionUrlConfig');
  if (config?.kind !== 'map') {
    if (config !== undefined && config.kind !== 'unknown')
      sam.tell.error('template/property', config.at, 'FunctionUrlConfig must be a map with AuthType.');
    return;
  }
  const authType = get(config, 'AuthType');
  if (authType === undefined) {
    sam.tell.error('template/property', config.at, 'FunctionUrlConfig needs AuthType: NONE or AWS_IAM.');
    return;
  }
  const qualifier = alias === undefined ? undefined : givenText(properties, 'AutoPublishAlias', sam);
  addMade(sam, from, `${logicalId}Url`, {
    type: 'AWS::Lambda::Url',
    properties: {
      TargetFunctionArn: ref(logicalId),
      AuthType: authType,
      Qualifier: qualifier,
      ...passed(config, ['Cors', 'InvokeMode']),
    },
  });
  if (textOf(authType) !== 'NONE') return;
  const permission = (action: string, more: WrittenMap): { type: string; properties: WrittenMap } => ({
    type: 'AWS::Lambda::Permission',
    properties: { Action: action, FunctionName: ref(alias?.logicalId ?? logicalId), Principal: '*', ...more },
  });
  addMade(
    sam,
    from,
    `${logicalId}UrlPublicPermissions`,
    permission('lambda:InvokeFunctionUrl', { FunctionUrlAuthType: authType }),
  );
  const invoked = permission('lambda:InvokeFunction', { InvokedViaFunctionUrl: true });
  addMade(sam, from, `${logicalId}URLInvokeAllowPublicAccess`, invoked);
}
