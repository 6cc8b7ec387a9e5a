import type {
  BasePathMapping,
  DomainName,
  PatchOperation,
  Resource,
  RestApi,
  Stage,
} from '@aws-sdk/client-api-gateway';
import type { ApiDomainName, RestApi as RestApiOfWorld } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';
import { plainProperties } from '../plain-values.ts';
import { domainsIn, lookupsOf, notFound } from './lookups.ts';

type ApiGatewayHandlers = Handlers<typeof import('@aws-sdk/client-api-gateway')>;

const REST_API = 'AWS::ApiGateway::RestApi';

/** REST APIs as they stand, and what operators change of them. */
export function restHandlers(cloud: Cloud): ApiGatewayHandlers {
  const { apisIn, apiOf, domainOf } = lookupsOf(cloud, () => cloud.estate.architecture().restApis);
  return {
    GetRestApis: (_input, { region }) => ({ items: apisIn(region).map((api) => restApi(cloud, api)) }),
    GetRestApi: ({ restApiId }, call) => restApi(cloud, apiOf(call, restApiId)),
    UpdateRestApi: async ({ restApiId, patchOperations = [] }, call) => {
      const api = apiOf(call, restApiId);
      const where = { region: call.region, type: REST_API };
      const resource = cloud.estate
        .architecture()
        .resources.find((each) => each.physicalId === api.id && each.type === REST_API);
      const before = resource === undefined ? {} : plainProperties(resource.properties);
      await cloud.estate.changeResource(api.id, { ...before, ...patched(patchOperations) }, where);
      return restApi(cloud, apiOf(call, restApiId));
    },
    DeleteRestApi: async ({ restApiId }, call) => {
      const { id } = apiOf(call, restApiId);
      await cloud.estate.removeResource(id, { region: call.region, type: REST_API });
      return {};
    },
    GetResources: ({ restApiId }, call) => ({ items: apiOf(call, restApiId).resources.map(resourceOf) }),
    GetStages: ({ restApiId }, call) => ({ item: apiOf(call, restApiId).stages.map(stageOf) }),
    GetStage: ({ restApiId, stageName }, call) => {
      const found = apiOf(call, restApiId).stages.find(({ name }) => name === stageName);
      if (found === undefined) throw notFound('Invalid stage identifier specified');
      return stageOf(found);
    },
    GetDomainNames: (_input, { region }) => ({ items: domainsIn(cloud, region).map(domainName) }),
    GetDomainName: ({ domainName: name }, call) => domainName(domainOf(call, name)),
    GetBasePathMappings: ({ domainName: name }, call) => ({ items: domainOf(call, name).mappings.map(mappingOf) }),
  };
}

function restApi(cloud: Cloud, { id, name, disableExecuteApiEndpoint }: RestApiOfWorld): RestApi {
  return {
    id,
    name,
    createdDate: new Date(cloud.epochMs()),
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: ['REGIONAL'] },
    disableExecuteApiEndpoint,
  };
}

function resourceOf({ id, path, methods }: RestApiOfWorld['resources'][number]): Resource {
  const own = Object.fromEntries(methods.map(({ httpMethod }) => [httpMethod, { httpMethod }]));
  return { id, path, ...(methods.length === 0 ? {} : { resourceMethods: own }) };
}

function stageOf({ name, deploymentId, variables }: RestApiOfWorld['stages'][number]): Stage {
  return { stageName: name, deploymentId, ...(Object.keys(variables).length === 0 ? {} : { variables }) };
}

function domainName({ name, regionalDomainName, regionalHostedZoneId, certificateArn }: ApiDomainName): DomainName {
  return {
    domainName: name,
    regionalDomainName,
    regionalHostedZoneId,
    ...(certificateArn === undefined ? {} : { regionalCertificateArn: certificateArn }),
    endpointConfiguration: { types: ['REGIONAL'] },
    domainNameStatus: 'AVAILABLE',
    securityPolicy: 'TLS_1_2',
  };
}

function mappingOf({ path, apiId, stage }: ApiDomainName['mappings'][number]): BasePathMapping {
  return { basePath: path === '' ? '(none)' : path, restApiId: apiId, stage };
}

/** Properties of CloudFormation that patches of an API replace. */
const PATCHED: Readonly<Record<string, string>> = {
  '/name': 'Name',
  '/description': 'Description',
  '/disableExecuteApiEndpoint': 'DisableExecuteApiEndpoint',
};

function patched(operations: readonly PatchOperation[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    operations.map(({ op, path = '', value = '' }): [string, string] => {
      const property = PATCHED[path];
      if (op !== 'replace' || property === undefined)
        throw new AwsError('BadRequestException', `Invalid patch path ${path}`, 400);
      return [property, value];
    }),
  );
}
