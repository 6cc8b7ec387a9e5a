/*
 * How handlers of Lambda are called, in their language: with an event, a context and a callback, and the first answer counts,
 * whichever way it comes (RS 4.9 to 4.14). What a handler finds beyond the language itself is as little as pure code needs.
 */

/** Globals that Node has and the runtimes of CloudFront Functions do not; none of them reaches outside. */
export const HANDLER_GLOBALS: readonly string[] = [
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'Reflect',
  'Proxy',
  'BigInt',
  'AggregateError',
];

export const HANDLER_PRELUDE = String.raw`(function (runner) {
'use strict';
const host = runner.host;
const parse = runner.parse;
const stringify = runner.stringify;
const defineProperty = Object.defineProperty;
const isThenable = function (value) { return value !== null && typeof value === 'object' && typeof value.then === 'function'; };
const wordOf = function (value) {
  if (value instanceof Error) return value.name + ': ' + value.message;
  return typeof value + ': ' + String(value);
};
runner.run = function (handler, input) {
  const given = parse(input);
  const context = given.context;
  let isOver = false;
  const fail = function (error) {
    if (isOver) return;
    isOver = true;
    let says = 'Error: unknown error';
    try { says = wordOf(error); } catch (again) {}
    host('threw', says);
  };
  const succeed = function (value) {
    if (isOver) return;
    let text;
    try { text = stringify(value); } catch (error) { fail(new Error('Unable to stringify response body')); return; }
    isOver = true;
    host('returned', text === undefined ? 'null' : text);
  };
  const done = function (error, value) {
    if (error === undefined || error === null) succeed(value); else fail(error);
  };
  context.callbackWaitsForEmptyEventLoop = true;
  context.getRemainingTimeInMillis = function () { return given.remainingMs; };
  context.succeed = succeed;
  context.fail = fail;
  context.done = done;
  const records = given.event === null || given.event === undefined ? undefined : given.event.Records;
  const config = records && records[0] && records[0].cf ? records[0].cf.config : undefined;
  // Different for each request; whoever does not look at it does the same each time.
  for (const [owner, name] of [[config, 'requestId'], [context, 'awsRequestId']])
    if (owner) defineProperty(owner, name, { enumerable: true, configurable: true, get: function () { return host('requestId', ''); }, set: function () {} });
  try {
    const returned = handler(given.event, context, done);
    if (isThenable(returned)) returned.then(succeed, fail);
    else host('plain', '');
  } catch (error) { fail(error); }
};
})`;
