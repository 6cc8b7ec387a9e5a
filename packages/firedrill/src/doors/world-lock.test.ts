import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive, ownProcess, whenBegan } from './processes.ts';
import { StateDirectory } from './state-directory.ts';
import { takeLock } from './world-lock.ts';

let directory: StateDirectory;
beforeEach(() => {
  directory = new StateDirectory(join(mkdtempSync(join(tmpdir(), 'firedrill-lock-')), 'state'));
  directory.make();
});
afterEach(() => rmSync(directory.path, { recursive: true }));

test('a second world does not get the lock, and a third does once it is released', () => {
  const first = takeLock(directory);
  expect(first.kind).toBe('taken');
  expect(takeLock(directory)).toEqual({ kind: 'held', by: ownProcess() });
  if (first.kind === 'taken') first.lock.release();
  expect(takeLock(directory).kind).toBe('taken');
});

test('the lock of a process that has died is taken over, and so is one of a number that is another process now', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  const { pid = 0 } = child;
  const pidBegan = whenBegan(pid);
  await once(child, 'exit');
  writeFileSync(directory.file('lock'), JSON.stringify({ pid, pidBegan }));
  const taken = takeLock(directory);
  expect(taken.kind).toBe('taken');
  writeFileSync(directory.file('lock'), JSON.stringify({ pid: process.pid, pidBegan: 'another day' }));
  expect(takeLock(directory).kind).toBe('taken');
});

test('a process that has begun at another time is not the same', () => {
  expect(isAlive(ownProcess())).toBe(true);
  expect(isAlive({ pid: process.pid, pidBegan: '1' })).toBe(false);
  expect(isAlive({ pid: 2 ** 22 + 1, pidBegan: '' })).toBe(false);
});

test('nobody else can read what is kept', () => {
  directory.write('world.json', '{}');
  expect(statSync(directory.path).mode & 0o777).toBe(0o700);
  expect(statSync(directory.file('world.json')).mode & 0o777).toBe(0o600);
});
