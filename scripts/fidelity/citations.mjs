/*
 * Citations of facts lines: `CF 1.15`, `R53 HC-01, HC-05 and RP-04`, `RS 8.8 to 8.10`, and, where whole parts
 * are left out, `RS §6` and `R53 RC-*`.
 */

const NUMBER = String.raw`(?:\d+\.\d+[a-z]?|[A-Z]{2}-\d+)`;
const JOINT = String.raw`(?:,? (?:and|or|to) |, ?|; ?|\.\.| ?– ?)(?:(?:CF|R53|RS) )?`;
const CITATION = new RegExp(String.raw`\b(CF|R53|RS) (${NUMBER}(?:${JOINT}${NUMBER})*)`, 'g');
const MEMBER = new RegExp(String.raw`(${JOINT})?(${NUMBER})`, 'g');

/**
 * Every line that `text` cites. Of a range, `all` has each member and `named` has none: who cites forty lines
 * at once holds none of them.
 *
 * @param {string} text
 * @param {readonly string[]} known ids in sheet order, for ranges
 * @returns {{named: Set<string>, all: Set<string>}} ids as `CF 1.15`, also of lines that do not exist
 */
export function citationsIn(text, known) {
  const named = new Set();
  const all = new Set();
  for (const [, first, list] of unwrapped(text).matchAll(CITATION)) {
    let prefix = first;
    let before;
    for (const [, joint = '', number] of list.matchAll(MEMBER)) {
      prefix = /(CF|R53|RS) $/.exec(joint)?.[1] ?? prefix;
      const id = `${prefix} ${number}`;
      const isRange = / to |\.\.|–/.test(joint) && before !== undefined;
      if (isRange) {
        for (const member of between(before, id, known)) all.add(member);
        named.delete(before);
      } else {
        all.add(id);
        named.add(id);
      }
      before = id;
    }
  }
  return { named, all };
}

/** A comment's text in one piece: a citation may go on in its next line. */
function unwrapped(text) {
  return text.replace(/\s*\n\s*(?:\*(?!\/)|\/\/)?[ \t]*/g, ' ');
}

function between(from, to, known) {
  const first = known.indexOf(from);
  const last = known.indexOf(to);
  return first < 0 || last < first ? [from, to] : known.slice(first, last + 1);
}

/**
 * Whole parts of a sheet that a text names: `RS §6, §7`, `R53 RC-*, SR-*`.
 *
 * @param {string} text
 * @param {readonly string[]} known
 * @returns {string[]}
 */
export function partsIn(text, known) {
  const starts = [];
  for (const [, prefix, list] of text.matchAll(/\b(CF|RS|R53) ((?:(?:, )?(?:§\d+|[A-Z]{2}-\*))+)/g)) {
    for (const part of list.split(', ')) {
      starts.push(part.startsWith('§') ? `${prefix} ${part.slice(1)}.` : `${prefix} ${part.slice(0, -1)}`);
    }
  }
  return starts.flatMap((start) => known.filter((id) => id.startsWith(start)));
}
