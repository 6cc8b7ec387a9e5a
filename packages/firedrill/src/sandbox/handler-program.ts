import type { HandlerSource, PreparedHandler, RunLimits, RunOutcome } from '../engine/index.ts';
import type { ReadHandler } from './handler-syntax.ts';
import { readHandler } from './handler-syntax.ts';
import type { Isolate, Script } from './isolate.ts';
import { basePrelude } from './prelude/base.ts';
import { BUFFER_PRELUDE } from './prelude/buffer.ts';
import { HANDLER_GLOBALS, HANDLER_PRELUDE } from './prelude/lambda.ts';

/** Runs whose outcome is remembered, for each handler; the one unused for longest goes first. */
const REMEMBERED_MAX = 1000;

/** Longer events are not remembered: they are likely to be different each time. */
const EVENT_CHARS_MAX = 8192;

/** Undefined when the handler is not pure. */
export function prepareHandler(
  isolate: Isolate,
  source: HandlerSource,
  limits: RunLimits,
): PreparedHandler | undefined {
  const read = readHandler(source);
  return read === undefined ? undefined : new HandlerProgram(isolate, scriptOf(source, read, limits));
}

/** A handler of Lambda, made ready to run. */
class HandlerProgram implements PreparedHandler {
  private readonly isolate: Isolate;
  private readonly script: Script;
  private readonly outcomes = new Map<string, RunOutcome>();

  constructor(isolate: Isolate, script: Script) {
    this.isolate = isolate;
    this.script = script;
  }

  run(event: unknown, context: Readonly<Record<string, unknown>>): RunOutcome {
    const { awsRequestId, remainingMs, ...fields } = context;
    const requestIdInEvent = requestIdOf(event);
    const input = JSON.stringify(
      { event, context: { ...fields, awsRequestId: '' }, remainingMs },
      (key, value: unknown) => (key === 'requestId' && value === requestIdInEvent ? '' : value),
    );
    const remembered = this.outcomes.get(input);
    if (remembered !== undefined) return remembered;
    let isOnce = input.length > EVENT_CHARS_MAX;
    let isPlain = false;
    const outcome = this.isolate.run(this.script, input, (operation) => {
      if (operation === 'plain') isPlain = true;
      if (operation === 'requestId') {
        isOnce = true;
        return requestIdInEvent ?? String(awsRequestId);
      }
      return '';
    });
    const answered = answerOf(outcome, isPlain);
    if (!isOnce) this.remember(input, answered);
    return answered;
  }

  private remember(input: string, outcome: RunOutcome): void {
    this.outcomes.set(input, outcome);
    if (this.outcomes.size <= REMEMBERED_MAX) return;
    const [oldest] = this.outcomes.keys();
    if (oldest !== undefined) this.outcomes.delete(oldest);
  }
}

/** A plain handler that has not answered when nothing is left to do has answered null (RS 4.11). */
function answerOf(outcome: RunOutcome, isPlain: boolean): RunOutcome {
  const isSilent = outcome.kind === 'failed' && outcome.says === 'the function did not complete';
  if (isSilent && isPlain) return { kind: 'returned', value: null, log: outcome.log };
  if (!isSilent) return outcome;
  return { ...outcome, says: 'Runtime.NodeJsExit: The handler returned a promise that never settled.' };
}

/** At the edge every event carries the id of its request; code that does not look at it does the same for all. */
function requestIdOf(event: unknown): string | undefined {
  const id = (event as { Records?: readonly { cf?: { config?: { requestId?: unknown } } }[] } | null)?.Records?.[0]?.cf
    ?.config?.requestId;
  return typeof id === 'string' ? id : undefined;
}

/** Cuts are made where the text stands, so that lines keep their numbers. */
function scriptOf({ text, environment, takesCallbacks }: HandlerSource, read: ReadHandler, limits: RunLimits): Script {
  let body = '';
  let from = 0;
  for (const { start, end, by } of read.cuts.toSorted((a, b) => a.start - b.start)) {
    body += `${text.slice(from, start)}${by}${'\n'.repeat(text.slice(start, end).split('\n').length - 1)}`;
    from = end;
  }
  body += text.slice(from);
  const process = `const process = { env: ${JSON.stringify(environment)} };`;
  const before = `(function () { const module = { exports: {} }; const exports = module.exports; ${process}`;
  return {
    preludes: [basePrelude(HANDLER_GLOBALS, false), HANDLER_PRELUDE, ...(read.usesBuffer ? [BUFFER_PRELUDE] : [])],
    text: `${before}${body}\n;return ${takesCallbacks ? '' : WITHOUT_CALLBACKS}(${read.expression}); })()`,
    limits,
    file: 'index.js',
    isWhole: true,
  };
}

/** From Node.js 24 on no handler is called with a callback (RS 4.12). */
const WITHOUT_CALLBACKS = String.raw`(function (handler) {
  if (handler.length < 3 || Object.prototype.toString.call(handler) === '[object AsyncFunction]') return handler;
  return function () {
    const error = new Error('Handlers that answer by a callback are not called any more from Node.js 24 on: make it an async function.');
    error.name = 'Runtime.CallbackHandlerDeprecated';
    throw error;
  };
})`;
