import { typeOf } from './attribute-value.ts';
import type { SetValue, UpdateAction } from './expression.ts';
import type { Path } from './paths.ts';
import { checkDistinct } from './paths.ts';
import type { Placeholders } from './placeholders.ts';
import { TokenReader } from './token-reader.ts';

const CLAUSES = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
type Clause = (typeof CLAUSES)[number];

/** Reads an update. @throws Refusal in DynamoDB's words. */
export function parseUpdate(source: string, placeholders: Placeholders): readonly UpdateAction[] {
  const reader = new TokenReader('UpdateExpression', source, placeholders);
  const actions: UpdateAction[] = [];
  const seen = new Set<Clause>();
  while (!reader.isAtEnd) {
    const clause = CLAUSES.find((one) => reader.is(one));
    if (clause === undefined) throw reader.syntaxError();
    reader.take();
    if (seen.has(clause))
      throw reader.invalid(`The "${clause}" section can only be used once in an update expression;`);
    seen.add(clause);
    do actions.push(actionOf(reader, clause));
    while (reader.skip(','));
  }
  checkDistinct(
    'UpdateExpression',
    actions.map(({ path }) => path),
  );
  return actions;
}

function actionOf(reader: TokenReader, clause: Clause): UpdateAction {
  const path = reader.path();
  if (clause === 'REMOVE') return { kind: 'remove', path };
  if (clause === 'SET') {
    reader.expect('=');
    return { kind: 'set', path, to: setValue(reader) };
  }
  if (reader.next.kind !== 'value') throw reader.syntaxError();
  const value = reader.placeholders.value(reader.what, reader.take().text);
  const type = typeOf(value);
  const isSet = type === 'SS' || type === 'NS' || type === 'BS';
  if (!isSet && !(clause === 'ADD' && type === 'N'))
    throw reader.invalid(wrongType(clause, LONG_NAMES.get(type) ?? type));
  return { kind: clause === 'ADD' ? 'add' : 'delete', path, value };
}

function setValue(reader: TokenReader): SetValue {
  const left = operand(reader);
  const sign = ['+', '-'].find((one) => reader.is(one));
  if (sign === undefined) return left;
  reader.take();
  const right = operand(reader);
  for (const one of [left, right])
    if (one.kind === 'value' && typeOf(one.value) !== 'N')
      throw reader.invalid(wrongType(sign, LONG_NAMES.get(typeOf(one.value)) ?? ''));
  return { kind: sign === '+' ? 'sum' : 'difference', left, right };
}

function operand(reader: TokenReader): SetValue {
  const { kind, text } = reader.next;
  if (kind === 'value') return { kind: 'value', value: reader.placeholders.value(reader.what, reader.take().text) };
  if (reader.skip('(')) {
    const inner = reader.deeper(() => setValue(reader));
    reader.expect(')');
    return inner;
  }
  if (kind === 'word' && reader.second?.text === '(') return call(reader, text);
  return { kind: 'path', path: reader.path() };
}

function call(reader: TokenReader, name: string): SetValue {
  reader.take();
  reader.expect('(');
  const operands = [reader.deeper(() => operand(reader))];
  while (reader.skip(',')) operands.push(reader.deeper(() => operand(reader)));
  reader.expect(')');
  if (name !== 'if_not_exists' && name !== 'list_append')
    throw reader.invalid(`Invalid function name; function: ${name}`);
  const [first, second] = operands;
  if (operands.length !== 2 || first === undefined || second === undefined)
    throw reader.invalid(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  if (name === 'list_append') {
    for (const one of [first, second])
      if (one.kind === 'value' && typeOf(one.value) !== 'L') throw reader.invalid(wrongType(name, typeOf(one.value)));
    return { kind: 'list-append', first, second };
  }
  return { kind: 'if-not-exists', path: pathOf(reader, name, first), otherwise: second };
}

function pathOf(reader: TokenReader, name: string, value: SetValue): Path {
  if (value.kind === 'path') return value.path;
  throw reader.invalid(`Operator or function requires a document path; operator or function: ${name}`);
}

/** As updates write types in their complaints. */
const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ['S', 'STRING'],
  ['N', 'NUMBER'],
  ['B', 'BINARY'],
  ['BOOL', 'BOOLEAN'],
  ['NULL', 'NULL'],
  ['L', 'LIST'],
  ['M', 'MAP'],
  ['SS', 'STRING_SET'],
  ['NS', 'NUMBER_SET'],
  ['BS', 'BINARY_SET'],
]);

function wrongType(operator: string, type: string): string {
  return `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`;
}

/** Reads a list of paths. */
export function parseProjection(source: string, placeholders: Placeholders): readonly Path[] {
  const reader = new TokenReader('ProjectionExpression', source, placeholders);
  const paths = [reader.path()];
  while (reader.skip(',')) paths.push(reader.path());
  reader.end();
  checkDistinct('ProjectionExpression', paths);
  return paths;
}
