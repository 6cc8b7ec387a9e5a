import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const PROPS = `primaryRegion: 'eu-west-1', backupRegion: 'us-east-1', domainName: 'api.example.com',
  hostedZoneName: 'example.com', hostedZoneId: 'Z0EXAMPLE', codePath: 'function'`;

interface Synthesis {
  readonly status: number | null;
  readonly output: string;
  /** `validation-report.json` of the CDK: violations of Firedrill. */
  readonly violations: readonly unknown[];
}

/** Synthesises an app in a process of its own, as `cdk synth` does. */
function synthesise(body: string, options = "{ hostedZones: { 'example.com': 'Z0EXAMPLE' } }", env = {}): Synthesis {
  const out = mkdtempSync(join(tmpdir(), 'firedrill-validation-'));
  const code = `
    import { HybridFailover } from '@firedrill/constructs';
    import { FailoverValidation } from '@firedrill/constructs/validation';
    import { App, Stack, Validations } from 'aws-cdk-lib';
    import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
    const app = new App();
    Validations.of(app).addPlugins(new FailoverValidation(${options}));
    ${body}
    app.synth();`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    // A folder that has a \`function\` in it, and both packages in reach.
    cwd: fileURLToPath(new URL('../../../examples/hybrid', import.meta.url)),
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: '', VITEST: '', CDK_VALIDATION: 'false', CDK_OUTDIR: out, ...env },
  });
  const file = join(out, 'validation-report.json');
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { pluginReports: [] };
  return {
    status,
    output: stdout + stderr,
    violations: report.pluginReports.flatMap((each: { violations: unknown[] }) => each.violations),
  };
}

const CLEAN = `new HybridFailover(app, 'Shop', { ${PROPS}, writePaths: ['/orders*'] });`;
// Without write paths every path takes writes through the origin group.
const TRAPPED = `const shop = new HybridFailover(app, 'Shop', { ${PROPS} });`;

describe('FailoverValidation', () => {
  test('lets an app without traps pass', () => {
    const { status, output, violations } = synthesise(CLEAN);
    expect({ status, output, violations }).toMatchObject({ status: 0, violations: [] });
  });

  test('ends the synthesis of an app with a trap, and says which construct, where in the template, and what to do', () => {
    const { status, output, violations } = synthesise(TRAPPED);
    expect(status, output).toBe(1);
    expect(output).toContain('check/writes-behind-origin-group');
    expect(output).toContain('Shop/Primary/HybridFailoverDistribution');
    expect(output).toMatch(/Shop-?Primary[^\s:]*\.template\.json:\d+:\d+/);
    expect(output).toContain('Give writes a behaviour of their own whose target is one origin');
    expect(violations).toMatchObject([{ ruleName: 'check/writes-behind-origin-group', severity: 'error' }]);
  });

  test('prints only, when nothing is to end the synthesis', () => {
    const { status, output } = synthesise(TRAPPED, "{ hostedZones: { 'example.com': 'Z0EXAMPLE' }, failOn: 'error' }");
    expect(status, output).toBe(0);
    expect(output).toContain('check/writes-behind-origin-group');
  });

  test('heeds what the app acknowledges', () => {
    const acknowledged = `${TRAPPED} Validations.of(shop).acknowledge({ id: 'Firedrill::check/writes-behind-origin-group', reason: 'reads only' });`;
    expect(synthesise(acknowledged)).toMatchObject({ status: 0, violations: [] });
  });

  test('heeds what a template says to ignore', () => {
    const bare = (metadata: string): string => `
      const stack = new Stack(app, 'Names', { env: { region: 'eu-west-1' } });
      const records = ['A', 'B'].map((id) => new CfnRecordSet(stack, id, { hostedZoneId: 'Z0EXAMPLE', name: 'x.example.com', type: 'A', ttl: '60', resourceRecords: ['192.0.2.1'], setIdentifier: id, weight: 0 }));
      for (const record of records) record.addMetadata('Firedrill', ${metadata});`;
    expect(synthesise(bare('{}')).output).toContain('check/all-weights-zero');
    const codes = ['check/all-weights-zero', 'check/no-health-in-group'];
    const entries = codes.map((code) => `{ code: '${code}', reason: 'a test' }`).join(', ');
    const ignoring = synthesise(`${bare('{}')} records[0].addMetadata('Firedrill', { Ignore: [${entries}] });`);
    expect(ignoring).toMatchObject({ status: 0, violations: [] });
  });

  test('tells, without ending the synthesis, what keeps traps from being seen', () => {
    const { status, output } = synthesise(CLEAN, '{}');
    expect(status, output).toBe(0);
    expect(output).toContain('template/unknown-zone');
    expect(output).toContain('Firedrill cannot look for traps there.');
  });

  test('is silent when it is Firedrill that runs the app', () => {
    expect(synthesise(TRAPPED, undefined, { FIREDRILL_READS_APP: '1' })).toMatchObject({ status: 0, violations: [] });
  });
});
