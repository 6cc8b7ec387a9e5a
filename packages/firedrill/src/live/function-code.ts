import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LambdaFunction } from '../model/index.ts';
import { isModuleText } from '../model/index.ts';
import { languageOf } from './function-environment.ts';

/** Says that `.js` files are CommonJS, which is what Lambda takes them for where no package.json is near. */
const COMMONJS_PACKAGE = '{"type":"commonjs"}\n';

/**
 * Puts a function's code where a process can run it; `folder` is the function's own, not yet existing or
 * from an earlier run. Folders of the user's are run in place where Node treats them as Lambda would.
 * @returns the folder that stands for `/var/task`; undefined for archives, which are not unpacked yet.
 */
export async function placeCode(fn: LambdaFunction, folder: string): Promise<string | undefined> {
  const { code } = fn;
  switch (code.kind) {
    case 'archive':
      return undefined;
    case 'inline':
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      if (languageOf(fn) === 'python') {
        await writeFile(join(folder, 'index.py'), code.text, { mode: 0o600 });
        return folder;
      }
      await writeFile(join(folder, 'package.json'), COMMONJS_PACKAGE);
      // RS 4.34
      await writeFile(join(folder, isModuleText(code.text) ? 'index.mjs' : 'index.js'), code.text, { mode: 0o600 });
      return folder;
    case 'directory':
      return languageOf(fn) === 'node' && (await isUnderModulePackage(code.path))
        ? await copyOf(code.path, folder)
        : resolve(code.path);
  }
}

/**
 * Whether Node would read the folder's `.js` files as ES modules because of a package.json above it, which
 * Lambda never sees.
 */
async function isUnderModulePackage(path: string): Promise<boolean> {
  if ((await packageType(path)) !== undefined) return false;
  for (let at = resolve(path); at !== dirname(at); at = dirname(at)) {
    const type = await packageType(dirname(at));
    if (type !== undefined) return type === 'module';
  }
  return false;
}

/** `type` of the package.json in a folder, empty when it says none; undefined without one. */
async function packageType(folder: string): Promise<string | undefined> {
  try {
    const read: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const type = typeof read === 'object' && read !== null && 'type' in read ? read.type : '';
    return typeof type === 'string' ? type : '';
  } catch (error) {
    return error instanceof SyntaxError ? '' : undefined;
  }
}

async function copyOf(path: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await cp(path, folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), COMMONJS_PACKAGE);
  return folder;
}
