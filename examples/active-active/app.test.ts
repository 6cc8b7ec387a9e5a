import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appRunner } from '../run-app.ts';

const runApp = appRunner(import.meta.url);
const CONTEXT = { regions: 'eu-west-1,us-east-1', domain: 'example.com', hostedZoneId: 'Z0EXAMPLE' };

/** The records of a Region's stack, as name, SetIdentifier, Region and Weight. */
function recordsIn(out: string, region: string): readonly string[] {
  const { Resources } = JSON.parse(readFileSync(join(out, `ActiveActive-${region}.template.json`), 'utf8'));
  const all = Object.values(Resources) as { readonly Type: string; readonly Properties: Record<string, unknown> }[];
  return all
    .filter(({ Type }) => Type === 'AWS::Route53::RecordSet')
    .map(({ Properties: { Name, SetIdentifier, Region, Weight } }) =>
      [Name, SetIdentifier, Region, Weight].join(' ').trim(),
    );
}

describe('the app', () => {
  test('it puts a latency record and a weighted one into each Region', () => {
    const { status, stderr, out } = runApp({ ...CONTEXT, weights: '90,10' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(recordsIn(out, 'eu-west-1')).toEqual([
      'nearest.example.com eu-west-1 eu-west-1',
      'shared.example.com eu-west-1  90',
    ]);
    expect(recordsIn(out, 'us-east-1')).toEqual([
      'nearest.example.com us-east-1 us-east-1',
      'shared.example.com us-east-1  10',
    ]);
  });

  test('without weights the shares are equal', () => {
    const { out } = runApp(CONTEXT);
    expect(['eu-west-1', 'us-east-1'].map((region) => recordsIn(out, region)[1])).toEqual([
      'shared.example.com eu-west-1  1',
      'shared.example.com us-east-1  1',
    ]);
  });

  test('missing and wrong context is told all at once, with exit code 2', () => {
    const { status, stderr } = runApp({ regions: 'eu-west-1', weights: '1,2' });
    expect(status).toBe(2);
    expect(stderr).toContain('"domain" is missing');
    expect(stderr).toContain('"hostedZoneId" is missing');
    expect(stderr).toContain('must name two Regions');
    expect(stderr).toContain('"weights" is "1,2"');
  });
});

test('the function answers with the Region that it runs in, and its health path with 200', async () => {
  process.env['AWS_REGION'] = 'eu-west-1';
  const { handler } = await import(new URL('function/index.mjs', import.meta.url).href);
  const answerTo = async (path: string): Promise<unknown> => {
    const { statusCode, body } = await handler({ httpMethod: 'GET', path });
    return { statusCode, ...JSON.parse(body) };
  };
  expect(await answerTo('/orders')).toMatchObject({ statusCode: 200, region: 'eu-west-1' });
  expect(await answerTo('/health')).toEqual({ statusCode: 200, status: 'ok', region: 'eu-west-1' });
});
