import type { Place } from '../model/index.ts';
import { PARAMETER_VALUE_CHARS_MAX } from './limits.ts';
import type { Node } from './node.ts';
import { get, isScalar, list, placeBelow, text, unknown } from './node.ts';
import type { Template } from './sections.ts';
import type { Teller } from './teller.ts';

const PARAMETER_KEYS: ReadonlySet<string> = new Set(
  'Type Default AllowedValues AllowedPattern ConstraintDescription Description MaxLength MaxValue MinLength MinValue NoEcho'.split(
    ' ',
  ),
);

/** Finds the value of an SSM parameter by name; undefined when no stack read so far sets it. */
export type SsmLookup = (name: string) => string | undefined;

/** Values of a template's parameters: those given, else the defaults, each held against its constraints. */
export function readParameters(
  template: Template,
  given: Readonly<Record<string, string>>,
  ssm: SsmLookup,
  tell: Teller,
): ReadonlyMap<string, Node> {
  const values = new Map<string, Node>();
  for (const [name, { keyAt, value: declaration }] of template.parameters.entries) {
    values.set(
      name,
      declaration.kind === 'map' ? readParameter(name, { at: keyAt, declaration }, given, ssm, tell) : unknown(keyAt),
    );
    if (declaration.kind !== 'map' && declaration.kind !== 'unknown') {
      tell.error('template/shape', keyAt, `The parameter ${name} must be a map with a Type.`);
    }
  }
  return values;
}

/** Tells about given parameters that the template does not declare. */
export function checkGiven(template: Template, given: Readonly<Record<string, string>>, tell: Teller): void {
  for (const name of Object.keys(given)) {
    if (template.parameters.entries.has(name)) continue;
    const known = [...template.parameters.entries.keys()];
    tell.error(
      'template/parameter',
      template.parameters.at,
      `The template has no parameter ${name}, which was given.`,
      {
        remedy: known.length === 0 ? 'It has no parameters at all.' : `It has ${known.join(', ')}.`,
      },
    );
  }
}

interface Declared {
  readonly at: Place;
  readonly declaration: Node;
}

function readParameter(
  name: string,
  { at, declaration }: Declared,
  given: Readonly<Record<string, string>>,
  ssm: SsmLookup,
  tell: Teller,
): Node {
  for (const key of declaration.kind === 'map' ? declaration.entries.keys() : []) {
    if (!PARAMETER_KEYS.has(key)) {
      tell.error('template/shape', placeBelow(at, key), `The parameter ${name} has an unknown attribute ${key}.`);
    }
  }
  const type = scalarOf(declaration, 'Type');
  if (type === undefined || !isParameterType(type)) {
    const says =
      type === undefined ? `The parameter ${name} has no Type.` : `The parameter ${name} has the unknown type ${type}.`;
    tell.error('template/parameter', at, says, { remedy: 'Common types are String, Number and CommaDelimitedList.' });
    return unknown(at);
  }
  const written = Object.hasOwn(given, name) ? given[name] : defaultOf(declaration);
  if (written === undefined) {
    tell.error('template/parameter', at, `The parameter ${name} has no value and no default.`, {
      remedy: `Give it one: --parameter ${name}=VALUE, or under parameters in the drill file.`,
    });
    return unknown(at);
  }
  if (!checkConstraints(name, { at, declaration, type, written }, tell)) return unknown(at);
  return typedValue({ type, written, at }, ssm, tell);
}

function scalarOf(declaration: Node, key: string): string | undefined {
  const node = get(declaration, key);
  return node !== undefined && isScalar(node) ? node.text : undefined;
}

/** A default may be written as a list in YAML only by mistake, yet CloudFormation joins it. */
function defaultOf(declaration: Node): string | undefined {
  const node = get(declaration, 'Default');
  if (node?.kind === 'list') return node.items.map((item) => (isScalar(item) ? item.text : '')).join(',');
  return scalarOf(declaration, 'Default');
}

function isParameterType(type: string): boolean {
  return (
    ['String', 'Number', 'List<Number>', 'List<String>', 'CommaDelimitedList'].includes(type) ||
    /^(List<)?AWS::[A-Za-z0-9]+(::[A-Za-z0-9]+){1,2}>?$/.test(type) ||
    /^AWS::SSM::Parameter::(Name|Value<.+>)$/.test(type)
  );
}

interface Written {
  readonly at: Place;
  readonly declaration: Node;
  readonly type: string;
  readonly written: string;
}

