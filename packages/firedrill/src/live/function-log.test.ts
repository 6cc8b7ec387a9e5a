import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FunctionLog } from './function-log.ts';

/** A file that nothing can be written to, where the system has one. */
const FULL = '/dev/full';

test('a disk that is full takes the log: it closes, and nobody waits for what could not be written', async () => {
  if (!existsSync(FULL)) return;
  const log = await FunctionLog.open(FULL);
  log.note('this has no room');
  await log.since(log.bytesWritten);
  await expect(log.close()).resolves.toBeUndefined();
});
