import type {
  CodeFlaw,
  FunctionRun,
  FunctionRuntime,
  PreparedFunction,
  RunLimits,
  RunOutcome,
} from '../engine/index.ts';
import { digest, isDigestName, keyedDigest } from '../model/index.ts';
import type { Isolate, Script } from './isolate.ts';
import type { ModuleUse, ReadFunction } from './language.ts';
import { readFunction } from './language.ts';
import { Memory } from './memory.ts';
import { basePrelude } from './prelude/base.ts';
import { BUFFER_PRELUDE, BYTE_STRINGS_PRELUDE } from './prelude/buffer.ts';
import { DATE_PRELUDE } from './prelude/date.ts';
import { CLOUDFRONT_PRELUDE, cryptoPrelude, EVENT_PRELUDE, QUERYSTRING_PRELUDE } from './prelude/modules.ts';

/** A function of CloudFront Functions, made ready to run. */
export class EdgeProgram implements PreparedFunction {
  readonly flaws: readonly CodeFlaw[];
  private readonly isolate: Isolate;
  private readonly script: Script;
  private readonly memory = new Memory();

  constructor(isolate: Isolate, runtime: FunctionRuntime, text: string, limits: RunLimits) {
    const read = readFunction(runtime, text);
    this.isolate = isolate;
    this.flaws = read.flaws;
    this.script = {
      preludes: preludesOf(runtime, read),
      text: scriptOf(text, read.imports),
      limits,
      file: 'function.js',
    };
  }

  run(run: FunctionRun): RunOutcome {
    const [flaw] = this.flaws;
    if (flaw !== undefined) {
      const says = `SyntaxError: ${flaw.says} (line ${flaw.line}, column ${flaw.column})`;
      return { kind: 'failed', why: 'error', says, log: [] };
    }
    const input = JSON.stringify(run.event);
    return this.memory.recall(input, run) ?? this.runAnew(input, run);
  }

  private runAnew(input: string, run: FunctionRun): RunOutcome {
    const notes = this.memory.notes(input, run);
    const outcome = this.isolate.run(this.script, input, (operation, argument) => {
      switch (operation) {
        case 'digest':
          return digestOf(argument);
        case 'chance':
          notes.isOnce = true;
          return String(run.chance());
        case 'now':
          notes.isOnce = true;
          return String(run.epochMs);
        case 'requestId':
          notes.isOnce = true;
          return run.requestId();
        case 'query':
          return run.rawQueryString;
        case 'edge':
          return valueOf(run.edgeLocation);
        case 'origin': {
          const [helper, given] = JSON.parse(argument) as [
            Parameters<FunctionRun['originHelper']>[0],
            readonly unknown[],
          ];
          notes.helpers.push([helper, given]);
          const refusal = run.originHelper(helper, given);
          return refusal === undefined ? valueOf(null) : JSON.stringify({ throws: refusal });
        }
        default:
          return keyValueOf(operation, argument, run);
      }
    });
    this.memory.keep(notes, outcome);
    return outcome;
  }
}

function valueOf(value: unknown): string {
  return JSON.stringify({ value });
}

/** What a key value store answers (CF 5.33). */
function keyValueOf(operation: string, key: string, { keyValues }: FunctionRun): string {
  const refused = (says: string): string => JSON.stringify({ throws: says });
  if (keyValues === undefined) return refused('KVS association not found');
  if (operation === 'store') {
    return key === '' || key === keyValues.id ? valueOf(null) : refused(`no KeyValueStore ${key} is associated`);
  }
  if (keyValues.failure !== undefined) return refused(keyValues.failure);
  const { entries, createdAt, updatedAt } = keyValues;
  const value = entries.get(key);
  switch (operation) {
    case 'get':
      return value === undefined ? refused('Key not found') : valueOf(value);
    case 'exists':
      return valueOf(value !== undefined);
    case 'count':
      return valueOf(entries.size);
    case 'meta':
      return valueOf({ creationDateTime: createdAt, lastUpdatedDateTime: updatedAt, keyCount: entries.size });
    default:
      return refused(`no operation ${operation}`);
  }
}

/** Bytes travel as characters up to 255. */
function digestOf(argument: string): string {
  const { name, key, text } = JSON.parse(argument) as { name: string; key?: string; text: string };
  const bytes = (characters: string): Uint8Array => Uint8Array.from(characters, (character) => character.charCodeAt(0));
  if (!isDigestName(name)) return '';
  const digested = key === undefined ? digest(name, bytes(text)) : keyedDigest(name, bytes(key), bytes(text));
  return String.fromCharCode(...digested);
}

/** What code needs beside the base is told by the names in it; a runtime that is not needed is not paid for. */
function preludesOf(runtime: FunctionRuntime, { names, imports }: ReadFunction): readonly string[] {
  const isSecond = runtime === 'cloudfront-js-2.0';
  const needs = (...words: readonly string[]): boolean =>
    words.some((word) => names.has(word)) || imports.some(({ module }) => words.includes(module));
  const reaches = needs('require', 'globalThis');
  const needsBytes =
    reaches ||
    needs('Buffer', 'TextEncoder', 'TextDecoder', 'atob', 'btoa', 'buffer', 'crypto', 'cloudfront') ||
    !isSecond;
  return [
    basePrelude(isSecond ? ['AggregateError'] : [], true),
    EVENT_PRELUDE,
    ...(reaches || needs('Date') ? [DATE_PRELUDE] : []),
    ...(needsBytes ? [BUFFER_PRELUDE] : []),
    ...(reaches || needs('crypto') ? [cryptoPrelude(isSecond)] : []),
    ...(reaches || needs('querystring') ? [QUERYSTRING_PRELUDE] : []),
    ...(needs('cloudfront') ? [CLOUDFRONT_PRELUDE] : []),
    ...(isSecond ? [] : [BYTE_STRINGS_PRELUDE]),
  ];
}

/** Imports become lookups, on the same lines; both runtimes are strict. */
function scriptOf(text: string, imports: readonly ModuleUse[]): string {
  let script = '';
  let from = 0;
  for (const { start, end, local, module } of imports.toSorted((a, b) => a.start - b.start)) {
    const lines = '\n'.repeat(text.slice(start, end).split('\n').length - 1);
    script += `${text.slice(from, start)}const ${local} = require(${JSON.stringify(module)});${lines}`;
    from = end;
  }
  return `'use strict';${script}${text.slice(from)}\n;handler`;
}
