import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { citationsIn, partsIn } from './citations.mjs';
import { readSheets } from './sheets.mjs';
import { testsIn } from './tests.mjs';

/*
 * Where each line of the facts sheets stands: held by a test, left out with a reason, not acted on yet, cited in code
 * only, or untouched.
 */

const LEFT_OUT_FILE = /^(?:docs\/facts\/left-out\.md|packages\/firedrill\/src\/engine\/[^/]+\/README\.md)$/;
const CITING_FILE = /^(?:packages|examples|docs|bench)\/.*\.(?:ts|js|mjs|md|yaml|sh)$|^[A-Z]+\.md$/;
const TEST_FILE = /\.test\.ts$/;
/** Gates look after the repository; they say nothing about AWS. */
const GATE_FILE = /\.gate\.test\.ts$/;
/** Pages that are made from the sheets, and the sheets themselves. */
const NOT_CITING = /^(?:docs\/facts\/(?!left-out)|FIDELITY\.md)/;

/**
 * Reads the sheets and every tracked file that can cite them.
 *
 * @param {string} root of the repository
 * @returns lines with their standing, and what is wrong with citations
 */
export function surveyRepository(root) {
  const sheets = readSheets(root);
  const survey = { known: [...sheets.keys()], tests: new Map(), leftOut: new Map(), code: new Map(), mistakes: [] };
  for (const file of filesOf(root)) {
    const text = readFileSync(path.join(root, file), 'utf8');
    noteUnknown(survey, file, text, sheets);
    if (LEFT_OUT_FILE.test(file)) noteLeftOut(survey, file, text);
    else if (GATE_FILE.test(file)) continue;
    else if (TEST_FILE.test(file)) noteTests(survey, file, text);
    else if (file.endsWith('.ts')) for (const id of citationsIn(text, survey.known).all) add(survey.code, id, file);
  }
  const lines = [...sheets.values()].map((line) => ({
    ...line,
    standing: standingOf(line.id, survey),
    tests: survey.tests.get(line.id) ?? [],
    code: survey.code.get(line.id) ?? [],
    reason: survey.leftOut.get(line.id),
  }));
  return { lines, mistakes: survey.mistakes };
}

function standingOf(id, survey) {
  if (survey.tests.has(id)) return 'held';
  // What comes later is no decision against it: a reason that says "yet" is not counted with those that last.
  if (survey.leftOut.has(id)) return /\byet\b/.test(survey.leftOut.get(id)) ? 'not yet' : 'left out';
  return survey.code.has(id) ? 'code only' : 'untouched';
}

function filesOf(root) {
  const options = { cwd: root, encoding: 'utf8' };
  return execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options)
    .split('\0')
    .filter((file) => CITING_FILE.test(file) && !NOT_CITING.test(file) && existsSync(path.join(root, file)))
    .toSorted();
}

function noteUnknown(survey, file, text, sheets) {
  for (const id of citationsIn(text, survey.known).all) {
    if (!sheets.has(id)) survey.mistakes.push(`${file} cites ${id}, which is no line of docs/facts.`);
  }
}

function noteTests(survey, file, text) {
  for (const test of testsIn(text)) {
    for (const id of citationsIn(test.text, survey.known).named) add(survey.tests, id, { file, name: test.name });
  }
}

/** Items as `- CF 1.37, 1.38: reason`, `- RS §6: reason`, `- R53 RC-*: reason`. */
function noteLeftOut(survey, file, text) {
  const items = text.split(/\n(?=- |\n|#)/).filter((item) => /^- (?:CF|R53|RS) [§\d A-Z]/.test(item));
  for (const item of items) {
    const oneLine = item.replace(/\s*\n\s*/g, ' ').trim();
    const [head, ...rest] = oneLine.slice(2).split(': ');
    const reason = rest.join(': ').trim();
    const ids = [...citationsIn(head, survey.known).all, ...partsIn(head, survey.known)];
    if (ids.length === 0) survey.mistakes.push(`${file} leaves out "${head}", which names no line of docs/facts.`);
    if (reason === '') survey.mistakes.push(`${file} leaves out ${head} without a reason. Write "- ${head}: why".`);
    for (const id of ids) survey.leftOut.set(id, reason);
  }
}

function add(map, key, value) {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
