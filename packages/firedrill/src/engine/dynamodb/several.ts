import type { Item } from './attribute-value.ts';
import { DYNAMODB_FACTS } from './facts.ts';
import { getItem } from './reads.ts';
import { invalid, Refusal } from './refusal.ts';
import type { CheckInput, DeleteInput, GetInput, PutInput, UpdateInput } from './requests.ts';
import type { TableContents } from './table-contents.ts';
import { areEqual } from './values.ts';
import type { Write } from './writes.ts';
import { isSameItem, prepareCheck, prepareDelete, preparePut, prepareUpdate } from './writes.ts';

/** Finds a table by its name or ARN. @throws Refusal when there is none. */
export type FindTable = (name: string) => TableContents;

/** One request of a batch. */
export type BatchWrite =
  | { readonly kind: 'put'; readonly table: string; readonly item: Item }
  | { readonly kind: 'delete'; readonly table: string; readonly key: Item };

/** Writes that stand for themselves: no conditions, no item twice. */
export function prepareBatch(find: FindTable, requests: readonly BatchWrite[]): readonly Write[] {
  const most = DYNAMODB_FACTS.BATCH_WRITES_MAX.value;
  if (requests.length === 0 || requests.length > most)
    throw invalid('Too many items requested for the BatchWriteItem call');
  const writes = requests.map((request) =>
    request.kind === 'put'
      ? preparePut(find(request.table), { TableName: request.table, Item: request.item })
      : prepareDelete(find(request.table), { TableName: request.table, Key: request.key }),
  );
  for (const [index, write] of writes.entries())
    if (writes.slice(0, index).some((earlier) => isSameItem(earlier, write)))
      throw invalid('Provided list of item keys contains duplicates');
  return writes;
}

/** Items by their keys, each once; those that are not there are left out. */
export function batchGet(
  find: FindTable,
  requests: readonly GetInput[],
): readonly { readonly table: string; readonly item: Item }[] {
  if (requests.length > DYNAMODB_FACTS.BATCH_GETS_MAX.value)
    throw invalid('Too many items requested for the BatchGetItem call');
  for (const [index, { TableName: table, Key: key }] of requests.entries())
    if (
      requests
        .slice(0, index)
        .some((earlier) => earlier.TableName === table && areEqual({ M: earlier.Key }, { M: key }))
    )
      throw invalid('Provided list of item keys contains duplicates');
  return requests.flatMap((request) => {
    const item = getItem(find(request.TableName), request);
    return item === undefined ? [] : [{ table: request.TableName, item }];
  });
}

/** One action of a transaction. */
export type TransactionAction =
  | { readonly kind: 'check'; readonly input: CheckInput }
  | { readonly kind: 'put'; readonly input: PutInput }
  | { readonly kind: 'delete'; readonly input: DeleteInput }
  | { readonly kind: 'update'; readonly input: UpdateInput };

/**
 * All writes of a transaction, or none.
 * @throws Refusal `TransactionCanceledException`, which says of each action what stood against it.
 */
export function prepareTransaction(find: FindTable, actions: readonly TransactionAction[]): readonly Write[] {
  checkCount(actions.length);
  const outcomes = actions.map((action) => outcomeOf(() => prepared(find, action)));
  if (outcomes.some(({ kind }) => kind === 'failed')) throw cancelled(outcomes);
  const writes = outcomes.flatMap((outcome) => (outcome.kind === 'prepared' ? [outcome.value] : []));
  for (const [index, write] of writes.entries())
    if (writes.slice(0, index).some((earlier) => isSameItem(earlier, write)))
      throw invalid('Transaction request cannot include multiple operations on one item');
  return writes;
}

/** Items as they are at one moment. */
export function transactGet(find: FindTable, requests: readonly GetInput[]): readonly (Item | undefined)[] {
  checkCount(requests.length);
  return requests.map((request) => getItem(find(request.TableName), request));
}

function checkCount(count: number): void {
  const most = DYNAMODB_FACTS.TRANSACTION_ACTIONS_MAX.value;
  if (count > 0 && count <= most) return;
  throw invalid(
    `1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length ${count === 0 ? 'greater than or equal to 1' : `less than or equal to ${most}`}`,
  );
}

type Outcome =
  | { readonly kind: 'prepared'; readonly value: Write }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

function outcomeOf(prepare: () => Write): Outcome {
  try {
    return { kind: 'prepared', value: prepare() };
  } catch (error) {
    // Whatever else is wrong is wrong with the request, and not with the items as they are.
    if (error instanceof Refusal && error.code === 'ConditionalCheckFailedException')
      return { kind: 'failed', refusal: error };
    throw error;
  }
}

function prepared(find: FindTable, action: TransactionAction): Write {
  const contents = find(action.input.TableName);
  switch (action.kind) {
    case 'check':
      return prepareCheck(contents, action.input);
    case 'put':
      return preparePut(contents, action.input);
    case 'delete':
      return prepareDelete(contents, action.input);
    case 'update':
      return prepareUpdate(contents, action.input);
  }
}

function cancelled(outcomes: readonly Outcome[]): Refusal {
  const reasons = outcomes.map((outcome) =>
    outcome.kind === 'prepared'
      ? { Code: 'None' }
      : { Code: 'ConditionalCheckFailed', Message: outcome.refusal.message, ...outcome.refusal.members },
  );
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new Refusal(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}
