import { fileURLToPath } from 'node:url';
import { StandbyTakesOver } from '@firedrill/constructs';
import { App } from 'aws-cdk-lib';

const USAGE = `Say where to deploy, by context:
  -c primary=eu-west-1 -c standby=us-east-1 -c domain=example.com -c hostedZoneId=Z0EXAMPLE`;

const app = new App();
const estate = readContext();

new StandbyTakesOver(app, 'StandbyTakesOver', {
  primaryRegion: estate.primary,
  standbyRegion: estate.standby,
  domainName: `api.${estate.domain}`,
  hostedZoneName: estate.domain,
  hostedZoneId: estate.hostedZoneId,
  account: process.env.CDK_DEFAULT_ACCOUNT,
  codePath: fileURLToPath(new URL('function', import.meta.url)),
});
app.synth();

/** Everything that the command line says, or the end of the program with all that is wrong with it. */
function readContext() {
  const required = ['primary', 'standby', 'domain', 'hostedZoneId'];
  const context = Object.fromEntries(required.map((key) => [key, app.node.tryGetContext(key)]));
  const problems = required.filter((key) => !context[key]).map((key) => `The context value "${key}" is missing.`);
  if (context.primary && context.primary === context.standby) {
    problems.push(`"primary" and "standby" are both ${context.primary}; there is no Region that could take over.`);
  }
  if (problems.length > 0) {
    console.error([...problems, '', USAGE].join('\n'));
    process.exit(2);
  }
  return context;
}
