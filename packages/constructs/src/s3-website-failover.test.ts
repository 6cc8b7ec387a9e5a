import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ViewerProtocolPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { expect, test } from 'vitest';
import { S3WebsiteFailover, type S3WebsiteFailoverProps } from './index.ts';

process.env['CDK_VALIDATION'] = 'false';

const PROPS: S3WebsiteFailoverProps = {
  primaryRegion: 'eu-west-1',
  backupRegion: 'eu-central-1',
  domainName: 'www.example.com',
  hostedZoneName: 'example.com',
  hostedZoneId: 'Z0EXAMPLE',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
  account: '123456789012',
};

function estate(props: Partial<S3WebsiteFailoverProps> = {}): {
  readonly primary: Template;
  readonly backup: Template;
} {
  const site = new S3WebsiteFailover(new App(), 'Site', { ...PROPS, ...props });
  return { primary: Template.fromStack(site.primaryStack), backup: Template.fromStack(site.backupStack) };
}

test('the backup bucket has the site’s name, is a public website and keeps versions (R53 AL-07, RS 5.4, RS 5.24)', () => {
  const { backup } = estate({ errorDocument: 'error.html' });
  backup.hasResourceProperties('AWS::S3::Bucket', {
    BucketName: 'www.example.com',
    WebsiteConfiguration: { IndexDocument: 'index.html', ErrorDocument: 'error.html' },
    VersioningConfiguration: { Status: 'Enabled' },
    PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicAcls: true }),
  });
  // In the spelling of a later Region (RS 5.2, R53 AL-13).
  backup.hasResourceProperties('AWS::Route53::RecordSet', {
    Name: 'www.example.com',
    Failover: 'SECONDARY',
    HealthCheckId: Match.absent(),
    AliasTarget: { DNSName: 's3-website.eu-central-1.amazonaws.com', HostedZoneId: 'Z21DNDUVLTQW6Q' },
  });
});

test('the health check asks the primary bucket itself, for the one object that everybody may read', () => {
  const { primary } = estate({ healthCheckKey: 'alive.txt', healthCheckIntervalSeconds: 30, failureThreshold: 2 });
  primary.hasResourceProperties('AWS::Route53::HealthCheck', {
    HealthCheckConfig: {
      Type: 'HTTPS',
      ResourcePath: '/alive.txt',
      RequestInterval: 30,
      FailureThreshold: 2,
      FullyQualifiedDomainName: { 'Fn::GetAtt': [Match.stringLikeRegexp('PrimaryBucket'), 'RegionalDomainName'] },
    },
  });
  const [policy] = Object.values(primary.findResources('AWS::S3::BucketPolicy'));
  expect(JSON.stringify(policy)).toContain('/alive.txt');
});

test('everything is copied to the backup, with time control unless it is declined (RS 5.29)', () => {
  const rule = (time: unknown) => ({
    ReplicationConfiguration: {
      Rules: [
        Match.objectLike({
          Status: 'Enabled',
          DeleteMarkerReplication: { Status: 'Enabled' },
          Destination: Match.objectLike({ ReplicationTime: time }),
        }),
      ],
    },
  });
  estate().primary.hasResourceProperties('AWS::S3::Bucket', rule({ Status: 'Enabled', Time: { Minutes: 15 } }));
  estate({ replicationTimeControl: false }).primary.hasResourceProperties('AWS::S3::Bucket', rule(Match.absent()));
});

test('CloudFront takes plain HTTP as the backup does, unless told otherwise (RS 5.1)', () => {
  const behavior = (policy: string) => ({
    DistributionConfig: Match.objectLike({
      Aliases: ['www.example.com'],
      DefaultCacheBehavior: Match.objectLike({ ViewerProtocolPolicy: policy }),
    }),
  });
  estate().primary.hasResourceProperties('AWS::CloudFront::Distribution', behavior('allow-all'));
  const redirecting = estate({ viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS });
  redirecting.primary.hasResourceProperties('AWS::CloudFront::Distribution', behavior('redirect-to-https'));
});

test('what cannot be is refused', () => {
  expect(() => estate({ backupRegion: 'eu-west-1' })).toThrow('both Regions are eu-west-1');
  expect(() => estate({ domainName: 'www.example.org' })).toThrow(
    'www.example.org is not in the hosted zone example.com',
  );
  expect(() => estate({ backupRegion: 'xx-west-1' })).toThrow('no website endpoint of xx-west-1 is known');
});
