import { execFile } from 'node:child_process';
import type { ProcessRow, ProcessTable } from './process-table.ts';

/** Programs and libraries that a process has mapped count as resident and cannot be told from what is its own. */
const MAPPED_BYTES = 64 * 1024 * 1024;

const COLUMNS = ['pid', 'ppid', 'pgid', 'rss', 'lstart'];

/**
 * The processes of this machine as `ps` lists them, for systems without `/proc`: it knows neither environments nor, everywhere in
 * the same words, threads and sessions. Empty when there is no `ps`.
 */
export async function lookWithPs(): Promise<ProcessTable> {
  const listed = await new Promise<string>((resolve) => {
    const args = ['-A', ...COLUMNS.flatMap((column) => ['-o', `${column}=`])];
    execFile('/bin/ps', args, { env: { LC_ALL: 'C' } }, (_error, stdout) => resolve(stdout));
  });
  const rows = new Map(listed.split('\n').flatMap(rowIn));
  return {
    pids: () => [...rows.keys()],
    row: (pid) => rows.get(pid),
    environment: () => undefined,
    heldBytes: (pids) =>
      pids.reduce((sum, pid) => sum + Math.max(0, (rows.get(pid)?.residentBytes ?? 0) - MAPPED_BYTES), 0),
  };
}

function rowIn(line: string): [number, ProcessRow][] {
  const [, pid, parent, group, kib, startedAt] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S.*)$/.exec(line) ?? [];
  if (startedAt === undefined) return [];
  const row: ProcessRow = {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: 0,
    startedAt,
    residentBytes: Number(kib) * 1024,
    tasks: 1,
  };
  // One that has ended holds nothing any more.
  return row.residentBytes === 0 ? [] : [[row.pid, row]];
}
