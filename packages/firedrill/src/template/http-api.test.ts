import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';

const FUNCTION = `  F: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Role: arn, Code: { ZipFile: x } } }\n`;
const API = `Resources:
${FUNCTION}  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: web, ProtocolType: HTTP } }
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Api, StageName: $default, AutoDeploy: true, StageVariables: { color: blue } } }
`;
const integration = (properties: string): string =>
  `  I: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Api, ${properties} } }\n`;
const PROXY = integration('IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn, PayloadFormatVersion: "2.0"');
const route = (key: string, id = 'R'): string =>
  `  ${id}: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: '${key}', Target: !Sub "integrations/\${I}" } }\n`;

describe('HTTP APIs', () => {
  test('are put together from routes, integrations and stages (RS 3.29, 3.30)', () => {
    const { value, findings } = readOne(`${API}${PROXY}${route('GET /orders/{id}')}${route('$default', 'Rest')}`);
    expect(findings).toEqual([]);
    const functionArn = value.functions[0]?.arn;
    const own = { kind: 'lambda-proxy', functionArn, timeoutMs: 30_000, payloadFormatVersion: '2.0' };
    expect(value.httpApis).toMatchObject([
      {
        name: 'web',
        region: 'eu-west-1',
        routes: [
          { routeKey: 'GET /orders/{id}', integration: own },
          { routeKey: '$default', integration: own },
        ],
        stages: [{ name: '$default', variables: { color: 'blue' } }],
        disableExecuteApiEndpoint: false,
      },
    ]);
  });

  test('may be an OpenAPI document, which says 1.0 where it says nothing of the format (RS 3.30)', () => {
    const { value, findings } = readOne(`Resources:
${FUNCTION}  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Body:
        openapi: 3.0.1
        x-amazon-apigateway-cors: { allowOrigins: ['*'], maxAge: 5 }
        servers: [{ x-amazon-apigateway-endpoint-configuration: { disableExecuteApiEndpoint: true } }]
        paths:
          /a: { get: { x-amazon-apigateway-integration: { type: aws_proxy, uri: !GetAtt F.Arn } } }
          /$default: { x-amazon-apigateway-any-method: { x-amazon-apigateway-integration: { type: http_proxy, httpMethod: GET, uri: 'https://example.com' } } }
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Api, StageName: $default } }
`);
    expect(findings).toEqual([]);
    expect(value.httpApis[0]).toMatchObject({
      routes: [
        { routeKey: 'GET /a', integration: { kind: 'lambda-proxy', payloadFormatVersion: '1.0' } },
        { routeKey: '$default', integration: { kind: 'http', uri: 'https://example.com', httpMethod: 'GET' } },
      ],
      cors: { allowOrigins: ['*'], maxAgeSeconds: 5 },
      disableExecuteApiEndpoint: true,
    });
  });

  test('may be made of a target alone', () => {
    const { value, findings } = readOne(`Resources:
${FUNCTION}  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: web, ProtocolType: HTTP, Target: !GetAtt F.Arn } }
`);
    expect(findings).toEqual([]);
    expect(value.httpApis[0]?.routes.map(({ routeKey }) => routeKey)).toEqual(['$default']);
    expect(value.httpApis[0]?.stages.map(({ name }) => name)).toEqual(['$default']);
  });

  test('have domain names and mappings as REST APIs have (RS 3.40)', () => {
    const { value, findings } = readOne(`${API}${PROXY}${route('$default')}
  D: { Type: AWS::ApiGatewayV2::DomainName, Properties: { DomainName: api.example.com } }
  M: { Type: AWS::ApiGatewayV2::ApiMapping, Properties: { DomainName: !Ref D, ApiId: !Ref Api, Stage: !Ref Stage, ApiMappingKey: v1 } }
`);
    expect(findings).toEqual([]);
    expect(value.apiDomainNames[0]?.mappings).toEqual([
      { path: 'v1', apiId: value.httpApis[0]?.id, stage: '$default' },
    ]);
  });

  test.each([
    [
      API + PROXY + route('GET orders'),
      'error template/property 6: RouteKey is GET orders; it must be $default, or a method and a path, as GET /orders/{id}.',
    ],
    [
      API + PROXY + route('GET /a') + route('GET /a', 'Twin'),
      'error template/property 7: The API web has two routes GET /a.',
    ],
    [
      API + integration('IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn'),
      'error template/property 5: A Lambda integration of an HTTP API needs PayloadFormatVersion: 1.0 or 2.0.',
    ],
    [
      API + integration('IntegrationType: AWS_PROXY, IntegrationUri: "https://x", PayloadFormatVersion: "2.0"'),
      'error template/property 5: The address of an AWS_PROXY integration must be the ARN of a function, or its address at API Gateway.',
    ],
    [
      API + integration('IntegrationType: HTTP_PROXY, IntegrationUri: "example.com"'),
      'error template/property 5: The address of an HTTP_PROXY integration must begin with http:// or https://.',
    ],
    [
      API + integration('IntegrationType: MOCK, IntegrationUri: x'),
      'warning template/not-acted-on 5: HTTP APIs take AWS_PROXY and HTTP_PROXY integrations; this is MOCK.',
    ],
    [
      API + PROXY.replace('"2.0"', '"2.0", TimeoutInMillis: 40000'),
      'error template/property 5: TimeoutInMillis is 40000; it must be from 50 to 30000.',
    ],
    [
      'Resources:\n  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: web, ProtocolType: HTTP } }\n',
      'warning template/property 2: The API web has no stage, so it answers every request with 404.',
    ],
    [
      'Resources:\n  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: web, ProtocolType: WEBSOCKET } }\n',
      'warning template/not-acted-on 2: Firedrill does not act on WebSocket APIs; this one is left out.',
    ],
  ])('what is wrong or left out is told with its line (RS 3.29, 3.30, 3.34): %s', (text, expected) => {
    expect(readOne(text).findings.map(inLine)).toContain(expected);
  });
});

