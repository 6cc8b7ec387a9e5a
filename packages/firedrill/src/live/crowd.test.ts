import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Crowd } from './crowd.ts';

test('a crowd holds what a Set would, whoever comes and goes', () => {
  const steps = fc.array(fc.record({ index: fc.nat(9), comes: fc.boolean() }), { maxLength: 100 });
  fc.assert(
    fc.property(steps, (all) => {
      const members = Array.from({ length: 10 }, (_, name) => ({ name, place: -1 }));
      const crowd = new Crowd<(typeof members)[number]>();
      const expected = new Set<(typeof members)[number]>();
      for (const { index, comes } of all) {
        const member = members[index];
        if (member === undefined) continue;
        if (comes) {
          crowd.add(member);
          expected.add(member);
        } else {
          crowd.delete(member);
          expected.delete(member);
        }
        expect(new Set(crowd.all())).toEqual(expected);
        expect(crowd.all()).toHaveLength(expected.size);
        expect(crowd.find(({ name }) => name === index) !== undefined).toBe(comes);
      }
    }),
  );
});
