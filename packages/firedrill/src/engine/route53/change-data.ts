import { characterStringLengths, parseIpBlock } from '../../model/index.ts';

/** R53 WS-07. */
const LABEL_MAX = 63;
const NAME_MAX = 253;
/** Characters of one string of a text (R53 CH-28). */
const STRING_MAX = 255;

interface Written {
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}

/** What Route 53 says of names and values that cannot be what they should (R53 CH-28, CH-29, WS-07); `name` is in lower case, without its last dot. */
export function dataProblems({ name, type, values }: Written): readonly string[] {
  const problem = nameProblem(name);
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  return [
    ...(problem === undefined ? [] : [fatal(problem, name)]),
    ...(twice === undefined ? [] : [`Duplicate Resource Record: '${twice}'`]),
    ...values.flatMap((value) => {
      const wrong = valueProblem(type, value);
      return wrong === undefined ? [] : [`Invalid Resource Record: ${fatal(wrong, value)}`];
    }),
  ];
}

type Problem = readonly [code: string, says: string];

function fatal([code, says]: Problem, value: string): string {
  return `FATAL problem: ${code} (${says}) encountered with '${value}'`;
}

function nameProblem(name: string): Problem | undefined {
  if (name === '') return ['DomainNameEmpty', 'Domain name is empty'];
  if (name.length > NAME_MAX) return ['DomainNameTooLong', 'Domain name is too long'];
  const labels = name.split('.');
  if (labels.some((label) => label === '')) return ['DomainLabelEmpty', 'Domain label is empty'];
  return labels.some((label) => label.length > LABEL_MAX)
    ? ['DomainLabelTooLong', 'Domain label is too long']
    : undefined;
}

/** Of addresses and texts only: the syntax of other types is not judged. */
function valueProblem(type: string, value: string): Problem | undefined {
  if (type === 'TXT' || type === 'SPF') return textProblem(value);
  if (type !== 'A' && type !== 'AAAA') return undefined;
  const data = type === 'A' ? 'ARRDATA' : 'AAAARRDATA';
  if (/\s/.test(value)) return [`${data}NotSingleField`, 'Value contains spaces'];
  const version = type === 'A' ? 4 : 6;
  const block = value.includes('/') ? undefined : parseIpBlock(value);
  return block?.width === (version === 4 ? 32 : 128)
    ? undefined
    : [`${data}IllegalIPv${version}Address`, `Value is not a valid IPv${version} address`];
}

/** Strings in quotation marks. */
function textProblem(value: string): Problem | undefined {
  const lengths = characterStringLengths(value);
  if (lengths === undefined) return ['InvalidCharacterString', 'Value should be enclosed in quotation marks'];
  return lengths.some((length) => length > STRING_MAX) ? ['CharacterStringTooLong', 'Value is too long'] : undefined;
}
