import type { HandlerSource } from '../engine/index.ts';
import { HANDLER_GLOBALS } from './prelude/lambda.ts';
import type { SyntaxNode } from './syntax.ts';
import { syntaxOf, walk } from './syntax.ts';

/** What of the language pure code may name without having declared it; clocks and chance are not among it. */
const PURE_GLOBALS: ReadonlySet<string> = new Set([
  ...HANDLER_GLOBALS,
  ...`
  Object Array String Number Boolean Symbol RegExp JSON Math Promise Error EvalError RangeError ReferenceError
  SyntaxError TypeError URIError ArrayBuffer Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array
  Int32Array Uint32Array Float32Array Float64Array DataView NaN Infinity undefined parseInt parseFloat isNaN
  isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape console exports module process
  arguments Buffer
`
    .trim()
    .split(/\s+/),
]);

/** What of Buffer there is here: the ways to read bodies and to write them. */
const BUFFER_MEMBERS: ReadonlySet<string> = new Set(['alloc', 'byteLength', 'concat', 'from', 'isBuffer']);

/** A piece of text to be left out, or replaced. */
interface Cut {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

export interface ReadHandler {
  readonly cuts: readonly Cut[];
  /** Whether it needs `Buffer`; a runtime that is not needed is not paid for. */
  readonly usesBuffer: boolean;
  /** What the handler is called inside: a name, or a property of `module.exports`. */
  readonly expression: string;
}

/**
 * Reads a handler's module. Undefined when it is not pure: it imports, names what only the world outside has, keeps something
 * from one call to the next, or is not understood.
 */
export function readHandler({ text, format, handler }: HandlerSource): ReadHandler | undefined {
  if (!/^[A-Za-z_$][\w$]*$/.test(handler)) return undefined;
  const tree = syntaxOf(text, format);
  if (!('type' in tree)) return undefined;
  const program = tree as unknown as SyntaxNode;
  const top = topLevelNames(program);
  const names = new Names(format === 'script' ? new Set(['exports', 'module']) : new Set(), top);
  walk(program, (node, parent, field) => names.look(node, parent, field));
  if (!names.arePure) return undefined;
  const { usesBuffer } = names;
  if (format === 'script') return { cuts: [], expression: `module.exports.${handler}`, usesBuffer };
  const exported = exportsOf(program, handler);
  return exported === undefined ? undefined : { ...exported, usesBuffer };
}

/** Follows what the code names, declares and changes. */
class Names {
  private readonly exported: ReadonlySet<string>;
  /** Names of the top level: what they hold outlives a call. */
  private readonly top: ReadonlyMap<string, SyntaxNode | undefined>;
  private readonly declared = new Set<string>();
  private readonly used = new Set<string>();
  usesBuffer = false;
  private isImpure = false;

  constructor(exported: ReadonlySet<string>, top: ReadonlyMap<string, SyntaxNode | undefined>) {
    this.exported = exported;
    this.top = top;
    for (const value of top.values()) this.isImpure ||= value !== undefined && isStore(value);
  }

  get arePure(): boolean {
    return !this.isImpure && [...this.used].every((name) => this.declared.has(name) || PURE_GLOBALS.has(name));
  }

  look(node: SyntaxNode, parent: SyntaxNode | undefined, field: string): void {
    if (node.type.startsWith('Import') || node.type === 'WithStatement' || node.type === 'MetaProperty')
      this.isImpure = true;
    if (node.type === 'ObjectPattern') this.takeApart(node);
    // Called where it stands, a function may keep what only it sees.
    if (node.type === 'CallExpression') this.isImpure ||= isFunction(node['callee'] as SyntaxNode);
    if (node.type === 'AssignmentExpression') this.change(node['left'] as SyntaxNode, node['operator'] === '=');
    if (node.type === 'UpdateExpression' || (node.type === 'UnaryExpression' && node['operator'] === 'delete'))
      this.change(node['argument'] as SyntaxNode, false);
    if (node.type === 'MemberExpression') this.member(node);
    if (node.type !== 'Identifier') return;
    const name = String(node['name']);
    if (isDeclaration(parent, field)) this.declared.add(name);
    else if (!isLabelOrKey(parent, field)) {
      this.used.add(name);
      // As a value it could be anything's; its members are looked at by themselves.
      if ((name === 'process' || name === 'Buffer') && parent?.type !== 'MemberExpression') this.isImpure = true;
      if (name === 'Buffer') this.usesBuffer = true;
    }
  }

  /** What a pattern takes apart goes by the names in it. */
  private takeApart(pattern: SyntaxNode): void {
    for (const property of pattern['properties'] as readonly SyntaxNode[]) {
      const value = property['value'] as SyntaxNode | undefined;
      const name = value?.type === 'AssignmentPattern' ? (value['left'] as SyntaxNode) : value;
      if (name?.type === 'Identifier') this.declared.add(String(name['name']));
    }
  }

