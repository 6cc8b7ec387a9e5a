import type { IgnoredFinding } from '../check/index.ts';
import { check, heedIgnores } from '../check/index.ts';
import type { Architecture, Finding } from '../model/index.ts';
import { flawsOf } from '../sandbox/index.ts';
import type { TemplatesInput } from '../template/index.ts';
import { readTemplates } from '../template/index.ts';

/** What there is to say about templates. */
export interface Inspection {
  readonly architecture: Architecture;
  readonly findings: readonly Finding[];
  /** What the templates say to ignore. */
  readonly ignored: readonly IgnoredFinding[];
}

/** Reads templates, looks for traps, and sets aside what the templates say to ignore. */
export function inspect(input: TemplatesInput, before: readonly Finding[] = []): Inspection {
  const { value: architecture, findings: mistakes } = readTemplates(input);
  const all = [...before, ...mistakes, ...flawsOf(architecture), ...check(architecture)];
  return { architecture, ...heedIgnores(all, architecture.ignores) };
}
