import type { AttributeValue as WireValue, CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { BatchWrite, Item, TransactionAction } from '../../engine/index.ts';
import { batchGet, prepareBatch, prepareTransaction, transactGet } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { itemFrom, wireItem } from './attribute-values.ts';
import type { DynamoDbHandlers } from './handlers.ts';
import { inRegion } from './handlers.ts';
import { keyOf, named, placeheld } from './items.ts';

/** Several items in one request. */
export function severalItemHandlers(
  cloud: Cloud,
): Pick<DynamoDbHandlers, 'BatchGetItem' | 'BatchWriteItem' | 'TransactGetItems' | 'TransactWriteItems'> {
  return {
    BatchGetItem(input, call) {
      const requests = Object.entries(input.RequestItems ?? {}).flatMap(([TableName, { Keys: keys = [], ...rest }]) =>
        keys.map((key) => ({ ...rest, TableName, Key: itemFrom(key) })),
      );
      const found = inRegion(cloud, call, ({ find }) => batchGet(find, requests));
      const Responses: Record<string, Record<string, WireValue>[]> = Object.fromEntries(
        Object.keys(input.RequestItems ?? {}).map((table) => [table, []]),
      );
      for (const { table, item } of found) Responses[table]?.push(wireItem(item));
      return { Responses, UnprocessedKeys: {} };
    },
    BatchWriteItem(input, call) {
      const requests = Object.entries(input.RequestItems ?? {}).flatMap(([table, list]) =>
        list.map((request): BatchWrite => {
          if (request.PutRequest !== undefined)
            return { kind: 'put', table, item: itemFrom(request.PutRequest.Item ?? {}) };
          return { kind: 'delete', table, key: keyOf(request.DeleteRequest ?? {}) };
        }),
      );
      inRegion(cloud, call, ({ find, commit }) => commit(prepareBatch(find, requests)));
      return { UnprocessedItems: {} };
    },
    TransactGetItems(input, call) {
      const requests = (input.TransactItems ?? []).map(({ Get: get }) => ({
        ...get,
        TableName: named(get ?? {}),
        Key: keyOf(get ?? {}),
      }));
      const found = inRegion(cloud, call, ({ find }) => transactGet(find, requests));
      return { Responses: found.map((item) => (item === undefined ? {} : { Item: wireItem(item) })) };
    },
    TransactWriteItems(input, call) {
      const actions = (input.TransactItems ?? []).map(actionOf);
      try {
        inRegion(cloud, call, ({ find, commit }) => commit(prepareTransaction(find, actions)));
      } catch (error) {
        throw withWireReasons(error);
      }
      return {};
    },
  };
}

function actionOf(item: TransactWriteItem): TransactionAction {
  const { Put: put, Update: update, Delete: deletion, ConditionCheck: check } = item;
  if (put !== undefined)
    return { kind: 'put', input: { ...put, ...placeheld(put), TableName: named(put), Item: itemFrom(put.Item ?? {}) } };
  if (update !== undefined)
    return { kind: 'update', input: { ...update, ...placeheld(update), TableName: named(update), Key: keyOf(update) } };
  if (deletion !== undefined)
    return {
      kind: 'delete',
      input: { ...deletion, ...placeheld(deletion), TableName: named(deletion), Key: keyOf(deletion) },
    };
  if (check !== undefined)
    return { kind: 'check', input: { ...check, ...placeheld(check), TableName: named(check), Key: keyOf(check) } };
  throw new AwsError('ValidationException', 'TransactItems can only contain one of Check, Put, Update or Delete');
}

function withWireReasons(error: unknown): unknown {
  if (!(error instanceof AwsError) || error.code !== 'TransactionCanceledException') return error;
  const reasons = error.members['CancellationReasons'] as readonly { Code: string; Message?: string; Item?: Item }[];
  const CancellationReasons = reasons.map(({ Item: item, ...reason }): CancellationReason =>
    item === undefined ? reason : { ...reason, Item: wireItem(item) },
  );
  return new AwsError(error.code, error.message, error.status, { CancellationReasons });
}
