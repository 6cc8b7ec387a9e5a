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

/** The line that ends the statement: the first that closes the call at the depth where it began. */
function endOf(lines, at, indent) {
  if (/\);\s*$/.test(lines[at])) return at;
  const closes = new RegExp(`^${indent}(?:[\\])}].*)?\\);\\s*$`);
  for (let line = at + 1; line < lines.length; line += 1) {
    if (closes.test(lines[line])) return line;
  }
  return lines.length - 1;
}

/** The first text of the call; after a table of cases, the first text that a call of the table's result begins with. */
function nameIn(call) {
  const begins = /^\s*\w+(?:\.\w+)*\.(?:each|for|prop)\b/.test(call) ? String.raw`[)\]\x60]\(` : String.raw`\(`;
  const text = new RegExp(String.raw`${begins}\s*(['"\x60])((?:\\.|(?!\1)[^\\])*)\1`).exec(call);
  return text === null ? '(unnamed)' : text[2].replace(/\\(.)/g, '$1').replace(/\s+/g, ' ');
}

function commentAbove(lines, at) {
  let from = at;
  while (from > 0 && /^\s*(?:\/\/|\/?\*)/.test(lines[from - 1])) from -= 1;
  return lines.slice(from, at).join('\n');
}
