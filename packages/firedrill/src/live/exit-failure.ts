import type { FunctionFailure } from './runtime-api.ts';

/** How a process of a function ended. */
export interface ProcessEnd {
  /** As `exit status 1`; undefined when it ended of itself without a complaint. */
  readonly how: string | undefined;
  /** Whether it was killed for the memory that it and what it started have taken. */
  readonly wasOutOfMemory?: boolean;
}

/** The end of a process, from what the system says of it: one of the two is null. */
export function endBy(status: number | null, signal: NodeJS.Signals | null): ProcessEnd {
  if (signal !== null) return { how: `signal: ${SIGNAL_WORDS[signal] ?? signal}` };
  return { how: status === 0 ? undefined : `exit status ${status}` };
}

/** The failure of an invocation, or of a start, whose process has ended (RS 4.19, 4.35). */
export function exitFailure({ how, wasOutOfMemory = false }: ProcessEnd, requestId?: string): FunctionFailure {
  const subject = requestId === undefined ? '' : `RequestId: ${requestId} `;
  const reason = how === undefined ? 'exited without providing a reason' : `exited with error: ${how}`;
  return {
    kind: 'failed',
    errorType: wasOutOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError',
    errorMessage: `${subject}Error: Runtime ${reason}`,
  };
}

/** Lambda says signals in the words of the language that its own part is written in. */
const SIGNAL_WORDS: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted (core dumped)',
  SIGBUS: 'bus error (core dumped)',
  SIGFPE: 'floating point exception (core dumped)',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction (core dumped)',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit (core dumped)',
  SIGSEGV: 'segmentation fault (core dumped)',
  SIGTERM: 'terminated',
};
