import type { ExecOptions } from './exec-command.ts';
import { environmentFor } from './exec-command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

export type EnvFormat = 'bash' | 'fish' | 'json';

/** `firedrill env`: the environment of programs in the world, for a shell to evaluate. */
export function envCommand(options: ExecOptions & { readonly format: EnvFormat }): ExitCode {
  process.stdout.write(renderEnvironment(environmentFor(options), options.format));
  return EXIT.asExpected;
}

/** Assignments that a shell can evaluate, or JSON with null for what is to be unset. */
export function renderEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  format: EnvFormat,
): string {
  const all = Object.entries(environment);
  if (format === 'json') return `${JSON.stringify(Object.fromEntries(all.map(([k, v]) => [k, v ?? null])), null, 2)}\n`;
  return all.map(([name, value]) => `${LINES[format](name, value)}\n`).join('');
}

const LINES = {
  bash: (name: string, value: string | undefined): string =>
    value === undefined ? `unset ${name}` : `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  fish: (name: string, value: string | undefined): string =>
    value === undefined
      ? `set -e ${name}`
      : `set -gx ${name} '${value.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`,
};
