/*
 * What runs before a user's code, inside the sandbox, in its language. It takes away what the runtimes do not have, makes
 * clock and chance the host's, bounds built-ins that would run long without being counted, and hands code its event.
 */

/** Globals that stay; all others go. What is not there in a runtime is listed in its own set. */
const IN_BOTH = `
  Object Array String Number Boolean Symbol RegExp JSON Math Date Promise Error EvalError InternalError
  RangeError ReferenceError SyntaxError TypeError URIError ArrayBuffer Int8Array Uint8Array
  Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array DataView NaN
  Infinity undefined globalThis parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape unescape
`
  .trim()
  .split(/\s+/);

/** Beyond ES 12, which the runtimes end at. */
const TOO_NEW = {
  Array: ['fromAsync'],
  'Array.prototype': ['at', 'findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced', 'with'],
  Object: ['hasOwn', 'groupBy'],
  'String.prototype': ['at', 'isWellFormed', 'toWellFormed'],
  Promise: ['withResolvers', 'try'],
};

/** Elements and characters that uncounted built-ins may go through in one run. */
const NATIVE_STEPS_MAX = 2_000_000;

/**
 * A function of the host (`host(operation, argument)`, both texts) that gives what runs a handler and what finds a module.
 * @param keptGlobals beside those of every runtime.
 */
export function basePrelude(keptGlobals: readonly string[], removesNewer: boolean): string {
  return `(function (host) {
'use strict';
const kept = ${JSON.stringify([...IN_BOTH, ...keptGlobals])};
const names = Object.getOwnPropertyNames(globalThis);
const nativeFunction = Function.prototype;
for (let i = 0; i < names.length; i++) if (kept.indexOf(names[i]) < 0) delete globalThis[names[i]];
${REFUSED_CONSTRUCTORS}
${removesNewer ? newerRemoved() : ''}
${BOUNDED}
${CONSOLE}
${RUNNER}
})`;
}

function newerRemoved(): string {
  return Object.entries(TOO_NEW)
    .flatMap(([owner, names]) => names.map((name) => `delete ${owner}.${name};`))
    .join('');
}

/** `Function` is out of reach of names; code could still come by it as the constructor of any function. */
const REFUSED_CONSTRUCTORS = String.raw`
const refuse = function () { throw new TypeError('code generation from strings is not allowed'); };
const makers = [nativeFunction, Object.getPrototypeOf(async function () {}), Object.getPrototypeOf(function* () {})];
for (let i = 0; i < makers.length; i++)
  Object.defineProperty(makers[i], 'constructor', { value: refuse, writable: false, configurable: false });
`;

const BOUNDED = String.raw`
let nativeSteps = 0;
const spend = function (steps) {
  nativeSteps += steps;
  if (nativeSteps <= ${NATIVE_STEPS_MAX}) return;
  host('limit', '');
  throw new RangeError('too many steps');
};
const apply = Reflect_apply;
const bound = function (owner, names, cost) {
  for (let i = 0; i < names.length; i++) {
    const native = owner[names[i]];
    if (native === undefined) continue;
    const wrapped = { method(...given) { spend(cost(this, given[0])); return apply(native, this, given); } }.method;
    Object.defineProperty(wrapped, 'name', { value: names[i] });
    Object.defineProperty(owner, names[i], { value: wrapped, writable: true, configurable: true, enumerable: false });
  }
};
const lengthOf = function (value) { return value === null || value === undefined ? 0 : value.length > 0 ? value.length : 0; };
bound(Array.prototype, ['concat', 'copyWithin', 'fill', 'flat', 'includes', 'indexOf', 'join', 'lastIndexOf', 'reverse',
  'shift', 'slice', 'splice', 'unshift', 'find', 'findIndex', 'every', 'some', 'forEach', 'map', 'filter', 'reduce',
  'reduceRight'], lengthOf);
bound(String.prototype, ['indexOf', 'includes', 'lastIndexOf', 'split', 'replace', 'replaceAll'], function (text, needle) {
  return typeof needle === 'string' ? lengthOf(text) * (1 + needle.length / 8) : lengthOf(text);
});
bound(Array.prototype, ['sort'], function (all) { return lengthOf(all) * 16; });
bound(String.prototype, ['repeat', 'padStart', 'padEnd'], function (text, count) { return lengthOf(text) + Number(count); });
bound(Array, ['from'], function (owner, source) { return lengthOf(source); });
`.replace(
  'Reflect_apply',
  '(function (call) { return function (f, self, given) { return call.call(f, self, given); }; })(nativeFunction.apply)',
);

const CONSOLE = String.raw`
const stringify = JSON.stringify;
const shown = function (value) {
  if (typeof value === 'string') return value;
  try { const text = stringify(value); return text === undefined ? String(value) : text; } catch (error) { return String(value); }
};
const log = function (...values) {
  let line = '';
  for (let i = 0; i < values.length; i++) line += (i === 0 ? '' : ' ') + shown(values[i]);
  host('log', line);
};
Object.defineProperty(globalThis, 'console', { value: { log: log, error: log, warn: log, info: log, debug: log }, writable: true, configurable: true });
const modules = Object.create(null);
const requireModule = function (name) {
  const found = modules[name];
  if (found === undefined) throw new Error('Cannot find module "' + name + '"');
  return found;
};
Object.defineProperty(globalThis, 'require', { value: requireModule, writable: true, configurable: true });
Math.random = function () { return +host('chance', ''); };
`;

const RUNNER = String.raw`
const parse = JSON.parse;
const resolved = Promise.resolve.bind(Promise);
const then = Promise.prototype.then;
const settle = function (value) {
  const text = stringify(value);
  host('returned', text === undefined ? '' : text);
};
const fail = function (error) {
  let says = 'unknown error';
  try { says = error instanceof Error ? error.name + ': ' + error.message : shown(error); } catch (again) {}
  host('threw', says);
};
const runner = {
  modules: modules,
  host: host,
  parse: parse,
  stringify: stringify,
  prepare: function (event) { return event; },
  run: function (handler, input) {
    let result;
    try { result = handler(runner.prepare(parse(input))); } catch (error) { fail(error); return; }
    if (result !== null && typeof result === 'object' && typeof result.then === 'function')
      nativeFunction.call.call(then, resolved(result), function (value) {
        try { settle(value); } catch (error) { fail(error); }
      }, fail);
    else try { settle(result); } catch (error) { fail(error); }
  },
};
return runner;
`;
