import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzip } from 'fflate';
import type { CodeLocation } from '../../template/index.ts';

/** Bytes of a zip archive, and of what it holds, as Lambda takes them (RS 4.20a); archives of websites are held to the same. */
const UNZIPPED_BYTES_MAX = 250 * 1024 * 1024;
/** Files of one archive. */
const FILES_MAX = 50_000;
/** Characters of the path of one file. */
const PATH_CHARS_MAX = 1024;
/** A single object that is no archive is kept as text up to here: what a key value store imports is 5 MB at the most. */
const TEXT_BYTES_MAX = 8 * 1024 * 1024;

const UNREADABLE = 'Could not unzip uploaded file. Please check your file, then try to upload again.';

/** An object that cannot be used as code, in the words of the service that would use it. */
export class UnusableObject extends Error {
  override readonly name = 'UnusableObject';
}

/**
 * Unpacks objects into a directory of the world's own, each content once: the same bytes are the same path for as long as the
 * world lives, so that a function whose code did not change is not started again.
 */
export class CodeObjects {
  private readonly placed = new Map<string, Promise<CodeLocation>>();
  private readonly directory: string;

  constructor(stateDirectory: string) {
    this.directory = join(stateDirectory, 'assets');
  }

  /** @throws UnusableObject for an archive that is broken, too large, or names files outside itself. */
  async place(bytes: Uint8Array): Promise<CodeLocation> {
    const digest = createHash('sha256').update(bytes).digest('hex');
    const known = this.placed.get(digest);
    if (known !== undefined) return await known;
    const path = join(this.directory, digest);
    const placing = isArchive(bytes) ? unpack(bytes, path) : Promise.resolve(textLocation(bytes, path));
    this.placed.set(digest, placing);
    try {
      return await placing;
    } catch (error) {
      this.placed.delete(digest);
      throw error;
    }
  }
}

function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

function textLocation(bytes: Uint8Array, path: string): CodeLocation {
  if (bytes.length > TEXT_BYTES_MAX) throw new UnusableObject(UNREADABLE);
  return { kind: 'data', path, files: [], text: Buffer.from(bytes).toString('utf8') };
}

async function unpack(bytes: Uint8Array, path: string): Promise<CodeLocation> {
  const entries = await entriesOf(bytes);
  const files = Object.keys(entries).toSorted();
  try {
    for (const directory of new Set(files.map((file) => dirname(join(path, file)))))
      await mkdir(directory, { recursive: true, mode: 0o700 });
    await mkdir(path, { recursive: true, mode: 0o700 });
    for (const file of files) await writeFile(join(path, file), entries[file] ?? '', { mode: 0o600 });
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw namesNoFiles(error) ? new UnusableObject(UNREADABLE) : error;
  }
  return { kind: 'directory', path, files };
}

/** One file below another, or a name that no file can have. */
function namesNoFiles(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && ['ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG'].includes(code);
}

/** Sizes are those that the archive declares: the library unpacks no more than that. */
async function entriesOf(bytes: Uint8Array): Promise<Readonly<Record<string, Uint8Array>>> {
  let flaw: string | undefined;
  let [total, count] = [0, 0];
  const unpacked = new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    const filter = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
      if (flaw !== undefined || name.endsWith('/')) return false;
      total += originalSize;
      count += 1;
      if (total > UNZIPPED_BYTES_MAX) flaw = `Unzipped size must be smaller than ${UNZIPPED_BYTES_MAX} bytes`;
      else if (count > FILES_MAX) flaw = `The archive holds more than ${FILES_MAX} files`;
      else if (!staysInside(name)) flaw = `The archive names the file ${name.slice(0, 100)}, which is outside of it`;
      return flaw === undefined;
    };
    unzip(bytes, { filter }, (error, data) => (error === null ? resolve(data) : reject(error)));
  });
  try {
    const entries = await unpacked;
    if (flaw === undefined) return entries;
  } catch {
    flaw ??= UNREADABLE;
  }
  throw new UnusableObject(flaw);
}

/** Whether a path in an archive is one below the place where it is unpacked, on every system. */
function staysInside(name: string): boolean {
  if (name === '' || name.length > PATH_CHARS_MAX || /^[/\\]|^[A-Za-z]:|[\0\\]/.test(name)) return false;
  return !name.split('/').includes('..');
}
