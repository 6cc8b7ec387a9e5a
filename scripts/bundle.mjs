import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/*
 * Puts what the program loads into few files, from what the compiler wrote: a world is up in half the time, most of which Node
 * would spend on finding and linking some six hundred modules. What other programs may import stays as it was compiled.
 */

const PACKAGE = fileURLToPath(new URL('../packages/firedrill/', import.meta.url));
const OUT = path.join(PACKAGE, 'dist/program');

/**
 * Packages that stay packages: the AWS clients, whose schemas are told by their classes, and are loaded one by one; and what
 * finds its WebAssembly beside itself.
 */
const APART = /^(?:@aws-sdk|@smithy|@jitl|quickjs-emscripten-core)(?:\/|$)/;

rmSync(OUT, { recursive: true, force: true });
const bundle = await rolldown({
  input: { main: path.join(PACKAGE, 'dist/cli/main.js') },
  platform: 'node',
  external: (id) => APART.test(id),
  // A histogram's library looks for zlib with eval; nothing that it sees there is ours.
  checks: { eval: false },
});
const { output } = await bundle.write({ dir: OUT, format: 'esm', chunkFileNames: '[name]-[hash].js' });
await bundle.close();
const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
writeFileSync(path.join(OUT, 'LICENSES.txt'), licences(packagesOf(modules)));

/** Directories of the packages that went in. */
function packagesOf(ids) {
  const directories = ids.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  return [...new Set(directories)].toSorted((one, other) => one.localeCompare(other, 'en'));
}

/** What their licences ask of whoever passes them on: their whole text. */
function licences(directories) {
  const texts = directories.map((directory) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'));
    const file = readdirSync(directory).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? '' : readFileSync(path.join(directory, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return `What is in these files besides Firedrill itself.\n\n${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
