import type { CodeFlaw, FunctionRuntime } from '../engine/index.ts';
import type { SyntaxNode } from './syntax.ts';
import { placeOf, syntaxOf, walk } from './syntax.ts';

/** Modules that each runtime has built in. */
const MODULES: Readonly<Record<FunctionRuntime, ReadonlySet<string>>> = {
  'cloudfront-js-1.0': new Set(['crypto', 'querystring']),
  'cloudfront-js-2.0': new Set(['crypto', 'querystring', 'buffer', 'cloudfront']),
};

/** Nodes of ES 5.1, and what both runtimes document beyond it: `**`, templates, arrow functions, rest parameters. */
const IN_BOTH: ReadonlySet<string> = new Set(
  `
  Program ExpressionStatement BlockStatement EmptyStatement ReturnStatement LabeledStatement BreakStatement
  ContinueStatement IfStatement SwitchStatement SwitchCase ThrowStatement TryStatement CatchClause
  WhileStatement DoWhileStatement ForStatement ForInStatement FunctionDeclaration VariableDeclaration
  VariableDeclarator ThisExpression ArrayExpression ObjectExpression Property FunctionExpression
  ArrowFunctionExpression UnaryExpression UpdateExpression BinaryExpression AssignmentExpression
  LogicalExpression MemberExpression ConditionalExpression CallExpression NewExpression SequenceExpression
  Identifier Literal TemplateLiteral TemplateElement RestElement
`
    .trim()
    .split(/\s+/),
);

const IN_2: ReadonlySet<string> = new Set(['AwaitExpression', 'ImportDeclaration', 'ImportDefaultSpecifier']);

/** In words, for findings. */
const WORDS: Readonly<Record<string, string>> = {
  ClassDeclaration: 'classes',
  ClassExpression: 'classes',
  ForOfStatement: 'for-of',
  SpreadElement: 'spread',
  ObjectPattern: 'destructuring',
  ArrayPattern: 'destructuring',
  AssignmentPattern: 'default values of parameters',
  YieldExpression: 'generators',
  ChainExpression: 'optional chaining',
  TaggedTemplateExpression: 'tagged templates',
  ImportExpression: 'import()',
  AwaitExpression: 'await',
  ImportDeclaration: 'import',
  DebuggerStatement: 'debugger',
  WithStatement: 'with',
};

/** A call of `require`, or an import: where it stands in the text, and which module it names. */
export interface ModuleUse {
  readonly start: number;
  readonly end: number;
  readonly local: string;
  readonly module: string;
}

export interface ReadFunction {
  readonly flaws: readonly CodeFlaw[];
  readonly imports: readonly ModuleUse[];
  /** Every name that occurs in the code. */
  readonly names: ReadonlySet<string>;
}

/**
 * Reads the code of a function and holds it against what its runtime documents: what the engine behind this sandbox
 * understands beyond that would fail at AWS.
 */
export function readFunction(runtime: FunctionRuntime, text: string): ReadFunction {
  const isSecond = runtime === 'cloudfront-js-2.0';
  const tree = syntaxOf(text, isSecond ? 'module' : 'script');
  if (!('type' in tree)) return { flaws: [tree], imports: [], names: new Set() };
  const flaws: CodeFlaw[] = [];
  const imports: ModuleUse[] = [];
  const names = new Set<string>();
  let hasHandler = false;
  walk(tree as unknown as SyntaxNode, (node, parent, field) => {
    const flaw = flawOf(node, isSecond) ?? modulesFlaw(node, runtime) ?? awaitFlaw(node, parent, field);
    if (flaw !== undefined) flaws.push({ says: `${runtime} does not have ${flaw}`, ...placeOf(node) });
    if (node.type === 'Identifier') {
      names.add(String(node['name']));
      hasHandler ||= node['name'] === 'handler' && field === 'id';
    }
    if (node.type === 'ImportDeclaration') imports.push(importOf(node));
  });
  if (!hasHandler) flaws.push({ says: 'The code has no function named handler', line: 1, column: 1 });
  return { flaws, imports, names };
}

/** What of a node its runtime does not have, in words. */
function flawOf(node: SyntaxNode, isSecond: boolean): string | undefined {
  const { type } = node;
  if (!IN_BOTH.has(type) && !(isSecond && IN_2.has(type))) return WORDS[type] ?? `this (${type})`;
  if (node['generator'] === true) return 'generators';
  if (node['async'] === true) {
    if (!isSecond) return 'async functions';
    if (type === 'ArrowFunctionExpression') return 'async closures';
  }
  if (type === 'VariableDeclaration' && !isSecond && node['kind'] !== 'var') return String(node['kind']);
  if (type === 'Literal' && typeof node['bigint'] === 'string') return 'BigInt';
  return undefined;
}

/** Only what is built in can be imported, and as a whole. */
function modulesFlaw(node: SyntaxNode, runtime: FunctionRuntime): string | undefined {
  if (node.type === 'ImportDeclaration') {
    const { module } = importOf(node);
    if (!MODULES[runtime].has(module)) return `the module ${module}`;
    const specifiers = node['specifiers'] as readonly SyntaxNode[];
    return specifiers.length === 1 && specifiers[0]?.type === 'ImportDefaultSpecifier'
      ? undefined
      : 'imports other than `import name from module`';
  }
  if (node.type !== 'CallExpression') return undefined;
  const callee = node['callee'] as SyntaxNode;
  const [first] = node['arguments'] as readonly SyntaxNode[];
  if (callee.type !== 'Identifier' || callee['name'] !== 'require' || first?.type !== 'Literal') return undefined;
  return MODULES[runtime].has(String(first['value'])) ? undefined : `the module ${String(first['value'])}`;
}

/** `await` in the arguments of a call is refused when the code runs, though creation succeeds (CF 5.35). */
function awaitFlaw(node: SyntaxNode, parent: SyntaxNode | undefined, field: string): string | undefined {
  const isArgument = field === 'arguments' && (parent?.type === 'CallExpression' || parent?.type === 'NewExpression');
  return node.type === 'AwaitExpression' && isArgument ? 'await inside the arguments of a call' : undefined;
}

function importOf(node: SyntaxNode): ModuleUse {
  const { value } = node['source'] as { readonly value: string };
  const [first] = node['specifiers'] as readonly SyntaxNode[];
  const local = first === undefined ? '' : String((first['local'] as SyntaxNode)['name']);
  return { start: node.start, end: node.end, local, module: value };
}
