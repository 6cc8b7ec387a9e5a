/** Lists and maps in one another; what nests deeper is not read as JSON. Nothing that computes with a result needs to count any more. */
export const PAYLOAD_LEVELS_MAX = 1000;

/** What a function's result stands for: JSON; text that is none, or nests deeper than {@link PAYLOAD_LEVELS_MAX}, counts as text. */
export function readPayload(text: string): unknown {
  if (nestsDeeper(text, PAYLOAD_LEVELS_MAX)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether lists and maps in a text of JSON nest deeper than that. Needs no stack, however deep they do. */
export function nestsDeeper(text: string, levels: number): boolean {
  if (text.length <= levels) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) i = endOfString(text, i);
    else if (unit === LIST || unit === MAP) depth += 1;
    else if (unit === LIST_END || unit === MAP_END) depth -= 1;
    if (depth > levels) return true;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LIST = 0x5b;
const LIST_END = 0x5d;
const MAP = 0x7b;
const MAP_END = 0x7d;

/** Where the quote is that ends it; the end of the text without one. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}
