import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { openStores } from '../stores.fixture.ts';

const TableName = 'rules';
const CREATION = new CreateTableCommand({
  TableName,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
});

async function opened(): Promise<{ ireland: DynamoDBClient; virginia: DynamoDBClient; mistakes: unknown[] }> {
  const { client, mistakes } = await openStores();
  const ireland = new DynamoDBClient(client);
  await ireland.send(CREATION);
  return { ireland, virginia: new DynamoDBClient({ ...client, region: 'us-east-1' }), mistakes };
}

function item(sk: number, more: Record<string, AttributeValue> = {}): Record<string, AttributeValue> {
  return { pk: { S: 'a' }, sk: { N: String(sk) }, ...more };
}

async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  }
}

describe('a table', () => {
  test('is made, told of, listed and deleted in its Region (RS 7.10)', async () => {
    const { ireland, virginia, mistakes } = await opened();
    await waitUntilTableExists({ client: ireland, maxWaitTime: 60 }, { TableName });
    const { Table } = await ireland.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/rules',
      TableStatus: 'ACTIVE',
      KeySchema: CREATION.input.KeySchema,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
    expect((await ireland.send(new ListTablesCommand({}))).TableNames).toEqual(['rules']);
    expect((await virginia.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    expect(await failure(ireland.send(CREATION))).toBe('ResourceInUseException: Table already exists: rules');
    await ireland.send(new DeleteTableCommand({ TableName }));
    await waitUntilTableNotExists({ client: ireland, maxWaitTime: 60 }, { TableName });
    expect(await failure(ireland.send(new ScanCommand({ TableName })))).toBe(
      'ResourceNotFoundException: Requested resource not found',
    );
    expect(mistakes).toEqual([]);
  });

  test('gets a replica with all that it has, and both are written to (RS 7.1)', async () => {
    const { ireland, virginia, mistakes } = await opened();
    await ireland.send(new PutItemCommand({ TableName, Item: item(1) }));
    await ireland.send(
      new UpdateTableCommand({ TableName, ReplicaUpdates: [{ Create: { RegionName: 'us-east-1' } }] }),
    );
    expect((await virginia.send(new GetItemCommand({ TableName, Key: item(1) }))).Item).toEqual(item(1));
    const { Table } = await virginia.send(new DescribeTableCommand({ TableName }));
    expect(Table?.Replicas).toEqual([{ RegionName: 'eu-west-1', ReplicaStatus: 'ACTIVE' }]);
    expect(await failure(virginia.send(new PutItemCommand({ TableName, Item: item(2) })))).toBe('done');
    expect(mistakes).toEqual([]);
  });
});

describe('items', () => {
  test('are put, read, updated and deleted, with every type of value', async () => {
    const { ireland, mistakes } = await opened();
    const all = item(1, {
      text: { S: 'ünï' },
      number: { N: '12345678901234567890123456789012345678' },
      bytes: { B: Uint8Array.of(0, 255) },
      yes: { BOOL: true },
      nothing: { NULL: true },
      list: { L: [{ S: 'x' }, { M: { deep: { N: '1' } } }] },
      texts: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2'] },
    });
    await ireland.send(new PutItemCommand({ TableName, Item: all }));
    expect((await ireland.send(new GetItemCommand({ TableName, Key: item(1), ConsistentRead: true }))).Item).toEqual(
      all,
    );
    // RS 7.4
    expect((await ireland.send(new GetItemCommand({ TableName, Key: item(2) }))).Item).toBeUndefined();
    const { Attributes } = await ireland.send(
      new UpdateItemCommand({
        TableName,
        Key: item(3),
        UpdateExpression: 'ADD hits :one SET #l = :here',
        ExpressionAttributeNames: { '#l': 'location' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':here': { S: 'Dublin' } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    expect(Attributes).toEqual({ hits: { N: '1' }, location: { S: 'Dublin' } });
    expect(mistakes).toEqual([]);
  });

  test('are written under conditions, and refused in DynamoDB’s words (RS 7.19)', async () => {
    const { ireland, mistakes } = await opened();
    const once = new PutItemCommand({
      TableName,
      Item: item(1),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await ireland.send(once);
    const error: unknown = await ireland.send(once).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: item(1),
      $metadata: { httpStatusCode: 400 },
    });
    expect(await failure(ireland.send(new PutItemCommand({ TableName, Item: { pk: { S: 'a' } } })))).toBe(
      'ValidationException: One or more parameter values were invalid: Missing the key sk in the item',
    );
    expect(await failure(ireland.send(new PutItemCommand({ TableName: 'none', Item: item(1) })))).toBe(
      'ResourceNotFoundException: Requested resource not found',
    );
    expect(mistakes).toEqual([]);
  });

  test('are read and written several at once, and all or none of them in a transaction (RS 7.16)', async () => {
    const { ireland, mistakes } = await opened();
    const puts = Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: item(i) } }));
    await ireland.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
    const tooMany = { RequestItems: { [TableName]: [...puts, { PutRequest: { Item: item(99) } }] } };
    expect(await failure(ireland.send(new BatchWriteItemCommand(tooMany)))).toContain('ValidationException');
    const { Responses } = await ireland.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [item(3), item(99)] } } }),
    );
    expect(Responses).toEqual({ [TableName]: [item(3)] });
    const transaction = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName, Item: item(100) } },
        { ConditionCheck: { TableName, Key: item(200), ConditionExpression: 'attribute_exists(pk)' } },
      ],
    });
    const error: unknown = await ireland.send(transaction).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    expect((await ireland.send(new GetItemCommand({ TableName, Key: item(100) }))).Item).toBeUndefined();
    expect(mistakes).toEqual([]);
  });

  test('are queried page by page (RS 7.15)', async () => {
    const { ireland, mistakes } = await opened();
    for (const sk of [1, 2, 3]) await ireland.send(new PutItemCommand({ TableName, Item: item(sk) }));
    const query = {
      TableName,
      KeyConditionExpression: 'pk = :a',
      ExpressionAttributeValues: { ':a': { S: 'a' } },
      Limit: 2,
      ReturnConsumedCapacity: 'TOTAL' as const,
    };
    const first = await ireland.send(new QueryCommand(query));
    expect([first.Items, first.LastEvaluatedKey, first.ConsumedCapacity?.CapacityUnits]).toEqual([
      [item(1), item(2)],
      item(2),
      0.5,
    ]);
    const second = await ireland.send(new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }));
    expect([second.Items, second.LastEvaluatedKey]).toEqual([[item(3)], undefined]);
    expect(mistakes).toEqual([]);
  });
});

test('is asked in JSON 1.0, by the operation in X-Amz-Target (RS 7.9)', async () => {
  const { endpoint } = await openStores();
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.DescribeTable',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: JSON.stringify({ TableName: 'none' }),
  });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/x-amz-json-1.0']);
  expect(await answer.json()).toMatchObject({
    __type: expect.stringMatching(/#ResourceNotFoundException$/) as string,
    message: 'Requested resource not found: Table: none not found',
  });
});
