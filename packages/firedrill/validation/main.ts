import { parseArgs } from 'node:util';
import type { Comparison } from './measurement.ts';
import { compare } from './measurement.ts';
import { SUITE } from './suite.ts';
import { tableOf } from './table.ts';

const USE = `npm run validation [-- --only NAME] [-- --seeds COUNT] [-- --json]

Simulates what was measured on real AWS (packages/firedrill/validation/README.md) and prints what was measured beside
what the simulation says over many seeds. Ends with 1 when a figure is outside and nobody has explained why.

  --only NAME    set-ups whose name or fact has NAME in it, as "Keycloak" or "MT-01"
  --seeds COUNT  runs of each set-up, 200 unless given
  --json         everything as JSON
  --list         the names of all set-ups`;

/** Enough for percentiles that do not move. */
const SEEDS = 200;
const SEEDS_MAX = 100_000;

/** Where text goes. */
export interface Voices {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a line on `err` may be overwritten. */
  readonly isTerminal: boolean;
}

interface Wish {
  readonly only: string;
  readonly seeds: number;
  readonly json: boolean;
}

/**
 * The command line.
 * @returns the exit code: 0 all is inside or explained, 1 something is not, 2 wrong use.
 */
export function validate(args: readonly string[], voices: Voices): number {
  const wish = readWish(args, voices);
  if (typeof wish === 'number') return wish;
  const chosen = SUITE.filter(({ name, lines }) =>
    [name, ...lines].some((text) => text.toLowerCase().includes(wish.only.toLowerCase())),
  );
  if (chosen.length === 0) {
    voices.err(`No set-up has "${wish.only}" in its name or facts. --list tells them.\n`);
    return 2;
  }
  const seeds = Array.from({ length: wish.seeds }, (_, index) => `${index + 1}`);
  const comparisons = chosen.flatMap((setUp) =>
    compare(setUp, seeds, (done) => tell(voices, setUp.name, [done, seeds.length])),
  );
  voices.out(wish.json ? `${JSON.stringify(comparisons, undefined, 2)}\n` : tableOf(comparisons));
  return conclude(comparisons, wish, voices);
}

/** The last word, and the exit code. */
function conclude(comparisons: readonly Comparison[], { json }: Wish, voices: Voices): number {
  const count = (verdict: Comparison['verdict']): number => comparisons.filter((one) => one.verdict === verdict).length;
  const bad = comparisons.filter(({ verdict }) => verdict === 'outside' || verdict === 'needless');
  const says = `${comparisons.length} figures: ${count('inside')} inside, ${count('explained')} explained, ${bad.length} not.\n`;
  (json ? voices.err : voices.out)(`\n${says}`);
  for (const { setUp, figure, verdict } of bad) {
    const why = verdict === 'outside' ? 'is outside, and nobody has explained it' : 'is explained, yet inside';
    voices.err(`${setUp}, ${figure}: ${why}.\n`);
  }
  return exitCodeOf(comparisons);
}

/** 0 when every figure is inside or explained, and no explanation is needless; else 1. */
export function exitCodeOf(comparisons: readonly Comparison[]): number {
  return comparisons.every(({ verdict }) => verdict === 'inside' || verdict === 'explained') ? 0 : 1;
}

function readWish(args: readonly string[], voices: Voices): Wish | number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', default: '' },
        seeds: { type: 'string', default: String(SEEDS) },
        json: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) voices.out(`${USE}\n`);
    if (values.list) voices.out(SUITE.map(({ name, lines }) => `${name} (${lines.join(', ')})\n`).join(''));
    if (values.help || values.list) return 0;
    const seeds = Number(values.seeds);
    if (Number.isInteger(seeds) && seeds >= 1 && seeds <= SEEDS_MAX) return { ...values, seeds };
    voices.err(`--seeds takes a whole number from 1 to ${SEEDS_MAX}.\n`);
  } catch (error) {
    voices.err(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  voices.err(`${USE}\n`);
  return 2;
}

/** On a terminal one line that changes; elsewhere one for each set-up. */
function tell(voices: Voices, name: string, [done, all]: readonly [number, number]): void {
  if (voices.isTerminal) voices.err(`\r${name}: ${done} of ${all}${done === all ? '\n' : ''}`);
  else if (done === all) voices.err(`${name}: ${all} runs\n`);
}
