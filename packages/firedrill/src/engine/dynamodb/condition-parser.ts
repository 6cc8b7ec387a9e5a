import type { AttributeType } from './attribute-value.ts';
import { isAttributeType, typeOf } from './attribute-value.ts';
import type { Comparator, Condition, Operand } from './expression.ts';
import type { Path } from './paths.ts';
import { pathText } from './paths.ts';
import type { Placeholders } from './placeholders.ts';
import { TokenReader } from './token-reader.ts';
import { compareValues } from './values.ts';

/** Operators that one expression may have. */
const OPERATORS_MAX = 300;
const COMPARATORS: readonly Comparator[] = ['=', '<>', '<', '<=', '>', '>='];

/**
 * Reads a condition.
 * @param what its name in complaints, as `FilterExpression`.
 * @throws Refusal in DynamoDB's words.
 */
export function parseCondition(what: string, source: string, placeholders: Placeholders): Condition {
  const parser = new ConditionParser(new TokenReader(what, source, placeholders));
  return parser.whole();
}

class ConditionParser {
  private readonly reader: TokenReader;
  private operators = 0;

  constructor(reader: TokenReader) {
    this.reader = reader;
  }

  whole(): Condition {
    const condition = this.disjunction();
    this.reader.end();
    return condition;
  }

  private disjunction(): Condition {
    let left = this.conjunction();
    while (this.reader.skip('OR')) left = { kind: 'or', left, right: this.counted(this.conjunction()) };
    return left;
  }

  private conjunction(): Condition {
    let left = this.negation();
    while (this.reader.skip('AND')) left = { kind: 'and', left, right: this.counted(this.negation()) };
    return left;
  }

  private negation(): Condition {
    if (!this.reader.skip('NOT')) return this.reader.deeper(() => this.single());
    return { kind: 'not', condition: this.counted(this.reader.deeper(() => this.negation())) };
  }

  private counted<T>(part: T): T {
    this.operators += 1;
    if (this.operators > OPERATORS_MAX)
      throw this.reader.invalid(`The expression contains too many operators; operator count: ${this.operators}`);
    return part;
  }

  private single(): Condition {
    const { reader } = this;
    if (reader.skip('(')) {
      const inner = this.disjunction();
      reader.expect(')');
      return inner;
    }
    if (reader.next.kind === 'word' && reader.second?.text === '(' && reader.next.text !== 'size')
      return this.counted(this.call());
    return this.counted(this.comparison());
  }

  private comparison(): Condition {
    const { reader } = this;
    const operand = this.operand();
    if (reader.skip('BETWEEN')) {
      const low = this.operand();
      reader.expect('AND');
      const high = this.operand();
      this.checkBounds(low, high);
      return { kind: 'between', operand, low, high };
    }
    if (reader.skip('IN')) {
      reader.expect('(');
      const among = [this.operand()];
      while (reader.skip(',')) among.push(this.operand());
      reader.expect(')');
      return { kind: 'in', operand, among };
    }
    const comparator = COMPARATORS.find((one) => reader.is(one));
    if (comparator === undefined) throw reader.syntaxError();
    reader.take();
    const right = this.operand();
    this.checkComparison(comparator, operand, right);
    return { kind: 'compare', comparator, left: operand, right };
  }

  private operand(): Operand {
    const { reader } = this;
    const { kind, text } = reader.next;
    if (kind === 'value') return { kind: 'value', value: reader.placeholders.value(reader.what, reader.take().text) };
    if (kind === 'word' && text === 'size' && reader.second?.text === '(') {
      reader.take();
      reader.expect('(');
      const of = reader.deeper(() => this.operand());
      reader.expect(')');
      return { kind: 'size', of };
    }
    return { kind: 'path', path: reader.path() };
  }

