import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appRunner } from '../run-app.ts';

const runApp = appRunner(import.meta.url);
const CONTEXT = { primary: 'eu-west-1', backup: 'us-east-1', domain: 'example.com', hostedZoneId: 'Z0EXAMPLE' };

/** Properties of all resources of a type in a stack. */
function propertiesOf(out: string, stack: string, type: string): readonly Record<string, unknown>[] {
  const { Resources } = JSON.parse(readFileSync(join(out, `${stack}.template.json`), 'utf8'));
  const all = Object.values(Resources) as { readonly Type: string; readonly Properties: Record<string, unknown> }[];
  return all.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
}

describe('the app', () => {
  test('it puts a load balancer in each Region and both behind one accelerator', () => {
    const { status, stderr, out } = runApp(CONTEXT);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const stack of ['AcceleratedPrimary', 'AcceleratedBackup']) {
      expect(propertiesOf(out, stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer')).toHaveLength(1);
      expect(propertiesOf(out, stack, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject([
        { TargetType: 'lambda', HealthCheckEnabled: true, HealthCheckIntervalSeconds: 10, UnhealthyThresholdCount: 2 },
      ]);
    }
    const groups = propertiesOf(out, 'Accelerator', 'AWS::GlobalAccelerator::EndpointGroup');
    expect(groups.map((group) => group['EndpointGroupRegion'])).toEqual(['eu-west-1', 'us-east-1']);
  });

  test('checks=off leaves the functions unchecked', () => {
    const { out } = runApp({ ...CONTEXT, checks: 'off' });
    expect(propertiesOf(out, 'AcceleratedPrimary', 'AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject([
      { HealthCheckEnabled: false },
    ]);
  });

  test('missing and wrong context is told all at once, with exit code 2', () => {
    const { status, stderr } = runApp({ primary: 'eu-west-1', backup: 'eu-west-1', checks: 'maybe' });
    expect(status).toBe(2);
    expect(stderr).toContain('"domain" is missing');
    expect(stderr).toContain('"hostedZoneId" is missing');
    expect(stderr).toContain('there is no Region to fail over to');
    expect(stderr).toContain('"checks" is "maybe"');
  });
});

test('the function answers with the Region that it runs in, and its health path with 200', async () => {
  process.env['AWS_REGION'] = 'eu-west-1';
  const { handler } = await import(new URL('function/index.mjs', import.meta.url).href);
  const answerTo = async (path: string): Promise<unknown> => {
    const { statusCode, body } = await handler({
      httpMethod: 'GET',
      path,
      headers: { 'x-forwarded-for': '192.0.2.1' },
    });
    return { statusCode, ...JSON.parse(body) };
  };
  expect(await answerTo('/orders')).toMatchObject({ statusCode: 200, region: 'eu-west-1', client: '192.0.2.1' });
  expect(await answerTo('/health')).toEqual({ statusCode: 200, status: 'ok', region: 'eu-west-1' });
});
