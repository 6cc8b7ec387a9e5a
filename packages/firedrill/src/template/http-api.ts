import type { HttpApiCors, HttpApiIntegration } from '../model/index.ts';
import { idOf } from './api-gateway.ts';
import { functionIn } from './api-gateway-integration.ts';
import type { Draft } from './draft.ts';
import { corsOf, readCors } from './http-cors.ts';
import type { Node } from './node.ts';
import { get } from './node.ts';
import { disablesEndpoint, readOpenApi } from './openapi.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import type { Placed } from './shape.ts';
import {
  anyText,
  anything,
  boolean,
  inertFields,
  integer,
  notYet,
  oneOf,
  optional,
  placed,
  recordOf,
  required,
  shape,
  text,
} from './shape.ts';

const API = shape('AWS::ApiGatewayV2::Api', {
  Name: optional(text()),
  ProtocolType: optional(placed(oneOf(['HTTP', 'WEBSOCKET']))),
  Body: optional(anything),
  CorsConfiguration: optional(anything),
  DisableExecuteApiEndpoint: optional(boolean),
  RouteKey: optional(text()),
  Target: optional(placed(text())),
  BodyS3Location: notYet('Paths of an OpenAPI body in S3 are left out; write them as Body.'),
  ...inertFields('ApiKeySelectionExpression', 'BasePath', 'CredentialsArn', 'Description', 'DisableSchemaValidation'),
  ...inertFields('FailOnWarnings', 'IpAddressType', 'RouteSelectionExpression', 'Tags', 'Version'),
});

const TIMEOUT = placed(integer({ least: 50, most: 30_000, facts: ['RS 3.34'] }));
const FORMAT = placed(oneOf(['1.0', '2.0']));

const INTEGRATION = shape('AWS::ApiGatewayV2::Integration', {
  ApiId: required(text()),
  IntegrationType: required(placed(oneOf(['AWS_PROXY', 'HTTP_PROXY', 'AWS', 'HTTP', 'MOCK']))),
  IntegrationUri: optional(placed(text())),
  IntegrationMethod: optional(text()),
  PayloadFormatVersion: optional(FORMAT),
  TimeoutInMillis: optional(TIMEOUT),
  RequestParameters: notYet('Requests go as they came.'),
  ResponseParameters: notYet('Answers pass as they are.'),
  ...inertFields('ConnectionId', 'ConnectionType', 'ContentHandlingStrategy', 'CredentialsArn', 'Description'),
  ...inertFields('IntegrationSubtype', 'PassthroughBehavior', 'RequestTemplates', 'TemplateSelectionExpression'),
  ...inertFields('TlsConfig'),
});

const EXTENSION = shape('x-amazon-apigateway-integration', {
  type: required(placed(text())),
  uri: optional(placed(text())),
  httpMethod: optional(text()),
  payloadFormatVersion: optional(FORMAT),
  timeoutInMillis: optional(TIMEOUT),
  ...inertFields('connectionId', 'connectionType', 'credentials', 'description', 'integrationSubtype'),
  ...inertFields('passthroughBehavior', 'requestParameters', 'responseParameters', 'tlsConfig', 'responses'),
});

const ROUTE = shape('AWS::ApiGatewayV2::Route', {
  ApiId: required(text()),
  RouteKey: required(placed(text())),
  Target: optional(placed(text())),
  AuthorizationType: optional(placed(oneOf(['NONE', 'AWS_IAM', 'CUSTOM', 'JWT']))),
  ...inertFields('ApiKeyRequired', 'AuthorizationScopes', 'AuthorizerId', 'ModelSelectionExpression', 'OperationName'),
  ...inertFields('RequestModels', 'RequestParameters', 'RouteResponseSelectionExpression'),
});

const STAGE = shape('AWS::ApiGatewayV2::Stage', {
  ApiId: required(text()),
  StageName: required(text()),
  StageVariables: optional(recordOf(anyText)),
  AutoDeploy: optional(boolean),
  DefaultRouteSettings: notYet('Throttling by routes is not applied.'),
  RouteSettings: notYet('Throttling by routes is not applied.'),
  ...inertFields('AccessLogSettings', 'AccessPolicyId', 'ClientCertificateId', 'DeploymentId', 'Description', 'Tags'),
});

