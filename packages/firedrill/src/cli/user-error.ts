import { CommanderError } from 'commander';
import type { Finding } from '../model/index.ts';

/** The user's input makes it impossible to go on; carries everything there is to say about it. */
export class UserError extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map((finding) => finding.says).join('\n'));
    this.findings = findings;
  }
}

/** Wrong arguments, --help and --version: commander has said what there is to say. */
export function isUsageError(error: unknown): error is CommanderError {
  return error instanceof CommanderError;
}
