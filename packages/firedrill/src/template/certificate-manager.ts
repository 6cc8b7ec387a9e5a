import type { Draft } from './draft.ts';
import { domainName } from './names.ts';
import { uuidFrom } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { arnOf, identity } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import { inertFields, listOf, optional, placed, required, shape, text } from './shape.ts';

const CERTIFICATE = shape('AWS::CertificateManager::Certificate', {
  DomainName: required(text({ most: 253 })),
  SubjectAlternativeNames: optional(listOf(text({ most: 253 }))),
  DomainValidationOptions: optional(
    listOf(
      shape('DomainValidationOptions', {
        HostedZoneId: optional(placed(text())),
        ...inertFields('DomainName', 'ValidationDomain'),
      }),
    ),
  ),
  ...inertFields('CertificateAuthorityArn', 'CertificateExport', 'CertificateTransparencyLoggingPreference'),
  ...inertFields('KeyAlgorithm', 'Tags', 'ValidationMethod'),
});

/** Certificates are issued at once: waiting for validation is part of a deployment, not of a drill. */
export const CERTIFICATE_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::CertificateManager::Certificate', { standing: 'acted-on', regional: true, read: readCertificate }],
]);

function readCertificate(input: ResourceInput, draft: Draft): Identity {
  const arn = arnOf(input, 'acm', `certificate/${uuidFrom(input.seed)}`);
  const properties = CERTIFICATE(input.properties, input.tell);
  if (properties !== undefined) {
    draft.certificates.push({
      arn,
      region: input.context.region,
      domainName: domainName(properties.DomainName),
      subjectAlternativeNames: (properties.SubjectAlternativeNames ?? []).map(domainName),
      stack: input.context.name,
      place: input.at,
    });
    for (const { HostedZoneId } of properties.DomainValidationOptions ?? []) {
      if (HostedZoneId !== undefined) draft.validationZones.push(HostedZoneId);
    }
  }
  return identity(arn, { CertificateArn: arn });
}
