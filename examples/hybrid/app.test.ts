import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appRunner } from '../run-app.ts';

const runApp = appRunner(import.meta.url);
const CONTEXT = { primary: 'eu-west-1', backup: 'us-east-1', domain: 'example.com', hostedZoneId: 'Z0EXAMPLE' };

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Properties }>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

interface Properties {
  readonly DistributionConfig: { readonly Origins: readonly unknown[] };
}

/** The template of the stack whose file name begins so. */
function templateOf(out: string, stack: string): Template {
  const file = readdirSync(out).find((name) => name.startsWith(stack) && name.endsWith('.template.json'));
  return JSON.parse(readFileSync(join(out, file ?? stack), 'utf8'));
}

describe('the app', () => {
  test('it gives a stack for each Region, the backup’s before the primary’s', () => {
    const { status, stderr, out } = runApp(CONTEXT);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { artifacts } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    const [primary, secondary] = ['HybridFailover/Primary', 'HybridFailover/Secondary'].map((name) =>
      Object.keys(artifacts).find((id) => artifacts[id].displayName === name),
    );
    expect(artifacts[primary ?? ''].environment).toBe('aws://123456789012/eu-west-1');
    expect(artifacts[secondary ?? ''].environment).toBe('aws://123456789012/us-east-1');
    expect(artifacts[primary ?? ''].dependencies).toContain(secondary);
    expect(Object.keys(templateOf(out, 'HybridFailoverPrimary').Outputs)).toEqual(
      expect.arrayContaining(['R53FailoverDistribDomain', 'HybridFailoverDistribDomain']),
    );
  });

  test('timeouts=cloudfront-defaults gives CloudFront’s own to every origin', () => {
    const { out } = runApp({ ...CONTEXT, timeouts: 'cloudfront-defaults' });
    const { Resources } = templateOf(out, 'HybridFailoverPrimary');
    const origins = Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::CloudFront::Distribution')
      .flatMap(({ Properties }) => Properties.DistributionConfig.Origins);
    expect(origins).toHaveLength(3);
    for (const origin of origins) {
      expect(origin).toMatchObject({
        ConnectionAttempts: 3,
        ConnectionTimeout: 10,
        CustomOriginConfig: { OriginReadTimeout: 30 },
      });
    }
  });

  test('missing and wrong context is told all at once, with exit code 2', () => {
    const { status, stderr } = runApp({ primary: 'eu-west-1', backup: 'eu-west-1', timeouts: 'short' });
    expect(status).toBe(2);
    expect(stderr).toContain('"domain" is missing');
    expect(stderr).toContain('"hostedZoneId" is missing');
    expect(stderr).toContain('there is no Region to fail over to');
    expect(stderr).toContain('"timeouts" is "short"');
  });
});

describe('the function', () => {
  test('it answers with the Region that it runs in, the method, the path and the time', async () => {
    expect(await answerTo({ httpMethod: 'POST', path: '/orders' })).toEqual({
      statusCode: 200,
      body: { region: 'eu-west-1', method: 'POST', path: '/orders', time: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
  });

  test('its health path answers 200', async () => {
    expect(await answerTo({ httpMethod: 'GET', path: '/health' })).toEqual({
      statusCode: 200,
      body: { status: 'ok', region: 'eu-west-1' },
    });
  });
});

async function answerTo(event: { readonly httpMethod: string; readonly path: string }) {
  process.env['AWS_REGION'] = 'eu-west-1';
  const { handler } = await import(new URL('function/index.mjs', import.meta.url).href);
  const { statusCode, body } = await handler(event);
  return { statusCode, body: JSON.parse(body) };
}
