import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { StateDirectory } from '../doors/index.ts';
import { turnLog } from './world-log.ts';

const MEGABYTES_10 = 10 * 1024 * 1024;

function open(): StateDirectory {
  const directory = new StateDirectory(mkdtempSync(join(tmpdir(), 'firedrill-log-')));
  onTestFinished(() => rmSync(directory.path, { recursive: true, force: true }));
  return directory;
}

test('a log that is full becomes the one before, and whoever has it open goes on at its beginning', () => {
  const directory = open();
  const log = directory.file('firedrill.log');
  writeFileSync(log, 'x'.repeat(MEGABYTES_10), { mode: 0o600 });
  const fd = openSync(log, 'a');
  turnLog(directory);
  writeSync(fd, 'after\n');
  closeSync(fd);
  expect(readFileSync(log, 'utf8')).toBe('after\n');
  expect(statSync(directory.file('firedrill.log.1'))).toMatchObject({ size: MEGABYTES_10 });
  expect(statSync(directory.file('firedrill.log.1')).mode & 0o777).toBe(0o600);
});

test('a log that is not full stays, and none is made', () => {
  const directory = open();
  turnLog(directory);
  writeFileSync(directory.file('firedrill.log'), 'x'.repeat(MEGABYTES_10 - 1));
  turnLog(directory);
  expect(readdirSync(directory.path)).toEqual(['firedrill.log']);
});
