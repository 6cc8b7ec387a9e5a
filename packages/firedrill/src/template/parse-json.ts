import type { Place } from '../model/index.ts';
import { assert } from '../model/index.ts';
import { DEPTH_MAX, NODES_MAX } from './limits.ts';
import type { Entry, Node } from './node.ts';
import { list, map, pathBelow, text } from './node.ts';

/**
 * Reads JSON whose top is an object, as tools write templates, into the very nodes that `parseYaml` makes of it, in a small part of
 * the time. Undefined when it is none, and when there is anything in it that somebody has to be told of.
 */
export function parseJson(file: string, source: string): Node | undefined {
  // A lone carriage return ends a line for YAML's readers.
  if (!source.trimStart().startsWith('{') || /\r(?!\n)/.test(source) || !isJson(source)) return undefined;
  const reader = new JsonReader(file, source);
  const node = reader.value('', 0);
  return reader.isPlain ? node : undefined;
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

/** What YAML takes for a simple key is not much longer. */
const KEY_CHARS_MAX = 1000;

const WHOLE = /^-?\d+$/;

const WORD = /[-+.\w]+/y;

/** Goes through JSON that is known to be valid. */
class JsonReader {
  /** Nothing has been met that this does not read; what it gives is worth nothing otherwise. */
  isPlain = true;
  readonly #file: string;
  readonly #source: string;
  #at = 0;
  #line = 1;
  #lineBegan = 0;
  #count = 0;

  constructor(file: string, source: string) {
    this.#file = file;
    this.#source = source;
  }

  /** The value that comes next. */
  value(path: string, depth: number): Node {
    this.#skipSpace();
    this.#count += 1;
    const at = this.#place(path);
    // The other reader tells of limits.
    if (depth >= DEPTH_MAX - 1 || this.#count > NODES_MAX || !this.isPlain) return this.#giveUp(at);
    switch (this.#source.charAt(this.#at)) {
      case '{':
        return map(this.#entries(path, depth), at);
      case '[':
        return list(this.#items(path, depth), at);
      case '"':
        return text(this.#string(), at);
      default:
        return this.#word(at);
    }
  }

  #entries(path: string, depth: number): ReadonlyMap<string, Entry> {
    const entries = new Map<string, Entry>();
    this.#at += 1;
    while (this.#comesNext() !== '}') {
      const place = this.#place(path);
      const key = this.#string();
      if (entries.has(key) || key.length > KEY_CHARS_MAX) this.isPlain = false;
      if (!this.isPlain) return entries;
      const below = pathBelow(path, key);
      this.#skipSpace();
      // The colon.
      this.#at += 1;
      entries.set(key, { keyAt: { ...place, path: below }, value: this.value(below, depth + 1) });
    }
    this.#at += 1;
    return entries;
  }

  #items(path: string, depth: number): readonly Node[] {
    const items: Node[] = [];
    this.#at += 1;
    while (this.#comesNext() !== ']') {
      items.push(this.value(pathBelow(path, String(items.length)), depth + 1));
      if (!this.isPlain) return items;
    }
    this.#at += 1;
    return items;
  }

  /** The first character of what comes next, past a comma. */
  #comesNext(): string {
    this.#skipSpace();
    if (this.#source.charAt(this.#at) === ',') {
      this.#at += 1;
      this.#skipSpace();
    }
    return this.#source.charAt(this.#at);
  }

  #string(): string {
    const began = this.#at;
    let end = began;
    do end = this.#source.indexOf('"', end + 1);
    while (this.#isEscaped(end));
    this.#at = end + 1;
    const inside = this.#source.slice(began + 1, end);
    if (!inside.includes('\\')) return inside;
    const read: unknown = JSON.parse(this.#source.slice(began, end + 1));
    assert(typeof read === 'string', 'what stands between quotes is a text');
    return read;
  }

  /** Whether an odd number of backslashes stands before a quote. */
  #isEscaped(quote: number): boolean {
    let before = quote;
    while (this.#source.charAt(before - 1) === '\\') before -= 1;
    return (quote - before) % 2 === 1;
  }

  #word(at: Place): Node {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#source)?.[0] ?? '';
    this.#at += word.length;
    switch (word) {
      case 'null':
        return { kind: 'null', at };
      case 'true':
      case 'false':
        return { kind: 'boolean', value: word === 'true', text: word, at };
      default:
        return this.#number(word, at);
    }
  }

  /** A whole number with more digits than fit is read by the other reader, whichever way it rounds. */
  #number(word: string, at: Place): Node {
    const value = Number(word);
    if (WHOLE.test(word) && !Number.isSafeInteger(value)) return this.#giveUp(at);
    return { kind: 'number', value, text: word, at };
  }

  #giveUp(at: Place): Node {
    this.isPlain = false;
    return { kind: 'null', at };
  }

  #skipSpace(): void {
    for (; ; this.#at += 1) {
      switch (this.#source.charAt(this.#at)) {
        case '\n':
          this.#line += 1;
          this.#lineBegan = this.#at + 1;
          break;
        case ' ':
        case '\t':
        case '\r':
          break;
        default:
          return;
      }
    }
  }

  #place(path: string): Place {
    return { file: this.#file, line: this.#line, column: this.#at - this.#lineBegan + 1, path };
  }
}
