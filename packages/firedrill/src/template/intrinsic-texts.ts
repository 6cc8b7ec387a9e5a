import { base64Of, utf8Of } from '../model/index.ts';
import { boundedText, evaluateList, evaluatePresent, evaluateText, itemsOf } from './arguments.ts';
import { referenceByName } from './intrinsic-references.ts';
import { TEXT_CHARS_MAX } from './limits.ts';
import type { MapNode, Node } from './node.ts';
import { isScalar, list, text, unknown } from './node.ts';
import type { Intrinsic, Scope } from './scope.ts';
import { subPieces } from './sub-text.ts';

/** Intrinsics that make texts, or take them apart. */
export const TEXT_INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Fn::Base64', base64],
  ['Fn::Join', join],
  ['Fn::Split', split],
  ['Fn::Sub', sub],
  ['Fn::ToJsonString', toJsonString],
]);

function base64(argument: Node, at: Node['at'], scope: Scope): Node {
  const source = evaluateText(argument, 'What Fn::Base64 encodes', scope);
  return source === undefined ? unknown(at) : boundedText(base64Of(utf8Of(source)), at, scope);
}

function join(argument: Node, at: Node['at'], scope: Scope): Node {
  const items = itemsOf(argument, { least: 2, most: 2 }, 'Fn::Join', scope);
  const [delimiterNode, valuesNode] = items ?? [];
  if (delimiterNode === undefined || valuesNode === undefined) return unknown(at);
  const delimiter = evaluateText(delimiterNode, 'The delimiter of Fn::Join', scope);
  const values = evaluateList(valuesNode, 'What Fn::Join joins', scope);
  if (delimiter === undefined || values === undefined) return unknown(at);
  const texts = values.map((value) => joined(value, scope));
  if (texts.includes(undefined)) return unknown(at);
  const chars = texts.reduce((sum, part) => sum + (part?.length ?? 0), 0) + delimiter.length * texts.length;
  return chars > TEXT_CHARS_MAX * 2
    ? boundedText(' '.repeat(TEXT_CHARS_MAX + 1), at, scope)
    : boundedText(texts.join(delimiter), at, scope);
}

function joined(value: Node, scope: Scope): string | undefined {
  if (isScalar(value)) return value.text;
  if (value.kind !== 'unknown') {
    scope.tell.error('template/intrinsic', value.at, 'Fn::Join joins texts only.', { facts: ['RS 8.15'] });
  }
  return undefined;
}

function split(argument: Node, at: Node['at'], scope: Scope): Node {
  const items = itemsOf(argument, { least: 2, most: 2 }, 'Fn::Split', scope);
  const [delimiterNode, sourceNode] = items ?? [];
  if (delimiterNode === undefined || sourceNode === undefined) return unknown(at);
  if (!isScalar(delimiterNode) || delimiterNode.text === '') {
    if (delimiterNode.kind !== 'unknown') {
      const says = 'The delimiter of Fn::Split must be a literal, non-empty text.';
      scope.tell.error('template/intrinsic', delimiterNode.at, says, { facts: ['RS 8.4'] });
    }
    return unknown(at);
  }
  const source = evaluateText(sourceNode, 'What Fn::Split splits', scope);
  if (source === undefined) return unknown(at);
  return list(
    source.split(delimiterNode.text).map((part) => text(part, at)),
    at,
  );
}

/** Both forms: a text, or a text and a map of further variables (RS 8.3). */
function sub(argument: Node, at: Node['at'], scope: Scope): Node {
  if (isScalar(argument)) return substitute(argument.text, undefined, at, scope);
  const items = itemsOf(argument, { least: 2, most: 2 }, 'Fn::Sub', scope);
  const [source, variables] = items ?? [];
  if (source === undefined || variables === undefined) return unknown(at);
  if (!isScalar(source)) {
    if (source.kind !== 'unknown') {
      scope.tell.error('template/intrinsic', source.at, 'The first item of Fn::Sub must be a literal text.');
    }
    return unknown(at);
  }
  if (variables.kind !== 'map') {
    if (variables.kind !== 'unknown') {
      scope.tell.error('template/intrinsic', variables.at, 'The second item of Fn::Sub must be a map of variables.');
    }
    return unknown(at);
  }
  return substitute(source.text, variables, at, scope);
}

function substitute(source: string, variables: MapNode | undefined, at: Node['at'], scope: Scope): Node {
  const values = new Map<string, string | undefined>();
  for (const [name, { value }] of variables?.entries ?? []) {
    values.set(name, evaluateText(value, `The variable ${name}`, scope));
  }
  let result = '';
  let complete = true;
  for (const piece of subPieces(source)) {
    const part = piece.kind === 'literal' ? piece.text : variableText(piece.name, values, at, scope);
    if (part === undefined) complete = false;
    else result += part;
    if (result.length > TEXT_CHARS_MAX) return boundedText(result, at, scope);
  }
  return complete ? text(result, at) : unknown(at);
}

function variableText(
  name: string,
  values: ReadonlyMap<string, string | undefined>,
  at: Node['at'],
  scope: Scope,
): string | undefined {
  if (values.has(name)) return values.get(name);
  if (!/^[A-Za-z0-9_.:]+$/.test(name)) {
    scope.tell.error('template/intrinsic', at, `Fn::Sub cannot substitute \${${name}}.`, {
      remedy: `Write \${!${name}} for the literal text; names have letters, digits, underscores, dots and colons.`,
      facts: ['RS 8.3'],
    });
    return undefined;
  }
  const value = referenceByName(name, at, scope);
  if (value === undefined || isScalar(value)) return value?.text;
  if (value.kind !== 'unknown') {
    scope.tell.error('template/intrinsic', at, `\${${name}} is a list; Fn::Sub substitutes texts only.`, {
      remedy: 'Join it first with Fn::Join, in the second item of Fn::Sub.',
    });
  }
  return undefined;
}

function toJsonString(argument: Node, at: Node['at'], scope: Scope): Node {
  if (!scope.extensions) {
    scope.tell.error('template/transform', at, 'Fn::ToJsonString needs the transform AWS::LanguageExtensions.', {
      remedy: 'Add `Transform: AWS::LanguageExtensions` to the template.',
      facts: ['RS 8.10a'],
    });
  }
  if (argument.kind !== 'map' && argument.kind !== 'list') {
    scope.tell.error('template/intrinsic', at, 'Fn::ToJsonString takes a map or a list.', { facts: ['RS 8.10a'] });
    return unknown(at);
  }
  const json = jsonOf(evaluatePresent(argument, scope));
  return json === undefined ? unknown(at) : boundedText(json, at, scope);
}

function jsonOf(node: Node): string | undefined {
  switch (node.kind) {
    case 'text':
      return JSON.stringify(node.text);
    case 'number':
      return Number.isFinite(node.value) ? String(node.value) : JSON.stringify(node.text);
    case 'boolean':
      return node.text;
    case 'null':
    case 'unknown':
      return undefined;
    case 'list': {
      const items = node.items.map(jsonOf);
      return items.includes(undefined) ? undefined : `[${items.join(',')}]`;
    }
    case 'map': {
      const entries = [...node.entries].map(([key, { value }]) => {
        const json = jsonOf(value);
        return json === undefined ? undefined : `${JSON.stringify(key)}:${json}`;
      });
      return entries.includes(undefined) ? undefined : `{${entries.join(',')}}`;
    }
  }
}
