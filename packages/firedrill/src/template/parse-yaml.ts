import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter, Parser, YAMLParseError } from 'yaml';
import type { CST, Document, Node as YamlNode, Pair, Scalar } from 'yaml';
import type { Place } from '../model/index.ts';
import { DEPTH_MAX, NODES_MAX } from './limits.ts';
import type { Entry, Node } from './node.ts';
import { list, map, pathBelow, text, unknown } from './node.ts';
import { longForm, SHORT_TAGS } from './short-tags.ts';
import type { Teller } from './teller.ts';

/**
 * Reads YAML (1.2, core schema) into nodes with their places. JSON is a subset. Undefined when the text has no value that could be
 * read; every mistake has been told.
 */
export function parseYaml(file: string, source: string, tell: Teller): Node | undefined {
  const top: Place = { file, line: 1, column: 1 };
  const lines = new LineCounter();
  const document = compose(source, lines);
  if (document === undefined) {
    tell.error('template/limit', top, `Values nest deeper than ${DEPTH_MAX} levels.`);
    return undefined;
  }
  for (const problem of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(problem.pos[0]);
    const place = { file, line, column: Math.max(col, 1) };
    tell.error('template/syntax', place, sentence(problem.message), { remedy: syntaxRemedy(problem.code) });
  }
  if (document.errors.length > 0) return undefined;
  if (document.contents === null) {
    tell.error('template/shape', top, 'The template is empty.');
    return undefined;
  }
  return new Conversion(file, lines, tell).node(document.contents, '', 0);
}

/** Undefined when values nest too deep: the library descends by recursion, so that is found out before. */
function compose(source: string, lines: LineCounter): Document | undefined {
  const tokens = [...new Parser(lines.addNewLine).parse(source)];
  if (!nestsWithin(tokens, DEPTH_MAX)) return undefined;
  // Duplicate keys are found in Conversion: the library compares each key with each other one.
  const composer = new Composer({ version: '1.2', schema: 'core', customTags: [...SHORT_TAGS], uniqueKeys: false });
  const [document, second] = composer.compose(tokens, true, source.length);
  if (document !== undefined && second !== undefined) {
    const [start] = second.range;
    document.errors.push(new YAMLParseError([start, start], 'MULTIPLE_DOCS', 'The text holds more than one document'));
  }
  return document;
}

/** Goes through the tokens without recursion. */
function nestsWithin(tokens: readonly CST.Token[], depthMax: number): boolean {
  let level: CST.Token[] = [...tokens];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthMax) return false;
    level = level.flatMap(tokensInside);
  }
  return true;
}

function tokensInside(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap((item): CST.Token[] => [
    ...(item.key === undefined || item.key === null ? [] : [item.key]),
    ...(item.value === undefined ? [] : [item.value]),
  ]);
}

function sentence(message: string): string {
  const [first = ''] = message.split('\n');
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function syntaxRemedy(code: string): string {
  switch (code) {
    case 'TAG_RESOLVE_FAILED':
      return 'CloudFormation knows the short forms !Ref, !Sub, !GetAtt and so on; check the spelling.';
    case 'BAD_INDENT':
    case 'TAB_AS_INDENT':
      return 'Indent with spaces, the same number for all entries of a map or list.';
    case 'MULTIPLE_DOCS':
      return 'One file holds one template.';
    default:
      return 'Correct the text; everything after this point may have been misread.';
  }
}

class Conversion {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #tell: Teller;
  readonly #anchors = new Map<string, YamlNode>();
  #count = 0;

  constructor(file: string, lines: LineCounter, tell: Teller) {
    this.#file = file;
    this.#lines = lines;
    this.#tell = tell;
  }

  node(yaml: YamlNode, path: string, depth: number): Node {
    const at = this.#place(yaml, path);
    this.#count += 1;
    if (depth > DEPTH_MAX) {
      this.#tell.error('template/limit', at, `Values nest deeper than ${DEPTH_MAX} levels.`);
      return unknown(at);
    }
    if (this.#count > NODES_MAX) {
      const says = `The template has more than ${NODES_MAX} values once its YAML aliases are expanded.`;
      this.#tell.error('template/limit', { file: this.#file, line: 1, column: 1 }, says);
      return unknown(at);
    }
    if (isAlias(yaml)) return this.#alias(yaml.source, path, depth, at);
    if ('anchor' in yaml && yaml.anchor !== undefined) this.#anchors.set(yaml.anchor, yaml);
    return longForm(yaml.tag, this.#untagged(yaml, path, depth, at));
  }

  #untagged(yaml: YamlNode, path: string, depth: number, at: Place): Node {
    if (isMap(yaml)) return map(this.#entries(yaml.items as Pair[], path, depth), at);
    if (isSeq(yaml)) {
      const items = yaml.items.map((item, index) => this.#value(item, at, pathBelow(path, String(index)), depth + 1));
      return list(items, at);
    }
    return isScalar(yaml) ? scalar(yaml, at) : unknown(at);
  }

  #entries(pairs: readonly Pair[], path: string, depth: number): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    for (const pair of pairs) {
      const key = pair.key as YamlNode;
      const keyAt = this.#place(key, path);
      if (!isScalar(key)) {
        this.#tell.error('template/syntax', keyAt, 'A key must be a plain text.');
        continue;
      }
      const name = key.source ?? String(key.value);
      const below = pathBelow(path, name);
      if (entries.has(name)) {
        this.#tell.error('template/syntax', { ...keyAt, path: below }, `The key ${name} stands here twice.`, {
          remedy: 'Keep one of the two.',
        });
        continue;
      }
      entries.set(name, {
        keyAt: { ...keyAt, path: below },
        value: this.#value(pair.value, keyAt, below, depth + 1),
      });
    }
    return entries;
  }

  #value(value: unknown, parent: Place, path: string, depth: number): Node {
    // A key without a value, as `Name:` at the end of a flow map, has no node.
    if (value === null || value === undefined) return { kind: 'null', at: { ...parent, path } };
    return this.node(value as YamlNode, path, depth);
  }

  /** CloudFormation itself refuses aliases; the tools that package templates write them out first. */
  #alias(name: string, path: string, depth: number, at: Place): Node {
    this.#tell.warning('template/syntax', at, `CloudFormation does not take YAML aliases such as *${name}.`, {
      remedy: 'Write the value out, or pass the template through `aws cloudformation package` before deploying.',
    });
    const target = this.#anchors.get(name);
    return target === undefined ? unknown(at) : this.node(target, path, depth + 1);
  }

  #place(yaml: YamlNode | null, path: string): Place {
    const { line, col } = this.#lines.linePos(yaml?.range?.[0] ?? 0);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1), path };
  }
}

function scalar(yaml: Scalar, at: Place): Node {
  const { value } = yaml;
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return { kind: 'number', value: Number(value), text: yaml.source ?? String(value), at };
    case 'boolean':
      return { kind: 'boolean', value, text: String(value), at };
    case 'string':
      return text(value, at);
    default:
      return { kind: 'null', at };
  }
}
