/*
 * Ends a function with what it has started, when the tool has gone: its group, and where there is /proc also what has left that, told by
 * this process's Runtime API in the environment. As a thread it waits for that moment, for a handler may never yield.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';

/** @param runtimeApi address of this process's Runtime API. */
export function endAll(runtimeApi) {
  const mark = `AWS_LAMBDA_RUNTIME_API=${runtimeApi}`;
  for (const pid of processes()) {
    if (pid !== process.pid && told(`/proc/${pid}/environ`).split('\0').includes(mark)) kill(pid);
  }
  kill(-process.pid);
}

if (workerData?.lifelineFd !== undefined) {
  const { lifelineFd, runtimeApi } = workerData;
  new Socket({ fd: lifelineFd })
    .on('error', () => undefined)
    .on('close', () => endAll(runtimeApi))
    .resume();
}

function processes() {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return [];
  }
}

function told(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
