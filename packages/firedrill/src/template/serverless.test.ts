import { describe, expect, test } from 'vitest';
import { inLine, readOne, source } from '../../test/read-one.ts';
import { processedTemplate } from './index.ts';

const HEAD = 'Transform: AWS::Serverless-2016-10-31\n';
const FUNCTION = 'Runtime: nodejs22.x, Handler: index.handler, InlineCode: x';

/** What a template comes to: the resources that CloudFormation would deploy, by logical id. */
function expand(text: string, parameters: Readonly<Record<string, string>> = {}): Readonly<Record<string, Resource>> {
  const { value, findings } = processedTemplate(source(HEAD + text, { parameters }), '123456789012');
  expect(findings).toEqual([]);
  return (JSON.parse(value ?? '{}') as { readonly Resources: Readonly<Record<string, Resource>> }).Resources;
}

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

function idsOf(text: string, parameters: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries(expand(text, parameters)).map(([id, { Type }]) => `${id} ${Type.replace('AWS::', '')}`);
}

const fn = (more = ''): string =>
  `Resources:\n  Fn: { Type: AWS::Serverless::Function, Properties: { ${FUNCTION}${more} } }\n`;

describe('functions', () => {
  test('RS 8.28: bring a role that trusts Lambda, and the tag of SAM, unless a role is named', () => {
    const { Fn, FnRole } = expand(fn());
    expect(idsOf(fn())).toEqual(['Fn Lambda::Function', 'FnRole IAM::Role']);
    expect(Fn?.Properties).toMatchObject({
      Role: { 'Fn::GetAtt': ['FnRole', 'Arn'] },
      Tags: [{ Key: 'lambda:createdBy', Value: 'SAM' }],
    });
    expect(JSON.stringify(FnRole?.Properties)).toContain('AWSLambdaBasicExecutionRole');
    expect(idsOf(fn(', Role: "arn:aws:iam::123456789012:role/r"'))).toEqual(['Fn Lambda::Function']);
  });

  test('RS 8.29: code is inline, a path, or an object in S3', () => {
    const codeOf = (properties: string): unknown =>
      expand(
        `Resources:\n  Fn: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs22.x, Handler: i.h, ${properties} } }\n`,
      )['Fn']?.Properties['Code'];
    expect(codeOf('InlineCode: x')).toEqual({ ZipFile: 'x' });
    expect(codeOf('CodeUri: ./function')).toBe('./function');
    expect(codeOf('CodeUri: s3://sam-demo-bucket/deep/hello.zip')).toEqual({
      S3Bucket: 'sam-demo-bucket',
      S3Key: 'deep/hello.zip',
    });
    expect(codeOf('CodeUri: { Bucket: b, Key: k, Version: v }')).toEqual({
      S3Bucket: 'b',
      S3Key: 'k',
      S3ObjectVersion: 'v',
    });
  });

  // The ten digits are those of the translator's own published outputs.
  test('RS 8.30, 8.35: an alias points to a version that is named after the code', () => {
    const text = (more = ''): string => `Resources:
  MinimalFunction: { Type: AWS::Serverless::Function, Properties: { Runtime: python3.12, Handler: hello.handler, CodeUri: s3://sam-demo-bucket/hello.zip, AutoPublishAlias: live${more} } }
`;
    expect(idsOf(text())).toEqual([
      'MinimalFunction Lambda::Function',
      'MinimalFunctionRole IAM::Role',
      'MinimalFunctionVersion640128d35d Lambda::Version',
      'MinimalFunctionAliaslive Lambda::Alias',
    ]);
    const sha = '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b';
    expect(Object.keys(expand(text(`, AutoPublishCodeSha256: ${sha}`)))[2]).toBe('MinimalFunctionVersion6b86b273ff');
  });

  test('RS 8.36: a URL without authorization brings the permissions that make it public', () => {
    const public_ = fn(', FunctionUrlConfig: { AuthType: NONE, Cors: { AllowOrigins: ["*"] } }');
    expect(idsOf(public_).slice(2)).toEqual([
      'FnUrl Lambda::Url',
      'FnUrlPublicPermissions Lambda::Permission',
      'FnURLInvokeAllowPublicAccess Lambda::Permission',
    ]);
    expect(expand(public_)['FnUrl']?.Properties).toMatchObject({ AuthType: 'NONE', TargetFunctionArn: { Ref: 'Fn' } });
    expect(idsOf(fn(', FunctionUrlConfig: { AuthType: AWS_IAM }')).slice(2)).toEqual(['FnUrl Lambda::Url']);
  });
});

