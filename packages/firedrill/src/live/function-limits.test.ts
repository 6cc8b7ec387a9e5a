import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  expectGone,
  functionOf,
  isAlive,
  LONG_MS,
  open,
  openAll,
  returned,
  scratch,
} from '../../test/open-function.ts';
import type { LambdaFunction } from '../model/index.ts';

/* Whatever a handler here takes, it takes a bounded amount of by itself: a limit that fails fails a test, not the machine. */

const python = (text: string, more: Partial<LambdaFunction> = {}): LambdaFunction =>
  functionOf(text, { runtime: 'python3.12', ...more });

const OUT_OF_MEMORY = {
  kind: 'failed',
  errorType: 'Runtime.OutOfMemory',
  errorMessage: expect.stringMatching(
    /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: killed$/,
  ) as string,
};

describe('memory', () => {
  test('RS 4.35: buffers beyond the memory of a Node function end it, and the next invocation works', async () => {
    const text = `exports.handler = async ({ eat }) => {
      const kept = [];
      while (eat && kept.length < 128) kept.push(Buffer.alloc(8 * 1024 * 1024, 1));
      if (eat) await new Promise((resolve) => setTimeout(resolve, ${LONG_MS}));
      return kept.length;
    }`;
    const { invoke, functions, stateDirectory } = await open(functionOf(text));
    expect(await invoke({ eat: true }, LONG_MS)).toEqual(OUT_OF_MEMORY);
    expect(await invoke()).toEqual(returned(0));
    await functions.close();
    const [log] = await readdir(join(stateDirectory, 'logs'));
    expect(await readFile(join(stateDirectory, 'logs', log ?? ''), 'utf8')).toContain(
      '[firedrill: ended at its limit: memoryBytes 134217728]',
    );
  });

  test('RS 4.35: byte arrays beyond the memory of a Python function end it, and another function answers', async () => {
    const eater = python(
      `import time\ndef handler(event, context):\n  kept = [bytearray(b'x' * 8388608) for _ in range(128)]\n  time.sleep(${LONG_MS})`,
    );
    const other = functionOf('exports.handler = async () => 1', { arn: `${eater.arn}-other`, name: 'other' });
    const functions = await openAll([eater, other]);
    const eating = functions.invoke(eater, {}, LONG_MS);
    expect(await functions.invoke(other, {}, LONG_MS)).toEqual(returned(1));
    expect(await eating).toEqual(OUT_OF_MEMORY);
    expect(await functions.invoke(other, {}, LONG_MS)).toEqual(returned(1));
  });

  test('what a handler starts counts with it, also in a session of its own', async () => {
    const text = `const { spawn } = require('node:child_process');
    const child = "const kept = Buffer.alloc(40 * 1024 * 1024, 1); setTimeout(() => kept, ${LONG_MS})";
    exports.handler = () => new Promise(() => {
      for (let i = 0; i < 3; i++) spawn(process.execPath, ['-e', child], { detached: true, stdio: 'ignore' });
      setInterval(() => undefined, 1000);
    })`;
    const { invoke } = await open(functionOf(text));
    expect(await invoke({}, LONG_MS)).toEqual(OUT_OF_MEMORY);
  });

  test('memory that a function and its copies by fork share is counted once', async () => {
    const text = `import os, time
# Repeated in place: a copy of another 64 MiB would be over the limit while it is made.
kept = bytearray(b'x') * (64 << 20)
def handler(event, context):
  children = []
  for _ in range(3):
    child = os.fork()
    if child == 0:
      time.sleep(1.5)
      os._exit(0)
    children.append(child)
  for child in children: os.waitpid(child, 0)
  return len(kept)`;
    const { invoke } = await open(python(text));
    expect(await invoke({}, LONG_MS)).toEqual(returned(64 * 1024 * 1024));
  });
});

