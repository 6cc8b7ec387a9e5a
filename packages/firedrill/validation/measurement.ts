/*
 * What somebody saw of real AWS, what the simulation says of the same set-up over many seeds, and whether the two agree.
 */

/** A figure that was published, with how sure it is. Seconds unless the figure names another unit. */
export type Measured =
  /** It was seen, between these two: the gap is that of whoever looked. Both have to lie in the simulated 5–95 % range. */
  | { readonly kind: 'seen'; readonly least: number; readonly most: number }
  /** It was told roughly, or follows from what was seen: it lies somewhere between. Some of the simulated range has to. */
  | { readonly kind: 'about'; readonly least: number; readonly most: number }
  /** AWS, or somebody, says that it is never outside. All of the simulated range has to lie within. */
  | { readonly kind: 'promised'; readonly least: number; readonly most: number };

/** One published figure. */
export interface Figure {
  readonly measured: Measured;
  /** Seconds when undefined. */
  readonly unit?: string;
  /** Why the simulation says otherwise, and what the facts say to it. Only for figures that are outside. */
  readonly explained?: string;
}

/** Something that was set up on real AWS and measured, and how it is simulated. */
export interface SetUp<Name extends string = string> {
  readonly name: string;
  /** Lines of docs/facts, as `R53 MT-01`. */
  readonly lines: readonly string[];
  /** What was set up and done, in a sentence. */
  readonly says: string;
  readonly figures: Readonly<Record<Name, Figure>>;
  /** One run; NaN for what never came about in it. */
  readonly simulate: (seed: string) => Readonly<Record<Name, number>>;
}

/** Holds the names of figures and of results together. */
export function setUp<Name extends string>(one: SetUp<Name>): SetUp {
  return one;
}

/** What many runs came to. */
export interface Spread {
  /** 5 % of the runs have less. */
  readonly low: number;
  readonly median: number;
  /** 5 % of the runs have more. */
  readonly high: number;
}

/** `needless`: an explanation for what needs none. */
type Verdict = 'inside' | 'explained' | 'outside' | 'needless';

/** A figure, compared. */
export interface Comparison {
  readonly setUp: string;
  readonly figure: string;
  readonly lines: readonly string[];
  readonly unit: string;
  readonly measured: Measured;
  readonly simulated: Spread;
  /** How far the simulated median is from the measured value, or from the nearest value that was promised. */
  readonly error: number;
  readonly verdict: Verdict;
  readonly explained?: string;
}

/** Runs a set-up once for each seed and compares. */
export function compare(
  { name, lines, figures, simulate }: SetUp,
  seeds: readonly string[],
  progress: (done: number) => void = () => undefined,
): readonly Comparison[] {
  const runs = seeds.map((seed, index) => {
    const run = simulate(`${name}/${seed}`);
    progress(index + 1);
    return run;
  });
  return Object.entries(figures).map(([figure, { measured, unit = 's', explained }]) => {
    const simulated = spreadOf(runs.map((run) => run[figure] ?? Number.NaN));
    const verdict = judge(isInside(measured, simulated), explained);
    const error = errorOf(measured, simulated.median);
    const told = explained === undefined ? {} : { explained };
    return { setUp: name, figure, lines, unit, measured, simulated, error, verdict, ...told };
  });
}

/** What never came about counts as later than everything else. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values
    .map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value))
    .toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.POSITIVE_INFINITY;
  return { low: at(0.05), median: at(0.5), high: at(0.95) };
}

/** Whether what was published is what the simulation says too. */
export function isInside({ kind, least, most }: Measured, { low, high }: Spread): boolean {
  switch (kind) {
    case 'seen':
      return low <= least && most <= high;
    case 'about':
      return low <= most && least <= high;
    case 'promised':
      return least <= low && high <= most;
  }
}

function judge(inside: boolean, explained: string | undefined): Verdict {
  if (explained === undefined) return inside ? 'inside' : 'outside';
  return inside ? 'needless' : 'explained';
}

/** Signed: the simulation is later, or more, when above 0. */
function errorOf({ kind, least, most }: Measured, median: number): number {
  if (kind === 'seen') return median - (least + most) / 2;
  return median < least ? median - least : Math.max(0, median - most);
}
