import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../packages/firedrill/bin/firedrill.js', import.meta.url));
const ROUNDS = 5;

/**
 * From `firedrill up --detach`, the start of its own process included, to the answer of its first API call: a new world each
 * time, in a directory of its own. Milliseconds by the wall; the median of several rounds.
 */
export async function benchStartup() {
  const rounds = [];
  for (let n = 0; n < ROUNDS; n++) rounds.push(await startOnce());
  const median = (name) => rounds.map((each) => each[name]).toSorted((a, b) => a - b)[(ROUNDS - 1) / 2];
  return { upMs: median('upMs'), firstCallMs: median('firstCallMs'), rounds: ROUNDS };
}

async function startOnce() {
  const directory = mkdtempSync(join(tmpdir(), 'firedrill-startup-'));
  const state = ['--state', join(directory, 'state')];
  try {
    const began = performance.now();
    const child = spawn(
      process.execPath,
      [PROGRAM, 'up', '--detach', '--json', ...state, '--zone', 'example.com=Z0EXAMPLE'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
    await once(child, 'close');
    const upMs = performance.now() - began;
    const { endpointUrl } = JSON.parse(said);
    const response = await fetch(endpointUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    });
    const text = await response.text();
    if (!text.includes('GetCallerIdentityResult')) throw new Error(`no answer of STS: ${response.status} ${text}`);
    return { upMs, firstCallMs: performance.now() - began };
  } finally {
    spawnSync(process.execPath, [PROGRAM, 'down', ...state]);
    rmSync(directory, { recursive: true, force: true });
  }
}
