import type { Item, Write } from '../../engine/index.ts';
import { itemBytes } from '../../engine/index.ts';

/** Bytes that one unit reads, and that one writes. */
const READ_BYTES = 4096;
const WRITE_BYTES = 1024;

/** Units that a reading costs: half as much where it need not be consistent; nothing found costs as little as can be. */
export function readUnits(items: readonly Item[], isConsistent: boolean | undefined): number {
  const bytes = items.reduce((sum, item) => sum + itemBytes(item), 0);
  return Math.max(1, Math.ceil(bytes / READ_BYTES)) * (isConsistent === true ? 1 : 0.5);
}

/** Units that a write costs: by the larger of what was there and what is. */
export function writeUnits({ before, after }: Write): number {
  const bytes = Math.max(before === undefined ? 0 : itemBytes(before), after === undefined ? 0 : itemBytes(after));
  return Math.max(1, Math.ceil(bytes / WRITE_BYTES));
}
