/*
 * What runs inside a function's process: speaks the Lambda Runtime API (RS 4.1 to 4.3) and calls the user's
 * handler the way the managed Node runtimes do (RS 4.9 to 4.15). Plain JavaScript, for it is started as it stands.
 */
import { Agent, request } from 'node:http';
import { types } from 'node:util';
import { Worker } from 'node:worker_threads';
import { endAll } from './end-all.mjs';
import { RuntimeError, loadHandler } from './load-handler.mjs';

const BASE = '/2018-06-01/runtime';
const UNCAUGHT_EXCEPTION_STATUS = 129;
const UNHANDLED_REJECTION_STATUS = 128;

/** Descriptor whose other end the tool holds: when it closes, the tool is gone. */
const LIFELINE_FD = 3;

const [host, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const agent = new Agent({ keepAlive: true });

/** Id of the invocation that is being handled; undefined while starting and between two. */
let requestId;
let isStarted = false;
/** Called when nothing is left to wait for while an invocation has no answer yet. */
let whenDrained;

endWithTool();
process.on('uncaughtException', (error) => void die(error, UNCAUGHT_EXCEPTION_STATUS));
process.on('unhandledRejection', (reason) => {
  void die(new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason)), UNHANDLED_REJECTION_STATUS);
});
process.on('beforeExit', () => {
  if (whenDrained !== undefined) setImmediate(whenDrained);
});

let handler;
try {
  handler = await loadHandler(process.env.LAMBDA_TASK_ROOT ?? process.cwd(), process.env._HANDLER ?? '');
  checkCallback(handler);
} catch (error) {
  await die(error, 1);
}
isStarted = true;
for (;;) await handleNext();

/** Handlers with a callback ended with Node.js 24 (RS 4.12); earlier runtimes warn of it (RS 4.12a). */
function checkCallback({ length, constructor }) {
  if (length < 3 || constructor.name === 'AsyncFunction') return;
  const major = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1] ?? 0);
  if (major >= 24) {
    const says =
      'Handlers that answer by a callback are not called any more from Node.js 24 on: make it an async function.';
    throw new RuntimeError('Runtime.CallbackHandlerDeprecated', says);
  }
  if (length === 3 && process.env.AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING === undefined)
    console.warn('init\tWARN\tLambda calls no handlers with a callback from Node.js 24 on: make it an async function.');
}

async function handleNext() {
  const next = await call('GET', '/invocation/next');
  requestId = next.headers['lambda-runtime-aws-request-id'];
  process.env._X_AMZN_TRACE_ID = next.headers['lambda-runtime-trace-id'] ?? '';
  const context = contextOf(next.headers);
  const outcome = await run(JSON.parse(next.body), context);
  if ('error' in outcome) await reportError(outcome.error);
  else await respond(outcome.value);
  requestId = undefined;
}

/** Calls the handler; the first answer counts, whichever way it comes (RS 4.9). Never rejects. */
function run(event, context) {
  return new Promise((resolve) => {
    let isAnswered = false;
    let isPromised = false;
    const settle = (outcome) => {
      isAnswered = true;
      whenDrained = undefined;
      resolve(outcome);
    };
    const first =
      (act) =>
      (...values) => {
        if (isAnswered) return;
        isAnswered = true;
        act(...values);
      };
    const succeed = (value) => settle({ value });
    const fail = (error) => settle({ error });
    const done = (error, value) => (error === undefined || error === null ? succeed(value) : fail(error));
    // An answer by callback waits until the event loop is empty, an error does not (RS 4.10).
    const callback = (error, value) => {
      if ((error === undefined || error === null) && context.callbackWaitsForEmptyEventLoop)
        whenDrained = () => succeed(value);
      else done(error, value);
    };
    Object.assign(context, { succeed: first(succeed), fail: first(fail), done: first(done) });
    // RS 4.11: without an answer a plain handler returns null; a promise that cannot settle any more is an error.
    whenDrained = () => {
      if (isPromised)
        fail(new RuntimeError('Runtime.NodeJsExit', 'The handler returned a promise that never settled.'));
      else succeed(null);
    };
    try {
      const returned = handler(event, context, first(callback));
      if (returned === null || returned === undefined || typeof returned.then !== 'function') return;
      isPromised = true;
      returned.then(first(succeed), first(fail));
    } catch (error) {
      first(fail)(error);
    }
  });
}

function contextOf(headers) {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

async function respond(value) {
  let body;
  try {
    body = JSON.stringify(value) ?? 'null';
  } catch {
    return await reportError(new Error('Unable to stringify response body'));
  }
  await call('POST', `/invocation/${requestId}/response`, body);
}

async function reportError(error) {
  const report = reportOf(error);
  console.error(`${requestId ?? 'init'}\tERROR\t${JSON.stringify(report)}`);
  const path = requestId === undefined ? '/init/error' : `/invocation/${requestId}/error`;
  const type = report.errorType.replaceAll(/[^\x20-\x7e]/g, '?');
  await call('POST', path, JSON.stringify(report), { 'lambda-runtime-function-error-type': type });
}

/** RS 4.14. */
function reportOf(error) {
  if (types.isNativeError(error) || error instanceof Error) {
    return {
      errorType: String(error.name),
      errorMessage: String(error.message),
      trace: String(error.stack).split('\n'),
    };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

/** RS 4.15: reports what went wrong to whoever waits, then ends the process. Never resolves. */
async function die(error, status) {
  whenDrained = undefined;
  // Between invocations nobody waits for a report.
  if (requestId !== undefined || !isStarted) await reportError(error);
  process.exit(status);
}

/** One call of the Runtime API. When the API is gone or says 500, so is the reason to live (RS 4.3), for all. Never rejects. */
function call(method, path, body, headers = {}) {
  return new Promise((resolve) => {
    const leave = () => endAll(`${host}:${port}`);
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const calling = request({ host, port, agent, method, path: BASE + path, headers: { ...headers, ...length } });
    calling.on('error', leave);
    calling.on('response', (response) => {
      if (response.statusCode === 500) leave();
      const chunks = [];
      response.on('error', leave);
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    calling.end(body);
  });
}

/** On a thread, for a handler may never yield. */
function endWithTool() {
  const workerData = { lifelineFd: LIFELINE_FD, runtimeApi: process.env.AWS_LAMBDA_RUNTIME_API };
  new Worker(new URL('./end-all.mjs', import.meta.url), { workerData, env: {}, execArgv: [] }).unref();
}
