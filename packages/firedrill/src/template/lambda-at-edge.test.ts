import { expect, test } from 'vitest';
import { source } from '../../test/read-one.ts';
import { readTemplates } from './index.ts';

/* As CDK's `cloudfront.experimental.EdgeFunction` writes it: the function in us-east-1, its ARN in a parameter there. */

const EDGE = `Resources:
  F: { Type: AWS::Lambda::Function, Properties: { FunctionName: edge, Role: arn, Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: x } } }
  V: { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref F } }
  P: { Type: AWS::SSM::Parameter, Properties: { Name: /cdk/EdgeFunctionArn/f, Type: String, Value: !Ref V } }
`;

const SITE = `Resources:
  Reader: { Type: Custom::CrossRegionStringParameterReader, Properties: { ServiceToken: arn, Region: us-east-1, ParameterName: /cdk/EdgeFunctionArn/f } }
  Web:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: a, DomainName: a.example.com, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: a
          ViewerProtocolPolicy: https-only
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
          LambdaFunctionAssociations: [{ EventType: viewer-request, LambdaFunctionARN: !GetAtt Reader.FunctionArn }]
`;

const edge = source(EDGE, { file: 'edge.yaml', stack: 'edge', region: 'us-east-1', id: 'edge' });
const site = source(SITE, { file: 'site.yaml', stack: 'site', dependencies: ['edge'] });

test('CF 5.22: a version made in us-east-1 reaches the distribution of another Region by a parameter', () => {
  const { value, findings } = readTemplates({ sources: [site, edge], zones: {} });
  expect(findings).toEqual([]);
  expect(value.distributions[0]?.behaviors[0]?.lambdaFunctionAssociations).toMatchObject([
    { eventType: 'viewer-request', functionArn: expect.stringMatching(/:us-east-1:.*:function:edge:1$/) as unknown },
  ]);
});

test('a parameter that no stack writes is told, with its line', () => {
  const { findings } = readTemplates({ sources: [site], zones: {} });
  expect(findings.find(({ code }) => code === 'template/import')).toMatchObject({
    weight: 'error',
    says: 'No stack that was read writes /cdk/EdgeFunctionArn/f in us-east-1.',
    place: { file: 'site.yaml', line: 2 },
  });
});