describe('REST APIs', () => {
  const event = (more = ''): string =>
    fn(`, Events: { Get: { Type: Api, Properties: { Path: /orders, Method: get${more} } } }`);

  test('RS 8.31, 8.34c: events without an API share ServerlessRestApi with the stage Prod', () => {
    const resources = expand(event());
    const deployment = Object.keys(resources).find((id) => /^ServerlessRestApiDeployment[0-9a-f]{10}$/.test(id)) ?? '';
    expect(Object.keys(resources)).toEqual([
      'Fn',
      'FnRole',
      'FnGetPermissionProd',
      'ServerlessRestApi',
      deployment,
      'ServerlessRestApiProdStage',
    ]);
    expect(resources[deployment]?.Properties).toEqual({ RestApiId: { Ref: 'ServerlessRestApi' }, StageName: 'Stage' });
    expect(resources['ServerlessRestApi']?.Properties['Body']).toEqual({
      swagger: '2.0',
      info: { version: '1.0', title: { Ref: 'AWS::StackName' } },
      paths: {
        '/orders': {
          get: {
            'x-amazon-apigateway-integration': {
              type: 'aws_proxy',
              httpMethod: 'POST',
              uri: {
                'Fn::Sub':
                  'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations',
              },
            },
            responses: {},
          },
        },
      },
    });
  });

  test('RS 8.31: another path is another deployment; the same text is the same', () => {
    const deploymentOf = (text: string): string =>
      Object.keys(expand(text)).find((id) => id.includes('Deployment')) ?? '';
    expect(deploymentOf(event())).toBe(deploymentOf(event()));
    expect(deploymentOf(event())).not.toBe(deploymentOf(event().replace('/orders', '/others')));
  });

  test('an alias is what events of its function call', () => {
    const { value, findings } = readOne(
      HEAD + event().replace('InlineCode: x', 'InlineCode: x, AutoPublishAlias: live'),
    );
    expect(findings.map(({ code }) => code)).toEqual(['template/not-acted-on']);
    expect(value.restApis[0]?.resources[1]?.methods[0]?.integration).toMatchObject({
      functionArn: `${value.functions[0]?.arn}:1`,
    });
  });

  const explicit = (stage: string, more = ''): string => `Parameters: { Stage: { Type: String, Default: v2 } }
Resources:
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: ${stage}, EndpointConfiguration: REGIONAL${more} } }
`;

  test.each([
    ['prod', 'ApiprodStage'],
    // SHA-1 of the name.
    ['pre-prod', 'ApiStage89703f297c'],
    ['!Ref Stage', 'ApiStage'],
  ])('RS 8.33: the stage of %s is %s', (stage, id) => {
    expect(Object.keys(expand(explicit(stage))).at(-1)).toBe(id);
  });

  test('RS 8.33: with OpenApiVersion the deployment makes no stage of its own', () => {
    const [, deployment] = Object.values(expand(explicit('prod', ', OpenApiVersion: 3.0.1')));
    expect(deployment?.Properties).toEqual({ RestApiId: { Ref: 'Api' } });
  });

  const domain = (more: string): string => `Parameters:
  HostedZoneId: { Type: String, Default: Z0EXAMPLE }
  Name: { Type: String, Default: api.example.com }
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: { StageName: prod, EndpointConfiguration: REGIONAL, Domain: { DomainName: ${more} } }
`;

  test('RS 8.34, 8.35: a domain name is called after its name, a group of records after its zone', () => {
    const text = domain(
      '!Sub "api.${AWS::Region}.example.com", CertificateArn: arn, BasePath: [/get, post], Route53: { HostedZoneId: !ImportValue zone, IpV6: true, Region: eu-west-2, SetIdentifier: two }',
    );
    const resources = expand(text);
    const ids = Object.keys(resources);
    expect(ids.slice(3)).toEqual([
      expect.stringMatching(/^ApiGatewayDomainName[0-9a-f]{10}$/),
      'ApigetBasePathMapping',
      'ApipostBasePathMapping',
      expect.stringMatching(/^RecordSetGroup[0-9a-f]{10}$/),
    ]);
    const group = resources[ids[6] ?? '']?.Properties as { readonly RecordSets: readonly Record<string, unknown>[] };
    expect(group.RecordSets.map(({ Type, Region, SetIdentifier }) => [Type, Region, SetIdentifier])).toEqual([
      ['A', 'eu-west-2', 'two'],
      ['AAAA', 'eu-west-2', 'two'],
    ]);
    expect(group.RecordSets[0]?.['AliasTarget']).toEqual({
      HostedZoneId: { 'Fn::GetAtt': [ids[3], 'RegionalHostedZoneId'] },
      DNSName: { 'Fn::GetAtt': [ids[3], 'RegionalDomainName'] },
    });
  });

  test('RS 8.34, 8.35: parameters are filled in before anything is named after them', () => {
    const ids = (parameters: Readonly<Record<string, string>>): readonly string[] =>
      Object.keys(
        expand(domain('!Ref Name, CertificateArn: arn, Route53: { HostedZoneId: !Ref HostedZoneId }'), parameters),
      ).slice(3);
    // SHA-1 of `sam-example.com` and of `Z1H1FL5HABSF5`.
    expect(ids({ Name: 'sam-example.com', HostedZoneId: 'Z1H1FL5HABSF5' })).toEqual([
      'ApiGatewayDomainName2dbf35af54',
      'ApiBasePathMapping',
      'RecordSetGroup5dcd9f1187',
    ]);
  });

  test('RS 3.37a: an edge-optimised domain name is in the zone of CloudFront', () => {
    const text = domain('!Ref Name, CertificateArn: arn, EndpointConfiguration: EDGE, Route53: { HostedZoneId: Z0 }');
    const group = Object.values(expand(text)).find(({ Type }) => Type === 'AWS::Route53::RecordSetGroup');
    expect(JSON.stringify(group?.Properties)).toContain('"HostedZoneId":"Z2FDTNDATAQYW2"');
  });

  test('Cors answers preflights of every path with a mock', () => {
    const { value, findings } = readOne(
      `${HEAD}Globals: { Api: { EndpointConfiguration: REGIONAL, Cors: { AllowOrigin: "'*'", MaxAge: "'600'" } } }\n${event()}`,
    );
    expect(findings).toEqual([]);
    const [, orders] = value.restApis[0]?.resources ?? [];
    expect(orders?.methods.map(({ httpMethod }) => httpMethod)).toEqual(['GET', 'OPTIONS']);
    expect(orders?.methods[1]?.integration).toMatchObject({
      kind: 'mock',
      statusByType: { 'application/json': 200 },
      responses: [
        {
          status: 200,
          headers: {
            'Access-Control-Allow-Origin': '*',
            'Access-Control-Allow-Methods': 'GET,OPTIONS',
            'Access-Control-Max-Age': '600',
          },
        },
      ],
    });
  });
});

