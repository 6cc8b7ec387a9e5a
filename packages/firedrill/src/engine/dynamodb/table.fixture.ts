import type { Table } from '../../model/index.ts';
import { BEGINNING } from '../../model/index.ts';
import type { Item } from './attribute-value.ts';
import { attempt } from './refusal.ts';
import type { UpdateInput } from './requests.ts';
import { TableContents } from './table-contents.ts';
import { prepareUpdate } from './writes.ts';

/** A table with a hash key `pk`, a sort key `sk` of numbers, and two indexes. */
export function table(more: Partial<Table> = {}): Table {
  return {
    name: 'rules',
    arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/rules',
    region: 'eu-west-1',
    account: '123456789012',
    keys: { hash: 'pk', range: 'sk' },
    attributeTypes: { pk: 'S', sk: 'N', place: 'S', rank: 'N' },
    indexes: [
      { name: 'by-place', kind: 'global', keys: { hash: 'place', range: 'rank' }, projection: 'KEYS_ONLY' },
      { name: 'by-rank', kind: 'local', keys: { hash: 'pk', range: 'rank' }, projection: 'ALL' },
    ],
    replicaRegions: [],
    consistency: 'EVENTUAL',
    isBilledPerRequest: true,
    isDeletionProtected: false,
    stack: 'test',
    logicalId: 'Rules',
    ...more,
  };
}

/** A table with a hash key `pk` alone. */
const SIMPLE: Table = table({ keys: { hash: 'pk' }, indexes: [], attributeTypes: { pk: 'S' } });

export function filled(of: Table, items: readonly Item[]): TableContents {
  const contents = new TableContents(of);
  for (const item of items) contents.write(contents.keyOf(item), item, { at: BEGINNING, seq: 0, region: of.region });
  return contents;
}

/** What an update makes of an item, as JSON without the key; or why it is refused. */
export function afterUpdate(
  before: Item,
  expression: string,
  values: Item = {},
  more: Partial<UpdateInput> = {},
): string {
  const key = { pk: { S: 'a' } };
  const contents = filled(SIMPLE, [{ ...key, ...before }]);
  const result = attempt(() =>
    prepareUpdate(contents, {
      TableName: 'rules',
      Key: key,
      UpdateExpression: expression,
      ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
      ...more,
    }),
  );
  if (result.kind === 'refused') return `${result.refusal.code}: ${result.refusal.message}`;
  const { pk: _pk, ...rest } = result.output.after ?? {};
  return JSON.stringify(rest);
}
