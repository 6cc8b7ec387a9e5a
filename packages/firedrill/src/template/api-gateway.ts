import type { Place } from '../model/index.ts';
import {
  INTEGRATION,
  integrationOfMethod,
  integrationOfOperation,
  restIntegration,
} from './api-gateway-integration.ts';
import { apiGatewayZoneId, CLOUDFRONT_ZONE_ID } from './alias-zones.ts';
import type { Draft } from './draft.ts';
import { domainName } from './names.ts';
import type { Node } from './node.ts';
import { disablesEndpoint, readOpenApi } from './openapi.ts';
import { LOWER_ALPHANUMERIC, idFrom } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import type { Placed } from './shape.ts';
import {
  anyText,
  anything,
  boolean,
  inert,
  inertFields,
  listOf,
  notYet,
  oneOf,
  optional,
  placed,
  recordOf,
  required,
  shape,
  text,
} from './shape.ts';

const ENDPOINT = shape('EndpointConfiguration', {
  Types: optional(listOf(placed(oneOf(['EDGE', 'REGIONAL', 'PRIVATE'])))),
  ...inertFields('IpAddressType', 'VpcEndpointIds'),
});

const REST_API = shape('AWS::ApiGateway::RestApi', {
  Name: optional(text()),
  DisableExecuteApiEndpoint: optional(boolean),
  EndpointConfiguration: optional(ENDPOINT),
  Body: optional(anything),
  BodyS3Location: notYet('Paths of an OpenAPI body are left out; write them as Resource and Method.'),
  Policy: notYet('The resource policy is not applied; nobody is refused by it.'),
  BinaryMediaTypes: notYet('Bodies pass as text.'),
  MinimumCompressionSize: notYet('Answers are not compressed.'),
  ...inertFields('ApiKeySourceType', 'CloneFrom', 'Description', 'EndpointAccessMode', 'FailOnWarnings', 'Mode'),
  ...inertFields('Parameters', 'SecurityPolicy', 'Tags'),
});

const RESOURCE = shape('AWS::ApiGateway::Resource', {
  RestApiId: required(text()),
  ParentId: required(text()),
  PathPart: required(text()),
});

const METHOD = shape('AWS::ApiGateway::Method', {
  RestApiId: required(text()),
  ResourceId: required(text()),
  HttpMethod: required(oneOf(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'ANY'])),
  AuthorizationType: optional(placed(oneOf(['NONE', 'AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS']))),
  Integration: optional(INTEGRATION),
  ApiKeyRequired: optional(placed(boolean)),
  ...inertFields('AuthorizationScopes', 'AuthorizerId', 'MethodResponses', 'OperationName'),
  ...inertFields('RequestModels', 'RequestParameters', 'RequestValidatorId'),
});

const DEPLOYMENT = shape('AWS::ApiGateway::Deployment', {
  RestApiId: required(text()),
  StageName: optional(text()),
  ...inertFields('Description', 'StageDescription', 'DeploymentCanarySettings'),
});

const STAGE = shape('AWS::ApiGateway::Stage', {
  RestApiId: required(text()),
  StageName: required(text()),
  DeploymentId: required(placed(text())),
  Variables: optional(recordOf(anyText)),
  CanarySetting: notYet('All requests go to the stage itself.'),
  CacheClusterEnabled: notYet('The stage has no cache; every request reaches its integration.'),
  MethodSettings: notYet('Throttling and caching by method are not applied.'),
  ...inertFields('AccessLogSetting', 'CacheClusterSize', 'ClientCertificateId', 'Description', 'DocumentationVersion'),
  ...inertFields('Tags', 'TracingEnabled'),
});

const DOMAIN_NAME = shape('AWS::ApiGateway::DomainName', {
  DomainName: required(text({ most: 253 })),
  RegionalCertificateArn: optional(placed(text())),
  CertificateArn: optional(placed(text())),
  EndpointConfiguration: optional(ENDPOINT),
  MutualTlsAuthentication: notYet('Clients are not asked for certificates.'),
  RoutingMode: notYet('Base path mappings decide.'),
  ...inertFields('EndpointAccessMode', 'OwnershipVerificationCertificateArn', 'SecurityPolicy', 'Tags'),
});

const BASE_PATH_MAPPING = shape('AWS::ApiGateway::BasePathMapping', {
  DomainName: required(text()),
  RestApiId: required(text()),
  Stage: optional(text()),
  BasePath: optional(anyText),
  Id: inert,
});

