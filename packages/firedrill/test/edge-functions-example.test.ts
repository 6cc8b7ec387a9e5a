import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { check } from '../src/check/index.ts';
import { runExample } from './run-example.ts';

/* The example of functions at the edge: its drills end as they say, and its templates are sound. */

const DRILLS = fileURLToPath(new URL('../../../examples/edge-functions/drills/', import.meta.url));
describe('functions at the edge', () => {
  test.each(['headers-status-of-origin.yaml', 'headers-status-of-function.yaml', 'routed-by-function.yaml'])(
    'the drill %s ends as it says',
    async (file) => {
      const { verdict, events } = await runExample(DRILLS + file);
      expect(verdict.judgements.filter(({ passed }) => !passed)).toEqual([]);
      expect(verdict.judgements.length).toBeGreaterThan(0);
      const notes = events.flatMap((event) => (event.what === 'note' ? [event.data.says] : []));
      expect(notes.length).toBeGreaterThan(0);
      for (const says of notes) expect(says).toContain('is run as it is');
    },
    60_000,
  );

  test('its templates have no traps but the one that they are about', async () => {
    const { architecture } = await runExample(`${DRILLS}routed-by-function.yaml`);
    const weighty = check(architecture).filter(({ weight }) => weight === 'error');
    expect(weighty).toEqual([]);
  });
});
