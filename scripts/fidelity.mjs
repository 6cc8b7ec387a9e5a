import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makePage } from './fidelity/page.mjs';
import { SHEETS } from './fidelity/sheets.mjs';
import { surveyRepository } from './fidelity/survey.mjs';

/*
 * How far the facts sheets are held. Exit codes: 0 in order, 1 --check found a mistake, 2 wrong use.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STANDINGS = ['held', 'left out', 'not yet', 'code only', 'untouched'];
const USE = `npm run fidelity                                counts the lines of each sheet by standing
npm run fidelity -- --list untouched cloudfront prints such lines (standings: ${STANDINGS.join(', ')})
npm run fidelity -- --json                      prints everything as JSON
npm run fidelity -- --write                     makes FIDELITY.md anew
npm run fidelity -- --check                     fails on wrong citations and on a FIDELITY.md out of date`;

process.exitCode = await main();

async function main() {
  const wish = readWish();
  if (wish === undefined) return 2;
  const survey = surveyRepository(ROOT);
  if (wish.json) return tell(JSON.stringify(survey, undefined, 2));
  if (wish.list !== undefined) return tell(listing(survey.lines, wish));
  if (wish.write || wish.check) return bringPage(survey, wish);
  tell(table(survey.lines));
  return complain(survey.mistakes);
}

function readWish() {
  try {
    const flag = { type: 'boolean', default: false };
    const options = { json: flag, write: flag, check: flag, list: { type: 'string' } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const sheet = positionals[0];
    const isKnown =
      positionals.length <= 1 &&
      (sheet === undefined || SHEETS.some(({ name }) => name === sheet)) &&
      (values.list === undefined || STANDINGS.includes(values.list));
    if (isKnown) return { ...values, sheet };
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
  }
  process.stderr.write(`${USE}\n`);
  return undefined;
}

async function bringPage({ lines, mistakes }, { write }) {
  if (!existsSync(path.join(ROOT, 'packages/firedrill/dist/engine/switches.js'))) {
    process.stderr.write('The engine is not built. Run npm run build first.\n');
    return 2;
  }
  const page = await makePage(ROOT, lines);
  const all = [...mistakes, ...page.mistakes];
  const file = path.join(ROOT, 'FIDELITY.md');
  if (write) writeFileSync(file, page.text);
  else if (!existsSync(file) || withoutNames(readFileSync(file, 'utf8')) !== withoutNames(page.text)) {
    all.push('FIDELITY.md is out of date. Run npm run fidelity -- --write.');
  }
  return complain(all);
}

/** Which tests hold a line may change with every test; whether one does may not without being written down. */
function withoutNames(page) {
  return page.replaceAll(/^\|(?:\\\||[^\n])*\|$/gm, (row) => {
    const cells = row.split(/(?<!\\)\|/);
    const held = cells.at(-2);
    return held.includes('](') && !held.includes('](http') ? [...cells.slice(0, -2), ' held ', ''].join('|') : row;
  });
}

function complain(mistakes) {
  for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
  return mistakes.length === 0 ? 0 : 1;
}

function tell(text) {
  process.stdout.write(`${text}\n`);
  return 0;
}

function listing(lines, { list, sheet }) {
  return lines
    .filter((line) => line.standing === list && (sheet === undefined || line.sheet === sheet))
    .map(({ id, text, reason, tests, code }) => {
      const why = reason ?? [...tests.map(({ file, name }) => `${file}: ${name}`), ...code].join('\n    ');
      return `${text.replace(/^(?:- )?(?:\*\*)?[\w.-]+(?:\*\*)?/, id)}${why === '' ? '' : `\n    ${why}`}`;
    })
    .join('\n');
}

function table(lines) {
  const rows = [['sheet and section', 'lines', ...STANDINGS]];
  for (const { name } of SHEETS) {
    const ofSheet = lines.filter(({ sheet }) => sheet === name);
    rows.push([name, ...countsOf(ofSheet)]);
    for (const section of new Set(ofSheet.map((line) => line.section))) {
      const title = section.length > 50 ? `${section.slice(0, 49)}…` : section;
      rows.push([`  ${title}`, ...countsOf(ofSheet.filter((line) => line.section === section))]);
    }
  }
  rows.push(['all', ...countsOf(lines)]);
  const width = Math.max(...rows.map(([title]) => title.length));
  return rows
    .map(([title, ...counts]) => [title.padEnd(width), ...counts.map((count) => String(count).padStart(9))].join(' '))
    .join('\n');
}

function countsOf(lines) {
  return [lines.length, ...STANDINGS.map((standing) => lines.filter((line) => line.standing === standing).length)];
}
