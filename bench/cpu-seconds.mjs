import { readdirSync, readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;

/** What a process and all that it has started have used of the cores until now. */
export function cpuSecondsOf(pid) {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // Behind the name, which may hold anything: state, parent, …; user and system time are 11 and 12 further.
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return [{ pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
      } catch {
        return [];
      }
    });
  const ticksOf = (root) =>
    processes.reduce((sum, one) => {
      if (one.pid === root) return sum + one.ticks;
      return one.parent === root ? sum + ticksOf(one.pid) : sum;
    }, 0);
  return ticksOf(pid) / TICKS_A_SECOND;
}
