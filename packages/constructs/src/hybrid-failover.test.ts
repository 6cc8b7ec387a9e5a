import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { HybridFailover, type HybridFailoverProps, OriginTimeouts } from './index.ts';

process.env['CDK_VALIDATION'] = 'false';

const codePath = mkdtempSync(join(tmpdir(), 'firedrill-code-'));
writeFileSync(join(codePath, 'index.mjs'), 'export const handler = async () => ({ statusCode: 200 });\n');

const PROPS: HybridFailoverProps = {
  primaryRegion: 'eu-west-1',
  backupRegion: 'us-east-1',
  domainName: 'api.example.com',
  hostedZoneName: 'example.com',
  hostedZoneId: 'Z0EXAMPLE',
  account: '123456789012',
  codePath,
};

interface Estate {
  readonly app: App;
  readonly hybrid: HybridFailover;
  readonly primary: Template;
  readonly secondary: Template;
}

function estate(props: Partial<HybridFailoverProps> = {}): Estate {
  const app = new App();
  const hybrid = new HybridFailover(app, 'Hybrid', { ...PROPS, ...props });
  return {
    app,
    hybrid,
    primary: Template.fromStack(hybrid.primaryStack),
    secondary: Template.fromStack(hybrid.secondaryStack),
  };
}

const USUAL = estate();

describe('two stacks of one app', () => {
  test('the secondary is deployed before the primary', () => {
    const { stacks } = USUAL.app.synth();
    expect(stacks.map((stack) => [stack.stackName, stack.environment.region])).toEqual([
      ['Hybrid-Secondary', 'us-east-1'],
      ['Hybrid-Primary', 'eu-west-1'],
    ]);
    expect(USUAL.hybrid.primaryStack.dependencies).toContain(USUAL.hybrid.secondaryStack);
    expect(USUAL.hybrid.secondaryStack.dependencies).toEqual([]);
  });

  test('both distributions are in the primary stack, and their names are its outputs', () => {
    USUAL.primary.resourceCountIs('AWS::CloudFront::Distribution', 2);
    USUAL.secondary.resourceCountIs('AWS::CloudFront::Distribution', 0);
    for (const [output, config] of [
      ['R53FailoverDistribDomain', Match.objectLike({ OriginGroups: Match.absent() })],
      ['HybridFailoverDistribDomain', Match.objectLike({ OriginGroups: Match.anyValue() })],
    ] as const) {
      const [id] = Object.keys(
        USUAL.primary.findResources('AWS::CloudFront::Distribution', { Properties: { DistributionConfig: config } }),
      );
      USUAL.primary.hasOutput(output, { Value: { 'Fn::GetAtt': [id, 'DomainName'] } });
    }
  });

  test('only the id of the backup API crosses Regions', () => {
    USUAL.secondary.hasResourceProperties('Custom::CrossRegionExportWriter', {
      WriterProps: { region: 'eu-west-1', exports: Match.anyValue() },
    });
    const [writer] = Object.values(USUAL.secondary.findResources('Custom::CrossRegionExportWriter'));
    const [api] = Object.keys(USUAL.secondary.findResources('AWS::ApiGateway::RestApi'));
    expect(Object.values(writer?.Properties.WriterProps.exports)).toEqual([{ Ref: api }]);
  });

  test('a stack without an account can be synthesised before anybody has credentials', () => {
    const app = new App();
    const { account: _account, ...props } = PROPS;
    new HybridFailover(app, 'Hybrid', props);
    expect(app.synth().stacks.map((stack) => stack.environment.account)).toEqual([
      'unknown-account',
      'unknown-account',
    ]);
  });
});

