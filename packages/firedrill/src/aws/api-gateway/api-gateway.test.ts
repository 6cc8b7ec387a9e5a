import {
  APIGatewayClient,
  GetBasePathMappingsCommand,
  GetDomainNamesCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetStagesCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  GetApiMappingsCommand,
  GetApisCommand,
  GetRoutesCommand,
  GetStagesCommand as GetHttpStagesCommand,
  UpdateApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import { expect, test } from 'vitest';
import { openTestAws } from '../aws.fixture.ts';
import type { TestCloud } from '../cloud.fixture.ts';
import { openTestCloud } from '../cloud.fixture.ts';

const REGION = 'eu-west-1';

/** An account with one API of each kind behind one domain name. */
async function open(): Promise<{
  readonly test: TestCloud;
  readonly rest: APIGatewayClient;
  readonly http: ApiGatewayV2Client;
  readonly restId: string;
  readonly httpId: string;
}> {
  const own = openTestCloud();
  const put = (type: string, properties: Readonly<Record<string, unknown>>): Promise<string> =>
    own.cloud.estate.putResource({ region: REGION, type, properties });
  const mock = { type: 'mock', requestTemplates: { 'application/json': '{statusCode: 200}' }, responses: {} };
  const restId = await put('AWS::ApiGateway::RestApi', {
    Name: 'orders',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    Body: { swagger: '2.0', paths: { '/a': { get: { 'x-amazon-apigateway-integration': mock } } } },
  });
  await put('AWS::ApiGateway::Deployment', { RestApiId: restId, StageName: 'prod' });
  const httpId = await put('AWS::ApiGatewayV2::Api', {
    Name: 'web',
    ProtocolType: 'HTTP',
    Target: 'https://example.com',
  });
  await put('AWS::ApiGatewayV2::DomainName', { DomainName: 'api.example.com' });
  await put('AWS::ApiGateway::BasePathMapping', { DomainName: 'api.example.com', RestApiId: restId, Stage: 'prod' });
  const { client } = await openTestAws({ parts: own.cloud });
  return { test: own, rest: new APIGatewayClient(client), http: new ApiGatewayV2Client(client), restId, httpId };
}

test('REST APIs are listed with their stages, resources, domain names and mappings', async () => {
  const { rest, restId } = await open();
  const { items = [] } = await rest.send(new GetRestApisCommand());
  expect(items.map(({ id, name }) => [id, name])).toEqual([[restId, 'orders']]);
  const { item = [] } = await rest.send(new GetStagesCommand({ restApiId: restId }));
  expect(item.map(({ stageName }) => stageName)).toEqual(['prod']);
  const resources = await rest.send(new GetResourcesCommand({ restApiId: restId }));
  expect(resources.items?.map(({ path }) => path)).toEqual(['/', '/a']);
  const domains = await rest.send(new GetDomainNamesCommand());
  expect(domains.items?.[0]).toMatchObject({ domainName: 'api.example.com', domainNameStatus: 'AVAILABLE' });
  const mappings = await rest.send(new GetBasePathMappingsCommand({ domainName: 'api.example.com' }));
  expect(mappings.items).toEqual([{ basePath: '(none)', restApiId: restId, stage: 'prod' }]);
});

test('HTTP APIs are listed with their routes and stages, and share domain names', async () => {
  const { http, httpId, restId } = await open();
  const { Items = [] } = await http.send(new GetApisCommand());
  expect(Items.map(({ ApiId, Name, ProtocolType }) => [ApiId, Name, ProtocolType])).toEqual([[httpId, 'web', 'HTTP']]);
  const routes = await http.send(new GetRoutesCommand({ ApiId: httpId }));
  expect(routes.Items?.map(({ RouteKey }) => RouteKey)).toEqual(['$default']);
  const stages = await http.send(new GetHttpStagesCommand({ ApiId: httpId }));
  expect(stages.Items?.map(({ StageName }) => StageName)).toEqual(['$default']);
  const mappings = await http.send(new GetApiMappingsCommand({ DomainName: 'api.example.com' }));
  expect(mappings.Items).toMatchObject([{ ApiId: restId, Stage: 'prod' }]);
});

test('an operator takes the default endpoint away, and gives it back (RS 3.45)', async () => {
  const { test: own, rest, http, restId, httpId } = await open();
  const disabled = (): readonly boolean[] => {
    const { restApis, httpApis } = own.cloud.world().architecture;
    return [...restApis, ...httpApis].map(({ disableExecuteApiEndpoint }) => disableExecuteApiEndpoint);
  };
  const patch = (value: string) => ({ op: 'replace', path: '/disableExecuteApiEndpoint', value }) as const;
  await rest.send(new UpdateRestApiCommand({ restApiId: restId, patchOperations: [patch('true')] }));
  await http.send(new UpdateApiCommand({ ApiId: httpId, DisableExecuteApiEndpoint: true }));
  expect(disabled()).toEqual([true, true]);
  await rest.send(new UpdateRestApiCommand({ restApiId: restId, patchOperations: [patch('false')] }));
  expect(disabled()).toEqual([false, true]);
});

test('an API that is not there is 404, a patch that is none is 400', async () => {
  const { rest, restId } = await open();
  await expect(rest.send(new GetRestApiCommand({ restApiId: 'gone' }))).rejects.toMatchObject({
    name: 'NotFoundException',
    $metadata: { httpStatusCode: 404 },
  });
  const odd = new UpdateRestApiCommand({ restApiId: restId, patchOperations: [{ op: 'add', path: '/x', value: '1' }] });
  await expect(rest.send(odd)).rejects.toMatchObject({ name: 'BadRequestException' });
});
