import { invalid } from './refusal.ts';

export interface Token {
  readonly kind: 'word' | 'name' | 'value' | 'number' | 'sign' | 'end';
  /** As it is written; `<EOF>` at the end. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const SPACE = /\s+/y;
const TOKEN = /(?<word>[A-Za-z_]\w*)|(?<name>#\w+)|(?<value>:\w+)|(?<number>\d+)|(?<sign><>|<=|>=|[=<>(),.[\]+-])/y;

/** Takes an expression apart. @param what its name in complaints, as `ConditionExpression`. */
export function tokensOf(what: string, source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let from = 0; ;) {
    SPACE.lastIndex = from;
    if (SPACE.test(source)) from = SPACE.lastIndex;
    if (from >= source.length) return [...tokens, { kind: 'end', text: '<EOF>', from, to: from }];
    TOKEN.lastIndex = from;
    const { groups } = TOKEN.exec(source) ?? {};
    const kind = KINDS.find((one) => groups?.[one] !== undefined);
    const text = kind === undefined ? '' : (groups?.[kind] ?? '');
    if (kind === undefined) throw strange(what, source, from, tokens.at(-1)?.from ?? from);
    tokens.push({ kind, text, from, to: from + text.length });
    from += text.length;
  }
}

const KINDS = ['word', 'name', 'value', 'number', 'sign'] as const;

function strange(what: string, source: string, at: number, near: number): Error {
  const token = source.charAt(at);
  return invalid(`Invalid ${what}: Syntax error; token: "${token}", near: "${source.slice(near, at + 2)}"`);
}
