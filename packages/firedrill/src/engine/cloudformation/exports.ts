/** Exports by name, with their values. */
type Exports = Readonly<Record<string, string>>;

/**
 * Why a stack's exports cannot become others: one that somebody imports neither goes nor changes (RS 8.6).
 * @param importers names of the stacks that import a name.
 */
export function exportInUse(
  before: Exports,
  after: Exports,
  importers: (name: string) => readonly string[],
): string | undefined {
  for (const [name, value] of Object.entries(before)) {
    if (after[name] === value) continue;
    const stacks = importers(name);
    if (stacks.length === 0) continue;
    const what = after[name] === undefined ? 'deleted' : 'updated';
    return `Export ${name} cannot be ${what} as it is in use by ${inWords(stacks)}`;
  }
  return undefined;
}

function inWords(stacks: readonly string[]): string {
  return stacks.length === 1 ? (stacks[0] ?? '') : `${stacks.slice(0, -1).join(', ')} and ${stacks.at(-1) ?? ''}`;
}
