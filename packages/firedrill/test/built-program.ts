import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT = fileURLToPath(new URL('../dist/', import.meta.url));
const PROGRAM = join(BUILT, 'program/main.js');

/** Before end-to-end tests: what they run is what was compiled last, and not a program from before that. */
export function setup(): void {
  const program = writtenAt(PROGRAM);
  const newer = readdirSync(BUILT).filter((room) => writtenAt(join(BUILT, room, '.tsbuildinfo')) > program);
  if (program === 0 || newer.length > 0) throw new Error(`Run npm run build first: ${newer.join(', ')}`);
}

/** Milliseconds since 1970; 0: not there. */
function writtenAt(file: string): number {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}
