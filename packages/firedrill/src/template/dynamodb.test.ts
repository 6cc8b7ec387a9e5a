import { describe, expect, test } from 'vitest';
import { readTemplates } from './read-templates.ts';

const KEYS =
  'AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }, { AttributeName: sk, AttributeType: N }], KeySchema: [{ AttributeName: pk, KeyType: HASH }]';
const REPLICAS = 'Replicas: [{ Region: eu-west-1 }, { Region: us-east-1 }]';

function read(type: string, properties: string): ReturnType<typeof readTemplates> {
  const text = `Resources:\n  Rules: { Type: AWS::DynamoDB::${type}, Properties: { ${properties} } }\n`;
  return readTemplates({
    sources: [{ file: 'a.yaml', text, stack: 'Data', region: 'eu-west-1', parameters: {}, code: {} }],
    zones: {},
  });
}

function said(type: string, properties: string): string {
  return read(type, properties)
    .findings.map(({ weight, says }) => `${weight}: ${says}`)
    .join('\n');
}

describe('a table', () => {
  test('has a name of its own, keys, indexes and what else is acted on', () => {
    const index =
      'GlobalSecondaryIndexes: [{ IndexName: by-sk, KeySchema: [{ AttributeName: sk, KeyType: HASH }], Projection: { ProjectionType: INCLUDE, NonKeyAttributes: [note] } }]';
    const { value, findings } = read('Table', `${KEYS}, BillingMode: PAY_PER_REQUEST, ${index}`);
    expect(findings).toEqual([]);
    expect(value.tables).toMatchObject([
      {
        name: expect.stringMatching(/^Data-Rules-[0-9A-Z]{13}$/) as string,
        region: 'eu-west-1',
        keys: { hash: 'pk' },
        attributeTypes: { pk: 'S', sk: 'N' },
        indexes: [{ name: 'by-sk', kind: 'global', keys: { hash: 'sk' }, projection: ['note'] }],
        isBilledPerRequest: true,
        replicaRegions: [],
      },
    ]);
  });

  test.each([
    ['KeySchema: [{ AttributeName: pk, KeyType: HASH }]', 'error: The key pk is not among the AttributeDefinitions.'],
    [
      'AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }], KeySchema: [{ AttributeName: pk, KeyType: RANGE }]',
      'error: A KeySchema has one HASH key and at most one RANGE key.',
    ],
    [
      'AttributeDefinitions: [{ AttributeName: pk, AttributeType: M }], KeySchema: [{ AttributeName: pk, KeyType: HASH }]',
      'error: AttributeType is M; it must be one of S, N, B.',
    ],
  ])('of %s is told about', (properties, expected) => {
    expect(said('Table', properties)).toContain(expected);
  });
});

describe('a global table', () => {
  test('is a table of one name in each of its Regions', () => {
    const { value, findings } = read('GlobalTable', `TableName: rules, ${KEYS}, ${REPLICAS}`);
    expect(findings).toEqual([]);
    const regions = ['eu-west-1', 'us-east-1'];
    expect(
      value.tables.map(({ name, region, arn, replicaRegions }) => ({ name, region, arn, replicaRegions })),
    ).toEqual(
      regions.map((region) => ({
        name: 'rules',
        region,
        arn: `arn:aws:dynamodb:${region}:123456789012:table/rules`,
        replicaRegions: regions,
      })),
    );
  });

  test('has a replica where its stack is (RS 7.18)', () => {
    expect(said('GlobalTable', `TableName: rules, ${KEYS}, Replicas: [{ Region: us-east-1 }]`)).toBe(
      'error: rules is deployed in eu-west-1, so one of its Replicas must be there.',
    );
  });

  test('of one replica is an ordinary table (RS 7.18)', () => {
    expect(read('GlobalTable', `${KEYS}, Replicas: [{ Region: eu-west-1 }]`).value.tables[0]?.replicaRegions).toEqual(
      [],
    );
  });

  test('that is strongly consistent is in three Regions (RS 7.7)', () => {
    const strong = `TableName: rules, ${KEYS}, ${REPLICAS}, MultiRegionConsistency: STRONG`;
    expect(said('GlobalTable', strong)).toContain('so it is in three Regions: three replicas, or two and a witness.');
    expect(said('GlobalTable', `${strong}, GlobalTableWitnesses: [{ Region: us-west-2 }]`)).toBe('');
  });
});
