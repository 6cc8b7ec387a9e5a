import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueQueue } from './queue.ts';

test('what is due comes in order of time, and at equal times in order of arrival', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant('pop' as const)), { maxLength: 300 }),
      (steps) => {
        const queue = new DueQueue<string>(1);
        const model: { readonly at: number; readonly name: string }[] = [];
        for (const [i, step] of steps.entries()) {
          if (step === 'pop') {
            // A stable sort of what waits, oldest first, is the whole rule.
            const first = model.toSorted((a, b) => a.at - b.at)[0];
            if (first !== undefined) expect(queue.firstAt).toBe(first.at);
            expect(queue.pop()).toBe(first?.name);
            if (first !== undefined) model.splice(model.indexOf(first), 1);
          } else {
            queue.push(step, `item ${i}`);
            model.push({ at: step, name: `item ${i}` });
          }
          expect(queue.isEmpty).toBe(model.length === 0);
        }
      },
    ),
  );
});
