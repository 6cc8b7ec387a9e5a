import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { drillCommand } from '../src/cli/drill-command.ts';
import type { TimelineEvent } from '../src/model/index.ts';

/* The example whose error page is a function in another Region, as somebody runs it. */

const FILE = fileURLToPath(new URL('../../../examples/dynamic-error-page/drills/region-dies.yaml', import.meta.url));
const OUT = mkdtempSync(join(tmpdir(), 'firedrill-error-page-'));
afterAll(() => rmSync(OUT, { recursive: true, force: true }));
afterEach(() => void vi.restoreAllMocks());

test('CF 2.17, 2.21, 1.30: while the application fails or is silent, a function elsewhere answers at the path of the page', async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const code = await drillCommand({ file: FILE, in: 'sim', seed: '1', speed: 1, out: OUT, ports: 'any', quiet: true });
  expect(code).toBe(0);
  const events = readFileSync(join(OUT, 'timeline.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TimelineEvent);
  const seen = (from: number, until: number): readonly string[] => [
    ...new Set(
      events.flatMap(({ what, data }) =>
        what === 'request.ended' && data.sentAt >= from * 1e6 && data.sentAt < until * 1e6
          ? [`${data.status} ${data.result} ${data.endpoint}`]
          : [],
      ),
    ),
  ];
  expect(seen(0, 29)).toEqual(['200 Miss eu-west-1']);
  expect(seen(31, 89)).toEqual(['200 Error us-east-1']);
  expect(seen(91, 119)).toEqual(['200 Miss eu-west-1']);
  expect(seen(121, 179)).toEqual(['200 Error us-east-1']);
});