/** REST APIs: Lambda proxy integrations behind Regional endpoints and custom domain names. */
export const API_GATEWAY_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::ApiGateway::RestApi', { standing: 'acted-on', regional: true, read: readRestApi }],
  ['AWS::ApiGateway::Resource', { standing: 'acted-on', regional: true, read: readResource }],
  ['AWS::ApiGateway::Method', { standing: 'acted-on', regional: true, read: readMethod }],
  ['AWS::ApiGateway::Deployment', { standing: 'acted-on', regional: true, read: readDeployment }],
  ['AWS::ApiGateway::Stage', { standing: 'acted-on', regional: true, read: readStage }],
  ['AWS::ApiGateway::DomainName', { standing: 'acted-on', regional: true, read: readDomainName }],
  ['AWS::ApiGateway::BasePathMapping', { standing: 'acted-on', regional: true, read: readBasePathMapping }],
]);

/** The id of something of an API, of either generation. */
export function idOf(input: ResourceInput, what: string, length = 10): string {
  return idFrom(`${what} ${input.seed}`, length, LOWER_ALPHANUMERIC);
}

function readRestApi(input: ResourceInput, draft: Draft): Identity {
  const id = idOf(input, 'rest-api');
  const rootResourceId = idOf(input, 'root');
  const properties = REST_API(input.properties, input.tell);
  if (properties !== undefined) {
    tellEndpointType(properties.EndpointConfiguration?.Types, input.at, input);
    draft.apis.push({
      id,
      name: properties.Name ?? input.logicalId,
      region: input.context.region,
      rootResourceId,
      disableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint ?? disablesEndpoint(properties.Body),
      stack: input.context.name,
      at: input.at,
    });
    if (properties.Body !== undefined) readBody(properties.Body, { id, rootResourceId }, input, draft);
  }
  return identity(id, { RestApiId: id, RootResourceId: rootResourceId });
}

/** Paths and methods of an OpenAPI document, as resources and methods have them. */
function readBody(
  body: Node,
  { id: apiId, rootResourceId }: { readonly id: string; readonly rootResourceId: string },
  input: ResourceInput,
  draft: Draft,
): void {
  const ids = new Map([['/', rootResourceId]]);
  for (const { path, httpMethod, integration, at } of readOpenApi(body, input.tell)) {
    const resourceId = ids.get(path) ?? idFrom(`resource ${path} ${input.seed}`, 6, LOWER_ALPHANUMERIC);
    if (!ids.has(path)) {
      draft.apiResources.push({ id: resourceId, apiId, parentId: rootResourceId, pathPart: path.slice(1), at });
      ids.set(path, resourceId);
    }
    const written = integration === undefined ? undefined : integrationOfOperation(integration, input.tell);
    if (integration === undefined)
      input.tell.warning(
        'template/not-acted-on',
        at,
        `${httpMethod} ${path} has no x-amazon-apigateway-integration; API Gateway refuses to deploy it, and here it is left out.`,
      );
    const read = written === undefined ? undefined : restIntegration(written, input.tell);
    if (read !== undefined) draft.apiMethods.push({ apiId, resourceId, httpMethod, integration: read, at });
  }
}

type EndpointTypes = readonly { readonly value: string; readonly at: Place }[] | undefined;

/** Edge-optimized is AWS's default for both APIs and domain names. */
function tellEndpointType(types: EndpointTypes, at: Place, { tell }: ResourceInput): void {
  const [type] = types ?? [];
  const kind = type?.value ?? 'EDGE';
  if (kind === 'REGIONAL') return;
  const says = `Firedrill acts on REGIONAL endpoints only; this one is ${kind}${type === undefined ? ' by default' : ''} and is treated as REGIONAL.`;
  tell.warning('template/not-acted-on', type?.at ?? at, says, {
    remedy: 'A failover between Regions needs REGIONAL: `EndpointConfiguration: {Types: [REGIONAL]}`.',
  });
}

function readResource(input: ResourceInput, draft: Draft): Identity {
  const id = idOf(input, 'resource', 6);
  const properties = RESOURCE(input.properties, input.tell);
  if (properties !== undefined) {
    const { RestApiId: apiId, ParentId: parentId, PathPart: pathPart } = properties;
    draft.apiResources.push({ id, apiId, parentId, pathPart, at: input.at });
  }
  return identity(id, { ResourceId: id });
}

function readMethod(input: ResourceInput, draft: Draft): Identity {
  const named = identity(idOf(input, 'method', 16));
  const properties = METHOD(input.properties, input.tell);
  if (properties === undefined) return named;
  const { AuthorizationType: authorization, ApiKeyRequired: apiKey } = properties;
  if (authorization !== undefined && authorization.value !== 'NONE') {
    const says = `Firedrill does not authorize; requests pass without ${authorization.value}.`;
    input.tell.warning('template/not-acted-on', authorization.at, says);
  }
  if (apiKey?.value === true) {
    input.tell.warning(
      'template/not-acted-on',
      apiKey.at,
      'Firedrill does not ask for API keys; requests pass without one.',
    );
  }
  if (properties.Integration === undefined) {
    if (!input.properties.entries.has('Integration')) {
      const says = 'A method without Integration answers nothing; it is left out.';
      input.tell.warning('template/not-acted-on', input.at, says);
    }
    return named;
  }
  const integration = restIntegration(integrationOfMethod(properties.Integration, input.tell), input.tell);
  if (integration !== undefined) {
    const { RestApiId: apiId, ResourceId: resourceId, HttpMethod: httpMethod } = properties;
    draft.apiMethods.push({ apiId, resourceId, httpMethod, integration, at: input.at });
  }
  return named;
}

