import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../../test/open-function.ts';
import { FunctionWatch } from './function-watch.ts';
import { lookWithPs } from './process-table-ps.ts';
import { PROC_TABLE } from './process-table.ts';

describe.each([
  ['/proc', () => PROC_TABLE],
  ['ps', lookWithPs],
])('as %s tells', (_name, look) => {
  test('a process is in the table with its parent, its group and what it holds, and an ended one is not', async () => {
    const text = 'const kept = Buffer.alloc(256 << 20, 1); console.log(kept.length); setInterval(() => kept, 1000)';
    const child = spawn(process.execPath, ['-e', text], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const pid = child.pid ?? 0;
    await once(child.stdout, 'data');
    const table = await look();
    expect(table.pids()).toContain(pid);
    expect(table.row(pid)).toMatchObject({ pid, parent: process.pid, group: pid });
    expect(table.row(pid)?.residentBytes).toBeGreaterThan(256 * 1024 * 1024);
    expect(table.heldBytes([pid])).toBeGreaterThan(200 * 1024 * 1024);
    expect(table.heldBytes([pid])).toBeLessThan(512 * 1024 * 1024);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await look()).row(pid)).toBeUndefined();
  });

  test('a process over its memory is ended with what it has started', async () => {
    const watch = new FunctionWatch(look);
    const text = `const { spawn } = require('node:child_process');
      console.log(spawn('sleep', ['600'], { stdio: 'ignore' }).pid);
      const kept = Buffer.alloc(256 << 20, 1); setInterval(() => kept, 1000)`;
    const child = spawn(process.execPath, ['-e', text], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const bounds = { memoryBytes: 128 * 1024 * 1024, tasksMax: 1024 };
    const watched = watch.watch({ pid: child.pid ?? 0, mark: 'NONE=none', bounds });
    const [started] = (await once(child.stdout, 'data')) as [Buffer];
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await watch.end(watched);
    expect(watched.exceeded).toBe('memoryBytes');
    expect(isAlive(Number(started))).toBe(false);
  });
});
