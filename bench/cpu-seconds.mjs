import { existsSync, readdirSync, readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;
const NANOS_A_SECOND = 1e9;

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
        const ticks = Number(fields[11]) + Number(fields[12]);
        return [
          { pid: Number(name), parent: Number(fields[1]), seconds: scheduledSeconds(name) ?? ticks / TICKS_A_SECOND },
        ];
      } catch {
        return [];
      }
    });
  const secondsOf = (root) =>
    processes.reduce((sum, one) => {
      if (one.pid === root) return sum + one.seconds;
      return one.parent === root ? sum + secondsOf(one.pid) : sum;
    }, 0);
  return secondsOf(pid);
}

/** Of all its threads, as the scheduler counts it: ticks are guessed from what is met when the clock strikes. */
function scheduledSeconds(name) {
  if (!existsSync(`/proc/${name}/schedstat`)) return undefined;
  const threads = readdirSync(`/proc/${name}/task`);
  const nanos = threads.map((thread) => {
    const [onCore] = readFileSync(`/proc/${name}/task/${thread}/schedstat`, 'utf8').split(' ');
    return Number(onCore);
  });
  const sum = nanos.reduce((all, one) => all + one, 0);
  return sum / NANOS_A_SECOND;
}
