import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';

const API = `Resources:
  Role: { Type: AWS::IAM::Role }
  F: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Role: !GetAtt Role.Arn, Code: { ZipFile: x } } }
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: api, EndpointConfiguration: { Types: [REGIONAL] } } }
  Orders: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders } }
  Order: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: "{id}" } }
  Deployment: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api, StageName: prod } }
`;

const method = (integration: string, more = ''): string =>
  `  M: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Api, ResourceId: !Ref Order, HttpMethod: GET, ${more} Integration: { ${integration} } } }\n`;
const proxy = (arn: string): string =>
  `Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/${arn}/invocations"`;

describe('REST APIs', () => {
  test('paths are joined from the root, and a deployment may make the stage', () => {
    const { value, findings } = readOne(API + method(proxy('${F.Arn}')));
    expect(findings).toEqual([]);
    const [api] = value.restApis;
    expect(api?.resources.map(({ path }) => path)).toEqual(['/', '/orders', '/orders/{id}']);
    expect(api?.stages).toMatchObject([{ name: 'prod', variables: {} }]);
    expect(api?.resources[2]?.methods).toEqual([
      {
        httpMethod: 'GET',
        integration: { kind: 'lambda-proxy', functionArn: value.functions[0]?.arn, timeoutMs: 29_000 },
      },
    ]);
  });

  test('an alias stands for the version that it names (RS 4.37)', () => {
    const { value, findings } = readOne(
      `${API}  V: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref F } }
  A: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref F, FunctionVersion: !GetAtt V.Version, Name: live } }
${method(proxy('${A}'))}`,
    );
    expect(findings).toEqual([]);
    expect(value.restApis[0]?.resources[2]?.methods[0]?.integration).toMatchObject({
      functionArn: `${value.functions[0]?.arn}:1`,
    });
  });

  function checkMethod(integration: string, expected: readonly string[], more = ''): void {
    expect(readOne(API + method(integration, more)).findings.map(inLine)).toEqual(expected);
  }

  test('other integrations are left out, and wrong ones refused (RS 3.8a, 3.18)', () => {
    checkMethod('Type: AWS', [
      'warning template/not-acted-on 8: Firedrill acts on AWS_PROXY, HTTP, HTTP_PROXY and MOCK integrations only; this method with AWS is left out and answers 403.',
    ]);
    checkMethod('Type: HTTP_PROXY, Uri: "ftp://x"', [
      'error template/property 8: Uri of an integration of the type HTTP_PROXY must be an address that begins with http:// or https://.',
    ]);
    checkMethod('Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: "https://x"', [
      'error template/property 8: Uri of a Lambda proxy integration must be arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations.',
    ]);
    checkMethod(proxy('${F.Arn}').replace('POST', 'GET'), [
      'error template/property 8: A Lambda proxy integration needs IntegrationHttpMethod: POST; with any other each request is answered 500.',
    ]);
    checkMethod(`${proxy('${F.Arn}')}, TimeoutInMillis: 30000`, [
      "warning template/property 8: TimeoutInMillis is 30000; above 29000 AWS refuses it unless the account's quota was raised.",
    ]);
    checkMethod(`${proxy('${F.Arn}')}, TimeoutInMillis: 10`, [
      'error template/property 8: TimeoutInMillis is 10; it must be from 50 to 300000.',
    ]);
    checkMethod(proxy('arn:aws:lambda:eu-west-1:123456789012:function:other'), [
      'error template/unresolved-reference 8: The method calls the function arn:aws:lambda:eu-west-1:123456789012:function:other, which is in no template read.',
    ]);
    checkMethod(
      proxy('${F.Arn}'),
      ['warning template/not-acted-on 8: Firedrill does not authorize; requests pass without AWS_IAM.'],
      'AuthorizationType: AWS_IAM,',
    );
  });
});

describe('custom domain names', () => {
  const certificate = `  C: { Type: AWS::CertificateManager::Certificate, Properties: { DomainName: "*.example.com" } }\n`;

  test('the newer API makes the same (RS 3.37, 3.38, 3.40)', () => {
    const { value, findings } = readOne(`${API}${certificate}
  D: { Type: AWS::ApiGatewayV2::DomainName, Properties: { DomainName: API.example.com, DomainNameConfigurations: [{ EndpointType: REGIONAL, CertificateArn: !Ref C }] } }
  M: { Type: AWS::ApiGatewayV2::ApiMapping, Properties: { DomainName: !Ref D, ApiId: !Ref Api, Stage: prod, ApiMappingKey: v1/orders } }
Outputs: { Zone: { Value: !GetAtt D.RegionalHostedZoneId } }
`);
    expect(findings).toEqual([]);
    expect(value.apiDomainNames).toMatchObject([
      {
        name: 'api.example.com',
        region: 'eu-west-1',
        mappings: [{ path: 'v1/orders', apiId: value.restApis[0]?.id, stage: 'prod' }],
      },
    ]);
    expect(value.stacks[0]?.outputs['Zone']).toBe('ZLY8HYME6SFDD');
  });

  test('a certificate covers the name; a name without a mapping answers 403 (RS 3.42)', () => {
    const { findings } = readOne(`${API}${certificate}
  D: { Type: AWS::ApiGateway::DomainName, Properties: { DomainName: a.b.example.com, RegionalCertificateArn: !Ref C } }
`);
    expect(findings.map(inLine)).toEqual([
      'warning template/not-acted-on 10: Firedrill acts on REGIONAL endpoints only; this one is EDGE by default and is treated as REGIONAL.',
      'error template/property 10: The certificate of the domain name a.b.example.com does not cover a.b.example.com; it covers *.example.com.',
      'warning template/property 10: The domain name a.b.example.com has no mapping, so it answers every request with 403.',
    ]);
  });
});
