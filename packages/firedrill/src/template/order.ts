/** What must come first, and what goes round in circles. */
export interface Order {
  /** Every name once, each after those it needs; the order given where nothing else decides. */
  readonly sequence: readonly string[];
  /** Each circle once, as `a, b, c` for a → b → c → a. */
  readonly circles: readonly (readonly string[])[];
}

/**
 * Sorts names so that each comes after what it needs (RS 8.14). What stands in a circle comes last among
 * what is left, in the order given. Names in `needs` that are not in `names` are ignored.
 */
export function orderBy(names: readonly string[], needs: (name: string) => readonly string[]): Order {
  const known = new Set(names);
  const needed = new Map(names.map((name) => [name, [...new Set(needs(name))].filter((other) => known.has(other))]));
  const state = new Map<string, 'open' | 'done'>();
  const sequence: string[] = [];
  const circles: string[][] = [];
  const visit = (start: string): void => {
    // Depth first without recursion: a chain of references may be as long as a template.
    const path: { readonly name: string; next: number }[] = [{ name: start, next: 0 }];
    state.set(start, 'open');
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const other = needed.get(top.name)?.[top.next];
      top.next += 1;
      if (other === undefined) {
        state.set(top.name, 'done');
        sequence.push(top.name);
        path.pop();
      } else if (state.get(other) === 'open') {
        circles.push(path.slice(path.findIndex(({ name }) => name === other)).map(({ name }) => name));
      } else if (state.get(other) === undefined) {
        state.set(other, 'open');
        path.push({ name: other, next: 0 });
      }
    }
  };
  for (const name of names) if (state.get(name) === undefined) visit(name);
  return { sequence, circles };
}

/** A circle in words: `A → B → A`. */
export function circleInWords(circle: readonly string[]): string {
  return [...circle, ...circle.slice(0, 1)].join(' → ');
}
