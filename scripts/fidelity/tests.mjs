/*
 * Finds the tests of a file. A test holds the lines cited anywhere in its call (name, cases, comments) or in the
 * comment right above it. Goes by indentation, which the formatter guarantees.
 */

const BEGINS = /^(\s*)(?:test|it)(?:\.\w+)*(?:\(|<)/;

/**
 * @param {string} source text of a *.test.ts file
 * @returns {{name: string, text: string}[]} `text`: the call and the comment above it
 */
export function testsIn(source) {
  const lines = source.split('\n');
  const tests = [];
  for (let at = 0; at < lines.length; at += 1) {
    const indent = BEGINS.exec(lines[at])?.[1];
    if (indent === undefined) continue;
    const end = endOf(lines, at, indent);
    const call = lines.slice(at, end + 1).join('\n');
    tests.push({ name: nameIn(call), text: `${commentAbove(lines, at)}\n${call}` });
    at = end;
  }
  return tests;
}

/** The line that ends the statement: the first that closes a bracket at the depth where the call began. */
function endOf(lines, at, indent) {
  if (/\);\s*$/.test(lines[at])) return at;
  const closes = new RegExp(`^${indent}[\\])}].*\\);\\s*$`);
  for (let line = at + 1; line < lines.length; line += 1) {
    if (closes.test(lines[line])) return line;
  }
  return lines.length - 1;
}

/** The first text of the call; after a table of cases, the first text that follows the table. */
function nameIn(call) {
  const afterCases = call.search(/^\s*\]\)\(/m);
  const [, quote, name] = /\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/.exec(call.slice(Math.max(afterCases, 0))) ?? [];
  return quote === undefined ? '(unnamed)' : name.replace(/\\(.)/g, '$1').replace(/\s+/g, ' ');
}

function commentAbove(lines, at) {
  let from = at;
  while (from > 0 && /^\s*(?:\/\/|\/?\*)/.test(lines[from - 1])) from -= 1;
  return lines.slice(from, at).join('\n');
}
