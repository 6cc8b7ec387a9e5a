import type { Place } from '../model/index.ts';
import { TEXT_CHARS_MAX } from './limits.ts';
import type { Node } from './node.ts';
import { isScalar, kindInWords, text, unknown } from './node.ts';
import type { Scope } from './scope.ts';

/** As `scope.evaluate`, for places where nothing is no value either: it is told and unknown. */
export function evaluatePresent(node: Node, scope: Scope): Node {
  const value = scope.evaluate(node);
  if (value !== undefined) return value;
  scope.tell.error('template/intrinsic', node.at, 'AWS::NoValue has no meaning here.', { facts: ['RS 8.11'] });
  return unknown(node.at);
}

/** The items of an intrinsic's argument when it is a list of an allowed length; else told and undefined. */
export function itemsOf(
  argument: Node,
  count: { readonly least: number; readonly most: number },
  name: string,
  scope: Scope,
): readonly Node[] | undefined {
  if (argument.kind === 'unknown') return undefined;
  if (argument.kind === 'list' && argument.items.length >= count.least && argument.items.length <= count.most) {
    return argument.items;
  }
  const wanted = count.least === count.most ? `${count.least}` : `${count.least} to ${count.most}`;
  const given = argument.kind === 'list' ? `${argument.items.length} items` : kindInWords(argument);
  const things = wanted === '1' ? 'item' : 'items';
  scope.tell.error('template/intrinsic', argument.at, `${name} takes a list of ${wanted} ${things}; this is ${given}.`);
  return undefined;
}

/** Evaluates to a text (numbers and booleans as they are written); else told and undefined. */
export function evaluateText(node: Node, what: string, scope: Scope): string | undefined {
  const value = evaluatePresent(node, scope);
  if (isScalar(value)) return value.text;
  if (value.kind !== 'unknown') {
    scope.tell.error('template/intrinsic', node.at, `${what} must be a text; this is ${kindInWords(value)}.`);
  }
  return undefined;
}

/** Evaluates to a list; else told and undefined. */
export function evaluateList(node: Node, what: string, scope: Scope): readonly Node[] | undefined {
  const value = evaluatePresent(node, scope);
  if (value.kind === 'list') return value.items;
  if (value.kind !== 'unknown') {
    scope.tell.error('template/intrinsic', node.at, `${what} must be a list; this is ${kindInWords(value)}.`);
  }
  return undefined;
}

/** A whole number within bounds; else told and undefined. */
export function evaluateInteger(
  node: Node,
  what: string,
  bounds: { readonly least: number; readonly most: number },
  scope: Scope,
): number | undefined {
  const written = evaluateText(node, what, scope);
  if (written === undefined) return undefined;
  const value = /^\d{1,15}$/.test(written) ? Number(written) : -1;
  if (value >= bounds.least && value <= bounds.most) return value;
  const says = `${what} must be a whole number from ${bounds.least} to ${bounds.most}; this is ${written}.`;
  scope.tell.error('template/intrinsic', node.at, says);
  return undefined;
}

/** A text node that is not too long: texts that hold texts that hold texts may double each time. */
export function boundedText(value: string, at: Place, scope: Scope): Node {
  if (value.length <= TEXT_CHARS_MAX) return text(value, at);
  scope.tell.error('template/limit', at, `This makes a text of more than ${TEXT_CHARS_MAX} characters.`);
  return unknown(at);
}
