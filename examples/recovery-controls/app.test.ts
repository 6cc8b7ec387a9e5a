import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appRunner } from '../run-app.ts';

const runApp = appRunner(import.meta.url);
const CONTEXT = { primary: '192.0.2.10', standby: '198.51.100.10', domain: 'example.com', hostedZoneId: 'Z0EXAMPLE' };

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