  private call(): Condition {
    const { reader } = this;
    const name = reader.take().text;
    reader.expect('(');
    const operands = [this.operand()];
    while (reader.skip(',')) operands.push(this.operand());
    reader.expect(')');
    const [first, second] = operands;
    const wanted = OPERANDS.get(name);
    if (wanted === undefined) throw reader.invalid(`Invalid function name; function: ${name}`);
    if (operands.length !== wanted)
      throw reader.invalid(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    if (first === undefined) throw reader.syntaxError();
    if (second === undefined)
      return { kind: 'exists', path: this.pathOf(name, first), isWanted: name === 'attribute_exists' };
    if (name === 'attribute_type')
      return { kind: 'type', path: this.pathOf(name, first), type: this.typeNamed(second) };
    return this.search(name, first, second);
  }

  private search(name: string, operand: Operand, sought: Operand): Condition {
    const { reader } = this;
    if (operand.kind === 'path' && sought.kind === 'path' && pathText(operand.path) === pathText(sought.path))
      throw this.notDistinct(name, operand.path);
    if (name === 'contains') return { kind: 'contains', operand, sought };
    if (sought.kind === 'value' && !['S', 'B'].includes(typeOf(sought.value)))
      throw reader.invalid(wrongType(name, typeOf(sought.value)));
    return { kind: 'begins-with', operand, sought };
  }

  private pathOf(name: string, operand: Operand): Path {
    if (operand.kind === 'path') return operand.path;
    throw this.reader.invalid(`Operator or function requires a document path; operator or function: ${name}`);
  }

  private typeNamed(operand: Operand): AttributeType {
    const name = 'attribute_type';
    if (operand.kind !== 'value') throw this.reader.invalid(wrongType(name, 'M'));
    if (!('S' in operand.value)) throw this.reader.invalid(wrongType(name, typeOf(operand.value)));
    if (isAttributeType(operand.value.S)) return operand.value.S;
    throw this.reader.invalid(
      `Invalid attribute type name found; type: ${operand.value.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
    );
  }

  private checkBounds(low: Operand, high: Operand): void {
    if (low.kind !== 'value' || high.kind !== 'value') return;
    const [a, b] = [typeOf(low.value), typeOf(high.value)];
    if (a !== b)
      throw this.reader.invalid(
        `The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {${a}:${plain(low)}}, upper bound operand: AttributeValue: {${b}:${plain(high)}}`,
      );
    const order = compareValues(low.value, high.value);
    if (order === undefined) throw this.reader.invalid(wrongType('BETWEEN', a));
    if (order > 0)
      throw this.reader.invalid(
        `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {${a}:${plain(low)}}, upper bound operand: AttributeValue: {${b}:${plain(high)}}`,
      );
  }

  private checkComparison(comparator: Comparator, left: Operand, right: Operand): void {
    if (left.kind === 'path' && right.kind === 'path' && pathText(left.path) === pathText(right.path))
      throw this.notDistinct(comparator, left.path);
    if (comparator === '=' || comparator === '<>') return;
    for (const operand of [left, right])
      if (operand.kind === 'value' && !ORDERED.includes(typeOf(operand.value)))
        throw this.reader.invalid(wrongType(comparator, typeOf(operand.value)));
  }

  private notDistinct(operator: string, path: Path): Error {
    return this.reader.invalid(
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${pathText(path)}`,
    );
  }
}

/** Types whose values have an order. */
const ORDERED: readonly AttributeType[] = ['S', 'N', 'B'];

/** Functions and how many operands they have. */
const OPERANDS: ReadonlyMap<string, number> = new Map([
  ['attribute_exists', 1],
  ['attribute_not_exists', 1],
  ['attribute_type', 2],
  ['begins_with', 2],
  ['contains', 2],
]);

function wrongType(operator: string, type: string): string {
  return `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`;
}

function plain(operand: Operand): string {
  if (operand.kind !== 'value') return '';
  if ('S' in operand.value) return operand.value.S;
  return 'N' in operand.value ? operand.value.N : '';
}
