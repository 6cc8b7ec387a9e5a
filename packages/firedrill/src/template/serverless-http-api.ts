import { pathsOf, stageIdOf } from './serverless-api.ts';
import type { ServerlessApi } from './serverless-apis.ts';
import { isManaged } from './serverless-apis.ts';
import { addHttpDomain } from './serverless-domain.ts';
import type { RecordSetGroups } from './serverless-records.ts';
import type { Serverless } from './serverless-stack.ts';
import { addMade, addMain, checkProperties, passed, ref, textOf } from './serverless-stack.ts';
import type { Node } from './node.ts';
import { get, isScalar, text } from './node.ts';
import type { Written } from './written-node.ts';
import { nodeOf } from './written-node.ts';

const TYPE = 'AWS::Serverless::HttpApi';

const TAKEN = [
  'AccessLogSettings CorsConfiguration DefaultRouteSettings DefinitionBody Description',
  'DisableExecuteApiEndpoint Domain FailOnWarnings Name PropagateTags RouteSettings StageName',
  'StageVariables Tags',
]
  .join(' ')
  .split(' ');

const NOT_YET: Readonly<Record<string, string>> = {
  Auth: 'Firedrill does not authorize; requests pass.',
  DefinitionUri: 'Paths of a definition in S3 are left out; write them as DefinitionBody.',
};

/** An HTTP API with its stage and its domain name (RS 8.32, 8.34a, 8.34b). */
export function expandHttpApi(sam: Serverless, api: ServerlessApi, groups: RecordSetGroups): void {
  const { resource } = api;
  const { logicalId, properties, at } = resource;
  checkProperties(resource, TYPE, { taken: TAKEN, notYet: NOT_YET }, sam.tell);
  const cors = get(properties, 'CorsConfiguration');
  const disabled = get(properties, 'DisableExecuteApiEndpoint');
  addMain(sam, resource, 'AWS::ApiGatewayV2::Api', {
    Body: bodyOf(api),
    ...(cors === undefined ? {} : { CorsConfiguration: corsOf(cors) }),
    ...(disabled === undefined ? {} : { DisableExecuteApiEndpoint: disabled }),
    ...passed(properties, ['Description', 'FailOnWarnings', 'Name']),
  });
  const stageName = get(properties, 'StageName') ?? text('$default', at);
  const stage = stageIdOf(resource, isScalar(stageName) ? stageName.text : undefined);
  addMade(sam, resource, stage, {
    type: 'AWS::ApiGatewayV2::Stage',
    properties: {
      ApiId: ref(logicalId),
      StageName: stageName,
      AutoDeploy: true,
      ...passed(properties, ['AccessLogSettings', 'DefaultRouteSettings', 'RouteSettings', 'StageVariables']),
      Tags: { ...tagMap(get(properties, 'Tags')), 'httpapi:createdBy': 'SAM' },
    },
  });
  sam.properties.set(`${logicalId}.Stage`, stage);
  addHttpDomain(sam, resource, { stage }, groups);
}

/** RS 8.32 */
function bodyOf(api: ServerlessApi): Node | undefined {
  const { properties, at } = api.resource;
  if (!isManaged(api)) return get(properties, 'DefinitionBody');
  return nodeOf(
    {
      openapi: '3.0.1',
      info: { version: '1.0', title: ref('AWS::StackName') },
      paths: pathsOf(api.routes, () => ({})),
    },
    at,
  );
}

/** `true` allows everything. */
function corsOf(cors: Node): Written {
  if (textOf(cors) !== 'true') return cors;
  return { AllowOrigins: ['*'], AllowHeaders: ['*'], AllowMethods: ['*'] };
}

function tagMap(tags: Node | undefined): Record<string, Written> {
  if (tags?.kind !== 'map') return {};
  return Object.fromEntries([...tags.entries].map(([key, { value }]) => [key, value]));
}
