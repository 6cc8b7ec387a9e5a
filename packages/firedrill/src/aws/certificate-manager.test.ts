import type { RequestCertificateCommandInput } from '@aws-sdk/client-acm';
import {
  ACMClient,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  ListCertificatesCommand,
  RequestCertificateCommand,
} from '@aws-sdk/client-acm';
import { expect, test } from 'vitest';
import { openTestAws } from './aws.fixture.ts';
import { openTestCloud } from './cloud.fixture.ts';

async function open() {
  const { cloud } = openTestCloud();
  const { client } = await openTestAws({ parts: cloud });
  return { acm: new ACMClient(client), cloud };
}

test('a certificate is issued when all of its names have their validation records, and not before', async () => {
  const { acm, cloud } = await open();
  const asked: RequestCertificateCommandInput = {
    DomainName: 'www.example.com',
    SubjectAlternativeNames: ['*.example.com'],
    ValidationMethod: 'DNS',
  };
  const { CertificateArn } = await acm.send(new RequestCertificateCommand(asked));
  const describe = async () => (await acm.send(new DescribeCertificateCommand({ CertificateArn }))).Certificate;
  const pending = await describe();
  expect(pending?.Status).toBe('PENDING_VALIDATION');
  const records = (pending?.DomainValidationOptions ?? []).map(({ ResourceRecord }) => ResourceRecord);
  expect(records.map((record) => record?.Name)).toEqual([
    expect.stringMatching(/^_[0-9a-f]{32}\.www\.example\.com\.$/),
    expect.stringMatching(/^_[0-9a-f]{32}\.example\.com\.$/),
  ]);
  for (const [index, record] of records.entries()) {
    expect((await describe())?.Status).toBe('PENDING_VALIDATION');
    const { Name = '', Value = '' } = record ?? {};
    const recordSet = {
      name: Name,
      type: 'CNAME',
      ttlSeconds: 300,
      values: [Value],
      policy: { kind: 'simple' },
    } as const;
    expect(
      cloud.perform({
        kind: 'change-record-sets',
        hostedZoneId: 'Z0EXAMPLE',
        changes: [{ action: 'CREATE', recordSet }],
      }),
    ).toEqual({ kind: 'done' });
    expect((await describe())?.DomainValidationOptions?.[index]?.ValidationStatus).toBe('SUCCESS');
  }
  expect((await describe())?.Status).toBe('ISSUED');
});

test('it is listed, is the same for the same token, and goes', async () => {
  const { acm, cloud } = await open();
  const request = new RequestCertificateCommand({ DomainName: 'a.example.com', IdempotencyToken: 'once' });
  const { CertificateArn } = await acm.send(request);
  expect((await acm.send(request)).CertificateArn).toBe(CertificateArn);
  const listed = await acm.send(new ListCertificatesCommand({}));
  expect(listed.CertificateSummaryList).toMatchObject([{ CertificateArn, DomainName: 'a.example.com' }]);
  expect(
    (await acm.send(new ListCertificatesCommand({ CertificateStatuses: ['ISSUED'] }))).CertificateSummaryList,
  ).toEqual([]);
  await acm.send(new DeleteCertificateCommand({ CertificateArn }));
  expect(cloud.world().architecture.certificates).toEqual([]);
  await expect(acm.send(new DescribeCertificateCommand({ CertificateArn }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('one that something presents stays', async () => {
  const { acm, cloud } = await open();
  const { CertificateArn } = await acm.send(new RequestCertificateCommand({ DomainName: 'api.example.com' }));
  await cloud.estate.putResource({
    region: 'eu-west-1',
    type: 'AWS::ApiGateway::DomainName',
    properties: {
      DomainName: 'api.example.com',
      RegionalCertificateArn: CertificateArn,
      EndpointConfiguration: { Types: ['REGIONAL'] },
    },
  });
  await expect(acm.send(new DeleteCertificateCommand({ CertificateArn }))).rejects.toMatchObject({
    name: 'ResourceInUseException',
  });
  const { Certificate } = await acm.send(new DescribeCertificateCommand({ CertificateArn }));
  expect(Certificate?.InUseBy).toHaveLength(1);
});