/** HTTP APIs: routes to functions and to other servers. */
export const HTTP_API_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::ApiGatewayV2::Api', { standing: 'acted-on', regional: true, read: readApi }],
  ['AWS::ApiGatewayV2::Integration', { standing: 'acted-on', regional: true, read: readIntegration }],
  ['AWS::ApiGatewayV2::Route', { standing: 'acted-on', regional: true, read: readRoute }],
  ['AWS::ApiGatewayV2::Stage', { standing: 'acted-on', regional: true, read: readStage }],
  // Stages answer by what the API has, deployed or not (as RS 3.28).
  ['AWS::ApiGatewayV2::Deployment', { standing: 'inert', regional: true, read: readDeployment }],
]);

function readApi(input: ResourceInput, draft: Draft): Identity {
  const id = idOf(input, 'http-api');
  const endpoint = `https://${id}.execute-api.${input.context.region}.${input.context.urlSuffix}`;
  const named = identity(id, { ApiId: id, ApiEndpoint: endpoint });
  const properties = API(input.properties, input.tell);
  if (properties === undefined) return named;
  const { ProtocolType: protocol, Body: body, Name: name } = properties;
  if (protocol?.value === 'WEBSOCKET') {
    const says = 'Firedrill does not act on WebSocket APIs; this one is left out.';
    input.tell.warning('template/not-acted-on', protocol.at, says);
    return named;
  }
  if (body === undefined && (name === undefined || protocol === undefined)) {
    const says = 'An API without a Body needs Name and ProtocolType.';
    input.tell.error('template/property', input.at, says);
  }
  draft.http.apis.push({
    id,
    name: name ?? input.logicalId,
    region: input.context.region,
    cors: corsIn(properties.CorsConfiguration, body, input),
    disableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint ?? disablesEndpoint(body),
    stack: input.context.name,
    at: input.at,
  });
  if (body !== undefined) readBody(body, id, input, draft);
  if (properties.Target !== undefined) quickCreate(properties.Target, properties.RouteKey, id, input, draft);
  return named;
}

function corsIn(written: Node | undefined, body: Node | undefined, { tell }: ResourceInput): HttpApiCors | undefined {
  return written === undefined ? corsOf(get(body, 'x-amazon-apigateway-cors'), tell) : readCors(written, tell);
}

/** Target alone makes an integration, a route and the stage $default. */
function quickCreate(
  target: Placed<string>,
  routeKey: string | undefined,
  apiId: string,
  input: ResourceInput,
  draft: Draft,
): void {
  const isFunction = target.value.startsWith('arn:');
  const integration = integrationOf(
    {
      type: isFunction ? 'AWS_PROXY' : 'HTTP_PROXY',
      uri: target,
      method: undefined,
      format: '2.0',
      timeoutMs: undefined,
    },
    input,
  );
  if (integration !== undefined)
    draft.http.routes.push({ apiId, routeKey: routeKey ?? '$default', target: integration, at: target.at });
  draft.http.stages.push({ apiId, name: '$default', variables: {}, at: input.at });
}

function readBody(body: Node, apiId: string, input: ResourceInput, draft: Draft): void {
  for (const { path, httpMethod, integration: written, security, at } of readOpenApi(body, input.tell)) {
    if (security?.kind === 'list' && security.items.length > 0)
      input.tell.warning('template/not-acted-on', security.at, 'Firedrill does not authorize; requests pass.');
    const read = written === undefined ? undefined : EXTENSION(written, input.tell);
    if (read === undefined) {
      if (written === undefined)
        input.tell.warning('template/not-acted-on', at, `${path} has no integration; the route is left out.`);
      continue;
    }
    const integration = integrationOf(
      {
        type: read.type.value.toUpperCase(),
        uri: read.uri,
        method: read.httpMethod,
        format: read.payloadFormatVersion?.value,
        timeoutMs: read.timeoutInMillis?.value,
      },
      { ...input, at: read.at },
    );
    const routeKey = path === '$default' || path === '/$default' ? '$default' : `${httpMethod} ${path}`;
    if (integration !== undefined) draft.http.routes.push({ apiId, routeKey, target: integration, at });
  }
}

interface WrittenHttpIntegration {
  readonly type: string;
  readonly uri: Placed<string> | undefined;
  readonly method: string | undefined;
  /** `1.0` where an OpenAPI document says nothing (RS 3.30). */
  readonly format: '1.0' | '2.0' | undefined;
  readonly timeoutMs: number | undefined;
}

