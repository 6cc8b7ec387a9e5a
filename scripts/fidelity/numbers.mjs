import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * The numbers of AWS in the code, and the switches: read from what was compiled, so that values are values.
 */

const ENGINE = 'packages/firedrill/src/engine';
const COMPILED = 'packages/firedrill/dist/engine';

/**
 * @param {string} root
 * @returns {Promise<{service: string, name: string, value: unknown, standing: string, line: string, checked: string}[]>}
 */
export async function readNumbers(root) {
  const services = readdirSync(path.join(root, ENGINE), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, ENGINE, entry.name, 'facts.ts')))
    .map(({ name }) => name)
    .toSorted();
  const tables = await Promise.all(
    services.map(async (service) => {
      const exported = await compiled(root, `${service}/facts.js`);
      const facts = Object.entries(exported).find(([name]) => name.endsWith('_FACTS'))?.[1] ?? {};
      return Object.entries(facts).map(([name, fact]) => ({ service, name, ...fact }));
    }),
  );
  return tables.flat();
}

/** @returns {Promise<{name: string, default: unknown, choices: unknown, line: string, why: string}[]>} */
export async function readSwitches(root) {
  const { SWITCHES } = await compiled(root, 'switches.js');
  return Object.entries(SWITCHES).map(([name, own]) => ({ name, ...own }));
}

async function compiled(root, file) {
  const whole = path.join(root, COMPILED, file);
  if (!existsSync(whole)) throw new Error(`${COMPILED}/${file} is not there: npm run build makes it.`);
  return await import(pathToFileURL(whole).href);
}
