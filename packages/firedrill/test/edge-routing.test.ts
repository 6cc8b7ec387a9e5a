import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Fault, Plan, TimelineEvent } from '../src/model/index.ts';
import { atSeconds } from '../src/model/index.ts';
import type { ExampleRun } from './run-example.ts';
import { runExample } from './run-example.ts';

/* The example of origins that CloudFront Functions choose: its drills end as they say. */

const DRILLS = fileURLToPath(new URL('../../../examples/edge-routing/drills/', import.meta.url));

async function run(
  file: string,
  change?: (plan: Plan) => Plan,
  rewrite: (code: string) => string = (code) => code,
): Promise<ExampleRun> {
  return await runExample(DRILLS + file, change, (architecture) => ({
    ...architecture,
    cloudFrontFunctions: architecture.cloudFrontFunctions.map((fn) => ({ ...fn, code: rewrite(fn.code) })),
  }));
}

/** The second at which an edge location first served from the secondary. */
function movedAt(events: readonly TimelineEvent[], edge: string): number {
  const first = events.find(
    ({ what, data }) => what === 'request.ended' && data.edge === edge && data.endpoint === 'us-east-1',
  );
  return first?.what === 'request.ended' ? first.data.sentAt / 1e6 : Number.NaN;
}

describe('origins chosen at the edge', () => {
  test.each(['home-first.yaml', 'switched.yaml'])('the drill %s ends as it says (CF 5.26, 5.29)', async (file) => {
    const { verdict, events } = await run(file);
    const notes = events.flatMap((event) => (event.what === 'note' ? [event.data.says] : []));
    expect(notes).toContain('the code of the CloudFront Function router is run as it is');
    expect(verdict.judgements.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict.judgements.length).toBeGreaterThan(0);
  });

  test('edge locations hear of a changed key one after the other, within the seconds of the switch (CF 5.34)', async () => {
    const { events } = await run('switched.yaml', (plan) => ({
      ...plan,
      switches: { 'cloudfront.key-value-propagation-seconds': 40 },
    }));
    const edges = new Set(events.flatMap(({ what, data }) => (what === 'request.ended' ? [data.edge] : [])));
    const moments = [...edges].map((edge) => movedAt(events, edge));
    expect(new Set(moments).size).toBe(2);
    for (const moment of moments) {
      expect(moment).toBeGreaterThanOrEqual(90);
      expect(moment).toBeLessThanOrEqual(131);
    }
  });

  test.each([
    ['a key longer than 512 bytes', { puts: { ['k'.repeat(513)]: 'v' } }, 'ValidationException'],
    ['a value longer than 1 KB', { puts: { k: 'v'.repeat(1025) } }, 'ValidationException'],
    ['more than 5 MB', { puts: tooMuch() }, 'ServiceQuotaExceededException'],
    ['a store that is not there', { store: 'nobody' }, 'ResourceNotFoundException'],
  ])('%s is refused, and nothing changes (CF 5.33)', async (_, change, code) => {
    const { events } = await run('switched.yaml', (plan) => ({
      ...plan,
      actions: (plan.actions ?? []).map((planned) =>
        planned.action.kind === 'update-keys' ? { ...planned, action: { ...planned.action, ...change } } : planned,
      ),
    }));
    const refusals = events.flatMap((event) => (event.what === 'action.performed' ? [event.data.code] : []));
    expect(refusals).toEqual([code]);
    expect(movedAt(events, 'DUB')).toBeNaN();
  });

  test('a store that cannot be read is what a function finds: caught, it goes where its code says; else it is a 503 (CF 5.33, 2.34)', async () => {
    const unreadable: Fault = {
      name: 'store-down',
      target: { kind: 'key-value-store', store: 'routing-rules' },
      effect: { kind: 'unreadable' },
      from: atSeconds(120),
      until: atSeconds(150),
      share: 1,
    };
    const change = (plan: Plan): Plan => ({ ...plan, faults: [unreadable] });
    const answered = ({ events }: ExampleRun, from: number): ReadonlySet<string> =>
      new Set(
        events.flatMap(({ what, data }) => {
          if (what !== 'request.ended') return [];
          const second = data.sentAt / 1e6;
          return second >= from && second < from + 20 ? [`${data.status} ${data.endpoint} ${data.result}`] : [];
        }),
      );
    // The function of the example catches it, and goes to the first, though the switch has been thrown.
    const caught = await run('switched.yaml', change);
    expect([...answered(caught, 97)]).toEqual(['200 us-east-1 Miss']);
    expect([...answered(caught, 125)]).toEqual(['200 eu-west-1 Miss']);
    expect([...answered(caught, 152)]).toEqual(['200 us-east-1 Miss']);
    const uncaught = await run('switched.yaml', change, (code) => code.replace(/try \{|\} catch[^}]*\}/g, ''));
    expect([...answered(uncaught, 125)]).toEqual(['503 edge FunctionExecutionError']);
    const failed = uncaught.events.find(({ what }) => what === 'edge-function.failed');
    const began = uncaught.events.find(({ what }) => what === 'fault.started');
    expect(failed?.cause).toBe(began?.seq);
    expect(failed?.data).toMatchObject({ says: 'Error: the KeyValueStore cannot be read' });
  });

  test('the same seed gives the same timeline', async () => {
    const [first, second] = [await run('switched.yaml'), await run('switched.yaml')];
    expect(second.events).toEqual(first.events);
  });
});

function tooMuch(): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: 5300 }, (_, index) => [`key-${index}`, 'v'.repeat(1000)]));
}
