import { parse } from 'acorn';
import type { Node, Program } from 'acorn';
import type { CodeFlaw } from '../engine/index.ts';

/** A piece of code as a tree; its fields depend on its type. */
export type SyntaxNode = Node & Readonly<Record<string, unknown>>;

/** Reads JavaScript. A flaw when it is none. */
export function syntaxOf(text: string, format: 'module' | 'script'): Program | CodeFlaw {
  try {
    return parse(text, {
      ecmaVersion: 2024,
      sourceType: format,
      locations: true,
      allowAwaitOutsideFunction: false,
      allowReturnOutsideFunction: false,
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { loc } = error as SyntaxError & { readonly loc?: { readonly line: number; readonly column: number } };
    // The message ends with the place, which stands beside it.
    const says = error.message.replace(/ \(\d+:\d+\)$/, '');
    return { says, line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1 };
  }
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** What a node is made of, in the order of the text; with the field that each is in. */
function* partsOf(node: SyntaxNode): Generator<readonly [field: string, part: SyntaxNode]> {
  for (const field of Object.keys(node)) {
    const value = node[field];
    if (Array.isArray(value)) {
      for (const each of value as readonly unknown[]) if (isSyntaxNode(each)) yield [field, each];
    } else if (isSyntaxNode(value)) yield [field, value];
  }
}

/** A node and everything below it. Code nested too deeply to be walked would not run either. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined, field: string) => void,
): void {
  const waiting: { readonly node: SyntaxNode; readonly parent: SyntaxNode | undefined; readonly field: string }[] = [
    { node, parent: undefined, field: '' },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    visit(next.node, next.parent, next.field);
    const parts = [...partsOf(next.node)].toReversed();
    for (const [field, part] of parts) waiting.push({ node: part, parent: next.node, field });
  }
}

/** Where a node begins. */
export function placeOf(node: SyntaxNode): { readonly line: number; readonly column: number } {
  return { line: node.loc?.start.line ?? 1, column: (node.loc?.start.column ?? 0) + 1 };
}