describe('HTTP APIs', () => {
  const event = (properties: string): string => fn(`, Events: { Ask: { Type: HttpApi${properties} } }`);

  test('RS 8.32, 8.34b, 8.34c: events without an API share ServerlessHttpApi with the stage $default', () => {
    const resources = expand(event(', Properties: { Path: /orders, Method: post }'));
    expect(Object.keys(resources).slice(2)).toEqual([
      'FnAskPermission',
      'ServerlessHttpApi',
      'ServerlessHttpApiApiGatewayDefaultStage',
    ]);
    expect(resources['ServerlessHttpApiApiGatewayDefaultStage']?.Properties).toEqual({
      ApiId: { Ref: 'ServerlessHttpApi' },
      StageName: '$default',
      AutoDeploy: true,
      Tags: { 'httpapi:createdBy': 'SAM' },
    });
    expect(resources['ServerlessHttpApi']?.Properties['Body']).toMatchObject({
      openapi: '3.0.1',
      paths: { '/orders': { post: { 'x-amazon-apigateway-integration': { payloadFormatVersion: '2.0' } } } },
    });
  });

  test('an event without a path takes what nothing else takes', () => {
    const body = expand(event(''))['ServerlessHttpApi']?.Properties['Body'] as { readonly paths: object };
    expect(body.paths).toMatchObject({ $default: { 'x-amazon-apigateway-any-method': {} } });
  });

  test('RS 8.34a, 8.34b: an API of its own has its domain name, mappings and stage', () => {
    const ids = idsOf(`Resources:
  Web: { Type: AWS::Serverless::HttpApi, Properties: { StageName: live, Domain: { DomainName: sam-example.com, CertificateArn: arn, BasePath: [/one-two, three_four], Route53: { HostedZoneId: Z1H1FL5HABSF5 } } } }
`);
    expect(ids).toEqual([
      'Web ApiGatewayV2::Api',
      'WebliveStage ApiGatewayV2::Stage',
      'ApiGatewayDomainNameV22dbf35af54 ApiGatewayV2::DomainName',
      'WebonetwoApiMapping ApiGatewayV2::ApiMapping',
      'WebthreefourApiMapping ApiGatewayV2::ApiMapping',
      'RecordSetGroup5dcd9f1187 Route53::RecordSetGroup',
    ]);
  });
});

