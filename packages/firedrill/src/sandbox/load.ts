import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import type { CodeSandbox } from '../engine/index.ts';
import { EdgeProgram } from './edge-program.ts';
import { prepareHandler } from './handler-program.ts';
import { Isolate } from './isolate.ts';

/** Engines kept in reserve: one is given up only when its own stack overflowed, which its limits prevent. */
const SPARES = 2;

/**
 * Loads the engine that runs users' code. The only thing here that takes time; what it gives runs code at once, and needs
 * neither clock nor chance of its own.
 */
export async function loadSandbox(): Promise<CodeSandbox> {
  const engines = await Promise.all(
    Array.from({ length: 1 + SPARES }, () =>
      newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync')),
    ),
  );
  const [engine, ...spares] = engines;
  if (engine === undefined) throw new Error('firedrill bug: an engine was loaded');
  const isolate = new Isolate(engine, spares);
  return {
    prepareFunction: (runtime, text, limits) => new EdgeProgram(isolate, runtime, text, limits),
    prepareHandler: (source, limits) => prepareHandler(isolate, source, limits),
  };
}
