import type { AttributeValue as WireValue, ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { getItem, prepareDelete, preparePut, prepareUpdate, query, scan } from '../../engine/index.ts';
import type { Item, Page, Write } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { itemFrom, wireItem } from './attribute-values.ts';
import { readUnits, writeUnits } from './capacity.ts';
import type { DynamoDbHandlers } from './handlers.ts';
import { inRegion } from './handlers.ts';

/** Items, one request each. */
export function itemHandlers(
  cloud: Cloud,
): Pick<DynamoDbHandlers, 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query' | 'Scan'> {
  return {
    GetItem(input, call) {
      checkLegacy(input);
      const asked = { ...input, TableName: named(input), Key: keyOf(input) };
      const found = inRegion(cloud, call, ({ find }) => getItem(find(asked.TableName), asked));
      return {
        ...(found === undefined ? {} : { Item: wireItem(found) }),
        ...consumed(input, readUnits(found === undefined ? [] : [found], input.ConsistentRead)),
      };
    },
    PutItem(input, call) {
      checkLegacy(input);
      const asked = { ...input, ...placeheld(input), TableName: named(input), Item: itemFrom(input.Item ?? {}) };
      const write = inRegion(cloud, call, ({ find, commit }) => {
        const prepared = preparePut(find(asked.TableName), asked);
        commit([prepared]);
        return prepared;
      });
      return { ...attributesOf(write), ...consumed(input, writeUnits(write)) };
    },
    UpdateItem(input, call) {
      checkLegacy(input);
      const asked = { ...input, ...placeheld(input), TableName: named(input), Key: keyOf(input) };
      const write = inRegion(cloud, call, ({ find, commit }) => {
        const prepared = prepareUpdate(find(asked.TableName), asked);
        commit([prepared]);
        return prepared;
      });
      return { ...attributesOf(write), ...consumed(input, writeUnits(write)) };
    },
    DeleteItem(input, call) {
      checkLegacy(input);
      const asked = { ...input, ...placeheld(input), TableName: named(input), Key: keyOf(input) };
      const write = inRegion(cloud, call, ({ find, commit }) => {
        const prepared = prepareDelete(find(asked.TableName), asked);
        commit([prepared]);
        return prepared;
      });
      return { ...attributesOf(write), ...consumed(input, writeUnits(write)) };
    },
    Query(input, call) {
      checkLegacy(input);
      const asked = { ...input, ...placeheld(input), TableName: named(input), ExclusiveStartKey: startOf(input) };
      return pageOf(
        inRegion(cloud, call, ({ find }) => query(find(asked.TableName), asked)),
        input,
      );
    },
    Scan(input, call) {
      checkLegacy(input);
      const asked = { ...input, ...placeheld(input), TableName: named(input), ExclusiveStartKey: startOf(input) };
      return pageOf(
        inRegion(cloud, call, ({ find }) => scan(find(asked.TableName), asked)),
        input,
      );
    },
  };
}

/** Parameters of before there were expressions. */
const LEGACY = [
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
] as const;

function checkLegacy(input: { readonly [Name in (typeof LEGACY)[number]]?: unknown }): void {
  const used = LEGACY.find((name) => input[name] !== undefined);
  if (used === undefined) return;
  throw new AwsError(
    'ValidationException',
    `Firedrill does not act on the legacy parameter ${used}: use an expression.`,
  );
}

/** @throws AwsError when there is no name. */
export function named({ TableName: name }: { readonly TableName?: string | undefined }): string {
  if (name !== undefined && name !== '') return name;
  throw new AwsError(
    'ValidationException',
    "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
  );
}

export function keyOf({ Key: key }: { readonly Key?: Record<string, WireValue> | undefined }): Item {
  return itemFrom(key ?? {});
}

function startOf({
  ExclusiveStartKey: start,
}: {
  readonly ExclusiveStartKey?: Record<string, WireValue> | undefined;
}): Item | undefined {
  return start === undefined ? undefined : itemFrom(start);
}

/** What stands for values in expressions. */
export function placeheld({
  ExpressionAttributeValues: values,
}: {
  readonly ExpressionAttributeValues?: Record<string, WireValue> | undefined;
}): { readonly ExpressionAttributeValues: Item | undefined } {
  return { ExpressionAttributeValues: values === undefined ? undefined : itemFrom(values) };
}

function attributesOf({ attributes }: Write): { Attributes?: Record<string, WireValue> } {
  return attributes === undefined ? {} : { Attributes: wireItem(attributes) };
}

interface Counted {
  readonly TableName?: string | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity | undefined;
}

function consumed(input: Counted, units: number): { ConsumedCapacity?: ConsumedCapacity } {
  const { ReturnConsumedCapacity: wanted = 'NONE', TableName: table } = input;
  if (wanted === 'NONE') return {};
  return { ConsumedCapacity: { TableName: table, CapacityUnits: units } };
}

function pageOf(
  { Items: items, LastEvaluatedKey: last, ...counts }: Page,
  input: Counted,
): {
  Items?: Record<string, WireValue>[];
  LastEvaluatedKey?: Record<string, WireValue>;
  Count: number;
  ScannedCount: number;
  ConsumedCapacity?: ConsumedCapacity;
} {
  return {
    ...counts,
    ...(items === undefined ? {} : { Items: items.map(wireItem) }),
    ...(last === undefined ? {} : { LastEvaluatedKey: wireItem(last) }),
    ...consumed(input, readUnits(items ?? [], input.ConsistentRead)),
  };
}
