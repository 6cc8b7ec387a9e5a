import type { Comparison, Measured } from './measurement.ts';

/** Columns of the table, in characters. */
const WIDTHS = [44, 14, 26, 9] as const;

/** A line for each figure under a heading for each set-up, then what explains those that are outside. */
export function tableOf(comparisons: readonly Comparison[]): string {
  const lines = [row('', 'measured', '5 % / median / 95 %', 'error', 'inside?')];
  let setUp = '';
  for (const one of comparisons) {
    if (one.setUp !== setUp) lines.push('', `${one.setUp} (${one.lines.join(', ')})`);
    setUp = one.setUp;
    const { low, median, high } = one.simulated;
    const unit = one.unit === 's' ? '' : ` ${one.unit}`;
    lines.push(
      row(
        `  ${one.figure}${unit}`,
        measuredText(one.measured),
        [low, median, high].map(amount).join(' / '),
        `${one.error >= 0 ? '+' : ''}${amount(one.error)}`,
        one.verdict,
      ),
    );
  }
  const explained = comparisons.filter((one) => one.explained !== undefined);
  if (explained.length > 0) lines.push('', 'Explained:');
  for (const one of explained) lines.push('', `${one.setUp}, ${one.figure}:`, ...wrapped(one.explained ?? ''));
  return `${lines.join('\n')}\n`;
}

/** As `81..84`, `about 8..12`, `at most 60`. */
function measuredText({ kind, least, most }: Measured): string {
  const span = least === most ? amount(least) : `${amount(least)}..${amount(most)}`;
  if (kind === 'seen') return span;
  if (kind === 'about') return `~ ${span}`;
  if (most === Number.POSITIVE_INFINITY) return `>= ${amount(least)}`;
  return least === 0 ? `<= ${amount(most)}` : span;
}

/** One digit after the point; what never came about is `never`. */
function amount(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 10) / 10) : 'never';
}

function row(...cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index === 0 || index >= WIDTHS.length ? cell : cell.padStart(WIDTHS[index] ?? 0)))
    .map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0]) : cell))
    .join('  ')
    .trimEnd();
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 118) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}
