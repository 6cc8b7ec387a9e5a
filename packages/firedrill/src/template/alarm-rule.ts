import type { AlarmRule, AlarmState } from '../model/index.ts';

/** RS 1.35. */
const CHILDREN_MAX = 100;
const ELEMENTS_MAX = 500;

/**
 * The rule of a composite alarm: `ALARM(a) AND NOT (OK("b") OR TRUE)`. AND binds closer than OR (RS 1.35).
 * @returns the rule, or what is wrong with it in one sentence.
 */
export function readAlarmRule(text: string): AlarmRule | string {
  const tokens = tokensOf(text);
  if (typeof tokens === 'string') return tokens;
  if (tokens.length > ELEMENTS_MAX * 2) return `AlarmRule has more than ${ELEMENTS_MAX} elements.`;
  const reader = new RuleReader(tokens);
  const rule = reader.whole();
  if (rule === undefined) return `AlarmRule is wrong at ${reader.at}.`;
  if (reader.elements > ELEMENTS_MAX) return `AlarmRule has more than ${ELEMENTS_MAX} elements.`;
  if (reader.children.size > CHILDREN_MAX) return `AlarmRule names more than ${CHILDREN_MAX} alarms.`;
  return rule;
}

type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string };

const STATE_OF_ALARM = /^(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^\s()"']+))\s*\)/;
const WORD = /^(AND|OR|NOT|TRUE|FALSE)\b/i;

function tokensOf(text: string): readonly Token[] | string {
  const tokens: Token[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const state = STATE_OF_ALARM.exec(rest);
    const word = state ?? WORD.exec(rest);
    if (state !== null) {
      const alarm = state[2] ?? state[3] ?? state[4] ?? '';
      tokens.push({ kind: 'state', state: state[1] as AlarmState, alarm });
    } else if (word !== null) tokens.push({ kind: 'word', text: word[0].toUpperCase() });
    else if (rest.startsWith('(') || rest.startsWith(')'))
      tokens.push({ kind: rest.startsWith('(') ? 'open' : 'close' });
    else return `AlarmRule is wrong at ${rest.slice(0, 40)}.`;
    rest = rest.slice(word?.[0].length ?? 1).trimStart();
  }
  return tokens;
}

class RuleReader {
  elements = 0;
  readonly children = new Set<string>();
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** Where reading came to its end, in words. */
  get at(): string {
    const token = this.tokens[this.next];
    if (token === undefined) return 'its end';
    switch (token.kind) {
      case 'word':
        return token.text;
      case 'state':
        return `${token.state}(${token.alarm})`;
      default:
        return token.kind === 'open' ? '(' : ')';
    }
  }

  whole(): AlarmRule | undefined {
    const rule = this.either();
    return this.next === this.tokens.length ? rule : undefined;
  }

  private either(): AlarmRule | undefined {
    return this.chain('or', () => this.chain('and', () => this.single()));
  }

  private chain(kind: 'and' | 'or', part: () => AlarmRule | undefined): AlarmRule | undefined {
    const first = part();
    if (first === undefined) return undefined;
    const parts = [first];
    while (this.takesWord(kind.toUpperCase())) {
      const following = part();
      if (following === undefined) return undefined;
      parts.push(following);
    }
    return parts.length === 1 ? first : { kind, of: parts };
  }

  private single(): AlarmRule | undefined {
    this.elements += 1;
    // Parentheses nest no deeper than there are elements, so neither does this.
    if (this.elements > ELEMENTS_MAX) return undefined;
    if (this.takesWord('NOT')) {
      const of = this.single();
      return of && { kind: 'not', of };
    }
    if (this.takesWord('TRUE')) return { kind: 'constant', value: true };
    if (this.takesWord('FALSE')) return { kind: 'constant', value: false };
    const token = this.tokens[this.next];
    if (token?.kind === 'state') {
      this.next += 1;
      this.children.add(token.alarm);
      return token;
    }
    if (token?.kind !== 'open') return undefined;
    this.next += 1;
    const inner = this.either();
    if (inner === undefined || this.tokens[this.next]?.kind !== 'close') return undefined;
    this.next += 1;
    return inner;
  }

  private takesWord(text: string): boolean {
    const token = this.tokens[this.next];
    const isIt = token?.kind === 'word' && token.text === text;
    if (isIt) this.next += 1;
    return isIt;
  }
}
