import type { Dirent } from 'node:fs';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import type { Finding } from '../model/index.ts';
import type { CodeLocation } from '../template/index.ts';

/** Files of one code directory that are looked at; enough to find a handler. */
const FILES_MAX = 5000;

/** Of a file of data: more than any key value store takes. */
const DATA_CHARS_MAX = 8 * 1024 * 1024;

/** A path as people see it: from where they stand, when it lies below. */
export function shown(path: string): string {
  const below = relative(process.cwd(), path);
  return below === '' ? '.' : below.startsWith('..') ? path : below;
}

/** What is at a path; undefined when nothing is or it cannot be looked at. */
export function kindOfPath(path: string): 'directory' | 'file' | undefined {
  try {
    const found = statSync(path);
    return found.isDirectory() ? 'directory' : found.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a file, or why it cannot be read. */
export function readText(path: string): string | Finding {
  try {
    return readFileSync(path, 'utf8');
  } catch (problem) {
    return unreadable(path, `${shown(path)} cannot be read: ${reasonOf(problem)}.`);
  }
}

/** The value of a JSON file, or why there is none. */
export function readJson(path: string): { readonly value: unknown } | Finding {
  const text = readText(path);
  if (typeof text !== 'string') return text;
  try {
    return { value: JSON.parse(text) };
  } catch (problem) {
    return unreadable(path, `${shown(path)} is not valid JSON: ${reasonOf(problem)}.`);
  }
}

/** That something cannot be read, as a finding about it. */
export function unreadable(path: string, says: string, remedy?: string): Finding {
  return {
    code: 'template/unreadable',
    weight: 'error',
    place: { file: shown(path), line: 1, column: 1 },
    says,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** Whether something that was asked for turned out to be a complaint about it. */
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
export function locateCode(written: string): CodeLocation | undefined {
  const path = resolve(written);
  switch (kindOfPath(path)) {
    case 'directory':
      return { kind: 'directory', path, files: filesBelow(path) };
    case 'file':
      // A single source file is uploaded zipped; only archives are taken as they are.
      if (['.zip', '.jar'].includes(extname(path))) return { kind: 'archive', path, files: [] };
      return extname(path) === '.json' && isData(path) ? dataAt(path) : undefined;
    default:
      return undefined;
  }
}

/** Templates of stacks are listed as such; those of nested ones are files like others. */
function isData(path: string): boolean {
  return !path.endsWith('.template.json') || path.endsWith('.nested.template.json');
}

/** A file of data as the reader of templates may need it; undefined when it is too large, or unreadable. */
function dataAt(path: string): CodeLocation | undefined {
  const text = readText(path);
  if (typeof text !== 'string' || text.length > DATA_CHARS_MAX) return undefined;
  return { kind: 'data', path, files: [], text };
}

/** Files below a directory, with forward slashes; packages that code brings along do not hold its handler. */
function filesBelow(directory: string): readonly string[] {
  const files: string[] = [];
  const waiting = [''];
  for (let below = waiting.shift(); below !== undefined && files.length < FILES_MAX; below = waiting.shift()) {
    let entries: Dirent[] = [];
    try {
      entries = readdirSync(join(directory, below), { withFileTypes: true });
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