  private member(node: SyntaxNode): void {
    const object = node['object'] as SyntaxNode;
    const property = node['property'] as SyntaxNode;
    if (object.type !== 'Identifier') return;
    const isNamed = node['computed'] !== true;
    if (object['name'] === 'process' && !(isNamed && property['name'] === 'env')) this.isImpure = true;
    if (object['name'] === 'Buffer' && !(isNamed && BUFFER_MEMBERS.has(String(property['name'])))) this.isImpure = true;
    if (object['name'] === 'Math' && !(isNamed && property['name'] !== 'random')) this.isImpure = true;
  }

  /** What outlives a call must not be changed in one; nobody can say from the text alone in which it is. */
  private change(target: SyntaxNode, isAssignment: boolean): void {
    let root = target;
    while (root.type === 'MemberExpression') root = root['object'] as SyntaxNode;
    if (root.type !== 'Identifier') return;
    const name = String(root['name']);
    if (this.exported.has(name) ? !isAssignment : name === 'process' || this.top.has(name)) this.isImpure = true;
  }
}

/** Names that the module's top level declares, with what they are first given. */
function topLevelNames(program: SyntaxNode): Map<string, SyntaxNode | undefined> {
  const names = new Map<string, SyntaxNode | undefined>();
  for (const statement of program['body'] as readonly SyntaxNode[]) {
    const inner = statement['declaration'] as SyntaxNode | null | undefined;
    const declaration = statement.type === 'ExportNamedDeclaration' && inner ? inner : statement;
    if (declaration.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration['declarations'] as unknown as readonly Record<string, SyntaxNode | null>[]) {
      if (id?.type === 'Identifier') names.set(String(id['name']), init ?? undefined);
    }
  }
  return names;
}

function isFunction({ type }: SyntaxNode): boolean {
  return type === 'FunctionExpression' || type === 'ArrowFunctionExpression';
}

/** An empty object or list, or a map: what for, if not to keep something in it? */
function isStore(value: SyntaxNode): boolean {
  if (value.type === 'NewExpression') return true;
  if (value.type === 'ObjectExpression') return (value['properties'] as readonly unknown[]).length === 0;
  return value.type === 'ArrayExpression' && (value['elements'] as readonly unknown[]).length === 0;
}

function isDeclaration(parent: SyntaxNode | undefined, field: string): boolean {
  switch (parent?.type) {
    case 'VariableDeclarator':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return field === 'id' || field === 'params';
    case 'ArrowFunctionExpression':
      return field === 'params';
    case 'CatchClause':
      return field === 'param';
    case 'RestElement':
      return field === 'argument';
    case 'ArrayPattern':
      return field === 'elements';
    case 'AssignmentPattern':
      return field === 'left';
    default:
      return false;
  }
}

function isLabelOrKey(parent: SyntaxNode | undefined, field: string): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return field === 'property' && parent['computed'] !== true;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return field === 'key' && parent['computed'] !== true;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return field === 'label';
    case 'ExportSpecifier':
      return field === 'exported';
    default:
      return false;
  }
}

/** Where the module gives its handler away: the word `export` is left out, and the handler found by its name inside. */
function exportsOf(program: SyntaxNode, handler: string): Omit<ReadHandler, 'usesBuffer'> | undefined {
  const cuts: Cut[] = [];
  let expression: string | undefined;
  for (const statement of program['body'] as readonly SyntaxNode[]) {
    if (statement.type === 'ExportAllDeclaration' || statement.type === 'ExportDefaultDeclaration') return undefined;
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const declaration = statement['declaration'] as SyntaxNode | null;
    if (declaration !== null) {
      cuts.push({ start: statement.start, end: declaration.start, by: '' });
      if (declares(declaration, handler)) expression = handler;
      continue;
    }
    if (statement['source'] !== null) return undefined;
    cuts.push({ start: statement.start, end: statement.end, by: ';' });
    for (const { local, exported } of statement['specifiers'] as unknown as readonly Record<string, SyntaxNode>[])
      if (exported?.['name'] === handler) expression = String(local?.['name']);
  }
  return expression === undefined ? undefined : { cuts, expression };
}

function declares(declaration: SyntaxNode, name: string): boolean {
  if (declaration.type !== 'VariableDeclaration') return (declaration['id'] as SyntaxNode)['name'] === name;
  return (declaration['declarations'] as readonly SyntaxNode[]).some(
    (declarator) => (declarator['id'] as SyntaxNode)['name'] === name,
  );
}
