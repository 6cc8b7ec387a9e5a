/**
 * A number that AWS decided. FIDELITY.md is generated from these; the source address is looked up in the
 * facts sheet by `line`.
 */
export interface Fact<Value> {
  readonly value: Value;
  /** `documented` by AWS, `measured` by somebody who published it, or `assumed` by us where nobody says. */
  readonly standing: 'documented' | 'measured' | 'assumed';
  /** The line of docs/facts that says so, as `R53 HC-05`. */
  readonly line: string;
  readonly checked: string;
}

/** Declares the facts of one service; only gives them their type. */
export function facts<const Table extends Readonly<Record<string, Fact<unknown>>>>(table: Table): Table {
  return table;
}
