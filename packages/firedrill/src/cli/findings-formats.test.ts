import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Finding } from '../model/index.ts';
import type { CheckOptions } from './check-command.ts';
import { runCheck } from './check-command.ts';
import { renderGitHub } from './findings-github.ts';
import { renderSarif } from './findings-sarif.ts';

/*
 * The part of SARIF 2.1.0's schema that a log of ours uses, written down from the standard (sections 3.13 to 3.58):
 * strict, as the schema is, so that a property in the wrong place is refused. That the names and types are
 * those of the standard the compiler holds, by @types/sarif.
 */
const bag = z.record(z.string(), z.unknown());
const message = z.strictObject({ text: z.string().min(1) });
const level = z.enum(['none', 'note', 'warning', 'error']);
const uri = z.string().regex(/^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/);
const LOG = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.array(
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          semanticVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
          rules: z.array(
            z.strictObject({
              id: z.string().min(1),
              shortDescription: message,
              fullDescription: message.optional(),
              defaultConfiguration: z.strictObject({ level }).optional(),
              properties: bag.optional(),
            }),
          ),
        }),
      }),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level,
          message,
          locations: z
            .array(
              z.strictObject({
                physicalLocation: z.strictObject({
                  artifactLocation: z.strictObject({ uri }),
                  region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1) }),
                }),
                logicalLocations: z.array(z.strictObject({ fullyQualifiedName: z.string() })).optional(),
              }),
            )
            .optional(),
          partialFingerprints: z.record(z.string(), z.string()).optional(),
          suppressions: z
            .array(z.strictObject({ kind: z.enum(['inSource', 'external']), justification: z.string() }))
            .optional(),
          properties: bag.optional(),
        }),
      ),
    }),
  ),
});

const TEMPLATE = `Resources:
  Check:
    Type: AWS::Route53::HealthCheck
    Properties: { HealthCheckConfig: { Type: HTTPS, FullyQualifiedDomainName: eu.example.com, Disabled: true } }
  Record:
    Type: AWS::Route53::RecordSet
    Metadata: { Firedrill: { Ignore: [{ code: check/long-ttl, reason: "rarely asked for, 100 %" }] } }
    Properties: { HostedZoneId: Z0EXAMPLE, Name: api.example.com, Type: A, TTL: 300, ResourceRecords: [192.0.2.1], HealthCheckId: !Ref Check }
`;

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'firedrill-formats-'));
  await writeFile(join(root, 'a template.yaml'), TEMPLATE);
});
afterAll(() => rm(root, { recursive: true, force: true }));

function run(more: Partial<CheckOptions>): ReturnType<typeof runCheck> {
  const options = { region: 'eu-west-1', parameter: {}, zone: { 'example.com': 'Z0EXAMPLE' }, context: {} };
  return runCheck([join(root, 'a template.yaml')], { ...options, ...more });
}

describe('SARIF', () => {
  test('is a log of version 2.1.0, with rules, places and what the template ignores', async () => {
    const { exitCode, output } = await run({ format: 'sarif' });
    expect(exitCode).toBe(0);
    const [{ tool, results } = expect.fail('no run')] = LOG.parse(JSON.parse(output)).runs;
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(['check/disabled-health-check', 'check/long-ttl']);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(results).toMatchObject([
      {
        ruleId: 'check/disabled-health-check',
        level: 'warning',
        locations: [
          {
            physicalLocation: { region: { startLine: 2, startColumn: 3 } },
            logicalLocations: [{ fullyQualifiedName: 'Resources.Check' }],
          },
        ],
        properties: { facts: ['R53 HC-26'] },
      },
      { ruleId: 'check/long-ttl', suppressions: [{ kind: 'inSource', justification: 'rarely asked for, 100 %' }] },
    ]);
    expect(results[0]?.locations?.[0]?.physicalLocation.artifactLocation.uri).toMatch(
      /^file:\/\/\/.*\/a%20template\.yaml$/,
    );
    expect(results[0]).not.toHaveProperty('suppressions');
  });

  test('names files below the working directory relative to it, as scanners want them', () => {
    const finding: Finding = {
      code: 'check/long-ttl',
      weight: 'note',
      place: { file: 'stacks/a b.yaml', line: 3, column: 1 },
      says: 'x',
    };
    const [{ results } = expect.fail('no run')] = LOG.parse(JSON.parse(renderSarif([finding], []))).runs;
    expect(results[0]?.locations?.[0]?.physicalLocation.artifactLocation.uri).toBe('stacks/a%20b.yaml');
  });

  test('of nothing is a log without results', () =>
    expect(LOG.parse(JSON.parse(renderSarif([], []))).runs[0]?.results).toEqual([]));
});

describe('commands of GitHub Actions', () => {
  test('escape what would end a property or the message', () => {
    const finding: Finding = {
      code: 'check/long-ttl',
      weight: 'note',
      place: { file: 'a,b:c%.yaml', line: 3, column: 5 },
      says: '100 % of users,\r\nfor 300 s: all.',
      remedy: 'Lower it.',
    };
    expect(renderGitHub([finding])).toBe(
      '::notice file=a%2Cb%3Ac%25.yaml,line=3,col=5,title=check/long-ttl::100 %25 of users,%0D%0Afor 300 s: all.%0A→ Lower it.\n',
    );
  });

  test('are one for each finding, and none for what is ignored', async () => {
    const { output } = await run({ format: 'github' });
    expect(output.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^::warning file=[^,]*a template\.yaml,line=2,col=3,title=check\/disabled-health-check::The health check is disabled/,
      ),
    ]);
  });
});

describe('the exit code', () => {
  test('is 1 for a finding that --fail-on names or a heavier one, and 0 otherwise', async () => {
    expect((await run({})).exitCode).toBe(0);
    expect((await run({ failOn: 'warning' })).exitCode).toBe(1);
    expect((await run({ failOn: 'note' })).exitCode).toBe(1);
  });

  test('text tells what is ignored, and why', async () => {
    const { output } = await run({});
    expect(output).toMatch(/a template\.yaml:8:17: ignored: rarely asked for, 100 % \[check\/long-ttl\]\n/);
    expect(output.endsWith('0 errors, 1 warning, 0 notes, 1 ignored.\n')).toBe(true);
  });
});