function readDeployment(input: ResourceInput, draft: Draft): Identity {
  const id = idOf(input, 'deployment', 6);
  const properties = DEPLOYMENT(input.properties, input.tell);
  if (properties !== undefined) {
    const { RestApiId: apiId, StageName: name } = properties;
    draft.apiDeployments.push({ id, apiId });
    if (name !== undefined) {
      draft.apiStages.push({ apiId, name, deploymentId: { value: id, at: input.at }, variables: {}, at: input.at });
    }
  }
  return identity(id, { DeploymentId: id });
}

function readStage(input: ResourceInput, draft: Draft): Identity {
  const properties = STAGE(input.properties, input.tell);
  if (properties !== undefined) {
    const { RestApiId: apiId, StageName: name, DeploymentId: deploymentId } = properties;
    const variables = Object.fromEntries(properties.Variables ?? []);
    draft.apiStages.push({ apiId, name, deploymentId, variables, at: input.at });
  }
  return identity(textProperty(input, 'StageName') ?? input.logicalId);
}

/** A custom domain name's identity, and where DNS finds it. */
type DomainIdentity = Identity & { readonly regional: string; readonly zone: string };

/** What a custom domain name is called by DNS: the same for v1 and v2 (RS 3.37, 3.38). */
export function domainIdentity(input: ResourceInput): DomainIdentity {
  const { region, urlSuffix } = input.context;
  const name = textProperty(input, 'DomainName') ?? input.logicalId;
  const regional = `d-${idOf(input, 'domain-name')}.execute-api.${region}.${urlSuffix}`;
  const zone = apiGatewayZoneId(region);
  const own = identity(name, {
    RegionalDomainName: regional,
    RegionalHostedZoneId: zone,
    DistributionDomainName: `d${idFrom(`edge ${input.seed}`, 13, LOWER_ALPHANUMERIC)}.cloudfront.net`,
    DistributionHostedZoneId: CLOUDFRONT_ZONE_ID,
    DomainNameArn: `arn:${input.context.partition}:apigateway:${region}::/domainnames/${name}`,
  });
  return { ...own, regional, zone };
}

function readDomainName(input: ResourceInput, draft: Draft): Identity {
  const own = domainIdentity(input);
  const properties = DOMAIN_NAME(input.properties, input.tell);
  if (properties !== undefined) {
    tellEndpointType(properties.EndpointConfiguration?.Types, input.at, input);
    const { RegionalCertificateArn: regional, CertificateArn: ofEdge } = properties;
    if (regional !== undefined) useCertificate(regional, properties.DomainName, input, draft);
    draftDomainName(properties.DomainName, (regional ?? ofEdge)?.value, own, input, draft);
  }
  return own;
}

/** A custom domain name of either API shows a certificate of its own Region. */
export function useCertificate(certificate: Placed<string>, written: string, input: ResourceInput, draft: Draft): void {
  const { value: arn, at } = certificate;
  const name = domainName(written);
  draft.certificateUses.push({ arn, names: [name], region: input.context.region, by: `the domain name ${name}`, at });
}

/** A custom domain name, written for either API. */
export function draftDomainName(
  written: string,
  certificateArn: string | undefined,
  { regional, zone }: DomainIdentity,
  input: ResourceInput,
  draft: Draft,
): void {
  draft.apiDomainNames.push({
    name: domainName(written),
    region: input.context.region,
    regionalDomainName: regional,
    regionalHostedZoneId: zone,
    certificateArn,
    stack: input.context.name,
    at: input.at,
  });
}

function readBasePathMapping(input: ResourceInput, draft: Draft): Identity {
  const properties = BASE_PATH_MAPPING(input.properties, input.tell);
  if (properties !== undefined) {
    draft.apiMappings.push({
      domainName: domainName(properties.DomainName),
      region: input.context.region,
      // `(none)` is how the console and the API call the mapping without a path.
      path: properties.BasePath === '(none)' ? '' : (properties.BasePath ?? ''),
      apiId: properties.RestApiId,
      stage: properties.Stage,
      at: input.at,
    });
  }
  const name = textProperty(input, 'DomainName') ?? '';
  return identity(`${name}|${textProperty(input, 'BasePath') ?? '(none)'}`);
}
