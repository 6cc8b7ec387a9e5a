import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { check } from '../src/check/index.ts';
import { loadExample, runExample } from './run-example.ts';

/* The SAM example: its drill ends as it says, and its template is sound in both Regions. */

const DRILL = fileURLToPath(new URL('../../../examples/sam-hybrid/drills/region-dies.yaml', import.meta.url));

describe('the SAM template, once per Region', () => {
  test('its drill ends as it says (CF 1.3)', async () => {
    const { verdict } = await runExample(DRILL);
    expect(verdict.judgements.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict.judgements).toHaveLength(4);
  });

  test('what the drill gives as BackupApi is what the backup stack puts out', async () => {
    const { architecture } = await loadExample(DRILL);
    const [backup, primary] = architecture.stacks;
    const origins = architecture.distributions.flatMap((distribution) => distribution.origins);
    expect(origins.map(({ domainName }) => domainName)).toContain(backup?.outputs['ApiHost']);
    expect(Object.keys(primary?.outputs ?? {})).toEqual(['ApiHost', 'DistributionDomain']);
    expect(Object.keys(backup?.outputs ?? {})).toEqual(['ApiHost']);
  });

  test('there is no trap in it', async () => {
    const { architecture } = await loadExample(DRILL);
    expect(check(architecture)).toEqual([]);
  });
});
