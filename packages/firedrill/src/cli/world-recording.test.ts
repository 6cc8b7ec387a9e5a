import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TimelineEvent } from '../model/index.ts';
import { BEGINNING, NEVER } from '../model/index.ts';
import { recordWorld } from './world-recording.ts';

const PLAN = { name: 'up', seed: '1', end: NEVER, probes: [], faults: [], switches: {}, functionModels: {} };
const NOTE: TimelineEvent = { at: BEGINNING, seq: 1, cause: 0, what: 'note', data: { says: 'hello' } };

test('a disk that is full is told once, and the world lives on', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'firedrill-recording-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  symlinkSync('/dev/full', join(directory, 'timeline.jsonl'));
  const said: string[] = [];
  const sink = await recordWorld(directory, PLAN, (text) => void said.push(text));
  sink(NOTE);
  sink({ ...NOTE, seq: 2 });
  expect(said).toEqual([expect.stringMatching(/^The timeline cannot be written any more: ENOSPC/)]);
});
