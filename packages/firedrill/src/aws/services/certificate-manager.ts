import type { CertificateDetail } from '@aws-sdk/client-acm';
import { createHash } from 'node:crypto';
import type { Certificate } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call, Handlers } from '../handlers.ts';

type AcmHandlers = Handlers<typeof import('@aws-sdk/client-acm')>;

/** A certificate that was asked for through the API; those of stacks are issued with their stack. */
interface Request {
  readonly token: string | undefined;
  readonly createdMs: number;
}

/**
 * Certificates. One that is asked for here is issued when every name of it has its validation record in a zone of the world;
 * until then it says PENDING_VALIDATION, and what uses it is not refused for that.
 */
export function certificateManager(cloud: Cloud): AcmHandlers {
  const requests = new Map<string, Request>();
  return {
    async RequestCertificate(input, { region }) {
      const { DomainName: domain = '', SubjectAlternativeNames: names = [], ValidationMethod: method } = input;
      if (method !== undefined && method !== 'DNS')
        throw new AwsError('ValidationException', 'Only DNS validation is there: nobody reads mail in this world.');
      // The same token within an hour is the same request.
      const again = [...requests].find(([, { token }]) => token !== undefined && token === input.IdempotencyToken);
      if (again !== undefined) return { CertificateArn: again[0] };
      const properties = { DomainName: domain, SubjectAlternativeNames: names, ValidationMethod: 'DNS' };
      const arn = await cloud.estate.putResource({ region, type: TYPE, properties });
      requests.set(arn, { token: input.IdempotencyToken, createdMs: cloud.epochMs() });
      return { CertificateArn: arn };
    },
    DescribeCertificate({ CertificateArn: arn }, call) {
      const certificate = need(cloud, call, arn);
      return { Certificate: detailOf(cloud, certificate, requests.get(certificate.arn)) };
    },
    ListCertificates({ CertificateStatuses: statuses }, call) {
      const all = certificatesOf(cloud, call).map((each) => detailOf(cloud, each, requests.get(each.arn)));
      const wanted = all.filter(
        ({ Status }) => statuses === undefined || (Status !== undefined && statuses.includes(Status)),
      );
      const summaries = wanted.map(({ CertificateArn, DomainName, Status, Type }) => ({
        CertificateArn,
        DomainName,
        Status,
        Type,
      }));
      return { CertificateSummaryList: summaries };
    },
    async DeleteCertificate({ CertificateArn: arn }, call) {
      const certificate = need(cloud, call, arn);
      const users = usersOf(cloud, certificate);
      if (users.length > 0)
        throw new AwsError(
          'ResourceInUseException',
          `Certificate ${certificate.arn} in account ${call.account} is in use.`,
        );
      await cloud.estate.removeResource(certificate.arn);
      requests.delete(certificate.arn);
      return {};
    },
    ListTagsForCertificate({ CertificateArn: arn }, call) {
      need(cloud, call, arn);
      return { Tags: [] };
    },
  };
}

const TYPE = 'AWS::CertificateManager::Certificate';

function certificatesOf(cloud: Cloud, { region }: Call): readonly Certificate[] {
  return cloud.estate.architecture().certificates.filter((each) => each.region === region);
}

/** @throws AwsError ResourceNotFoundException */
function need(cloud: Cloud, call: Call, arn: string | undefined): Certificate {
  const found = certificatesOf(cloud, call).find((each) => each.arn === arn);
  if (found !== undefined) return found;
  throw new AwsError(
    'ResourceNotFoundException',
    `Could not find certificate ${arn ?? ''} in account ${call.account}.`,
    404,
  );
}

function detailOf(cloud: Cloud, certificate: Certificate, request: Request | undefined): CertificateDetail {
  const { arn, domainName, subjectAlternativeNames } = certificate;
  const names = [...new Set([domainName, ...subjectAlternativeNames])];
  const options = names.map((name) => {
    const record = validationRecord(arn, name);
    const isThere = request === undefined || isInZone(cloud, record);
    const status = isThere ? ('SUCCESS' as const) : ('PENDING_VALIDATION' as const);
    const told = { Name: record.name, Type: 'CNAME' as const, Value: record.value };
    return {
      DomainName: name,
      ValidationDomain: name,
      ValidationStatus: status,
      ValidationMethod: 'DNS' as const,
      ResourceRecord: told,
    };
  });
  const isIssued = options.every(({ ValidationStatus }) => ValidationStatus === 'SUCCESS');
  const createdAt = new Date(request?.createdMs ?? cloud.epochMs());
  return {
    CertificateArn: arn,
    DomainName: domainName,
    SubjectAlternativeNames: names,
    DomainValidationOptions: options,
    Status: isIssued ? 'ISSUED' : 'PENDING_VALIDATION',
    Type: 'AMAZON_ISSUED',
    KeyAlgorithm: 'RSA_2048',
    CreatedAt: createdAt,
    ...(isIssued ? { IssuedAt: createdAt } : {}),
    InUseBy: usersOf(cloud, certificate),
    RenewalEligibility: 'INELIGIBLE',
  };
}

/** ARNs of distributions that present it, and names of custom domains. */
function usersOf(cloud: Cloud, { arn }: Certificate): string[] {
  const { resources } = cloud.estate.architecture();
  const users = resources.filter(({ type, properties }) => type !== TYPE && JSON.stringify(properties).includes(arn));
  return users.map(({ physicalId }) => physicalId);
}

interface ValidationRecord {
  readonly name: string;
  readonly value: string;
}

/** The record by which ACM sees that a name is whose who asks; a wildcard is validated with the name below it. */
function validationRecord(arn: string, domain: string): ValidationRecord {
  const plain = domain.replace(/^\*\./, '');
  const digest = (what: string): string =>
    createHash('sha256').update(`${what} ${plain} ${arn}`).digest('hex').slice(0, 32);
  return { name: `_${digest('name')}.${plain}.`, value: `_${digest('value')}.acm-validations.aws.` };
}

function isInZone(cloud: Cloud, { name, value }: ValidationRecord): boolean {
  const { control, architecture } = cloud.world();
  const bare = (text: string): string => text.toLowerCase().replace(/\.$/, '');
  return architecture.hostedZones.some(({ id }) =>
    control
      .recordSets(id)
      .some(
        (record) =>
          record.type === 'CNAME' &&
          bare(record.name) === bare(name) &&
          record.values.some((each) => bare(each) === bare(value)),
      ),
  );
}
