import { fileURLToPath } from 'node:url';
import { HybridFailover, OriginTimeouts } from '@firedrill/constructs';
import { App } from 'aws-cdk-lib';

const USAGE = `Say where to deploy, by context (deploy.sh does it for you):
  -c primary=eu-west-1 -c backup=us-east-1 -c domain=example.com -c hostedZoneId=Z0EXAMPLE
and, if you like:
  -c timeouts=cloudfront-defaults   CloudFront's own timeouts, to compare with
  -c writePaths='/orders*'          paths that are written to, separated by commas`;

const app = new App();
const estate = readContext();
const timeouts =
  estate.timeouts === 'cloudfront-defaults'
    ? { originTimeouts: OriginTimeouts.CLOUDFRONT_DEFAULTS, lastResortTimeouts: OriginTimeouts.CLOUDFRONT_DEFAULTS }
    : {};

new HybridFailover(app, 'HybridFailover', {
  primaryRegion: estate.primary,
  backupRegion: estate.backup,
  domainName: `api.${estate.domain}`,
  hostedZoneName: estate.domain,
  hostedZoneId: estate.hostedZoneId,
  account: process.env.CDK_DEFAULT_ACCOUNT,
  codePath: fileURLToPath(new URL('function', import.meta.url)),
  writePaths: estate.writePaths,
  ...timeouts,
});
app.synth();

/** Everything that the command line says, or the end of the program with all that is wrong with it. */
function readContext() {
  const required = ['primary', 'backup', 'domain', 'hostedZoneId'];
  const context = Object.fromEntries(required.map((key) => [key, app.node.tryGetContext(key)]));
  const problems = required.filter((key) => !context[key]).map((key) => `The context value "${key}" is missing.`);
  const timeouts = app.node.tryGetContext('timeouts') ?? 'ours';
  if (!['ours', 'cloudfront-defaults'].includes(timeouts)) {
    problems.push(`The context value "timeouts" is "${timeouts}"; it can be "cloudfront-defaults" or be left out.`);
  }
  if (context.primary && context.primary === context.backup) {
    problems.push(`"primary" and "backup" are both ${context.primary}; there is no Region to fail over to.`);
  }
  if (problems.length > 0) {
    console.error([...problems, '', USAGE].join('\n'));
    process.exit(2);
  }
  const writePaths = String(app.node.tryGetContext('writePaths') ?? '')
    .split(',')
    .filter((path) => path !== '');
  return { ...context, timeouts, writePaths };
}
