import type { Report } from './report.ts';
import type { Judgement } from './verdict.ts';

/** junit.xml for a CI server: one test case for each judgement, the drill as a suite. */
export function renderJunit(report: Report): string {
  const { judgements } = report.verdict;
  const failures = judgements.filter((judgement) => !judgement.passed).length;
  const counts = `tests="${judgements.length}" failures="${failures}" errors="0" skipped="0"`;
  // Seconds of world time: what the drill took for its users, not for the machine.
  const time = `time="${report.measures.run.end}"`;
  const name = escape(report.drill.name);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="firedrill" ${counts} ${time}>`,
    `  <testsuite name="${name}" ${counts} ${time}>`,
    ...judgements.map((judgement) => testCase(judgement, report.drill.name)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(judgement: Judgement, drill: string): string {
  const { method, probe, place, what, expected, passed, sentence } = judgement;
  const from = place === null ? '' : ` from ${place}`;
  const name = escape(`${method} ${probe}${from}: ${what} ${expected}`.trim());
  const opening = `    <testcase classname="${escape(`${drill}.${probe}`)}" name="${name}"`;
  if (passed) return `${opening}/>`;
  return `${opening}><failure message="${escape(sentence)}">${escape(sentence)}</failure></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for XML; control characters, which XML 1.0 forbids, become spaces. */
function escape(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
