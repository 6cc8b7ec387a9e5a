import type { Bounds, Condition, Expectation } from './drill.ts';
import type { ExpectationText } from './drill-schema.ts';
import { complain, type Reading } from './reading.ts';

interface WrittenBounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** An expectation of a drill file: whom it is about, and each thing that must hold as a condition of its own. */
export function readExpectation(item: ExpectationText, index: number, reading: Reading): Expectation {
  const conditions = conditionsOf(item);
  if (conditions.length === 0) {
    complain(reading, ['expect', index], {
      says: `This expectation of probe ${item.probe} expects nothing.`,
      remedy: 'Add at least one of failed, outage, availability, recovery, ttfb and answeredBy.',
    });
  }
  for (const key of ['failed', 'outage', 'availability', 'recovery'] as const) {
    const written = item[key];
    if (typeof written !== 'object') continue;
    if (written.min === undefined && written.max === undefined) {
      complain(reading, ['expect', index, key], {
        says: `${key} has neither min nor max.`,
        remedy: 'Give at least one of them.',
      });
    } else if ((written.min ?? -Infinity) > (written.max ?? Infinity)) {
      complain(reading, ['expect', index, key], {
        says: `The min of ${key} is above its max, so nothing can meet it.`,
        remedy: 'Swap them.',
      });
    }
  }
  return {
    probe: item.probe,
    ...(item.method === undefined ? {} : { method: item.method }),
    ...(item.place === undefined ? {} : { place: item.place }),
    conditions,
    source: reading.document.placeOf(['expect', index]),
  };
}

function conditionsOf(item: ExpectationText): readonly Condition[] {
  const conditions: Condition[] = [];
  if (item.failed !== undefined) {
    const requests = typeof item.failed === 'number' ? { min: item.failed, max: item.failed } : bounds(item.failed, 1);
    conditions.push({ kind: 'failed', requests });
  }
  if (item.outage) conditions.push({ kind: 'outage', seconds: bounds(item.outage, 1000) });
  if (item.availability) conditions.push({ kind: 'availability', share: bounds(item.availability, 1) });
  if (item.recovery) conditions.push({ kind: 'recovery', seconds: bounds(item.recovery, 1000) });
  for (const figure of ['p50', 'p99', 'max'] as const) {
    const ms = item.ttfb?.[figure];
    if (ms !== undefined) conditions.push({ kind: 'ttfb', figure, ms: { max: ms } });
  }
  if (item.answeredBy !== undefined) {
    conditions.push({
      kind: 'answeredBy',
      names: typeof item.answeredBy === 'string' ? [item.answeredBy] : item.answeredBy,
    });
  }
  return conditions;
}

function bounds(written: WrittenBounds, unit: number): Bounds {
  return {
    ...(written.min === undefined ? {} : { min: written.min / unit }),
    ...(written.max === undefined ? {} : { max: written.max / unit }),
  };
}