function checkConstraints(name: string, { at, declaration, type, written }: Written, tell: Teller): boolean {
  const shown = scalarOf(declaration, 'NoEcho') === 'true' ? '****' : written;
  const description = scalarOf(declaration, 'ConstraintDescription');
  const refuse = (says: string): boolean => {
    tell.error('template/parameter', at, says, description === undefined ? {} : { remedy: description });
    return false;
  };
  if (written.length > PARAMETER_VALUE_CHARS_MAX) {
    return refuse(`The parameter ${name} has ${written.length} characters; ${PARAMETER_VALUE_CHARS_MAX} is the most.`);
  }
  const items = type.includes('List') ? written.split(',').map((item) => item.trim()) : [written];
  const allowed = get(declaration, 'AllowedValues');
  if (allowed?.kind === 'list') {
    const values = allowed.items.map((item) => (isScalar(item) ? item.text : ''));
    const odd = items.find((item) => !values.includes(item));
    if (odd !== undefined) return refuse(`The parameter ${name} is ${shown}; allowed is ${values.join(', ')}.`);
  }
  const pattern = scalarOf(declaration, 'AllowedPattern');
  if (pattern !== undefined) {
    const matches = patternOf(pattern);
    if (matches === undefined) {
      tell.note('template/parameter', at, `Firedrill does not check the AllowedPattern of the parameter ${name}.`);
    } else if (!items.every((item) => matches.test(item))) {
      return refuse(`The parameter ${name} is ${shown}, which does not match its AllowedPattern ${pattern}.`);
    }
  }
  if (type === 'Number' || type === 'List<Number>') return checkNumbers(name, { declaration, items, shown }, refuse);
  return checkLengths(name, { declaration, written }, refuse);
}

/**
 * The whole value must match. Undefined for what only Java's expressions know, and for a repeated group that
 * repeats within: matching that may take longer than anybody waits.
 */
function patternOf(pattern: string): RegExp | undefined {
  if (/\([^()]*[+*}][^()]*\)[+*{]/.test(pattern) || /\)[+*}]?\)[+*{]/.test(pattern)) return undefined;
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
}

function checkNumbers(
  name: string,
  { declaration, items, shown }: { declaration: Node; items: readonly string[]; shown: string },
  refuse: (says: string) => boolean,
): boolean {
  const numbers = items.map((item) => (item === '' ? Number.NaN : Number(item)));
  if (numbers.some((number) => !Number.isFinite(number))) {
    return refuse(`The parameter ${name} must be a number; it is ${shown}.`);
  }
  const [least, most] = [scalarOf(declaration, 'MinValue'), scalarOf(declaration, 'MaxValue')];
  if (least !== undefined && numbers.some((number) => number < Number(least))) {
    return refuse(`The parameter ${name} is ${shown}; it must be at least ${least}.`);
  }
  if (most !== undefined && numbers.some((number) => number > Number(most))) {
    return refuse(`The parameter ${name} is ${shown}; it must be at most ${most}.`);
  }
  return true;
}

function checkLengths(
  name: string,
  { declaration, written }: { declaration: Node; written: string },
  refuse: (says: string) => boolean,
): boolean {
  const [least, most] = [scalarOf(declaration, 'MinLength'), scalarOf(declaration, 'MaxLength')];
  if (least !== undefined && written.length < Number(least)) {
    return refuse(`The parameter ${name} has ${written.length} characters; it must have at least ${least}.`);
  }
  if (most !== undefined && written.length > Number(most)) {
    return refuse(`The parameter ${name} has ${written.length} characters; it must have at most ${most}.`);
  }
  return true;
}

function typedValue(
  { type, written, at }: { type: string; written: string; at: Place },
  ssm: SsmLookup,
  tell: Teller,
): Node {
  const stored = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];
  if (stored !== undefined) {
    const value = ssm(written);
    // CDK's own parameter of this type is read by nothing but a rule; naming it would be noise.
    if (value === undefined && !written.startsWith('/cdk-bootstrap/')) {
      tell.note('template/dynamic-reference', at, `The value of the SSM parameter ${written} is not known here.`, {
        remedy: 'Where the value decides something, give the template a plain parameter instead.',
        facts: ['RS 8.12'],
      });
    }
    return typedValue({ type: stored, written: value ?? `{{resolve:ssm:${written}}}`, at }, ssm, tell);
  }
  if (type === 'Number') return { kind: 'number', value: Number(written), text: written, at };
  if (type === 'CommaDelimitedList' || type.startsWith('List<')) {
    const items = written === '' ? [] : written.split(',');
    return list(
      items.map((item) => text(item.trim(), at)),
      at,
    );
  }
  return text(written, at);
}