function integrationOf(written: WrittenHttpIntegration, { tell, at }: ResourceInput): HttpApiIntegration | undefined {
  const { type, uri, format } = written;
  const timeoutMs = written.timeoutMs ?? 30_000;
  if (uri === undefined || (type !== 'AWS_PROXY' && type !== 'HTTP_PROXY')) {
    const says =
      uri === undefined
        ? 'An integration of an HTTP API needs the address of a function or of a server; services of AWS are not acted on.'
        : `HTTP APIs take AWS_PROXY and HTTP_PROXY integrations; this is ${type}.`;
    tell.warning('template/not-acted-on', uri?.at ?? at, says, { remedy: 'The route is left out.' });
    return undefined;
  }
  if (type === 'AWS_PROXY') {
    const functionArn = functionIn(uri.value) ?? (uri.value.startsWith('arn:') ? uri.value : undefined);
    if (functionArn === undefined || !/:lambda:[^:]*:[^:]*:function:/.test(functionArn)) {
      const says =
        'The address of an AWS_PROXY integration must be the ARN of a function, or its address at API Gateway.';
      tell.error('template/property', uri.at, says);
      return undefined;
    }
    return { kind: 'lambda-proxy', functionArn, timeoutMs, payloadFormatVersion: format ?? '1.0' };
  }
  if (!/^https?:\/\/[^/]/.test(uri.value)) {
    tell.error(
      'template/property',
      uri.at,
      'The address of an HTTP_PROXY integration must begin with http:// or https://.',
    );
    return undefined;
  }
  const httpMethod = written.method?.toUpperCase() ?? 'ANY';
  return { kind: 'http', isProxy: true, httpMethod, uri: uri.value, pathParameters: {}, timeoutMs, responses: [] };
}

function readIntegration(input: ResourceInput, draft: Draft): Identity {
  const id = idOf(input, 'integration', 7);
  const properties = INTEGRATION(input.properties, input.tell);
  if (properties !== undefined) {
    const format = properties.PayloadFormatVersion;
    const type = properties.IntegrationType.value;
    if (type === 'AWS_PROXY' && format === undefined && !properties.written.has('PayloadFormatVersion')) {
      const says = 'A Lambda integration of an HTTP API needs PayloadFormatVersion: 1.0 or 2.0.';
      input.tell.error('template/property', input.at, says, { facts: ['RS 3.30'] });
    }
    const integration = integrationOf(
      {
        type,
        uri: properties.IntegrationUri,
        method: properties.IntegrationMethod,
        format: format?.value,
        timeoutMs: properties.TimeoutInMillis?.value,
      },
      input,
    );
    if (integration !== undefined) draft.http.integrations.push({ id, apiId: properties.ApiId, integration });
  }
  return identity(id, { IntegrationId: id });
}

function readRoute(input: ResourceInput, draft: Draft): Identity {
  const id = idOf(input, 'route', 7);
  const properties = ROUTE(input.properties, input.tell);
  if (properties === undefined) return identity(id, { RouteId: id });
  const { RouteKey: key, Target: target, AuthorizationType: authorization } = properties;
  if (authorization !== undefined && authorization.value !== 'NONE') {
    const says = `Firedrill does not authorize; requests pass without ${authorization.value}.`;
    input.tell.warning('template/not-acted-on', authorization.at, says);
  }
  if (!ROUTE_KEY.test(key.value)) {
    const says = `RouteKey is ${key.value}; it must be $default, or a method and a path, as GET /orders/{id}.`;
    input.tell.error('template/property', key.at, says, { facts: ['RS 3.29'] });
  } else if (target === undefined) {
    input.tell.warning('template/not-acted-on', input.at, `The route ${key.value} has no Target; it is left out.`);
  } else {
    const plain = { value: target.value.replace(/^integrations\//, ''), at: target.at };
    draft.http.routes.push({ apiId: properties.ApiId, routeKey: key.value, target: plain, at: input.at });
  }
  return identity(id, { RouteId: id });
}

const ROUTE_KEY = /^(?:\$default|(?:ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/.*)$/;

function readStage(input: ResourceInput, draft: Draft): Identity {
  const properties = STAGE(input.properties, input.tell);
  if (properties !== undefined) {
    const { ApiId: apiId, StageName: name } = properties;
    const variables = Object.fromEntries(properties.StageVariables ?? []);
    draft.http.stages.push({ apiId, name, variables, at: input.at });
  }
  return identity(textProperty(input, 'StageName') ?? input.logicalId);
}

function readDeployment(input: ResourceInput): Identity {
  const id = idOf(input, 'deployment', 6);
  return identity(id, { DeploymentId: id });
}
