/** The known name that was most likely meant, if any is near enough: at most a third of its letters differ. */
function nearest(written: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of known) {
    const distance = editDistance(written.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance && distance <= Math.max(1, Math.floor(name.length / 3))) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** A remedy for a name that is not known: the one that was most likely meant, else all there are. */
export function remedyFor(written: string, known: readonly string[], what: string): string {
  const meant = nearest(written, known);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  if (known.length === 0) return `There is no ${what} to name here.`;
  const shown = known.slice(0, NAMES_SHOWN).join(', ');
  return `Name one of: ${shown}${known.length > NAMES_SHOWN ? `, and ${known.length - NAMES_SHOWN} more` : ''}.`;
}

/** How many known names a remedy lists before it cuts off. */
const NAMES_SHOWN = 20;

/** Letters to add, drop, replace or swap with their neighbour to come from one word to the other. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1] ? 0 : 1;
      let least = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + same);
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) least = Math.min(least, (beforeLast[column - 2] ?? 0) + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