describe('processes', () => {
  test('RS 4.36: more than 1,024 processes and threads end a function', async () => {
    const text = `import threading
threading.stack_size(65536)
def handler(event, context):
  stay = threading.Event()
  for _ in range(event['threads']): threading.Thread(target=stay.wait, daemon=True).start()
  if event['threads'] > 1000: stay.wait()
  return threading.active_count() > event['threads']`;
    const { invoke } = await open(python(text, { memoryMb: 1024 }));
    expect(await invoke({ threads: 500 }, LONG_MS)).toEqual(returned(true));
    expect(await invoke({ threads: 1100 }, LONG_MS)).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/signal: killed$/) as string,
    });
    expect(await invoke({ threads: 0 }, LONG_MS)).toEqual(returned(true));
  });

  test('RS 4.36: a function may open 1,024 files, and the machine takes it first when it has no memory left', async () => {
    const text = `import resource
def handler(event, context):
  with open('/proc/self/oom_score_adj') as file: score = int(file.read())
  return [resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_CORE), score]`;
    const { invoke } = await open(python(text));
    expect(await invoke()).toEqual(returned([[1024, 1024], [0, 0], 1000]));
  });

  test('a handler that forks and never returns is ended with all its processes, and another function answers meanwhile', async () => {
    const room = await scratch();
    // 2^7 processes, each in a session of its own.
    const bomb = python(
      `import os, time
def handler(event, context):
  for _ in range(7):
    if os.fork() == 0: os.setsid()
    open(f"{event['room']}/{os.getpid()}", 'w').close()
  time.sleep(${LONG_MS})`,
      { memoryMb: 2048 },
    );
    const other = functionOf('exports.handler = async () => 1', { arn: `${bomb.arn}-other`, name: 'other' });
    const functions = await openAll([bomb, other]);
    let pids: readonly string[] = [];
    // As long as this machine takes to fork.
    for (let timeoutMs = 3000; pids.length <= 2; timeoutMs *= 2) {
      const bombing = functions.invoke(bomb, { room }, timeoutMs);
      expect(await functions.invoke(other, {}, LONG_MS)).toEqual(returned(1));
      expect(await bombing).toMatchObject({ errorType: 'Sandbox.Timedout' });
      pids = await readdir(room);
    }
    expect(pids.map(Number).filter(isAlive)).toEqual([]);
    expect(await functions.invoke(other, {}, LONG_MS)).toEqual(returned(1));
  });

  const LEAVES_CHILDREN = `const { spawn } = require('node:child_process');
    const away = (detached) => spawn('sleep', ['600'], { detached, stdio: 'ignore' }).pid;
    exports.handler = async ({ tells }) => {
      const pids = [away(false), away(true)];
      if (tells === undefined) return pids;
      require('node:fs').writeFileSync(tells, JSON.stringify(pids));
      process.exit(1);
    }`;

  test('children that outlive a handler end with its process, wherever they have gone', async () => {
    const { invoke, functions } = await open(functionOf(LEAVES_CHILDREN));
    const { payload } = (await invoke()) as { payload: number[] };
    expect(payload.filter(isAlive)).toEqual(payload);
    await functions.close();
    expect(payload.filter(isAlive)).toEqual([]);
  });

  test('children of a process that exits end with it', async () => {
    const { invoke } = await open(functionOf(LEAVES_CHILDREN));
    const tells = join(await scratch(), 'pids');
    expect(await invoke({ tells })).toMatchObject({ errorType: 'Runtime.ExitError' });
    const pids = JSON.parse(await readFile(tells, 'utf8')) as number[];
    expect(pids).toHaveLength(2);
    for (const pid of pids) await expectGone(pid);
  });

  test('a daemon that a Python handler has made, with a session, a parent and a program of its own, ends with the world', async () => {
    const text = `import os
def handler(event, context):
  ours, theirs = os.pipe()
  if os.fork() == 0:
    os.setsid()
    daemon = os.fork()
    if daemon == 0: os.execv('/bin/sleep', ['sleep', '600'])
    os.write(theirs, str(daemon).encode())
    os._exit(0)
  os.wait()
  return int(os.read(ours, 20))`;
    const { invoke, functions } = await open(python(text));
    const { payload: daemon } = (await invoke({}, LONG_MS)) as { payload: number };
    expect(isAlive(daemon)).toBe(true);
    await functions.close();
    expect(isAlive(daemon)).toBe(false);
  });
});

test('RS 4.35a: a signal that ends a function is named in Lambda’s words', async () => {
  const { invoke } = await open(
    functionOf(`exports.handler = async ({ signal }) => process.kill(process.pid, signal)`),
  );
  const says = async (signal: string): Promise<unknown> => {
    const { errorMessage } = (await invoke({ signal }, LONG_MS)) as { errorMessage: string };
    return errorMessage.replace(/^RequestId: \S+ /, '');
  };
  expect(await says('SIGSEGV')).toBe('Error: Runtime exited with error: signal: segmentation fault (core dumped)');
  expect(await says('SIGTERM')).toBe('Error: Runtime exited with error: signal: terminated');
});
