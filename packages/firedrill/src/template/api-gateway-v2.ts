import { domainIdentity, draftDomainName, useCertificate } from './api-gateway.ts';
import type { Draft } from './draft.ts';
import { domainName } from './names.ts';
import { LOWER_ALPHANUMERIC, idFrom } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import { anyText, inertFields, listOf, notYet, oneOf, optional, placed, required, shape, text } from './shape.ts';

const DOMAIN_NAME = shape('AWS::ApiGatewayV2::DomainName', {
  DomainName: required(text({ most: 253 })),
  DomainNameConfigurations: optional(
    listOf(
      shape('DomainNameConfigurations', {
        CertificateArn: optional(placed(text())),
        EndpointType: optional(oneOf(['REGIONAL'])),
        ...inertFields('CertificateName', 'IpAddressType', 'OwnershipVerificationCertificateArn', 'SecurityPolicy'),
      }),
    ),
  ),
  MutualTlsAuthentication: notYet('Clients are not asked for certificates.'),
  RoutingMode: notYet('API mappings decide.'),
  ...inertFields('Tags'),
});

const API_MAPPING = shape('AWS::ApiGatewayV2::ApiMapping', {
  ApiId: required(text()),
  DomainName: required(text()),
  Stage: required(text()),
  ApiMappingKey: optional(anyText),
});

/** Custom domain names and mappings of the newer API; they serve REST APIs as well (RS 3.40). */
export const API_GATEWAY_V2_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::ApiGatewayV2::DomainName', { standing: 'acted-on', regional: true, read: readDomainName }],
  ['AWS::ApiGatewayV2::ApiMapping', { standing: 'acted-on', regional: true, read: readApiMapping }],
]);

function readDomainName(input: ResourceInput, draft: Draft): Identity {
  const own = domainIdentity(input);
  const properties = DOMAIN_NAME(input.properties, input.tell);
  if (properties !== undefined) {
    const certificate = properties.DomainNameConfigurations?.[0]?.CertificateArn;
    if (certificate !== undefined) useCertificate(certificate, properties.DomainName, input, draft);
    draftDomainName(properties.DomainName, certificate?.value, own, input, draft);
  }
  return own;
}

function readApiMapping(input: ResourceInput, draft: Draft): Identity {
  const id = idFrom(`mapping ${input.seed}`, 6, LOWER_ALPHANUMERIC);
  const properties = API_MAPPING(input.properties, input.tell);
  if (properties !== undefined) {
    draft.apiMappings.push({
      domainName: domainName(properties.DomainName),
      region: input.context.region,
      path: properties.ApiMappingKey ?? '',
      apiId: properties.ApiId,
      stage: properties.Stage,
      at: input.at,
    });
  }
  return identity(id, { ApiMappingId: id });
}
