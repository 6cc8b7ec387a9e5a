import type { Item } from './attribute-value.ts';
import { attributeOf } from './attribute-value.ts';
import { parseCondition } from './condition-parser.ts';
import { holds } from './condition.ts';
import type { UpdateAction } from './expression.ts';
import { DYNAMODB_FACTS } from './facts.ts';
import { checkItemKeys, requestedKey } from './item-keys.ts';
import { Placeholders } from './placeholders.ts';
import { project } from './projection.ts';
import { invalid, Refusal } from './refusal.ts';
import type { CheckInput, DeleteInput, PutInput, ReturnValues, UpdateInput } from './requests.ts';
import type { TableContents } from './table-contents.ts';
import { updated } from './update.ts';
import { parseUpdate } from './update-parser.ts';
import { areEqual, canonicalItem, itemBytes } from './values.ts';

/** A write that nothing stands against, not yet carried out. */
export interface Write {
  readonly contents: TableContents;
  readonly key: Item;
  readonly before: Item | undefined;
  /** Undefined: deleted. */
  readonly after: Item | undefined;
  /** What of it the caller wants to be told. */
  readonly attributes: Item | undefined;
}

/** @throws Refusal when the condition does not hold, or the item cannot be. */
export function preparePut(contents: TableContents, input: PutInput): Write {
  checkReturn(input.ReturnValues, ['NONE', 'ALL_OLD']);
  const placeholders = new Placeholders(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
  const item = canonicalItem(input.Item);
  checkItemKeys(contents.table, item);
  checkSize(item, 'Item size has exceeded the maximum allowed size');
  const key = contents.keyOf(item);
  const before = contents.item(key);
  checkCondition(input, placeholders, before);
  return { contents, key, before, after: item, attributes: input.ReturnValues === 'ALL_OLD' ? before : undefined };
}

/** @throws Refusal when the condition does not hold. */
export function prepareDelete(contents: TableContents, input: DeleteInput): Write {
  checkReturn(input.ReturnValues, ['NONE', 'ALL_OLD']);
  const placeholders = new Placeholders(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
  const key = requestedKey(contents.table, input.Key);
  const before = contents.item(key);
  checkCondition(input, placeholders, before);
  return { contents, key, before, after: undefined, attributes: input.ReturnValues === 'ALL_OLD' ? before : undefined };
}

/** An item that is not there is made (the key alone, then the update). */
export function prepareUpdate(contents: TableContents, input: UpdateInput): Write {
  const placeholders = new Placeholders(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
  const actions = input.UpdateExpression === undefined ? [] : parseUpdate(input.UpdateExpression, placeholders);
  const key = requestedKey(contents.table, input.Key);
  const before = contents.item(key);
  checkCondition(input, placeholders, before);
  for (const { path } of actions)
    if (Object.hasOwn(key, String(path[0])))
      throw invalid(
        `One or more parameter values were invalid: Cannot update attribute ${String(path[0])}. This attribute is part of the key`,
      );
  const item = updated(before ?? key, actions);
  checkItemKeys(contents.table, item);
  checkSize(item, 'Item size to update has exceeded the maximum allowed size');
  return { contents, key, before, after: item, attributes: returned(input.ReturnValues, before, item, actions) };
}

/** A condition of a transaction. */
export function prepareCheck(contents: TableContents, input: CheckInput): Write {
  const placeholders = new Placeholders(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
  const key = requestedKey(contents.table, input.Key);
  const before = contents.item(key);
  if (input.ConditionExpression === undefined) throw invalid('The expression can not be empty;');
  checkCondition(input, placeholders, before);
  return { contents, key, before, after: before, attributes: undefined };
}

/** Whether anything is other than it was: what replicas have to hear of. */
export function changes({ before, after }: Write): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return !areEqual({ M: before }, { M: after });
}

function checkCondition(input: CheckInput | PutInput, placeholders: Placeholders, before: Item | undefined): void {
  const { ConditionExpression: source } = input;
  const condition = source === undefined ? undefined : parseCondition('ConditionExpression', source, placeholders);
  placeholders.checkUsed();
  if (condition === undefined || holds(condition, before ?? {})) return;
  const isWanted = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before !== undefined;
  throw new Refusal(
    'ConditionalCheckFailedException',
    'The conditional request failed',
    isWanted ? { Item: before } : {},
  );
}

function checkReturn(wanted: ReturnValues | undefined, allowed: readonly ReturnValues[]): void {
  if (wanted !== undefined && !allowed.includes(wanted)) throw invalid('Return values set to invalid value');
}

function checkSize(item: Item, says: string): void {
  if (itemBytes(item) > DYNAMODB_FACTS.ITEM_BYTES_MAX.value) throw invalid(says);
}

function returned(
  wanted: ReturnValues | undefined,
  before: Item | undefined,
  item: Item,
  actions: readonly UpdateAction[],
): Item | undefined {
  const paths = actions.map(({ path }) => path);
  switch (wanted) {
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      return item;
    case 'UPDATED_OLD':
      return orNothing(project(before ?? {}, paths));
    case 'UPDATED_NEW':
      return orNothing(project(item, paths));
    case 'NONE':
    case undefined:
      return undefined;
  }
}

function orNothing(item: Item): Item | undefined {
  return Object.keys(item).length === 0 ? undefined : item;
}

/** Whether two writes are for one item. */
export function isSameItem(one: Write, other: Write): boolean {
  return (
    one.contents === other.contents &&
    Object.keys(one.key).every((name) => {
      const [a, b] = [attributeOf(one.key, name), attributeOf(other.key, name)];
      return a !== undefined && b !== undefined && areEqual(a, b);
    })
  );
}
