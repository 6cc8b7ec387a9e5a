import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export interface AppRun {
  readonly status: number | null;
  readonly stderr: string;
  /** Directory with the assembly; gone after the file's tests. */
  readonly out: string;
}

/**
 * Runs the CDK app beside a test as the CDK's command line does: context and output directory by environment.
 * @param test - URL of the test's module.
 */
export function appRunner(test: string): (context: Readonly<Record<string, string>>) => AppRun {
  const directory = mkdtempSync(join(tmpdir(), 'firedrill-example-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return (context) => {
    const out = mkdtempSync(join(directory, 'out-'));
    const { status, stderr } = spawnSync(process.execPath, ['app.js'], {
      cwd: fileURLToPath(new URL('.', test)),
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_VALIDATION: 'false',
        CDK_DEFAULT_ACCOUNT: '123456789012',
        CDK_OUTDIR: out,
        CDK_CONTEXT_JSON: JSON.stringify(context),
      },
    });
    return { status, stderr, out };
  };
}
