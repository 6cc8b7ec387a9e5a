import { expect, test } from 'vitest';
import { Movement } from './movement.ts';
import type { ResolverView } from './resolvers.ts';
import type { Side } from './take-over.ts';

function saying(said: Readonly<Record<string, Side | 'nothing'>>): readonly ResolverView[] {
  return Object.entries(said).map(([resolver, side]) => {
    const view = { resolver, addresses: [], ttlSeconds: 0 };
    return side === 'nothing' ? { ...view, side: 'unknown', error: 'ETIMEOUT' } : { ...view, side };
  });
}

/** By looks a second apart: who moved, and how it stands in the end. */
function after(...looks: readonly Readonly<Record<string, Side | 'nothing'>>[]): object {
  const movement = new Movement('standby');
  const moved = looks.flatMap((look, second) =>
    movement.see(saying(look), second).map(({ resolver, afterSeconds }) => `${resolver} ${afterSeconds}`),
  );
  return { moved, over: movement.isOver(), waits: movement.waitsFor(), ...movement.ends() };
}

test('the first and the last to move are told apart, with their seconds', () => {
  expect(after({ a: 'primary', b: 'primary' }, { a: 'primary', b: 'standby' }, { a: 'standby', b: 'standby' })).toEqual(
    {
      moved: ['b 1', 'a 2'],
      over: true,
      waits: [],
      first: { resolver: 'b', afterSeconds: 1 },
      last: { resolver: 'a', afterSeconds: 2 },
    },
  );
});

test('one that fell silent before it moved is still waited for', () => {
  expect(after({ a: 'primary', b: 'primary' }, { a: 'nothing', b: 'standby' })).toMatchObject({
    over: false,
    waits: ['a'],
  });
});

test('one that fell silent after it moved, and one that never said anything, are not waited for', () => {
  expect(after({ a: 'standby', b: 'nothing' }, { a: 'nothing', b: 'nothing' })).toMatchObject({
    over: true,
    waits: [],
  });
  expect(after({ a: 'nothing' })).toEqual({ moved: [], over: false, waits: [] });
});

test('one that goes back is waited for again, and its last move is the one that counts', () => {
  expect(after({ a: 'standby', b: 'primary' }, { a: 'primary', b: 'standby' }, { a: 'standby' })).toEqual({
    moved: ['a 0', 'b 1', 'a 2'],
    over: true,
    waits: [],
    first: { resolver: 'a', afterSeconds: 0 },
    last: { resolver: 'a', afterSeconds: 2 },
  });
});
