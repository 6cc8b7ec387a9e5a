import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { appRunner } from '../run-app.ts';

const runApp = appRunner(import.meta.url);
const HERE = fileURLToPath(new URL('.', import.meta.url));
const CONTEXT = {
  primary: 'eu-west-1',
  backup: 'us-west-2',
  domain: 'example.com',
  hostedZoneId: 'Z0EXAMPLE',
  certificate: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
};

/** Resources of one type in the stack of a half. */
function resourcesOf(out: string, half: 'Primary' | 'Backup', type: string): readonly { Properties: unknown }[] {
  const file = readdirSync(out).find(
    (name) => name.startsWith(`S3WebsiteFailover${half}`) && name.endsWith('.template.json'),
  );
  const { Resources } = JSON.parse(readFileSync(join(out, file ?? half), 'utf8'));
  return Object.values<{ Type: string; Properties: unknown }>(Resources).filter(({ Type }) => Type === type);
}

describe('the app', () => {
  test('it leads the site’s name to a distribution first and to the website of the same name second', () => {
    const { status, stderr, out } = runApp(CONTEXT);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(resourcesOf(out, 'Backup', 'AWS::Route53::RecordSet')).toMatchObject([
      {
        Properties: {
          Name: 'www.example.com',
          Failover: 'SECONDARY',
          AliasTarget: { DNSName: 's3-website-us-west-2.amazonaws.com', HostedZoneId: 'Z3BJ6K6RIION7M' },
        },
      },
    ]);
    expect(resourcesOf(out, 'Backup', 'AWS::S3::Bucket')).toMatchObject([
      { Properties: { BucketName: 'www.example.com', WebsiteConfiguration: { IndexDocument: 'index.html' } } },
    ]);
    expect(resourcesOf(out, 'Primary', 'AWS::Route53::RecordSet')).toMatchObject([
      { Properties: { Name: 'www.example.com', Failover: 'PRIMARY', AliasTarget: { HostedZoneId: 'Z2FDTNDATAQYW2' } } },
    ]);
  });

  test('what is missing on the command line is told', () => {
    const { status, stderr } = runApp({ primary: 'eu-west-1' });
    expect(status).toBe(2);
    expect(stderr).toContain('The context value "certificate" is missing.');
  });
});

test.each(['region-dies.yaml', 'stale-copy.yaml'])(
  'the drill %s ends as it says',
  (drill) => {
    const directory = mkdtempSync(join(tmpdir(), 'firedrill-s3-website-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const program = fileURLToPath(new URL('../../packages/firedrill/bin/firedrill.js', import.meta.url));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [program, 'drill', join('drills', drill), '--in', 'sim', '--out', join(directory, drill)],
      { cwd: HERE, encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('As expected: all') });
  },
  120_000,
);
