import type { ServerlessApi, ServerlessApis } from './serverless-apis.ts';
import { isManaged, stageNameOf } from './serverless-apis.ts';
import type { Serverless, ServerlessResource } from './serverless-stack.ts';
import { addMade, givenText, ref, referredIn, textOf } from './serverless-stack.ts';
import type { Entry, Node } from './node.ts';
import { get } from './node.ts';
import type { WrittenMap } from './written-node.ts';

/** A function whose events are read. */
export interface FunctionUnderEvents {
  readonly from: ServerlessResource;
  /** What `${…}` of Fn::Sub names its ARN, or that of its alias. */
  readonly arn: string;
}

/** Events of a function: those of APIs become routes, all others are told. */
export function addEvents(sam: Serverless, fn: FunctionUnderEvents, apis: ServerlessApis): void {
  const events = get(fn.from.properties, 'Events');
  if (events === undefined || events.kind === 'unknown') return;
  if (events.kind !== 'map') {
    sam.tell.error('template/property', events.at, 'Events must be a map of events by name.');
    return;
  }
  for (const [name, entry] of events.entries) addEvent(sam, fn, { name, ...entry }, apis);
}

interface Event extends Entry {
  readonly name: string;
}

function addEvent(sam: Serverless, fn: FunctionUnderEvents, event: Event, apis: ServerlessApis): void {
  const type = textOf(get(event.value, 'Type'));
  switch (type) {
    case 'Api':
      addApiEvent(sam, fn, event, apis);
      return;
    case 'HttpApi':
      addHttpApiEvent(sam, fn, event, apis);
      return;
    case undefined:
      if (event.value.kind !== 'unknown')
        sam.tell.error('template/property', event.keyAt, `The event ${event.name} has no Type.`);
      return;
    default: {
      const says = `Firedrill does not act on events of the type ${type}; in a drill ${event.name} never invokes the function.`;
      sam.tell.warning('template/not-acted-on', event.keyAt, says, {
        remedy: 'Api and HttpApi are the events that it acts on.',
      });
    }
  }
}

/** RS 8.31 */
function addApiEvent(sam: Serverless, fn: FunctionUnderEvents, event: Event, apis: ServerlessApis): void {
  const properties = get(event.value, 'Properties');
  const path = givenText(properties, 'Path', sam);
  const method = givenText(properties, 'Method', sam);
  if (path === undefined || method === undefined) {
    const missing = path === undefined ? 'Path' : 'Method';
    sam.tell.error('template/property', event.keyAt, `The event ${event.name} needs ${missing}.`, {
      facts: ['RS 8.31'],
    });
    return;
  }
  tellAuthorization(sam, properties);
  const api = apiOf(sam, { event, properties, key: 'RestApiId' }, 'rest', apis);
  if (api === undefined) return;
  const stage = api === 'foreign' ? '' : (stageNameOf(api) ?? 'Stage');
  const suffix = api === 'foreign' ? 'AllStages' : stage;
  const apiId = api === 'foreign' ? referredIn(get(properties, 'RestApiId')) : api.resource.logicalId;
  const verb = method.toLowerCase() === 'any' ? '*' : method.toUpperCase();
  addPermission(sam, fn, `${event.name}Permission${suffix}`, { apiId: apiId ?? '', source: `${verb}${path}` });
  if (api === 'foreign') return;
  // Paths of a definition that the user wrote stay as they are.
  if (!isManaged(api)) return;
  addRoute(sam, fn, api, {
    event,
    path,
    method,
    integration: { type: 'aws_proxy', httpMethod: 'POST', uri: uriOf(fn) },
  });
}

