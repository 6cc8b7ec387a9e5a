import type { Serverless, ServerlessResource } from './serverless-stack.ts';
import { addMain, checkProperties, passed, tagsOf } from './serverless-stack.ts';
import { get } from './node.ts';
import type { Written } from './written-node.ts';

const TYPE = 'AWS::Serverless::SimpleTable';
const TAKEN = 'PointInTimeRecoverySpecification PrimaryKey ProvisionedThroughput SSESpecification TableName Tags'.split(
  ' ',
);

/** Types of keys, as SAM calls them and as DynamoDB does. */
const KEY_TYPES: Readonly<Record<string, string>> = { String: 'S', Number: 'N', Binary: 'B' };

/** A table with a single key, `id` of the type String unless it is said (RS 8.37). */
export function expandTable(sam: Serverless, from: ServerlessResource): void {
  const { properties } = from;
  checkProperties(from, TYPE, { taken: TAKEN, notYet: {} }, sam.tell);
  const key = get(properties, 'PrimaryKey');
  const name: Written = get(key, 'Name') ?? 'id';
  const written = get(key, 'Type');
  const type = written?.kind === 'text' ? KEY_TYPES[written.text] : undefined;
  if (written !== undefined && written.kind !== 'unknown' && type === undefined)
    sam.tell.error('template/property', written.at, 'Type of a PrimaryKey must be String, Number or Binary.', {
      facts: ['RS 8.37'],
    });
  const throughput = get(properties, 'ProvisionedThroughput');
  const tags = get(properties, 'Tags');
  addMain(sam, from, 'AWS::DynamoDB::Table', {
    AttributeDefinitions: [{ AttributeName: name, AttributeType: type ?? 'S' }],
    KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
    ...(throughput === undefined ? { BillingMode: 'PAY_PER_REQUEST' } : { ProvisionedThroughput: throughput }),
    ...passed(properties, ['PointInTimeRecoverySpecification', 'SSESpecification', 'TableName']),
    ...(tags === undefined ? {} : { Tags: tagsOf(tags, 'lambda:createdBy') }),
  });
}