describe('REST APIs as OpenAPI documents', () => {
  const rest = (paths: string): string => `Resources:
${FUNCTION}  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      EndpointConfiguration: { Types: [REGIONAL] }
      Body: { swagger: '2.0', paths: ${paths} }
  D: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api, StageName: prod } }
`;
  const uri = '!Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations"';

  test('have paths and methods, mocks and servers among them (RS 3.23, 3.24)', () => {
    const { value, findings } = readOne(
      rest(`{
        /: { x-amazon-apigateway-any-method: { x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: ${uri} } } },
        /health: { get: { x-amazon-apigateway-integration: { type: MOCK, requestTemplates: { application/json: '{statusCode: 200}' }, responses: { default: { statusCode: '200', responseTemplates: { application/json: ok }, responseParameters: { method.response.header.X-A: "'b'" } } } } } },
        '/files/{proxy+}': { get: { x-amazon-apigateway-integration: { type: http_proxy, httpMethod: GET, uri: 'https://files.example.com/{proxy}', requestParameters: { integration.request.path.proxy: method.request.path.proxy } } } } }`),
    );
    expect(findings).toEqual([]);
    expect(value.restApis[0]?.resources).toMatchObject([
      { path: '/', methods: [{ httpMethod: 'ANY', integration: { kind: 'lambda-proxy', timeoutMs: 29_000 } }] },
      {
        path: '/health',
        methods: [
          {
            httpMethod: 'GET',
            integration: {
              kind: 'mock',
              statusByType: { 'application/json': 200 },
              responses: [{ selectionPattern: undefined, status: 200, headers: { 'X-A': 'b' }, body: 'ok' }],
            },
          },
        ],
      },
      {
        path: '/files/{proxy+}',
        methods: [{ integration: { kind: 'http', isProxy: true, pathParameters: { proxy: 'proxy' } } }],
      },
    ]);
  });

  test.each([
    ['{ /a: { get: { responses: {} } } }', 'GET /a has no x-amazon-apigateway-integration'],
    [
      '{ /a: { get: { x-amazon-apigateway-integration: { type: mock, requestTemplates: { application/json: "#if(true){statusCode: 200}#end" } } } } }',
      'Firedrill does not evaluate conditions of request templates; the first statusCode counts.',
    ],
    [
      '{ /a: { get: { x-amazon-apigateway-integration: { type: mock, responses: { default: { statusCode: "200", responseTemplates: { application/json: "$context.requestId" } } } } } } }',
      'Firedrill does not evaluate templates of responses that compute something; the body is empty.',
    ],
  ])('what is left out is told (RS 3.23a): %s', (paths, expected) => {
    const { findings } = readOne(rest(paths));
    expect(findings.map(({ says }) => says).join('\n')).toContain(expected);
    expect(findings.every(({ code }) => code === 'template/not-acted-on')).toBe(true);
  });

  test('something else is refused', () => {
    const { findings } = readOne(rest('{}').replace("swagger: '2.0', ", ''));
    expect(findings.map(({ code }) => code)).toContain('template/property');
  });
});

describe('function URLs', () => {
  const url = (properties: string): string => `Resources:
${FUNCTION}  V: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref F } }
  A: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref F, FunctionVersion: !GetAtt V.Version, Name: live } }
  U: { Type: AWS::Lambda::Url, Properties: { ${properties} } }
Outputs: { Url: { Value: !GetAtt U.FunctionUrl } }
`;

  test('have a host name in their Region and the function behind their alias (RS 4.26)', () => {
    const { value, findings } = readOne(
      url('TargetFunctionArn: !Ref F, Qualifier: live, AuthType: NONE, Cors: { AllowOrigins: ["*"] }'),
    );
    expect(findings).toEqual([]);
    expect(value.functionUrls).toMatchObject([
      {
        region: 'eu-west-1',
        functionArn: `${value.functions[0]?.arn}:1`,
        authType: 'NONE',
        cors: { allowOrigins: ['*'] },
      },
    ]);
    expect(value.stacks[0]?.outputs['Url']).toMatch(/^https:\/\/[a-z0-9]{32}\.lambda-url\.eu-west-1\.on\.aws\/$/);
  });

  test('of functions that are nowhere are told, and so is what does not stream', () => {
    expect(
      readOne(url('TargetFunctionArn: other, AuthType: NONE, InvokeMode: RESPONSE_STREAM')).findings.map(inLine),
    ).toEqual([
      'warning template/not-acted-on 5: Firedrill does not stream answers; they come whole.',
      'error template/unresolved-reference 5: This calls the function arn:aws:lambda:eu-west-1:123456789012:function:other, which is in no template read.',
    ]);
  });

  test('reserved concurrency of nothing is kept, of something it is told (RS 4.24)', () => {
    const withConcurrency = (count: number): ReturnType<typeof readOne> =>
      readOne(
        url('TargetFunctionArn: !Ref F, AuthType: NONE').replace(
          'Role: arn',
          `Role: arn, ReservedConcurrentExecutions: ${count}`,
        ),
      );
    expect(withConcurrency(0).value.functions[0]?.reservedConcurrency).toBe(0);
    expect(withConcurrency(0).findings).toEqual([]);
    expect(withConcurrency(3).findings.map(({ weight }) => weight)).toEqual(['note']);
  });
});
