import { statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import type { Architecture, CodeModule, LambdaFunction } from '../model/index.ts';
import { unqualifiedFunctionArn } from '../model/index.ts';
import { readText } from './files.ts';

/** Larger modules are bundles, which need more than their event anyway. */
const MODULE_CHARS_MAX = 1024 * 1024;

/** Reads the modules of functions at the edge that lie in folders, so that pure ones can be run without a process. */
export function withHandlerModules(architecture: Architecture): Architecture {
  const atEdge = new Set(
    architecture.distributions.flatMap(({ behaviors }) =>
      behaviors.flatMap(({ lambdaFunctionAssociations }) =>
        (lambdaFunctionAssociations ?? []).map(({ functionArn }) => unqualifiedFunctionArn(functionArn)),
      ),
    ),
  );
  if (atEdge.size === 0) return architecture;
  const functions = architecture.functions.map((fn) =>
    atEdge.has(unqualifiedFunctionArn(fn.arn)) ? withModule(fn) : fn,
  );
  return { ...architecture, functions };
}

function withModule(fn: LambdaFunction): LambdaFunction {
  const { code, runtime, handler } = fn;
  // A version keeps the one that it was published with.
  if (code.kind !== 'directory' || code.module !== undefined || !runtime.startsWith('nodejs')) return fn;
  const module = moduleAt(code.path, handler);
  return module === undefined ? fn : { ...fn, code: { ...code, module } };
}

/** In Lambda's own order (RS 4.7). */
function moduleAt(directory: string, handler: string): CodeModule | undefined {
  const segment = handler.lastIndexOf('/') + 1;
  const base = join(directory, handler.slice(0, handler.indexOf('.', segment)));
  const path = ['', '.js', '.mjs', '.cjs'].map((ending) => `${base}${ending}`).find(isFile);
  const text = path === undefined ? undefined : readText(path);
  if (path === undefined || typeof text !== 'string' || text.length > MODULE_CHARS_MAX) return undefined;
  const ending = extname(path);
  const isModule = ending === '.mjs' || (ending === '.js' && isTypeModule(dirname(path), directory));
  return { text, format: isModule ? 'module' : 'script' };
}

/** Whether the nearest package.json, up to the folder of the code, says that .js files are ES modules. */
function isTypeModule(folder: string, top: string): boolean {
  for (let at = folder; !relative(top, at).startsWith('..'); at = dirname(at)) {
    const path = join(at, 'package.json');
    const text = isFile(path) ? readText(path) : undefined;
    if (typeof text === 'string') return /"type"\s*:\s*"module"/.test(text);
    if (at === dirname(at)) break;
  }
  return false;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
