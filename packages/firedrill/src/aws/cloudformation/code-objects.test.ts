import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Zippable } from 'fflate';
import { zipSync } from 'fflate';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { CodeObjects, UnusableObject } from './code-objects.ts';

let directory: string;
let objects: CodeObjects;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firedrill-code-'));
  objects = new CodeObjects(join(directory, 'state'));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
});

/** What is said of an archive; its files when it can be used. */
async function placed(bytes: Uint8Array): Promise<string> {
  try {
    return (await objects.place(bytes)).files.join(' ');
  } catch (error) {
    if (error instanceof UnusableObject) return error.message;
    throw error;
  }
}

const zip = (files: Zippable): Uint8Array => zipSync(files);
const text = (content: string): Uint8Array => Buffer.from(content);

/** The same archive with another size of its first file in its directory. */
function declaring(archive: Uint8Array, bytes: number): Uint8Array {
  const changed = Buffer.from(archive);
  const entry = changed.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  changed.writeUInt32LE(bytes, entry + 24);
  return changed;
}

const MIB = 1024 * 1024;
const BROKEN = 'Could not unzip uploaded file. Please check your file, then try to upload again.';

test('what an archive holds is unpacked once, readable by nobody else', async () => {
  const archive = zip({ 'index.js': text('one'), lib: { 'a.js': text('two') } });
  const first = await objects.place(archive);
  expect(first.files).toEqual(['index.js', 'lib/a.js']);
  expect(readFileSync(join(first.path, 'lib/a.js'), 'utf8')).toBe('two');
  expect(await objects.place(Buffer.from(archive))).toBe(first);
});

test.each([
  '../outside.js',
  'lib/../../outside.js',
  '/outside.js',
  String.raw`..\outside.js`,
  String.raw`C:\outside.js`,
  'C:outside.js',
  'a\0b.js',
  'x'.repeat(1025),
])('a file %j is outside of its archive: nothing of it is unpacked', async (name) => {
  const says = await placed(zip({ 'index.js': text('fine'), [name]: text('not so') }));
  expect(says).toContain('which is outside of it');
  expect(existsSync(join(directory, 'outside.js'))).toBe(false);
  expect(existsSync(join(directory, 'state'))).toBe(false);
});

test('a symbolic link leads nowhere: it is a file with the name of its target', async () => {
  const link = { os: 3, attrs: 0o120777 * 65536 };
  const { path } = await objects.place(zip({ link: [text('/etc/passwd'), link] }));
  expect(readFileSync(join(path, 'link'), 'utf8')).toBe('/etc/passwd');
});

test('more than 250 MB unpacked is refused before anything is unpacked (RS 4.20a)', async () => {
  const zeros = new Uint8Array(1);
  const bomb = declaring(zip({ bomb: zeros }), 251 * MIB);
  expect(await placed(bomb)).toBe(`Unzipped size must be smaller than ${250 * MIB} bytes`);
});

test('an archive that holds more than it says is broken, and no more than that is unpacked', async () => {
  const liar = declaring(zip({ liar: new Uint8Array(4 * MIB) }), 10);
  const says = await placed(liar);
  const { path, files } = says === BROKEN ? { path: '', files: [] } : await objects.place(liar);
  // Whichever it is, no more than ten bytes come out of it.
  for (const file of files) expect(readFileSync(join(path, file)).length).toBeLessThanOrEqual(10);
});

test.each([
  ['one file below another', zip({ a: text('1'), 'a/b': text('2') })],
  ['a name too long for a file', zip({ ['n'.repeat(300)]: text('1') })],
  ['half an archive', zip({ 'index.js': text('x'.repeat(1000)) }).slice(0, 60)],
  ['nothing but its mark', Buffer.from('PK')],
])('%s is no archive that can be used, and leaves nothing behind', async (_, archive) => {
  expect(await placed(archive)).toBe(BROKEN);
  const assets = join(directory, 'state', 'assets');
  expect(existsSync(assets) ? await readdir(assets) : []).toEqual([]);
});

test('more files than anybody means are refused', async () => {
  const files = Object.fromEntries(Array.from({ length: 50_001 }, (_, index) => [`f${index}`, new Uint8Array(0)]));
  expect(await placed(zipSync(files, { level: 0 }))).toBe('The archive holds more than 50000 files');
});
