import type { Api, ApiMapping, DomainName, Route, Stage } from '@aws-sdk/client-apigatewayv2';
import type { ApiDomainName, HttpApi } from '../../model/index.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';
import { plainProperties } from '../plain-values.ts';
import { domainsIn, lookupsOf, notFound } from './lookups.ts';

type ApiGatewayV2Handlers = Handlers<typeof import('@aws-sdk/client-apigatewayv2')>;

const API = 'AWS::ApiGatewayV2::Api';

/** HTTP APIs as they stand, and what operators change of them. */
export function httpHandlers(cloud: Cloud): ApiGatewayV2Handlers {
  const { apisIn, apiOf, domainOf } = lookupsOf(cloud, () => cloud.estate.architecture().httpApis);
  return {
    GetApis: (_input, { region }) => ({ Items: apisIn(region).map((api) => describe(cloud, api)) }),
    GetApi: ({ ApiId }, call) => describe(cloud, apiOf(call, ApiId)),
    UpdateApi: async ({ ApiId, Name, Description, DisableExecuteApiEndpoint }, call) => {
      const { id } = apiOf(call, ApiId);
      const resource = cloud.estate
        .architecture()
        .resources.find((each) => each.physicalId === id && each.type === API);
      const changed = {
        ...(resource === undefined ? {} : plainProperties(resource.properties)),
        ...(Name === undefined ? {} : { Name }),
        ...(Description === undefined ? {} : { Description }),
        ...(DisableExecuteApiEndpoint === undefined ? {} : { DisableExecuteApiEndpoint }),
      };
      await cloud.estate.changeResource(id, changed, { region: call.region, type: API });
      return describe(cloud, apiOf(call, ApiId));
    },
    DeleteApi: async ({ ApiId }, call) => {
      await cloud.estate.removeResource(apiOf(call, ApiId).id, { region: call.region, type: API });
      return {};
    },
    GetRoutes: ({ ApiId }, call) => ({
      Items: apiOf(call, ApiId).routes.map(({ routeKey }): Route => ({
        RouteKey: routeKey,
        AuthorizationType: 'NONE',
      })),
    }),
    GetStages: ({ ApiId }, call) => ({ Items: apiOf(call, ApiId).stages.map(stageOf) }),
    GetStage: ({ ApiId, StageName }, call) => {
      const found = apiOf(call, ApiId).stages.find(({ name }) => name === StageName);
      if (found === undefined) throw notFound('Invalid stage identifier specified');
      return stageOf(found);
    },
    GetDomainNames: (_input, { region }) => ({ Items: domainsIn(cloud, region).map(domainName) }),
    GetDomainName: ({ DomainName: name }, call) => domainName(domainOf(call, name)),
    GetApiMappings: ({ DomainName: name }, call) => ({ Items: domainOf(call, name).mappings.map(mappingOf) }),
  };
}

function describe(cloud: Cloud, { id, name, region, disableExecuteApiEndpoint }: HttpApi): Api {
  return {
    ApiId: id,
    ApiEndpoint: `https://${id}.execute-api.${region}.amazonaws.com`,
    Name: name,
    ProtocolType: 'HTTP',
    RouteSelectionExpression: '$request.method $request.path',
    CreatedDate: new Date(cloud.epochMs()),
    DisableExecuteApiEndpoint: disableExecuteApiEndpoint,
  };
}

function stageOf({ name, variables }: HttpApi['stages'][number]): Stage {
  return { StageName: name, AutoDeploy: true, StageVariables: { ...variables } };
}

function domainName({ name, regionalDomainName, regionalHostedZoneId, certificateArn }: ApiDomainName): DomainName {
  return {
    DomainName: name,
    DomainNameConfigurations: [
      {
        ApiGatewayDomainName: regionalDomainName,
        HostedZoneId: regionalHostedZoneId,
        EndpointType: 'REGIONAL',
        DomainNameStatus: 'AVAILABLE',
        ...(certificateArn === undefined ? {} : { CertificateArn: certificateArn }),
      },
    ],
  };
}

function mappingOf({ path, apiId, stage }: ApiDomainName['mappings'][number]): ApiMapping {
  return { ApiId: apiId, ApiMappingKey: path, Stage: stage };
}
