import type { DistributionConfig } from '@aws-sdk/client-cloudfront';
import {
  CloudFrontClient,
  CreateDistributionCommand,
  CreateInvalidationCommand,
  DeleteDistributionCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  GetInvalidationCommand,
  ListDistributionsCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { describe, expect, test } from 'vitest';
import { openTestAws } from '../aws.fixture.ts';
import type { Cloud } from '../cloud.ts';
import { openTestCloud } from '../cloud.fixture.ts';
import { fromTemplate, toTemplate } from './distribution-config.ts';

/** As people write it who call the API: an origin group of two Regions. */
const CONFIG: DistributionConfig = {
  CallerReference: 'first',
  Comment: 'the shop',
  Enabled: true,
  Aliases: { Quantity: 1, Items: ['www.example.com'] },
  Origins: {
    Quantity: 2,
    Items: ['eu', 'us'].map((id) => ({
      Id: id,
      DomainName: `${id}.example.com`,
      CustomHeaders: { Quantity: 1, Items: [{ HeaderName: 'x-from', HeaderValue: id }] },
      CustomOriginConfig: {
        HTTPPort: 80,
        HTTPSPort: 443,
        OriginProtocolPolicy: 'https-only',
        OriginSslProtocols: { Quantity: 1, Items: ['TLSv1.2'] },
      },
      ConnectionAttempts: 1,
      ConnectionTimeout: 3,
    })),
  },
  OriginGroups: {
    Quantity: 1,
    Items: [
      {
        Id: 'both',
        FailoverCriteria: { StatusCodes: { Quantity: 2, Items: [502, 503] } },
        Members: { Quantity: 2, Items: [{ OriginId: 'eu' }, { OriginId: 'us' }] },
      },
    ],
  },
  DefaultCacheBehavior: {
    TargetOriginId: 'both',
    ViewerProtocolPolicy: 'redirect-to-https',
    AllowedMethods: { Quantity: 2, Items: ['GET', 'HEAD'], CachedMethods: { Quantity: 2, Items: ['GET', 'HEAD'] } },
    ForwardedValues: {
      QueryString: true,
      Cookies: { Forward: 'whitelist', WhitelistedNames: { Quantity: 1, Items: ['session'] } },
      Headers: { Quantity: 1, Items: ['Accept-Language'] },
      QueryStringCacheKeys: { Quantity: 0 },
    },
    MinTTL: 0,
    DefaultTTL: 60,
    MaxTTL: 300,
  },
  CustomErrorResponses: {
    Quantity: 1,
    Items: [{ ErrorCode: 503, ResponsePagePath: '/sorry.html', ResponseCode: '503', ErrorCachingMinTTL: 5 }],
  },
};

async function open(): Promise<{
  readonly client: CloudFrontClient;
  readonly cloud: Cloud;
  readonly mistakes: unknown[];
}> {
  const { cloud } = openTestCloud();
  const { client, mistakes } = await openTestAws({ parts: cloud });
  return { client: new CloudFrontClient(client), cloud, mistakes };
}

const nameOf = async (asked: Promise<unknown>): Promise<string> =>
  await asked.then(
    () => 'taken',
    (error: Error) => error.name,
  );

describe('a distribution made by the API', () => {
  test('is one of the world, as the same in a template would be', async () => {
    const { client, cloud, mistakes } = await open();
    const { Distribution, ETag, Location } = await client.send(
      new CreateDistributionCommand({ DistributionConfig: CONFIG }),
    );
    expect(Location).toContain(Distribution?.Id);
    const [made] = cloud.world().architecture.distributions;
    expect(made).toMatchObject({
      id: Distribution?.Id,
      domainName: Distribution?.DomainName,
      aliases: ['www.example.com'],
    });
    expect(made?.origins.map(({ domainName }) => domainName)).toEqual(['eu.example.com', 'us.example.com']);
    expect(made?.originGroups).toMatchObject([{ id: 'both', primary: 'eu', secondary: 'us' }]);

    const got = await client.send(new GetDistributionConfigCommand({ Id: Distribution?.Id }));
    expect(got.ETag).toBe(ETag);
    expect(got.DistributionConfig).toMatchObject(CONFIG);
    const listed = await client.send(new ListDistributionsCommand());
    expect(listed.DistributionList?.Items).toMatchObject([
      { Id: Distribution?.Id, Enabled: true, Comment: 'the shop' },
    ]);
    expect(mistakes).toEqual([]);
  });

  test('is changed by who has read it, and by nobody else', async () => {
    const { client, cloud } = await open();
    const { Distribution, ETag } = await client.send(new CreateDistributionCommand({ DistributionConfig: CONFIG }));
    const Id = Distribution?.Id;
    const { DistributionConfig: read } = await client.send(new GetDistributionConfigCommand({ Id }));
    const changed = { ...read, Aliases: { Quantity: 1, Items: ['shop.example.com'] } } as DistributionConfig;
    const update = (IfMatch: string | undefined): Promise<unknown> =>
      client.send(new UpdateDistributionCommand({ Id, IfMatch, DistributionConfig: changed }));
    expect(await nameOf(update('E0000000000000'))).toBe('PreconditionFailed');
    expect(await nameOf(update(undefined))).toBe('InvalidIfMatchVersion');
    await update(ETag);
    expect(cloud.world().architecture.distributions[0]?.aliases).toEqual(['shop.example.com']);
    expect(await nameOf(update(ETag))).toBe('PreconditionFailed');
  });

  test('goes when it has been disabled', async () => {
    const { client, cloud } = await open();
    const { Distribution, ETag } = await client.send(new CreateDistributionCommand({ DistributionConfig: CONFIG }));
    const Id = Distribution?.Id;
    expect(await nameOf(client.send(new DeleteDistributionCommand({ Id, IfMatch: ETag })))).toBe(
      'DistributionNotDisabled',
    );
    const DistributionConfig = { ...CONFIG, Enabled: false };
    const updated = await client.send(new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig }));
    await client.send(new DeleteDistributionCommand({ Id, IfMatch: updated.ETag }));
    expect(cloud.world().architecture.distributions).toEqual([]);
    expect(await nameOf(client.send(new GetDistributionCommand({ Id })))).toBe('NoSuchDistribution');
  });

  test('does not take an alias that another one has (CF 4.6), nor a caller reference', async () => {
    const { client } = await open();
    await client.send(new CreateDistributionCommand({ DistributionConfig: CONFIG }));
    const create = (more: Partial<DistributionConfig>): Promise<unknown> =>
      client.send(new CreateDistributionCommand({ DistributionConfig: { ...CONFIG, ...more } }));
    expect(await nameOf(create({}))).toBe('DistributionAlreadyExists');
    expect(await nameOf(create({ CallerReference: 'second' }))).toBe('CNAMEAlreadyExists');
    expect(await nameOf(create({ CallerReference: 'second', Aliases: { Quantity: 0 } }))).toBe('taken');
  });

  test('is refused when it names an origin that it does not have', async () => {
    const { client, cloud } = await open();
    const DefaultCacheBehavior = { ...CONFIG.DefaultCacheBehavior, TargetOriginId: 'nobody' } as never;
    const asked = client.send(
      new CreateDistributionCommand({ DistributionConfig: { ...CONFIG, DefaultCacheBehavior } }),
    );
    expect(await nameOf(asked)).toBe('InvalidArgument');
    expect(cloud.world().architecture.distributions).toEqual([]);
  });
});