test.each([
  ['', { AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], BillingMode: 'PAY_PER_REQUEST' }],
  [
    'PrimaryKey: { Name: n, Type: Number }, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }',
    { KeySchema: [{ AttributeName: 'n', KeyType: 'HASH' }], ProvisionedThroughput: { ReadCapacityUnits: 1 } },
  ],
])('RS 8.37: a simple table of {%s} is one of DynamoDB', (properties, expected) => {
  const { Table } = expand(
    `Resources:\n  Table: { Type: AWS::Serverless::SimpleTable, Properties: { ${properties} } }\n`,
  );
  expect(Table?.Type).toBe('AWS::DynamoDB::Table');
  expect(Table?.Properties).toMatchObject(expected);
});

describe('what applies to all of a template', () => {
  test('RS 8.38: Globals gives scalars that a resource replaces, maps that are merged, lists that are joined', () => {
    const { Fn } = expand(`Globals:
  Function: { Runtime: python3.12, Timeout: 5, Layers: [a], Environment: { Variables: { A: global, B: global } } }
${fn(', Layers: [b], Environment: { Variables: { B: own } }')}`);
    expect(Fn?.Properties).toMatchObject({
      Runtime: 'nodejs22.x',
      Timeout: 5,
      Layers: ['a', 'b'],
      Environment: { Variables: { A: 'global', B: 'own' } },
    });
  });

  const findingsOf = (text: string): readonly string[] => readOne(HEAD + text).findings.map(inLine);

  test('RS 8.38, 8.38a: Globals with what has no place in it is refused', () => {
    expect(findingsOf(`Globals: { Functions: {}, Function: { Role: arn } }\n${fn()}`)).toEqual([
      'error template/shape 2: Globals has no section Functions.',
      'error template/shape 2: Role cannot stand in Globals.Function.',
    ]);
  });

  test('RS 8.39: an implicit API is there when any of its functions is', () => {
    const both = (first: string, second: string): string => `Conditions:
  A: !Equals [a, a]
  B: !Equals [a, b]
Resources:
  One: { Type: AWS::Serverless::Function${first}, Properties: { ${FUNCTION}, Events: { E: { Type: Api, Properties: { Path: /one, Method: get } } } } }
  Two: { Type: AWS::Serverless::Function${second}, Properties: { ${FUNCTION}, Events: { E: { Type: Api, Properties: { Path: /two, Method: get } } } } }
`;
    const conditionOf = (text: string): unknown => expand(text)['ServerlessRestApi']?.Condition;
    expect(conditionOf(both(', Condition: A', ''))).toBeUndefined();
    expect(conditionOf(both(', Condition: A', ', Condition: A'))).toBe('A');
    expect(conditionOf(both(', Condition: A', ', Condition: B'))).toBe('ServerlessRestApiCondition');
    const { value } = readOne(HEAD + both(', Condition: A', ', Condition: B'));
    expect(value.restApis[0]?.resources.map(({ path }) => path)).toEqual(['/', '/one']);
    expect(value.functions.map(({ logicalId }) => logicalId)).toEqual(['One']);
  });

  test('what SAM has made can be referred to by its own name, and by way of what it is made of', () => {
    const text = `${fn(', AutoPublishAlias: live, Events: { Get: { Type: Api, Properties: { Path: /, Method: any } } }')}Outputs:
  Role: { Value: !GetAtt FnRole.Arn }
  Alias: { Value: !Ref Fn.Alias }
  Version: { Value: !Sub "\${Fn.Version}" }
  Stage: { Value: !Ref ServerlessRestApiProdStage }
  Same: { Value: !Ref ServerlessRestApi.Stage }
  Url: { Value: !Sub "https://\${ServerlessRestApi}.example.com/\${!Literal}" }
`;
    const { value, findings } = readOne(HEAD + text);
    expect(findings.filter(({ weight }) => weight === 'error')).toEqual([]);
    const arn = value.functions[0]?.arn ?? '';
    expect(value.stacks[0]?.outputs).toMatchObject({
      Alias: `${arn}:live`,
      Version: `${arn}:1`,
      Stage: 'Prod',
      Same: 'Prod',
      Url: `https://${value.restApis[0]?.id ?? ''}.example.com/\${Literal}`,
    });
  });

  test.each([
    [
      fn(', Events: { Tick: { Type: Schedule, Properties: { Schedule: rate(1 minute) } } }'),
      'warning template/not-acted-on 3: Firedrill does not act on events of the type Schedule; in a drill Tick never invokes the function.',
    ],
    [
      fn(', Evnts: {}'),
      'error template/property 3: AWS::Serverless::Function has no property Evnts; SAM refuses the template.',
    ],
    [fn().replace(', InlineCode: x', ''), 'error template/property 3: Fn needs InlineCode or CodeUri.'],
    [
      fn(', Events: { Get: { Type: Api, Properties: { Method: get } } }'),
      'error template/property 3: The event Get needs Path.',
    ],
    [
      fn(', Events: { Get: { Type: Api, Properties: { Method: get, Path: /, RestApiId: !Ref Gone } } }'),
      'error template/unresolved-reference 3: RestApiId of the event Get names Gone, which is no API of this template.',
    ],
    [
      fn(', DeploymentPreference: { Type: AllAtOnce }'),
      'warning template/not-acted-on 3: Firedrill does not act on DeploymentPreference of Fn. All traffic goes to the newest version at once.',
    ],
    ['Resources:\n  Api: { Type: AWS::Serverless::Api }\n', 'error template/property 3: Api needs StageName.'],
    [
      'Resources:\n  Flow: { Type: AWS::Serverless::StateMachine, Properties: {} }\n',
      'warning template/unknown-resource-type 3: Firedrill does not act on AWS::Serverless::StateMachine; in a drill it is as if it were not there, and values it gives are made up.',
    ],
  ])('what is wrong or left out is told with its line: %s', (text, expected) => {
    expect(findingsOf(text)).toContain(expected);
  });

  test('types of SAM without its transform are refused', () => {
    expect(readOne(fn()).findings.map(inLine)).toContain(
      'error template/transform 2: AWS::Serverless::Function needs the transform AWS::Serverless-2016-10-31.',
    );
  });

  test('a template without transforms is its own processed one', () => {
    const text = 'Resources: { R: { Type: AWS::IAM::Role } }\n';
    expect(processedTemplate(source(text), '123456789012').value).toBe(text);
  });
});