/** RS 8.32 */
function addHttpApiEvent(sam: Serverless, fn: FunctionUnderEvents, event: Event, apis: ServerlessApis): void {
  const properties = get(event.value, 'Properties');
  const path = givenText(properties, 'Path', sam) ?? '$default';
  const method = path === '$default' ? 'any' : (givenText(properties, 'Method', sam) ?? 'any');
  tellAuthorization(sam, properties);
  const api = apiOf(sam, { event, properties, key: 'ApiId' }, 'http', apis);
  if (api === undefined) return;
  const apiId = api === 'foreign' ? referredIn(get(properties, 'ApiId')) : api.resource.logicalId;
  const verb = method.toLowerCase() === 'any' ? '*' : method.toUpperCase();
  const source = path === '$default' ? '*' : `${verb}${path}`;
  addPermission(sam, fn, `${event.name}Permission`, { apiId: apiId ?? '', source });
  if (api === 'foreign' || !isManaged(api)) return;
  addRoute(sam, fn, api, {
    event,
    path,
    method,
    integration: {
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: uriOf(fn),
      payloadFormatVersion: get(properties, 'PayloadFormatVersion') ?? '2.0',
      timeoutInMillis: get(properties, 'TimeoutInMillis'),
    },
  });
}

function addRoute(
  sam: Serverless,
  { from }: FunctionUnderEvents,
  api: ServerlessApi,
  route: {
    readonly event: Event;
    readonly path: string;
    readonly method: string;
    readonly integration: WrittenMap;
  },
): void {
  const { event, path, integration } = route;
  const method = route.method.toLowerCase() === 'any' ? 'x-amazon-apigateway-any-method' : route.method.toLowerCase();
  const condition = textOf(get(from.declaration, 'Condition'));
  const twin = api.routes.find((other) => other.path === path && other.method === method);
  if (twin !== undefined && (twin.condition === undefined || twin.condition === condition)) {
    const says = `The API ${api.resource.logicalId} has two events for ${route.method.toUpperCase()} ${path}; SAM refuses the template.`;
    sam.tell.error('template/property', event.keyAt, says, { remedy: 'Give one of them another path or method.' });
    return;
  }
  api.conditions.push(condition);
  api.routes.push({ path, method, integration, condition, at: event.keyAt });
}

/** The API that an event names, or the implicit one; `foreign`: one that SAM does not manage. */
function apiOf(
  sam: Serverless,
  { event, properties, key }: { readonly event: Event; readonly properties: Node | undefined; readonly key: string },
  kind: ServerlessApi['kind'],
  apis: ServerlessApis,
): ServerlessApi | 'foreign' | undefined {
  const written = get(properties, key);
  const named = written === undefined ? undefined : referredIn(written);
  if (written !== undefined && named === undefined) {
    const says = `${key} of the event ${event.name} must be a reference to an API of this template.`;
    if (written.kind !== 'unknown') sam.tell.error('template/property', written.at, says);
    return undefined;
  }
  const found = apis.find(kind, named, event.keyAt);
  if (found !== undefined) return found;
  const type = named === undefined ? undefined : textOf(get(get(sam.resources, named), 'Type'));
  if (type === 'AWS::ApiGateway::RestApi' || type === 'AWS::ApiGatewayV2::Api') return 'foreign';
  const says = `${key} of the event ${event.name} names ${named ?? ''}, which is no API of this template.`;
  sam.tell.error('template/unresolved-reference', written?.at ?? event.keyAt, says);
  return undefined;
}

/** RS 8.34c */
function addPermission(
  sam: Serverless,
  { from, arn }: FunctionUnderEvents,
  name: string,
  { apiId, source }: { readonly apiId: string; readonly source: string },
): void {
  const arnPattern = 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/${__Stage__}/';
  addMade(sam, from, `${from.logicalId}${name}`, {
    type: 'AWS::Lambda::Permission',
    properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: ref(arn.endsWith('.Arn') ? from.logicalId : arn),
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Sub': [`${arnPattern}${source.replaceAll(/\{[^}]*\}/g, '*')}`, { __ApiId__: ref(apiId), __Stage__: '*' }],
      },
    },
  });
}

function uriOf({ arn }: FunctionUnderEvents): WrittenMap {
  const path = `lambda:path/2015-03-31/functions/\${${arn}}/invocations`;
  return { 'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:${path}` };
}

function tellAuthorization(sam: Serverless, properties: Node | undefined): void {
  const auth = get(properties, 'Auth');
  if (auth === undefined || auth.kind === 'unknown') return;
  if (textOf(get(auth, 'Authorizer')) === 'NONE' && auth.kind === 'map' && auth.entries.size === 1) return;
  const says = 'Firedrill does not authorize; requests pass without what Auth asks for.';
  sam.tell.warning('template/not-acted-on', auth.at, says);
}
