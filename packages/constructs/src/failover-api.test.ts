import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { describe, expect, test } from 'vitest';
import { FailoverApi, type FailoverApiProps } from './index.ts';

process.env['CDK_VALIDATION'] = 'false';

function synthesise(props: Partial<FailoverApiProps> = {}, region = 'eu-west-1'): Template {
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region } });
  new FailoverApi(stack, 'Api', {
    handler: new lambda.Function(stack, 'Function', {
      code: lambda.Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_22_X,
    }),
    hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
      zoneName: 'example.com',
      hostedZoneId: 'Z0EXAMPLE',
    }),
    domainName: 'api.example.com',
    role: route53.Failover.PRIMARY,
    ...props,
  });
  return Template.fromStack(stack);
}

const PRIMARY = synthesise();

function onlyId(template: Template, type: string): string {
  const ids = Object.keys(template.findResources(type));
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

describe('the API', () => {
  test('it is regional and every method of every path reaches the function', () => {
    PRIMARY.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
    const methods = Object.values(PRIMARY.findResources('AWS::ApiGateway::Method'));
    expect(methods.map(({ Properties }) => [Properties.HttpMethod, Properties.Integration.Type])).toEqual([
      ['ANY', 'AWS_PROXY'],
      ['ANY', 'AWS_PROXY'],
    ]);
    PRIMARY.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '{proxy+}' });
    PRIMARY.hasResourceProperties('AWS::ApiGateway::Stage', { StageName: 'prod' });
  });

  test('the failover name is a regional custom domain, mapped at its root to the stage', () => {
    PRIMARY.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'api.example.com',
      EndpointConfiguration: { Types: ['REGIONAL'] },
      RegionalCertificateArn: { Ref: onlyId(PRIMARY, 'AWS::CertificateManager::Certificate') },
      SecurityPolicy: 'TLS_1_2',
    });
    const [mapping] = Object.values(PRIMARY.findResources('AWS::ApiGateway::BasePathMapping'));
    expect(mapping?.Properties).toEqual({
      DomainName: { Ref: onlyId(PRIMARY, 'AWS::ApiGateway::DomainName') },
      RestApiId: { Ref: onlyId(PRIMARY, 'AWS::ApiGateway::RestApi') },
      Stage: { Ref: onlyId(PRIMARY, 'AWS::ApiGateway::Stage') },
    });
  });

  test('its certificate is validated through the hosted zone', () => {
    PRIMARY.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'api.example.com',
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: 'api.example.com', HostedZoneId: 'Z0EXAMPLE' }],
    });
  });
});

describe('the health check', () => {
  test('it asks the API’s own endpoint, never the name that it steers (R53 HC-17)', () => {
    PRIMARY.hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: {
        Type: 'HTTPS',
        FullyQualifiedDomainName: {
          'Fn::Join': [
            '',
            [{ Ref: onlyId(PRIMARY, 'AWS::ApiGateway::RestApi') }, '.execute-api.eu-west-1.amazonaws.com'],
          ],
        },
        Port: 443,
        ResourcePath: '/prod/health',
        RequestInterval: 10,
        FailureThreshold: 3,
        EnableSNI: true,
      },
    });
  });

  test('its path, interval, threshold and stage can be given', () => {
    synthesise({
      healthPath: '/deep/health',
      healthCheckInterval: Duration.seconds(30),
      failureThreshold: 2,
      stageName: 'live',
    }).hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: { ResourcePath: '/live/deep/health', RequestInterval: 30, FailureThreshold: 2 },
    });
  });

  test('an interval or a threshold that Route 53 does not offer is refused (R53 HC-03, HC-04)', () => {
    expect(() => synthesise({ healthCheckInterval: Duration.seconds(20) })).toThrow('10 s and 30 s');
    expect(() => synthesise({ failureThreshold: 11 })).toThrow('1 to 10');
    expect(() => synthesise({ failureThreshold: 0 })).toThrow('1 to 10');
  });
});

describe('the failover record', () => {
  test('it is an alias of the custom domain, guarded by the health check and by the target’s health', () => {
    const domain = onlyId(PRIMARY, 'AWS::ApiGateway::DomainName');
    PRIMARY.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'api.example.com.',
      Type: 'A',
      HostedZoneId: 'Z0EXAMPLE',
      Failover: 'PRIMARY',
      SetIdentifier: 'primary-eu-west-1',
      HealthCheckId: { Ref: onlyId(PRIMARY, 'AWS::Route53::HealthCheck') },
      AliasTarget: {
        DNSName: { 'Fn::GetAtt': [domain, 'RegionalDomainName'] },
        HostedZoneId: { 'Fn::GetAtt': [domain, 'RegionalHostedZoneId'] },
        EvaluateTargetHealth: true,
      },
    });
  });

  test('the other Region’s half differs in role and identifier', () => {
    synthesise({ role: route53.Failover.SECONDARY }, 'us-east-1').hasResourceProperties('AWS::Route53::RecordSet', {
      Failover: 'SECONDARY',
      SetIdentifier: 'secondary-us-east-1',
    });
  });

  test('a name at the top of the zone is taken as it is', () => {
    synthesise({ domainName: 'example.com' }).hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'example.com.',
    });
  });

  test('a name that only ends like the zone is refused', () => {
    expect(() => synthesise({ domainName: 'api.badexample.com' })).toThrow('does not lie in the hosted zone');
  });
});
