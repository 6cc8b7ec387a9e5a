import type { TemplateSource } from '../src/template/index.ts';

/** One Region of the hybrid failover: API, function, domain name, health check and failover record. */
export const REGIONAL_TEMPLATE = `AWSTemplateFormatVersion: "2010-09-09"
Description: One Region of an API that fails over.
Parameters:
  DomainName: { Type: String, Default: api.example.com }
  HostedZoneId: { Type: AWS::Route53::HostedZone::Id }
  Role: { Type: String, AllowedValues: [PRIMARY, SECONDARY] }
  Interval: { Type: Number, Default: 10, AllowedValues: [10, 30] }
Mappings:
  Memory:
    eu-west-1: { Mb: 256 }
    us-east-1: { Mb: 128 }
Conditions:
  IsPrimary: !Equals [!Ref Role, PRIMARY]
Resources:
  FunctionRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [] }
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Role: !GetAtt FunctionRole.Arn
      MemorySize: !FindInMap [Memory, !Ref AWS::Region, Mb]
      Environment: { Variables: { ROLE: !If [IsPrimary, primary, secondary] } }
      Code:
        ZipFile: |
          exports.handler = async () => ({ statusCode: 200, body: process.env.AWS_REGION });
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { Name: !Sub "\${AWS::StackName}-api", EndpointConfiguration: { Types: [REGIONAL] } }
  Proxy:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: "{proxy+}" }
  AnyProxy:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Proxy
      HttpMethod: ANY
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Function.Arn}/invocations"
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: AnyProxy
    Properties: { RestApiId: !Ref Api }
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: { RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: prod }
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref Function, Principal: apigateway.amazonaws.com }
  Certificate:
    Type: AWS::CertificateManager::Certificate
    Properties:
      DomainName: !Ref DomainName
      ValidationMethod: DNS
      DomainValidationOptions: [{ DomainName: !Ref DomainName, HostedZoneId: !Ref HostedZoneId }]
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: !Ref DomainName
      RegionalCertificateArn: !Ref Certificate
      EndpointConfiguration: { Types: [REGIONAL] }
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties: { DomainName: !Ref Domain, RestApiId: !Ref Api, Stage: !Ref Stage }
  HealthCheck:
    Type: AWS::Route53::HealthCheck
    Properties:
      HealthCheckConfig:
        Type: HTTPS
        FullyQualifiedDomainName: !Sub "\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}"
        ResourcePath: !Join ["/", ["", !Ref Stage, health]]
        RequestInterval: !Ref Interval
        FailureThreshold: 3
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: !Ref HostedZoneId
      Name: !Sub "\${DomainName}."
      Type: A
      SetIdentifier: !Ref AWS::Region
      Failover: !Ref Role
      HealthCheckId: !Ref HealthCheck
      AliasTarget:
        DNSName: !GetAtt Domain.RegionalDomainName
        HostedZoneId: !GetAtt Domain.RegionalHostedZoneId
        EvaluateTargetHealth: true
Outputs:
  ApiHost:
    Value: !Sub "\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}"
    Export: { Name: !Sub "\${AWS::StackName}-host" }
`;

/** The two distributions: through the failover name alone, and with an origin group over it. */
export const EDGE_TEMPLATE = `Parameters:
  DomainName: { Type: String, Default: api.example.com }
  FallbackHost: { Type: String }
Resources:
  Route53Only:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: name, DomainName: !Ref DomainName, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: name
          ViewerProtocolPolicy: redirect-to-https
          AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
  Hybrid:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: name
            DomainName: !Ref DomainName
            ConnectionAttempts: 1
            ConnectionTimeout: 2
            CustomOriginConfig: { OriginProtocolPolicy: https-only, OriginReadTimeout: 10 }
          - Id: fallback
            DomainName: !Ref FallbackHost
            OriginPath: /prod
            CustomOriginConfig: { OriginProtocolPolicy: https-only }
        OriginGroups:
          Quantity: 1
          Items:
            - Id: hybrid
              FailoverCriteria: { StatusCodes: { Quantity: 4, Items: [500, 502, 503, 504] } }
              Members: { Quantity: 2, Items: [{ OriginId: name }, { OriginId: fallback }] }
        DefaultCacheBehavior:
          TargetOriginId: hybrid
          ViewerProtocolPolicy: redirect-to-https
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
          OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac
Outputs:
  R53FailoverDistribDomain: { Value: !GetAtt Route53Only.DomainName }
  HybridFailoverDistribDomain: { Value: !GetAtt Hybrid.DomainName }
`;

/** The hybrid failover as three stacks, in Regions of their own. */
export function hybridSources(): readonly TemplateSource[] {
  const regional = (region: string, role: string): TemplateSource => ({
    file: 'regional.yaml',
    text: REGIONAL_TEMPLATE,
    stack: `api-${role.toLowerCase()}`,
    region,
    parameters: { HostedZoneId: 'Z0EXAMPLE', Role: role },
    code: {},
  });
  const edge: TemplateSource = {
    file: 'edge.yaml',
    text: EDGE_TEMPLATE,
    stack: 'edge',
    region: 'us-east-1',
    parameters: { FallbackHost: 'fallback.example.com' },
    code: {},
  };
  return [edge, regional('us-east-1', 'SECONDARY'), regional('eu-west-1', 'PRIMARY')];
}
