import { addRestDomain } from './serverless-domain.ts';
import { hashOf, hashOfText, isAlphanumeric } from './serverless-ids.ts';
import type { ServerlessApi, ServerlessRoute } from './serverless-apis.ts';
import { IMPLICIT_STAGE, isManaged } from './serverless-apis.ts';
import { corsMethod } from './serverless-cors.ts';
import type { RecordSetGroups } from './serverless-records.ts';
import type { Serverless, ServerlessResource } from './serverless-stack.ts';
import { addMade, addMain, checkProperties, passed, ref, tagsOf } from './serverless-stack.ts';
import type { Node } from './node.ts';
import { get, isScalar, text } from './node.ts';
import type { Written, WrittenMap } from './written-node.ts';
import { nodeOf } from './written-node.ts';

const TYPE = 'AWS::Serverless::Api';

const TAKEN = [
  'AccessLogSetting ApiKeySourceType BinaryMediaTypes CacheClusterEnabled CacheClusterSize',
  'CanarySetting Cors DefinitionBody Description DisableExecuteApiEndpoint Domain EndpointConfiguration',
  'FailOnWarnings MethodSettings MinimumCompressionSize Mode Models Name OpenApiVersion PropagateTags',
  'SecurityPolicy StageName Tags TracingEnabled Variables',
]
  .join(' ')
  .split(' ');

const NOT_YET: Readonly<Record<string, string>> = {
  AlwaysDeploy: 'Every deployment is the newest anyway.',
  Auth: 'Firedrill does not authorize; requests pass.',
  DefinitionUri: 'Paths of a definition in S3 are left out; write them as DefinitionBody.',
  GatewayResponses: "API Gateway's own answers stay as they are by default.",
  MergeDefinitions: 'The definition stays as it is written, without the paths of events.',
};

/** A REST API with its stage, its deployment and its domain name (RS 8.31, 8.33, 8.34). */
export function expandApi(sam: Serverless, api: ServerlessApi, groups: RecordSetGroups): void {
  const { resource } = api;
  const { logicalId, properties } = resource;
  checkProperties(resource, TYPE, { taken: TAKEN, notYet: NOT_YET }, sam.tell);
  const stageName = get(properties, 'StageName');
  if (stageName === undefined && !api.isImplicit) {
    sam.tell.error('template/property', resource.at, `${logicalId} needs StageName.`, { facts: ['RS 8.33'] });
    return;
  }
  const body = bodyOf(sam, api);
  const disabled = get(properties, 'DisableExecuteApiEndpoint');
  const endpoint = get(properties, 'EndpointConfiguration');
  addMain(sam, resource, 'AWS::ApiGateway::RestApi', {
    Body: body,
    ...(disabled === undefined ? {} : { DisableExecuteApiEndpoint: disabled }),
    ...(endpoint === undefined ? {} : { EndpointConfiguration: endpointOf(endpoint) }),
    ...passed(properties, ['ApiKeySourceType', 'BinaryMediaTypes', 'Description', 'FailOnWarnings', 'Mode', 'Name']),
    ...passed(properties, ['MinimumCompressionSize', 'SecurityPolicy']),
  });
  const stage = addStage(sam, api, { stageName: stageName ?? text(IMPLICIT_STAGE, resource.at), body });
  addRestDomain(sam, resource, { stage }, groups);
}

/** `REGIONAL` alone, or a map with Type. */
function endpointOf(written: Node): Written {
  if (written.kind !== 'map') return { Types: [written] };
  const type = get(written, 'Type');
  return type === undefined ? written : { Types: [type], VpcEndpointIds: get(written, 'VPCEndpointIds') };
}

/** What users wrote, or an outline filled by events (RS 8.31). */
function bodyOf(sam: Serverless, api: ServerlessApi): Node | undefined {
  const { resource, routes } = api;
  const { properties, at } = resource;
  if (!isManaged(api)) return get(properties, 'DefinitionBody');
  const version = get(properties, 'OpenApiVersion');
  const cors = get(properties, 'Cors');
  const paths = pathsOf(routes, (path, own) => {
    if (cors === undefined || own.some(({ method }) => method === 'options')) return {};
    return { options: corsMethod(sam, cors, own) };
  });
  return nodeOf(
    {
      ...(version === undefined ? { swagger: '2.0' } : { openapi: version }),
      info: { version: '1.0', title: ref('AWS::StackName') },
      paths,
    },
    at,
  );
}

/** Operations by path and method; those of a function that may be missing are conditional too. */
export function pathsOf(
  routes: readonly ServerlessRoute[],
  more: (path: string, own: readonly ServerlessRoute[]) => WrittenMap,
): WrittenMap {
  const paths: Record<string, Written> = {};
  for (const path of new Set(routes.map((route) => route.path))) {
    const own = routes.filter((route) => route.path === path);
    const operations: Record<string, Written | undefined> = {};
    for (const { method, integration, condition, at } of own) {
      const operation = { 'x-amazon-apigateway-integration': integration, responses: {} };
      // Two functions with conditions of their own may share a method: the later one is asked first.
      const otherwise = operations[method] ?? ref('AWS::NoValue');
      operations[method] = nodeOf(
        condition === undefined ? operation : { 'Fn::If': [condition, operation, otherwise] },
        at,
      );
    }
    paths[path] = { ...operations, ...more(path, own) };
  }
  return paths;
}

function addStage(
  sam: Serverless,
  api: ServerlessApi,
  { stageName, body }: { readonly stageName: Node; readonly body: Node | undefined },
): string {
  const { resource } = api;
  const { logicalId, properties } = resource;
  const deployment = `${logicalId}Deployment${body === undefined ? '' : hashOf(body)}`;
  const stage = stageIdOf(resource, isScalar(stageName) ? stageName.text : undefined);
  const extra = get(properties, 'OpenApiVersion') === undefined;
  addMade(sam, resource, deployment, {
    type: 'AWS::ApiGateway::Deployment',
    properties: { RestApiId: ref(logicalId), ...(extra ? { StageName: 'Stage' } : {}) },
  });
  addMade(sam, resource, stage, {
    type: 'AWS::ApiGateway::Stage',
    properties: {
      RestApiId: ref(logicalId),
      DeploymentId: ref(deployment),
      StageName: stageName,
      ...passed(properties, ['AccessLogSetting', 'CacheClusterEnabled', 'CacheClusterSize', 'CanarySetting']),
      ...passed(properties, ['MethodSettings', 'TracingEnabled', 'Variables']),
      ...(get(properties, 'Tags') === undefined ? {} : { Tags: tagsOf(get(properties, 'Tags'), 'lambda:createdBy') }),
    },
  });
  sam.properties.set(`${logicalId}.Stage`, stage).set(`${logicalId}.Deployment`, deployment);
  return stage;
}

/** RS 8.33, 8.34b: a name that is to be evaluated leaves no trace in the logical id. */
export function stageIdOf({ logicalId }: ServerlessResource, name: string | undefined): string {
  if (name === undefined || name === '') return `${logicalId}Stage`;
  if (name === '$default') return `${logicalId}ApiGatewayDefaultStage`;
  return isAlphanumeric(name) ? `${logicalId}${name}Stage` : `${logicalId}Stage${hashOfText(name)}`;
}

/** Condition of what is made for an implicit API alone: it is there when one of its functions is (RS 8.39). */
export function conditionOf(api: ServerlessApi): readonly string[] | undefined {
  const names = new Set(api.conditions);
  return names.has(undefined) || names.size === 0 ? undefined : [...names].filter((name) => name !== undefined);
}
