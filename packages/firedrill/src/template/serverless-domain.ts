import { alphanumericOf, hashOf } from './serverless-ids.ts';
import type { RecordSetGroups } from './serverless-records.ts';
import { addRecords } from './serverless-records.ts';
import type { Serverless, ServerlessResource } from './serverless-stack.ts';
import { addMade, ref, textOf, withParameters } from './serverless-stack.ts';
import type { Node } from './node.ts';
import { get, isScalar } from './node.ts';
import type { Written } from './written-node.ts';

interface DomainParts {
  readonly domain: Node;
  readonly name: Node;
  readonly certificate: Node;
  /** As they are written; none: the domain name leads to the API whatever the path. */
  readonly basePaths: readonly string[] | undefined;
}

/** A custom domain name of a REST API, its mappings and records (RS 8.34). */
export function addRestDomain(
  sam: Serverless,
  from: ServerlessResource,
  { stage }: { readonly stage: string },
  groups: RecordSetGroups,
): void {
  const parts = domainOf(sam, from);
  if (parts === undefined) return;
  const { domain, name, certificate, basePaths } = parts;
  const domainId = `ApiGatewayDomainName${hashOf(name)}`;
  const type = get(domain, 'EndpointConfiguration');
  const isEdge = textOf(type) === 'EDGE';
  addMade(sam, from, domainId, {
    type: 'AWS::ApiGateway::DomainName',
    properties: {
      DomainName: name,
      EndpointConfiguration: { Types: [type ?? 'REGIONAL'] },
      [isEdge ? 'CertificateArn' : 'RegionalCertificateArn']: certificate,
      ...same(domain, ['MutualTlsAuthentication', 'OwnershipVerificationCertificateArn', 'SecurityPolicy']),
    },
  });
  const isPlain = textOf(get(domain, 'NormalizeBasePath')) === 'false';
  for (const path of basePaths ?? [undefined]) {
    const plain = path === undefined ? '' : alphanumericOf(path);
    addMade(sam, from, `${from.logicalId}${plain}BasePathMapping`, {
      type: 'AWS::ApiGateway::BasePathMapping',
      properties: {
        DomainName: ref(domainId),
        RestApiId: ref(from.logicalId),
        Stage: ref(stage),
        BasePath: path === undefined ? undefined : isPlain ? path : plain,
      },
    });
  }
  addRecords(sam, from, { domain, domainId }, groups);
  sam.properties.set(`${from.logicalId}.DomainName`, domainId);
}

/** The same of an HTTP API (RS 8.34a). */
export function addHttpDomain(
  sam: Serverless,
  from: ServerlessResource,
  { stage }: { readonly stage: string },
  groups: RecordSetGroups,
): void {
  const parts = domainOf(sam, from);
  if (parts === undefined) return;
  const { domain, name, certificate, basePaths } = parts;
  const domainId = `ApiGatewayDomainNameV2${hashOf(name)}`;
  addMade(sam, from, domainId, {
    type: 'AWS::ApiGatewayV2::DomainName',
    properties: {
      DomainName: name,
      DomainNameConfigurations: [
        {
          CertificateArn: certificate,
          EndpointType: get(domain, 'EndpointConfiguration') ?? 'REGIONAL',
          ...same(domain, ['OwnershipVerificationCertificateArn', 'SecurityPolicy']),
        },
      ],
      ...same(domain, ['MutualTlsAuthentication']),
    },
  });
  for (const path of basePaths ?? [undefined]) {
    const plain = path === undefined ? '' : path.replaceAll(/[-_/]/g, '');
    // The root is the mapping without a key.
    const key = path === undefined || path === '/' ? undefined : path.replaceAll(/^\/+|\/+$/g, '');
    addMade(sam, from, `${from.logicalId}${plain}ApiMapping`, {
      type: 'AWS::ApiGatewayV2::ApiMapping',
      properties: { DomainName: ref(domainId), ApiId: ref(from.logicalId), Stage: ref(stage), ApiMappingKey: key },
    });
  }
  addRecords(sam, from, { domain, domainId }, groups);
  sam.properties.set(`${from.logicalId}.DomainName`, domainId);
}

/** SAM puts parameters' values in before it makes logical ids of what Domain says. */
function domainOf(sam: Serverless, { properties }: ServerlessResource): DomainParts | undefined {
  const written = get(properties, 'Domain');
  if (written === undefined || written.kind === 'unknown') return undefined;
  const domain = withParameters(written, sam.parameters);
  const [name, certificate, paths] = ['DomainName', 'CertificateArn', 'BasePath'].map((key) => get(domain, key));
  if (name === undefined || certificate === undefined) {
    const missing = name === undefined ? 'DomainName' : 'CertificateArn';
    sam.tell.error('template/property', written.at, `Domain needs ${missing}.`, { facts: ['RS 8.34'] });
    return undefined;
  }
  const items = paths === undefined ? undefined : paths.kind === 'list' ? paths.items : [paths];
  const texts = items?.flatMap((item) => (isScalar(item) ? [item.text] : []));
  if (items !== undefined && texts?.length !== items.length) {
    sam.tell.error('template/property', written.at, 'BasePath must be texts: logical ids are made of them.');
  }
  return { domain, name, certificate, basePaths: texts };
}

function same(domain: Node, names: readonly string[]): Record<string, Written> {
  const found: Record<string, Written> = {};
  for (const name of names) {
    const value = get(domain, name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}
