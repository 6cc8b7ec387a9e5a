import type { Finding } from '../model/index.ts';
import { type DocumentPath, type DrillDocument, pathText } from './drill-document.ts';
import { remedyFor } from './suggestion.ts';

/** What zod says about one value; the parts of it that become a finding. */
export interface ShapeIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly expected?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly origin?: string;
  /** Of a union: the issues of each of its choices. */
  readonly errors?: readonly (readonly ShapeIssue[])[];
  /** Of a key that a record does not take. */
  readonly issues?: readonly ShapeIssue[];
  readonly input?: unknown;
}

/** A message of our own for zod: what is wrong on the first line, what to do on the second. */
export function mistake(what: { readonly says: string; readonly remedy: string }): () => string {
  return () => `${what.says}\n${what.remedy}`;
}

/** One finding for one thing that does not have the shape of a drill file, at its place. */
export function shapeFindings(issue: ShapeIssue, document: DrillDocument, schema: unknown): readonly Finding[] {
  const path = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => ({
      code: 'drill/shape',
      weight: 'error',
      place: document.placeOfKey(path, key),
      says: `There is no ${pathText([...path, key])} in a drill file.`,
      remedy: remedyFor(key, knownKeys(schema, path), 'key'),
    }));
  }
  // A union of one value and a map ({min, max}) speaks best through the choice that got furthest into the value.
  const deeper = issue.code === 'invalid_union' ? furthest(issue.errors ?? []) : undefined;
  if (deeper && !issue.message.includes('\n')) {
    return deeper.flatMap((inner) =>
      shapeFindings({ ...inner, path: [...issue.path, ...inner.path] }, document, schema),
    );
  }
  const { message } = issue.issues?.[0] ?? issue;
  const { says, remedy } = wording({ ...issue, message }, path, document.content);
  return [
    { code: 'drill/shape', weight: 'error', place: document.placeOf(path), says: `${subject(path)} ${says}.`, remedy },
  ];
}

function furthest(choices: readonly (readonly ShapeIssue[])[]): readonly ShapeIssue[] | undefined {
  return choices.find((issues) => issues.some((issue) => issue.path.length > 0 || issue.code !== 'invalid_type'));
}

function subject(path: DocumentPath): string {
  return path.length === 0 ? 'A drill file' : pathText(path);
}

function wording(
  issue: ShapeIssue,
  path: DocumentPath,
  content: unknown,
): { readonly says: string; readonly remedy: string } {
  const isMissing = path.length > 0 && valueAt(content, path) === undefined;
  const [own, ownRemedy] = issue.message.split('\n');
  if (isMissing)
    return {
      says: 'is missing',
      remedy: `Add it${ownRemedy === undefined ? '' : `. ${ownRemedy}`}`.replace(/\.?$/, '.'),
    };
  if (ownRemedy !== undefined) return { says: own ?? '', remedy: ownRemedy };
  switch (issue.code) {
    case 'invalid_type':
      return {
        says: `must be ${kindInWords(issue.expected ?? '')}`,
        remedy: 'See docs/drill-file.md for what belongs here.',
      };
    case 'invalid_value':
      return {
        says: `must be one of ${(issue.values ?? []).join(', ')}`,
        remedy: remedyFor(String(valueAt(content, path)), (issue.values ?? []).map(String), 'value'),
      };
    case 'too_small':
      return {
        says: `must be ${issue.origin === 'array' ? 'a list of at least' : 'at least'} ${issue.minimum ?? ''}`,
        remedy: 'Write a larger value.',
      };
    case 'too_big':
      return { says: `must be at most ${issue.maximum ?? ''}`, remedy: 'Write a smaller value.' };
    case 'invalid_union':
      return { says: 'has the wrong form', remedy: 'See docs/drill-file.md for what belongs here.' };
    default:
      return { says: `is not right: ${issue.message}`, remedy: 'See docs/drill-file.md for what belongs here.' };
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  array: 'a list',
  boolean: 'true or false',
};

function kindInWords(expected: string): string {
  return KINDS[expected] ?? expected;
}

function valueAt(content: unknown, path: DocumentPath): unknown {
  let value = content;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** The keys that the published schema knows at a path, for suggestions. */
function knownKeys(schema: unknown, path: DocumentPath): readonly string[] {
  let nodes: readonly SchemaNode[] = [schema as SchemaNode];
  for (const step of path) nodes = nodes.flatMap((node) => choices(node)).flatMap((node) => child(node, step));
  return nodes.flatMap((node) => choices(node)).flatMap((node) => Object.keys(node.properties ?? {}));
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
}

function choices(node: SchemaNode): readonly SchemaNode[] {
  return [node, ...(node.anyOf ?? [])];
}

function child(node: SchemaNode, step: string | number): readonly SchemaNode[] {
  if (typeof step === 'number') return node.items ? [node.items] : [];
  const named = node.properties?.[step];
  if (named) return [named];
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
}
