/**
 * Our own mistake, not the user's: stays on in production (STYLE: `assert(condition, 'what must hold')`).
 * @throws Error naming what should have held.
 */
export function assert(condition: unknown, mustHold: string): asserts condition {
  if (!condition) throw new Error(`firedrill bug: it must hold that ${mustHold}`);
}

/** Ends a switch over a union: a new member without a case does not compile. */
export function never(value: never): never {
  throw new Error(`firedrill bug: no case for ${JSON.stringify(value)}`);
}
