import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import type { Finding } from '../model/index.ts';
import type { CodeLocation } from '../template/index.ts';

/** Files of one code directory that are looked at; enough to find a handler. */
const FILES_MAX = 5000;

/** A path as people see it: from where they stand, when it lies below. */
export function shown(path: string): string {
  const below = relative(process.cwd(), path);
  return below === '' ? '.' : below.startsWith('..') ? path : below;
}

/** What is at a path; undefined when nothing is or it cannot be looked at. */
export async function kindOfPath(path: string): Promise<'directory' | 'file' | undefined> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'directory' : found.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a file, or why it cannot be read. */
export async function readText(path: string): Promise<string | Finding> {
  try {
    return await readFile(path, 'utf8');
  } catch (problem) {
    return unreadable(path, `${shown(path)} cannot be read: ${reasonOf(problem)}.`);
  }
}

/** The value of a JSON file, or why there is none. */
export async function readJson(path: string): Promise<{ readonly value: unknown } | Finding> {
  const text = await readText(path);
  if (typeof text !== 'string') return text;
  try {
    return { value: JSON.parse(text) };
  } catch (problem) {
    return unreadable(path, `${shown(path)} is not valid JSON: ${reasonOf(problem)}.`);
  }
}

export function unreadable(path: string, says: string, remedy?: string): Finding {
  return {
    code: 'template/unreadable',
    weight: 'error',
    place: { file: shown(path), line: 1, column: 1 },
    says,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

export function isFinding(value: object | string): value is Finding {
  return typeof value === 'object' && 'weight' in value;
}

function reasonOf(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  const code = 'code' in problem ? problem.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'access is denied';
  return code === 'EISDIR' ? 'it is a directory' : problem.message.replace(/\.$/, '');
}

/** Code at a path: a directory with its files, or an archive. Undefined when nothing is there. */
export async function locateCode(written: string): Promise<CodeLocation | undefined> {
  const path = resolve(written);
  switch (await kindOfPath(path)) {
    case 'directory':
      return { kind: 'directory', path, files: await filesBelow(path) };
    case 'file':
      // A single source file is uploaded zipped; only archives are taken as they are.
      return ['.zip', '.jar'].includes(extname(path)) ? { kind: 'archive', path, files: [] } : undefined;
    default:
      return undefined;
  }
}

/** Files below a directory, with forward slashes; packages that code brings along do not hold its handler. */
async function filesBelow(directory: string): Promise<readonly string[]> {
  const files: string[] = [];
  const waiting = [''];
  for (let below = waiting.shift(); below !== undefined && files.length < FILES_MAX; below = waiting.shift()) {
    let entries: Dirent[] = [];
    try {
      entries = await readdir(join(directory, below), { withFileTypes: true });
    } catch {
      // A directory that cannot be read holds nothing that could be run.
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (!entry.isDirectory()) files.push(path);
      else if (entry.name !== 'node_modules') waiting.push(path);
    }
  }
  return files;
}