describe('an invalidation', () => {
  test('is taken once for a caller reference, and told of (CF 3.46)', async () => {
    const { client } = await open();
    const { Distribution } = await client.send(new CreateDistributionCommand({ DistributionConfig: CONFIG }));
    const InvalidationBatch = { CallerReference: 'a', Paths: { Quantity: 1, Items: ['/*'] } };
    const invalidate = { DistributionId: Distribution?.Id, InvalidationBatch };
    const { Invalidation } = await client.send(new CreateInvalidationCommand(invalidate));
    expect(Invalidation).toMatchObject({ Status: 'InProgress', InvalidationBatch });
    const again = await client.send(new CreateInvalidationCommand(invalidate));
    expect(again.Invalidation?.Id).toBe(Invalidation?.Id);
    const got = await client.send(
      new GetInvalidationCommand({ DistributionId: Distribution?.Id, Id: Invalidation?.Id }),
    );
    expect(got.Invalidation?.InvalidationBatch).toEqual(InvalidationBatch);
    const other = { ...InvalidationBatch, Paths: { Quantity: 1, Items: ['/a'] } };
    expect(await nameOf(client.send(new CreateInvalidationCommand({ ...invalidate, InvalidationBatch: other })))).toBe(
      'InvalidArgument',
    );
    expect(await nameOf(client.send(new CreateInvalidationCommand({ ...invalidate, DistributionId: 'E0' })))).toBe(
      'NoSuchDistribution',
    );
  });
});

test('a configuration comes back from a template as it went in', () => {
  const texts = JSON.parse(
    JSON.stringify(toTemplate(CONFIG), (_, value: unknown) =>
      typeof value === 'object' ? value : `${value as number}`,
    ),
  );
  expect(fromTemplate(texts, 'first')).toMatchObject(CONFIG);
});
