import type { Series } from '../measures.ts';

/** One column of a strip: what became of the requests sent in it. */
interface Column {
  readonly sent: number;
  readonly failed: number;
  /** Successes by endpoint. */
  readonly succeeded: readonly { readonly endpoint: string; readonly number: number }[];
  readonly ttfb: { readonly minMs: number; readonly meanMs: number; readonly maxMs: number } | undefined;
}

export interface Columns {
  readonly seconds: number;
  readonly list: readonly Column[];
}

/** Columns of all strips of a page together; keeps a page of a large run below a megabyte. */
const COLUMNS_OF_A_PAGE = 9000;

/** How many columns each of so many strips may have. */
export function columnsFor(strips: number): number {
  return Math.min(720, Math.max(90, Math.floor(COLUMNS_OF_A_PAGE / Math.max(1, strips))));
}

/** A series as columns, several buckets to one where there are more than `columnsMax`. */
export function columnsOf(series: Series, columnsMax: number): Columns {
  const width = Math.max(1, Math.ceil(series.sent.length / columnsMax));
  const list: Column[] = [];
  for (let start = 0; start < series.sent.length; start += width) list.push(columnOf(series, start, start + width));
  return { seconds: series.bucketSeconds * width, list };
}

function columnOf(series: Series, start: number, end: number): Column {
  const total = (values: readonly number[]): number => values.slice(start, end).reduce((sum, value) => sum + value, 0);
  const known = (values: readonly (number | null)[]): number[] =>
    values.slice(start, end).filter((value) => value !== null);
  const means = known(series.ttfbMeanMs);
  return {
    sent: total(series.sent),
    failed: total(series.failed),
    succeeded: series.answeredBy
      .map(({ endpoint, succeeded }) => ({ endpoint, number: total(succeeded) }))
      .filter(({ number }) => number > 0),
    ttfb:
      means.length === 0
        ? undefined
        : {
            minMs: Math.min(...known(series.ttfbMinMs)),
            meanMs: means.reduce((sum, value) => sum + value, 0) / means.length,
            maxMs: Math.max(...known(series.ttfbMaxMs)),
          },
  };
}

/** Neighbouring columns of one outcome. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly requests: number;
  readonly failed: number;
  /** Whoever answered well in it. */
  readonly endpoints: readonly string[];
}

/** The course in words: columns joined while the same endpoints answer and failure stays none, some or all. */
export function stretchesOf({ seconds, list }: Columns): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let openKey = '';
  for (const [index, column] of list.entries()) {
    if (column.sent === 0) continue;
    const endpoints = column.succeeded.map(({ endpoint }) => endpoint);
    const key = `${column.failed === 0 ? 'none' : column.failed === column.sent ? 'all' : 'some'} ${endpoints.join(' ')}`;
    const last = key === openKey ? stretches.pop() : undefined;
    openKey = key;
    stretches.push({
      start: last?.start ?? index * seconds,
      end: (index + 1) * seconds,
      requests: (last?.requests ?? 0) + column.sent,
      failed: (last?.failed ?? 0) + column.failed,
      endpoints,
    });
  }
  return stretches;
}