describe('the origin group', () => {
  const config = hybridConfig(USUAL.primary);

  test('the failover name comes first and the backup API by its own endpoint second', () => {
    const [first, second] = config.OriginGroups.Items[0].Members.Items.map(
      ({ OriginId }: { readonly OriginId: string }) =>
        config.Origins.find(({ Id }: { readonly Id: string }) => Id === OriginId),
    );
    expect(first).toMatchObject({ DomainName: 'api.example.com' });
    expect(first).not.toHaveProperty('OriginPath');
    expect(second).toMatchObject({ OriginPath: '/prod' });
    expect(second.DomainName['Fn::Join'][1]).toEqual([
      { 'Fn::GetAtt': ['ExportsReader8B249524', expect.stringContaining('/cdk/exports/Hybrid-Primary/')] },
      '.execute-api.us-east-1.amazonaws.com',
    ]);
    expect(config.DefaultCacheBehavior.TargetOriginId).toBe(config.OriginGroups.Items[0].Id);
  });

  test('it fails over for 500, 502, 503 and 504 unless other codes are given', () => {
    expect(config.OriginGroups.Items[0].FailoverCriteria.StatusCodes.Items).toEqual([500, 502, 503, 504]);
    const other = hybridConfig(estate({ failoverStatusCodes: [404, 503, 504] }).primary);
    expect(other.OriginGroups.Items[0].FailoverCriteria.StatusCodes.Items).toEqual([404, 503, 504]);
  });

  test('the first member is tried once and briefly, whatever nothing stands behind twice', () => {
    expect(config.Origins.map(timeouts)).toEqual([
      ['failover-name', 1, 2, 10],
      ['backup-region', 2, 2, 10],
    ]);
    expect(route53Config(USUAL.primary).Origins.map(timeouts)).toEqual([['failover-name', 2, 2, 10]]);
  });

  test('timeouts can be CloudFront’s own', () => {
    const { primary } = estate({
      originTimeouts: OriginTimeouts.CLOUDFRONT_DEFAULTS,
      lastResortTimeouts: OriginTimeouts.CLOUDFRONT_DEFAULTS,
    });
    for (const { Origins } of [hybridConfig(primary), route53Config(primary)]) {
      for (const origin of Origins) expect(timeouts(origin).slice(1)).toEqual([3, 10, 30]);
    }
  });
});

describe('behaviors', () => {
  test('nothing is cached, all but the Host is passed on, plain HTTP is redirected', () => {
    for (const { DefaultCacheBehavior } of [hybridConfig(USUAL.primary), route53Config(USUAL.primary)]) {
      expect(DefaultCacheBehavior).toMatchObject({
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        ViewerProtocolPolicy: 'redirect-to-https',
      });
    }
  });

  test('every method is taken, and OPTIONS can fail over', () => {
    const { DefaultCacheBehavior } = hybridConfig(USUAL.primary);
    expect(DefaultCacheBehavior.AllowedMethods).toHaveLength(7);
    expect(DefaultCacheBehavior.CachedMethods).toEqual(['GET', 'HEAD', 'OPTIONS']);
    expect(route53Config(USUAL.primary).DefaultCacheBehavior.AllowedMethods).toHaveLength(7);
  });

  test('with write paths, writes pass the origin group by and the rest only reads', () => {
    const { DefaultCacheBehavior, CacheBehaviors, Origins } = hybridConfig(
      estate({ writePaths: ['/orders*', '/carts/*'] }).primary,
    );
    expect(DefaultCacheBehavior.AllowedMethods).toEqual(['GET', 'HEAD', 'OPTIONS']);
    expect(CacheBehaviors).toMatchObject([
      { PathPattern: '/orders*', TargetOriginId: 'failover-name-writes' },
      { PathPattern: '/carts/*', TargetOriginId: 'failover-name-writes' },
    ]);
    for (const { AllowedMethods } of CacheBehaviors) expect(AllowedMethods).toHaveLength(7);
    expect(Origins.map(timeouts)).toContainEqual(['failover-name-writes', 2, 2, 10]);
  });
});

describe('mistakes', () => {
  test('one Region for both is refused', () => {
    expect(() => estate({ backupRegion: 'eu-west-1' })).toThrow('both Regions are eu-west-1');
  });

  test('a name outside the hosted zone is refused', () => {
    expect(() => estate({ domainName: 'api.example.org' })).toThrow(
      'api.example.org does not lie in the hosted zone example.com',
    );
  });

  test('a status code that CloudFront cannot fail over for is refused', () => {
    expect(() => estate({ failoverStatusCodes: [501] })).toThrow('501');
    expect(() => estate({ failoverStatusCodes: [] })).toThrow('failoverStatusCodes');
  });
});

function hybridConfig(template: Template) {
  return distributionConfig(template, true);
}

function route53Config(template: Template) {
  return distributionConfig(template, false);
}

function distributionConfig(template: Template, hasGroup: boolean) {
  const all = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  const found = all.filter(({ Properties }) => 'OriginGroups' in Properties.DistributionConfig === hasGroup);
  expect(found).toHaveLength(1);
  return found[0]?.Properties.DistributionConfig;
}

interface WrittenOrigin {
  readonly Id: string;
  readonly ConnectionAttempts: number;
  readonly ConnectionTimeout: number;
  readonly CustomOriginConfig: { readonly OriginReadTimeout: number };
}

/** Id, attempts, seconds to connect, seconds to answer. */
function timeouts(origin: WrittenOrigin): readonly [string, number, number, number] {
  const { OriginReadTimeout } = origin.CustomOriginConfig;
  return [origin.Id, origin.ConnectionAttempts, origin.ConnectionTimeout, OriginReadTimeout];
}
