import { expect, test } from 'vitest';
import { openTestWorld } from './world.fixture.ts';

const QUEUE = '  Queue: { Type: AWS::SQS::Queue }\n';
const TABLE =
  '  Table: { Type: AWS::DynamoDB::Table, Properties: { KeySchema: [{ AttributeName: a, KeyType: HASH }], AttributeDefinitions: [{ AttributeName: a, AttributeType: S }], BillingMode: PAY_PER_REQUEST } }\n';

test('what a stack deploys and the world does not act on is told for as long as it is deployed', async () => {
  const { aws } = await openTestWorld({ 'eu-west-1': `${QUEUE}${TABLE}`, 'us-east-1': TABLE });
  expect(aws.warnings()).toMatchObject([
    { code: 'template/unknown-resource-type', weight: 'warning', place: { file: 'eu-west-1.yaml' } },
  ]);
});
