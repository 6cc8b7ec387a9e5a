import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/*
 * FIDELITY.md: every number of AWS that the engine goes by, and every switch, with what says so and what holds it.
 */

const ENGINE = 'packages/firedrill/dist/engine';

/**
 * Makes the page from the built engine.
 *
 * @param {string} root
 * @param {ReturnType<typeof import('./survey.mjs').surveyRepository>['lines']} lines
 * @returns {Promise<{text: string, mistakes: string[]}>}
 */
export async function makePage(root, lines) {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const mistakes = [];
  const services = [];
  for (const service of servicesOf(root)) {
    const tables = await factsOf(path.join(root, ENGINE, service, 'facts.js'));
    for (const [name, { line, checked }] of tables) {
      const place = `packages/firedrill/src/engine/${service}/facts.ts: ${name}`;
      if (!byId.has(line)) mistakes.push(`${place} stands on ${line}, which is no line of docs/facts.`);
      if (!/^\d{4}-\d{2}-\d{2}$/.test(checked)) mistakes.push(`${place} was checked "${checked}", which is no day.`);
    }
    services.push(sectionOf(service, tables, byId));
  }
  if (services.length === 0) mistakes.push(`${ENGINE} has no facts.`);
  const { SWITCHES } = await import(pathToFileURL(path.join(root, ENGINE, 'switches.js')).href);
  for (const [name, { line }] of Object.entries(SWITCHES)) {
    if (!byId.has(line)) mistakes.push(`The switch ${name} stands on ${line}, which is no line of docs/facts.`);
  }
  return { text: `${[INTRODUCTION, ...services, switchesSection(SWITCHES, byId)].join('\n\n')}\n`, mistakes };
}

const INTRODUCTION = `# How right Firedrill is

Made by \`npm run fidelity -- --write\` from the facts in code; do not edit.

Each number that the engine takes from AWS, what it stands on, and the tests that hold the line it stands on.
*Documented*: AWS says so. *Measured*: somebody measured it and published it. *Assumed*: nobody says; we chose.
The sheets with all lines, those included that no number of the engine comes from, are in [docs/facts](docs/facts);
\`npm run fidelity\` counts which of them a test holds and which are left out, with the reason in
[left-out.md](docs/facts/left-out.md) or in the README of the service.`;

function servicesOf(root) {
  return readdirSync(path.join(root, ENGINE), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, ENGINE, entry.name, 'facts.js')))
    .map(({ name }) => name)
    .toSorted();
}

/** The entries of every table that \`facts({...})\` made in a module. */
async function factsOf(file) {
  const module = await import(pathToFileURL(file).href);
  return Object.values(module)
    .filter((value) => isTable(value))
    .flatMap((table) => Object.entries(table));
}

function isTable(value) {
  const entries = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return entries.length > 0 && entries.every((entry) => typeof entry === 'object' && 'standing' in entry);
}

function sectionOf(service, facts, byId) {
  const rows = facts.map(([name, { value, standing, line, checked }]) =>
    rowOf([`\`${name}\``, valueOf(value), standing, line, sourceOf(byId.get(line)), checked, heldBy(byId.get(line))]),
  );
  return [
    `## ${service}`,
    '',
    rowOf(['Fact', 'Value', 'Standing', 'Line', 'Source', 'Checked', 'Held by']),
    rowOf(Array.from({ length: 7 }, () => '---')),
    ...rows,
  ].join('\n');
}

function switchesSection(switches, byId) {
  const rows = Object.entries(switches).map(([name, { default: value, choices, line, why }]) =>
    rowOf([
      `\`${name}\``,
      valueOf(value),
      typeof choices === 'string' ? choices : choices.map((choice) => `\`${choice}\``).join(', '),
      why,
      line,
      heldBy(byId.get(line)),
    ]),
  );
  return [
    '## Switches',
    '',
    'What AWS leaves open, or says in two ways. A drill file sets them under `switches`.',
    '',
    rowOf(['Switch', 'Default', 'Choices', 'Why', 'Line', 'Held by']),
    rowOf(Array.from({ length: 6 }, () => '---')),
    ...rows,
  ].join('\n');
}

function valueOf(value) {
  return `\`${typeof value === 'number' ? value.toLocaleString('en-GB') : JSON.stringify(value)}\``;
}

function sourceOf(line) {
  if (line?.source === undefined) return '';
  const { hostname, pathname } = new URL(line.source);
  const name = pathname.split('/').findLast((part) => part !== '') ?? hostname;
  return `[${name}](${line.source})`;
}

function heldBy(line) {
  if (line === undefined || line.tests.length === 0) return '*no test cites it yet*';
  return line.tests.map(({ file, name }) => `[${name}](${file})`).join('<br>');
}

function rowOf(cells) {
  return `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
}
