import { assert } from '../model/index.ts';
import type { Segment } from './measures.ts';

/** Where one stretch of an interval ends, and why it was lost. Moments are microseconds of world time. */
export interface Boundary {
  readonly kind: Segment['kind'];
  readonly until: number;
  readonly says: string;
}

/**
 * Cuts an interval at boundaries, so that the pieces add up to it exactly whatever their order: a boundary
 * outside the interval, or before an earlier one, gives an empty piece, and empty pieces are left out. The
 * last boundary must lie at the end.
 */
export function cut(start: number, end: number, boundaries: readonly Boundary[]): readonly Segment[] {
  assert(start <= end, 'an interval does not end before it starts');
  const segments: Segment[] = [];
  let cursor = start;
  for (const { kind, until, says } of boundaries) {
    const to = Math.min(Math.max(until, cursor), end);
    if (to > cursor)
      segments.push({ kind, start: toSeconds(cursor), end: toSeconds(to), seconds: toSeconds(to - cursor), says });
    cursor = to;
  }
  assert(cursor === end, 'segments reach the end of what they are cut from');
  return segments;
}

/** Microseconds as seconds. */
export function toSeconds(microseconds: number): number {
  return microseconds / 1_000_000;
}
