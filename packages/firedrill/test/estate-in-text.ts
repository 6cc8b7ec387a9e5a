import { expect } from 'vitest';
import type { Finding } from '../src/model/index.ts';
import type { TemplateSource } from '../src/template/index.ts';
import { readTemplates } from '../src/template/index.ts';
import { check } from '../src/check/index.ts';

/** Resources of a stack by its Region: the text below `Resources:`, indented by two spaces. */
export type Estate = Readonly<Record<string, string>>;

/** The zone of example.com, which all estates take for granted. */
const ZONE = 'Z0EXAMPLE';

/** Findings of `check` on templates with these resources; `account/region` puts a stack into another account. */
export function trapsOf(estate: Estate): readonly Finding[] {
  const sources = Object.entries(estate).map(([where, resources], index): TemplateSource => {
    const [account, region] = where.includes('/') ? where.split('/') : [undefined, where];
    return {
      file: `${region}-${index}.yaml`,
      text: `Resources:\n${resources}`,
      stack: `stack-${region}-${index}`,
      region: region ?? '',
      parameters: {},
      code: {},
      ...(account === undefined ? {} : { account }),
    };
  });
  return check(readTemplates({ sources, zones: { 'example.com': ZONE } }).value);
}

/** Findings of one code, as `weight file:line says`. */
export function saidOf(code: string, estate: Estate): readonly string[] {
  return trapsOf(estate)
    .filter((finding) => finding.code === code)
    .map(({ weight, place, says }) => `${weight} ${place?.file}:${place?.line} ${says}`);
}

/** A record of api.example.com as flow YAML, with what is given besides. */
export function record(logicalId: string, more: string, name = 'api.example.com'): string {
  return `  ${logicalId}: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: ${ZONE}, Name: ${name}, Type: A, ${more} } }\n`;
}

export function values(address: string, ttl = 60): string {
  return `TTL: ${ttl}, ResourceRecords: [${address}]`;
}

export function alias(dnsName: string, evaluate = false): string {
  return `AliasTarget: { DNSName: ${dnsName}, HostedZoneId: ${ZONE}, EvaluateTargetHealth: ${evaluate} }`;
}

export function failover(role: 'PRIMARY' | 'SECONDARY', check?: string): string {
  return `Failover: ${role}, SetIdentifier: ${role}${check === undefined ? '' : `, HealthCheckId: !Ref ${check}`}`;
}

export function healthCheck(logicalId: string, config: string): string {
  return `  ${logicalId}: { Type: AWS::Route53::HealthCheck, Properties: { HealthCheckConfig: { ${config} } } }\n`;
}

/** A distribution with origins as flow YAML. */
export function distribution(
  logicalId: string,
  parts: { readonly origins: string; readonly groups?: string; readonly behavior?: string; readonly more?: string },
): string {
  const { origins, groups = '', behavior = '', more = '' } = parts;
  return `  ${logicalId}:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [${origins}]
        DefaultCacheBehavior: { TargetOriginId: ${groups === '' ? 'a' : 'g'}, ViewerProtocolPolicy: https-only, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad${behavior === '' ? '' : `, ${behavior}`} }
${groups === '' ? '' : `        OriginGroups: { Quantity: 1, Items: [${groups}] }\n`}${more === '' ? '' : `        ${more}\n`}`;
}

export function origin(id: string, domainName: string, more = ''): string {
  return `{ Id: ${id}, DomainName: ${domainName}, CustomOriginConfig: { OriginProtocolPolicy: https-only }${more === '' ? '' : `, ${more}`} }`;
}

/** A group of the origins a and b. */
export function group(codes = '500, 502, 503, 504'): string {
  const count = codes.split(',').length;
  return `{ Id: g, FailoverCriteria: { StatusCodes: { Quantity: ${count}, Items: [${codes}] } }, Members: { Quantity: 2, Items: [{ OriginId: a }, { OriginId: b }] } }`;
}

/** The trap is seen in one estate, said in this way, and not in the other, where only what matters differs. */
export function holds(code: string, { bad, good, says }: { bad: Estate; good: Estate; says: readonly string[] }): void {
  expect(saidOf(code, bad)).toEqual(says.map((each): unknown => expect.stringContaining(each)));
  expect(saidOf(code, good)).toEqual([]);
}

export const EU = 'eu-west-1';
export const US = 'us-east-1';
export const HTTPS = 'Type: HTTPS, FullyQualifiedDomainName: eu.example.com, RequestInterval: 10';

/** A regional custom domain of API Gateway. */
export function apiDomain(name = 'api.example.com'): string {
  return `  Domain: { Type: AWS::ApiGateway::DomainName, Properties: { DomainName: ${name}, EndpointConfiguration: { Types: [REGIONAL] } } }\n`;
}

/** A REST API with the stage prod. */
export function api(more = ''): string {
  return `  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop${more} } }
  Deployment: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api } }
  Stage: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: prod } }\n`;
}

/** The name of the API of `api` itself. */
export const apiHost = '!Sub "${Api}.execute-api.${AWS::Region}.amazonaws.com"';
/** An alias to the custom domain of `apiDomain`. */
export const toDomain = (evaluate = true): string =>
  `AliasTarget: { DNSName: !GetAtt Domain.RegionalDomainName, HostedZoneId: !GetAtt Domain.RegionalHostedZoneId, EvaluateTargetHealth: ${evaluate} }`;
