import { utf8LengthOf } from '../utf8.ts';
import type { Token } from './expression-tokens.ts';
import { tokensOf } from './expression-tokens.ts';
import { DYNAMODB_FACTS } from './facts.ts';
import type { Path } from './paths.ts';
import type { Placeholders } from './placeholders.ts';
import { invalid } from './refusal.ts';
import { isReservedWord } from './reserved-words.ts';

/** Parentheses, functions and negations within each other that an expression may have. */
const DEPTH_MAX = 150;

/** An expression, read from left to right. */
export class TokenReader {
  /** Its name in complaints, as `ConditionExpression`. */
  readonly what: string;
  readonly placeholders: Placeholders;
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(what: string, source: string, placeholders: Placeholders) {
    if (source.trim() === '') throw invalid(`Invalid ${what}: The expression can not be empty;`);
    const bytes = utf8LengthOf(source);
    if (bytes > DYNAMODB_FACTS.EXPRESSION_BYTES_MAX.value)
      throw invalid(
        `Invalid ${what}: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`,
      );
    this.what = what;
    this.source = source;
    this.placeholders = placeholders;
    this.tokens = tokensOf(what, source);
  }

  get isAtEnd(): boolean {
    return this.next.kind === 'end';
  }

  get next(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '<EOF>', from: this.source.length, to: this.source.length };
  }

  /** The one after the next. */
  get second(): Token | undefined {
    return this.tokens[this.at + 1];
  }

  /** Whether the next token is this sign, or this word in any case. */
  is(text: string): boolean {
    const { kind, text: own } = this.next;
    return kind === 'word' ? own.toUpperCase() === text : kind === 'sign' && own === text;
  }

  /** Goes past the next token if it is the one. */
  skip(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw this.syntaxError();
  }

  take(): Token {
    const token = this.next;
    this.at += 1;
    return token;
  }

  end(): void {
    if (!this.isAtEnd) throw this.syntaxError();
  }

  /** Reads what lies within something else. */
  deeper<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > DEPTH_MAX) throw this.invalid('The expression has too deep a nesting;');
    const found = read();
    this.depth -= 1;
    return found;
  }

  /** A name and what follows it: `.name` and `[place]`. */
  path(): Path {
    const path: (string | number)[] = [this.name()];
    for (;;) {
      if (this.skip('.')) path.push(this.name());
      else if (this.skip('[')) {
        const { kind, text } = this.next;
        if (kind !== 'number') throw this.syntaxError();
        this.take();
        path.push(Number(text));
        this.expect(']');
      } else return path;
    }
  }

  private name(): string {
    const token = this.next;
    if (token.kind === 'name') return this.placeholders.name(this.what, this.take().text);
    if (token.kind !== 'word') throw this.syntaxError();
    if (isReservedWord(token.text))
      throw this.invalid(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    return this.take().text;
  }

  invalid(says: string): Error {
    return invalid(`Invalid ${this.what}: ${says}`);
  }

  /** The next token is out of place. */
  syntaxError(): Error {
    const token = this.next;
    const before = this.tokens[this.at - 1] ?? token;
    const behind = token.kind === 'end' ? token : (this.second ?? token);
    const near = this.source.slice(before.from, behind.to).trim();
    return this.invalid(`Syntax error; token: "${token.text}", near: "${near}"`);
  }
}
