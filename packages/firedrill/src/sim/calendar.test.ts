import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueQueue } from './queue.ts';

/** From moments apart to hours apart, equal ones among them, on both sides of what the ring of buckets reaches. */
const delays = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: 4_194_200, max: 4_194_400 }),
  fc.integer({ min: 0, max: 9_000_000_000 }),
);

test('what is due keeps its order from microseconds to hours ahead, while time goes on', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(delays, fc.constant('pop' as const)), { maxLength: 400 }), (steps) => {
      const queue = new DueQueue<number>(1);
      let waiting: { readonly at: number; readonly item: number }[] = [];
      let now = 0;
      const takeFirst = (): void => {
        const first = waiting.toSorted((a, b) => a.at - b.at)[0];
        expect(queue.firstAt).toBe(first?.at ?? Number.POSITIVE_INFINITY);
        expect(queue.pop()).toBe(first?.item);
        if (first === undefined) return;
        expect(queue.takenAt).toBe(first.at);
        now = first.at;
        waiting = waiting.filter((one) => one !== first);
      };
      for (const [item, step] of steps.entries()) {
        if (step === 'pop') takeFirst();
        else {
          queue.push(now + step, item);
          waiting.push({ at: now + step, item });
        }
      }
      while (waiting.length > 0) takeFirst();
      expect(queue.isEmpty).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('nothing can be put into the past, where nobody would find it', () => {
  const queue = new DueQueue<string>();
  queue.push(1_000_000, 'a');
  queue.pop();
  expect(() => queue.push(10, 'b')).toThrow('firedrill bug');
});
