import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAIMED_SECONDS } from '../../constructs/src/claims.ts';
import { readAssembly } from '../src/cli/read-assembly.ts';
import type { Architecture, Fault, TimelineEvent } from '../src/model/index.ts';
import { hasErrors } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { readTemplates } from '../src/template/index.ts';
import { hybridPlan, primaryFault, probe } from './hybrid-architecture.ts';

/*
 * The seconds that the constructs' documentation claims come from here: the example's own templates, as the
 * CDK writes them, read and run in the simulator with a dead primary (CF 1.11, 1.15, 1.16).
 */

const EXAMPLE = fileURLToPath(new URL('../../../examples/hybrid', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'firedrill-claims-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function synthesise(timeouts: string): Promise<Architecture> {
  const out = join(directory, timeouts);
  const context = {
    primary: 'eu-west-1',
    backup: 'us-east-1',
    domain: 'example.com',
    hostedZoneId: 'Z0EXAMPLE',
    timeouts,
  };
  const env = { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false' };
  execFileSync(process.execPath, ['app.js'], { cwd: EXAMPLE, env: { ...env, CDK_DEFAULT_ACCOUNT: '123456789012' } });
  const { value } = readAssembly(out);
  const read = readTemplates({ sources: value.sources, zones: { 'example.com': 'Z0EXAMPLE' } });
  expect(read.findings.filter(({ weight }) => weight === 'error')).toEqual([]);
  expect(hasErrors(read.findings)).toBe(false);
  return read.value;
}

/** What requests that were sent in the first seconds of the fault had to wait beyond an ordinary answer. */
function waits(architecture: Architecture, effect: Fault['effect'], output: string, method: string): number[] {
  const outputs = Object.assign({}, ...architecture.stacks.map((stack) => stack.outputs)) as Record<string, string>;
  const url = `https://${outputs[output]}/`;
  const plan = hybridPlan([primaryFault(effect, 45)], {
    endSeconds: 180,
    probes: [probe('users', url, { methods: [method] })],
    // So that no lookup falls between the attempts of the requests that are looked at.
    switches: { 'resolver.warm-start': false, 'route53.status-propagation-seconds': 120 },
  });
  const ttfbMs: number[] = [];
  simulate(architecture, plan, (event: TimelineEvent) => {
    if (event.what === 'request.ended' && event.data.sentAt > 46e6 && event.data.sentAt < 56e6)
      ttfbMs.push(event.data.ttfbMs);
  });
  expect(ttfbMs.length).toBeGreaterThan(5);
  return ttfbMs.map((ms) => ms / 1000);
}

/** An ordinary answer across the ocean takes less than this; the claims are about whole seconds of waiting. */
const ORDINARY_SECONDS = 0.6;

function expectWaits(seconds: readonly number[], claimed: number): void {
  for (const wait of seconds) {
    expect(wait).toBeGreaterThanOrEqual(claimed);
    expect(wait).toBeLessThan(claimed + ORDINARY_SECONDS);
  }
}

describe('what a dead primary costs a request, measured in the simulator', () => {
  let ours: Architecture;
  let defaults: Architecture;
  beforeAll(async () => {
    ours = await synthesise('ours');
    defaults = await synthesise('cloudfront-defaults');
  });

  const blackHole = { kind: 'blackhole' } as const;
  const hang = { kind: 'hang' } as const;

  test('CF 1.11: a black-holed primary costs a hybrid GET what the construct claims, with its own timeouts and with the defaults', () => {
    expectWaits(waits(ours, blackHole, 'HybridFailoverDistribDomain', 'GET'), CLAIMED_SECONDS.blackHoled.ours);
    expectWaits(
      waits(defaults, blackHole, 'HybridFailoverDistribDomain', 'GET'),
      CLAIMED_SECONDS.blackHoled.cloudFrontDefault,
    );
  });

  test('CF 1.15, CF 1.16: a hung primary costs a hybrid GET what the construct claims', () => {
    expectWaits(waits(ours, hang, 'HybridFailoverDistribDomain', 'GET'), CLAIMED_SECONDS.hung.ours);
    expectWaits(waits(defaults, hang, 'HybridFailoverDistribDomain', 'GET'), CLAIMED_SECONDS.hung.cloudFrontDefault);
  });

  test('behind Route 53 alone a request waits as long as the construct claims before it fails', () => {
    expectWaits(waits(ours, blackHole, 'R53FailoverDistribDomain', 'POST'), CLAIMED_SECONDS.blackHoled.lastResort);
    expectWaits(waits(ours, hang, 'R53FailoverDistribDomain', 'GET'), CLAIMED_SECONDS.hung.lastResort);
  });
});
