/* Finds the function that a handler string names, by the managed Node runtimes' rules (RS 4.6 to 4.8). */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** An error that the runtime itself reports, by the name that it reports it under. */
export class RuntimeError extends Error {
  constructor(name, message, options) {
    super(message, options);
    this.name = name;
  }
}

/** File up to the first dot of the last path segment, then a dotted path of properties (RS 4.6). */
const HANDLER = /^([^.]*)\.(.+)$/;

/**
 * Loads the module and returns the function.
 * @throws RuntimeError, or whatever the module throws while it loads.
 */
export async function loadHandler(taskRoot, handler) {
  if (handler.includes('..')) {
    throw new RuntimeError(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name: it must not contain '..'.`,
    );
  }
  const last = basename(handler);
  const folder = handler.slice(0, handler.length - last.length);
  const match = HANDLER.exec(last);
  if (match === null)
    throw new RuntimeError('Runtime.MalformedHandlerName', `'${handler}' names no export: as in 'index.handler'.`);
  const [, module, property] = match;
  const loaded = await loadModule(taskRoot, join(folder, module));
  const found = property.split('.').reduce((nested, key) => nested?.[key], loaded);
  if (typeof found === 'function') return found;
  const says = found === undefined ? 'is undefined or not exported' : 'is not a function';
  throw new RuntimeError('Runtime.HandlerNotFound', `${handler} ${says}`);
}

async function loadModule(taskRoot, module) {
  try {
    return await loadFirst(taskRoot, module);
  } catch (error) {
    if (error instanceof SyntaxError) throw renamed('Runtime.UserCodeSyntaxError', error);
    const isMissing = error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND';
    if (isMissing) throw renamed('Runtime.ImportModuleError', error);
    throw error;
  }
}

function renamed(name, error) {
  return new RuntimeError(name, String(error), { cause: error });
}

/** The order of RS 4.7. */
async function loadFirst(taskRoot, module) {
  const require = createRequire(join(taskRoot, 'index.js'));
  const path = resolve(taskRoot, module);
  const isModule = isTypeModule(dirname(path), taskRoot);
  if (isFile(path)) return require(path);
  if (isFile(`${path}.js`)) return isModule ? await load(`${path}.js`) : require(`${path}.js`);
  if (isFile(`${path}.mjs`)) return await load(`${path}.mjs`);
  if (isFile(`${path}.cjs`)) return require(`${path}.cjs`);
  return require(require.resolve(module, { paths: [taskRoot, dirname(path)] }));
}

function load(path) {
  return import(pathToFileURL(path).href);
}

/** Whether the nearest package.json, up to the task's folder, says that .js files are ES modules. */
function isTypeModule(folder, taskRoot) {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, 'package.json');
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
    if (at === taskRoot || at === dirname(at)) return false;
  }
}

function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
