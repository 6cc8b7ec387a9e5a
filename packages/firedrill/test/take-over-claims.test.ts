import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAIMED_SECONDS } from '../../constructs/src/claims.ts';
import { check } from '../src/check/index.ts';
import { readAssembly } from '../src/cli/read-assembly.ts';
import type { Architecture, Fault, Finding, PlannedAction, TimelineEvent } from '../src/model/index.ts';
import { atSeconds } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { readTemplates } from '../src/template/index.ts';
import { hybridPlan, probe } from './hybrid-architecture.ts';

/* The construct StandbyTakesOver as the CDK writes it, with its primary Region dead: how long the users wait for the word. */

const EXAMPLE = fileURLToPath(new URL('../../../examples/standby-takes-over-primary', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'firedrill-take-over-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const [PRIMARY, STANDBY] = ['eu-west-1', 'us-west-2'] as const;
const [DIES, WORD, WORD_BACK, END] = [30, 60, 420, 780] as const;
const RUNS = 40;

function dead(target: Fault['target'], name: string): Fault {
  return { name, target, effect: { kind: 'blackhole' }, from: atSeconds(DIES), until: atSeconds(300), share: 1 };
}

function putting(value: number, atSecond: number): PlannedAction {
  const metricData = [{ metricName: 'StandbyTakesOver', value }];
  const action = { kind: 'put-metric-data', region: STANDBY, namespace: 'Failover', metricData } as const;
  return { name: `put ${value}`, at: atSeconds(atSecond), action };
}

/** From the word to the first request of which all later ones, too, go to a Region. */
function movedAfter(events: readonly TimelineEvent[], region: string, word: number, until: number): number {
  const last = events.findLast(
    ({ what, data }) =>
      what === 'request.ended' &&
      data.sentAt >= word * 1e6 &&
      data.sentAt < until * 1e6 &&
      !(data.success && data.endpoint === region),
  );
  return last?.what === 'request.ended' ? last.data.sentAt / 1e6 + 1 - word : 0;
}

describe('StandbyTakesOver, with the primary Region and the control plane of Route 53 gone', () => {
  let estate: Architecture;
  let findings: readonly Finding[];

  beforeAll(() => {
    const context = { primary: PRIMARY, standby: STANDBY, domain: 'example.com', hostedZoneId: 'Z0EXAMPLE' };
    const env = { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false' };
    execFileSync(process.execPath, ['app.js'], { cwd: EXAMPLE, env: { ...env, CDK_DEFAULT_ACCOUNT: '123456789012' } });
    const read = readTemplates({ sources: readAssembly(out).value.sources, zones: { 'example.com': 'Z0EXAMPLE' } });
    ({ value: estate, findings } = read);
  });

  test('the construct is read whole, and walks into none of the traps', () => {
    expect([...findings, ...check(estate)].filter(({ weight }) => weight !== 'note')).toEqual([]);
  });

  test('R53 ST-04, ST-06: one metric value moves the users there and back, within the seconds that the construct claims', () => {
    const { least, most } = CLAIMED_SECONDS.takeOver;
    const there: number[] = [];
    const back: number[] = [];
    for (let seed = 1; seed <= RUNS; seed++) {
      // At whatever second of a minute somebody gives the word.
      const late = Math.floor((seed * 60) / (RUNS + 1));
      const events: TimelineEvent[] = [];
      const users = probe('users', 'https://api.example.com/', { methods: ['GET'], timeoutMs: 5000 });
      const faults = [
        dead({ kind: 'region', region: PRIMARY }, 'dead'),
        dead({ kind: 'control-plane', controlPlane: 'route53' }, 'no-control-plane'),
      ];
      const plan = hybridPlan(faults, { endSeconds: END, seed: String(seed), probes: [users] });
      simulate(
        estate,
        { ...plan, actions: [putting(1, WORD + late), putting(0, WORD_BACK + late)] },
        (event) => void events.push(event),
      );
      there.push(movedAfter(events, STANDBY, WORD + late, WORD_BACK));
      back.push(movedAfter(events, PRIMARY, WORD_BACK + late, END));
    }
    for (const seconds of [...there, ...back]) {
      expect(seconds).toBeGreaterThanOrEqual(least);
      expect(seconds).toBeLessThanOrEqual(most);
    }
    // What is claimed is not wider than what is seen.
    expect(Math.max(...there, ...back)).toBeGreaterThan(most - 30);
    expect(Math.min(...there, ...back)).toBeLessThan(least + 30);
  });
});
