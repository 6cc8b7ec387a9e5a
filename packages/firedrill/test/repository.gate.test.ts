import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { documents } from './document-blocks.ts';

/* What must hold of the repository as a whole. Each rule says first that it looked at something. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TRACKED = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));
const COMMITTED = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));
const MANIFESTS = TRACKED.filter((file) => file === 'package.json' || file.endsWith('/package.json'));

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const isText = (file: string): boolean => !/\.(png|ico)$/.test(file);
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const manifestOf = (file: string): Manifest => JSON.parse(textOf(file)) as Manifest;

describe('what is tracked', () => {
  test('names no path of one machine and no host of a package registry', () => {
    expect(TRACKED.length).toBeGreaterThan(200);
    // Written in two pieces, so that this file does not name them either.
    const registries = ['npmjs', 'yarnpkg'].map((name) => `registry.${name}`);
    const strange = [`${ROOT.replace(/\/$/, '')}/`, `${homedir()}/`, '/Users' + '/', '/home' + '/', ...registries];
    const found = TRACKED.filter((file) => isText(file)).flatMap((file) => {
      const text = textOf(file);
      return strange.filter((words) => text.includes(words)).map((words) => `${file}: ${words}`);
    });
    expect(found).toEqual([]);
  });

  test('speaks of the project, not of how or where somebody worked on it', () => {
    // In pieces, so that this file does not say them either.
    const words = [
      '/work' + '/',
      '/root' + '/',
      'sub' + 'agent',
      'sub-' + 'agent',
      'co' + 'pilot',
      'chat' + 'gpt',
      'owner' + 'ship-',
    ];
    const found = COMMITTED.filter((file) => isText(file)).flatMap((file) => {
      const text = textOf(file).toLowerCase();
      return words.filter((word) => text.includes(word)).map((word) => `${file}: ${word}`);
    });
    expect(COMMITTED.length).toBeGreaterThan(200);
    expect(found).toEqual([]);
  });

  test('has no file whose name speaks of it either', () => {
    expect(COMMITTED.filter((file) => /ownership|handover|scratch|(?:^|\/)(?:tmp|zz-)/i.test(file))).toEqual([]);
  });

  test('asks neither compiler nor linter to look away', () => {
    const sources = TRACKED.filter((file) => /^packages\/[^/]+\/(?:src|test)\/.*\.ts$/.test(file));
    expect(sources.length).toBeGreaterThan(150);
    const directives = new RegExp(['(?:ox|es)lint-' + 'disable', '@ts-' + '(?:ignore|nocheck|expect-error)'].join('|'));
    expect(sources.filter((file) => directives.test(textOf(file)))).toEqual([]);
  });

  test('locks every dependency without an address to get it from', () => {
    const lock = JSON.parse(textOf('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly resolved?: string }>>;
    };
    const packages = Object.entries(lock.packages);
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { resolved = '' }]) => resolved.startsWith('http')).map(([name]) => name)).toEqual([]);
  });

  test('locks every optional package that another one names, or npm ci refuses the lock file', () => {
    const { packages } = JSON.parse(textOf('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
    };
    const optional = Object.values(packages).flatMap((own) => Object.keys(own.optionalDependencies ?? {}));
    expect(optional.length).toBeGreaterThan(20);
    expect(optional.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });

  test('pins every dependency exactly', () => {
    const versions = MANIFESTS.flatMap((file) => {
      const { dependencies = {}, devDependencies = {} } = manifestOf(file);
      return Object.entries({ ...dependencies, ...devDependencies }).map(([name, version]) => ({
        file,
        name,
        version,
      }));
    });
    expect(versions.length).toBeGreaterThan(20);
    expect(versions.filter(({ version }) => !/^(?:npm:[\w./@-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });
});

describe('documents', () => {
  test('link to files and headings that exist', () => {
    const links = documents().flatMap((file) =>
      [...withoutCode(textOf(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ file, target })),
    );
    const relative = links.filter(({ target }) => !/^[a-z]+:/.test(target));
    expect(relative.length).toBeGreaterThan(30);
    expect(relative.filter(({ file, target }) => !leadsSomewhere(file, target))).toEqual([]);
  });

  test('name scripts of npm that exist', () => {
    const { scripts = {} } = manifestOf('package.json');
    const named = documents().flatMap((file) =>
      [...textOf(file).matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(([, run, own]) => run ?? own ?? ''),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  test('give each room the imports that its project has', () => {
    const rows = [...textOf('ARCHITECTURE.md').matchAll(/^\| `(\w+)\/` \|[^|]*\|([^|]*)\|/gm)];
    expect(rows).toHaveLength(12);
    for (const [, room = '', imports = ''] of rows) {
      const allowed = imports.trim() === 'all' ? rows.map(([, name]) => name).filter((name) => name !== room) : imports;
      const settings = JSON.parse(textOf(`packages/firedrill/src/${room}/tsconfig.json`)) as {
        readonly references: readonly { readonly path: string }[];
      };
      const references = settings.references.map(({ path }) => path.replace('../', ''));
      const listed = Array.isArray(allowed) ? allowed : imports.trim().split(' ').filter(Boolean);
      expect(references.toSorted(), room).toEqual(listed.toSorted());
    }
  });
});

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '');
}

function leadsSomewhere(file: string, target: string): boolean {
  const [path = '', heading] = target.split('#');
  const goal = path === '' ? file : resolve('/', dirname(file), path).slice(1);
  if (!existsSync(join(ROOT, goal))) return false;
  return heading === undefined || headingsOf(textOf(goal)).includes(heading);
}

/** Headings as GitHub calls them in addresses. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
