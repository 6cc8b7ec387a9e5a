import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CONTEXT = { primary: '192.0.2.10', standby: '198.51.100.10', domain: 'example.com', hostedZoneId: 'Z0EXAMPLE' };

/** Runs the app as the CDK's command line does: context and output directory by environment. */
function runApp(context: Readonly<Record<string, string>>) {
  const out = mkdtempSync(join(tmpdir(), 'firedrill-switch-'));
  const { status, stderr } = spawnSync(process.execPath, ['app.js'], {
    cwd: HERE,
    encoding: 'utf8',
    env: { ...process.env, CDK_VALIDATION: 'false', CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  return { status, stderr, out };
}

test('it gives each side a control, a check that follows it and a record that goes by the check', () => {
  const { status, stderr, out } = runApp(CONTEXT);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { Resources } = JSON.parse(readFileSync(join(out, 'Switch.template.json'), 'utf8'));
  for (const side of ['Primary', 'Standby']) {
    expect(Resources[`${side}Check`].Properties.HealthCheckConfig).toEqual({
      Type: 'RECOVERY_CONTROL',
      RoutingControlArn: { 'Fn::GetAtt': [`${side}Control`, 'RoutingControlArn'] },
    });
    expect(Resources[`${side}Record`].Properties.HealthCheckId).toEqual({
      'Fn::GetAtt': [`${side}Check`, 'HealthCheckId'],
    });
  }
  expect(Resources.OneSideOn.Properties.AssertionRule.AssertedControls).toHaveLength(2);
});

test('missing context is told all at once, with exit code 2', () => {
  const { status, stderr } = runApp({ primary: '192.0.2.10' });
  expect(status).toBe(2);
  for (const key of ['standby', 'domain', 'hostedZoneId']) expect(stderr).toContain(`"${key}" is missing`);
});
