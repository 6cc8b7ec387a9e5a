import { fileURLToPath } from 'node:url';
import { S3WebsiteFailover } from '@firedrill/constructs';
import { App } from 'aws-cdk-lib';
import { CachePolicy, ViewerProtocolPolicy } from 'aws-cdk-lib/aws-cloudfront';

const USAGE = `Say where to deploy, by context:
  -c primary=eu-west-1 -c backup=us-west-2 -c domain=example.com -c hostedZoneId=Z0EXAMPLE
  -c certificate=arn:aws:acm:us-east-1:123456789012:certificate/…
and, if you like, to compare with:
  -c https=redirect   CloudFront sends plain HTTP to HTTPS, which the backup website does not have
  -c cache=off        CloudFront keeps nothing`;

const app = new App();
const required = ['primary', 'backup', 'domain', 'hostedZoneId', 'certificate'];
const context = Object.fromEntries(required.map((key) => [key, app.node.tryGetContext(key)]));
const missing = required.filter((key) => !context[key]).map((key) => `The context value "${key}" is missing.`);
if (missing.length > 0) {
  console.error([...missing, '', USAGE].join('\n'));
  process.exit(2);
}

new S3WebsiteFailover(app, 'S3WebsiteFailover', {
  primaryRegion: context.primary,
  backupRegion: context.backup,
  domainName: `www.${context.domain}`,
  hostedZoneName: context.domain,
  hostedZoneId: context.hostedZoneId,
  certificateArn: context.certificate,
  account: process.env.CDK_DEFAULT_ACCOUNT,
  contentPath: fileURLToPath(new URL('site', import.meta.url)),
  errorDocument: 'error.html',
  ...(app.node.tryGetContext('https') === 'redirect'
    ? { viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS }
    : {}),
  ...(app.node.tryGetContext('cache') === 'off' ? { cachePolicy: CachePolicy.CACHING_DISABLED } : {}),
});
app.synth();
