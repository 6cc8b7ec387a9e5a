import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, by its number and by when it began: a number alone is given to others afterwards. */
export interface ProcessId {
  readonly pid: number;
  readonly pidBegan: string;
}

/** When a process began, in the system's own words; empty when there is none, or the system does not say. */
export function whenBegan(pid: number): string {
  try {
    // After the name, which is in brackets and may hold anything: the state, and 18 fields on the time it began (proc(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    // No such process, or no such file system.
  }
  if (process.platform === 'linux') return '';
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Whether it is still the same process. */
export function isAlive({ pid, pidBegan }: ProcessId): boolean {
  const began = whenBegan(pid);
  return began !== '' && began === pidBegan;
}

export function ownProcess(): ProcessId {
  return { pid: process.pid, pidBegan: whenBegan(process.pid) };
}
