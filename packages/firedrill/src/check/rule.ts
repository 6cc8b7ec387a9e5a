import type { Architecture, Finding, FindingCode, Place } from '../model/index.ts';

/** One trap: how to see it, and what is to be said about it. */
export interface Rule {
  readonly code: FindingCode;
  /** `error`: AWS refuses it or it cannot work; `warning`: users lose seconds or answers; `note`: good to know. */
  readonly weight: Finding['weight'];
  /** Lines of the facts sheets that the rule rests on. */
  readonly facts: readonly string[];
  /** What users lose by it, in few words, for the table of docs/findings.md. */
  readonly costs: string;
  readonly find: (architecture: Architecture) => readonly Offence[];
}

/** One place where the trap is set. */
export interface Offence {
  /** Absent when the architecture came from no text. */
  readonly place: Place | undefined;
  readonly says: string;
  readonly remedy: string;
  /** Where one offence weighs other than the rule does. */
  readonly weight?: Finding['weight'];
}
