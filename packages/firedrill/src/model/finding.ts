import type { FindingCode } from './finding-codes.ts';

/** Where in a user's text something stands. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Path inside the document, as `Resources.Api.Properties.Name`. */
  readonly path?: string;
}

/**
 * Something to tell the user about their input. Reading never throws; it answers with what it
 * understood and with findings for what it did not.
 */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: the world cannot be built; `warning`: it will behave other than intended; `note`: good to know. */
  readonly weight: 'error' | 'warning' | 'note';
  readonly place?: Place;
  readonly says: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** The facts lines that the finding rests on, as `CF 1.35`. */
  readonly facts?: readonly string[];
}

/** A value that was read, and everything worth saying about the text it came from. */
export interface Read<T> {
  readonly value: T;
  readonly findings: readonly Finding[];
}

/** Whether any finding makes it impossible to go on. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.weight === 'error');
}
