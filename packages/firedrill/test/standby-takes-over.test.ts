import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { drillCommand } from '../src/cli/drill-command.ts';
import { reportSchema } from '../src/drill/index.ts';
import type { TimelineEvent } from '../src/model/index.ts';

/* The example "standby takes over primary", as somebody runs it: drill file, templates, command, what it leaves on disk. */

const FILE = fileURLToPath(
  new URL('../../../examples/standby-takes-over-primary/drills/take-over.yaml', import.meta.url),
);
const OUT = mkdtempSync(join(tmpdir(), 'firedrill-standby-'));
afterAll(() => rmSync(OUT, { recursive: true, force: true }));
afterEach(() => void vi.restoreAllMocks());

/** Seconds of the drill file. */
const DIES = 60;
const TAKE_OVER = 120;
const WELL_AGAIN = 300;
const GIVE_BACK = 360;

/** How long it may take from the word to the last answer of before: the minute, an evaluation, the check's look, propagation, a TTL. */
const WORD_TO_USERS = 60 + 60 + 5 + 60 + 3;

class Recorded {
  readonly events: readonly TimelineEvent[];

  constructor(events: readonly TimelineEvent[]) {
    this.events = events;
  }

  /** First such event from a second on. */
  first(what: TimelineEvent['what'], from: number, holds: (data: TimelineEvent['data']) => boolean = () => true) {
    const event = this.events.find((one) => one.what === what && one.at >= from * 1e6 && holds(one.data));
    if (event === undefined) throw new Error(`no ${what} after ${from} s`);
    return { at: event.at / 1e6, seq: event.seq, cause: event.cause };
  }

  /** What answered the users between two seconds: Regions, or how requests ended. */
  usersSaw(from: number, until: number): readonly string[] {
    const seen = this.events.flatMap(({ what, data }) =>
      what === 'request.ended' && data.sentAt >= from * 1e6 && data.sentAt < until * 1e6
        ? [data.success ? data.endpoint : data.end]
        : [],
    );
    return [...new Set(seen)];
  }
}

async function drilled(seed: string): Promise<{ readonly code: number; readonly out: string; readonly said: string }> {
  const out = join(OUT, seed);
  let said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const code = await drillCommand({ file: FILE, in: 'sim', seed, speed: 1, out, ports: 'any', quiet: true });
  return { code, out, said };
}

describe.each(['1', '2', '3', '4'])('the standby takes over, seed %s', (seed) => {
  test('R53 ST-06, MT-01, HC-30: each phase follows from the word of somebody in the standby Region, and nothing else moves users', async () => {
    const { code, out, said } = await drilled(seed);
    expect(code).toBe(0);
    expect(said).toContain('As expected: all 2 hold.');
    const lines = readFileSync(join(out, 'timeline.jsonl'), 'utf8').trimEnd().split('\n');
    const run = new Recorded(lines.map((line) => JSON.parse(line) as TimelineEvent));

    // Before: the primary answers.
    expect(run.usersSaw(0, DIES - 1)).toEqual(['eu-west-1']);
    // It is dead, and as long as nobody says so users stay with it (R53 ST-04).
    expect(run.usersSaw(DIES + 1, TAKE_OVER)).toEqual(['refused']);

    // The word: metric, alarm and health check, DNS, the users' resolver, each because of the one before.
    const word = run.first('action.performed', TAKE_OVER);
    expect(word.at).toBe(TAKE_OVER);
    const alarm = run.first('alarm.changed', TAKE_OVER, (data) => 'state' in data && data.state === 'ALARM');
    const check = run.first('health-check.changed', TAKE_OVER);
    const dns = run.first('dns.answer-changed', TAKE_OVER);
    const resolver = run.first('resolver.changed', TAKE_OVER);
    // The minute of the word has to be over first (R53 TL-07); the check reads the metric, not the alarm (HC-29).
    for (const { at } of [alarm, check]) {
      expect(at).toBeGreaterThanOrEqual(TAKE_OVER + 60);
      expect(at).toBeLessThan(TAKE_OVER + 121);
    }
    expect([alarm.cause, check.cause]).toEqual([word.seq, word.seq]);
    expect([dns.cause, resolver.cause]).toEqual([check.seq, dns.seq]);
    expect(dns.at).toBeGreaterThanOrEqual(check.at + 5);
    expect(resolver.at).toBeLessThan(TAKE_OVER + WORD_TO_USERS);

    // The standby answers everybody, and goes on to when the primary is well again: one word is enough (HC-30).
    expect(run.usersSaw(resolver.at + 1, WELL_AGAIN)).toEqual(['us-east-1']);
    expect(run.usersSaw(Math.max(WELL_AGAIN, resolver.at + 1), GIVE_BACK)).toEqual(['us-east-1']);

    // Given back: no user notices but by the Region that answers.
    const back = run.first('resolver.changed', GIVE_BACK);
    expect(back.at).toBeGreaterThan(GIVE_BACK + 60);
    expect(back.at).toBeLessThan(GIVE_BACK + WORD_TO_USERS);
    expect(run.usersSaw(GIVE_BACK, 720).toSorted()).toEqual(['eu-west-1', 'us-east-1']);
    expect(run.usersSaw(back.at + 1, 720)).toEqual(['eu-west-1']);

    // The report tells the same: what was lost is detection, propagation, what resolvers held.
    const report = reportSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
    const [fault] = report.measures.streams[0]?.faults ?? [];
    expect(fault?.segments.map(({ kind }) => kind).slice(0, 3)).toEqual(['detection', 'propagation', 'cache-tail']);
    expect(fault?.ending).toBe('failover');
  });
});
