import type { CreateTableCommandInput, TableDescription } from '@aws-sdk/client-dynamodb';
import type { DeployedResource, Table } from '../../model/index.ts';
import type { TableContents } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';
import { plainProperties } from '../plain-values.ts';
import type { DynamoDbHandler, DynamoDbHandlers } from './handlers.ts';
import { checkUp } from './handlers.ts';
import { named } from './items.ts';

const GLOBAL_TABLE = 'AWS::DynamoDB::GlobalTable';

/** Tables themselves. They are there, and gone, at once. */
export function tableHandlers(
  cloud: Cloud,
): Pick<
  DynamoDbHandlers,
  | 'CreateTable'
  | 'DeleteTable'
  | 'DescribeContinuousBackups'
  | 'DescribeTable'
  | 'DescribeTimeToLive'
  | 'ListTables'
  | 'ListTagsOfResource'
  | 'UpdateTable'
  | 'UpdateTimeToLive'
> {
  return {
    CreateTable: creation(cloud),
    async DeleteTable(input, call) {
      const { table } = tableFor(cloud, named(input), call);
      if (table.isDeletionProtected)
        throw new AwsError(
          'ValidationException',
          `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
        );
      const description = describe(cloud, table);
      await removeReplica(cloud, table);
      return { TableDescription: { ...description, TableStatus: 'DELETING' } };
    },
    DescribeTable(input, call) {
      return { Table: describe(cloud, tableFor(cloud, named(input), call).table) };
    },
    ListTables(input, call) {
      checkUp(cloud, call);
      const { ExclusiveStartTableName: after = '', Limit: most = 100 } = input;
      const names = cloud
        .world()
        .architecture.tables.filter(({ region, name }) => region === call.region && name > after)
        .map(({ name }) => name)
        .toSorted();
      const shown = names.slice(0, most);
      const last = shown.at(-1);
      return {
        TableNames: shown,
        ...(names.length > most && last !== undefined ? { LastEvaluatedTableName: last } : {}),
      };
    },
    UpdateTable: update(cloud),
    ...expiry(cloud),
    DescribeContinuousBackups(input, call) {
      tableFor(cloud, named(input), call);
      const recovery = { PointInTimeRecoveryStatus: 'DISABLED' } as const;
      return {
        ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: recovery },
      };
    },
    ListTagsOfResource(input, call) {
      const { table } = tableFor(cloud, input.ResourceArn ?? '', call);
      const tags = plainProperties(resourceOf(cloud, table).properties)['Tags'];
      return { Tags: Array.isArray(tags) ? (tags as { Key: string; Value: string }[]) : [] };
    },
  };
}

function expiry(cloud: Cloud): Pick<DynamoDbHandlers, 'DescribeTimeToLive' | 'UpdateTimeToLive'> {
  return {
    DescribeTimeToLive(input, call) {
      const { timeToLiveAttribute: attribute } = tableFor(cloud, named(input), call).table;
      return {
        TimeToLiveDescription:
          attribute === undefined
            ? { TimeToLiveStatus: 'DISABLED' }
            : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute },
      };
    },
    async UpdateTimeToLive(input, call) {
      const { table } = tableFor(cloud, named(input), call);
      const { TimeToLiveSpecification: wanted } = input;
      await change(cloud, table, {
        TimeToLiveSpecification: { Enabled: wanted?.Enabled ?? false, AttributeName: wanted?.AttributeName },
      });
      return { TimeToLiveSpecification: wanted };
    },
  };
}

/** @throws AwsError when there is no such table in the Region. */
function tableFor(cloud: Cloud, name: string, call: Call): TableContents {
  checkUp(cloud, call);
  const contents = cloud.world().tables.contentsOf(call.region, name);
  if (contents !== undefined) return contents;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

/** What the estate has of a table. */
function resourceOf(cloud: Cloud, { name, stack, logicalId }: Table): DeployedResource {
  const resource = cloud.estate
    .architecture()
    .resources.find((each) => each.physicalId === name && each.stack === stack && each.logicalId === logicalId);
  if (resource === undefined) throw new AwsError('InternalServerError', `nothing made the table ${name}`, 500);
  return resource;
}

async function change(cloud: Cloud, table: Table, properties: Readonly<Record<string, unknown>>): Promise<void> {
  const resource = resourceOf(cloud, table);
  await cloud.estate.changeResource(table.name, { ...plainProperties(resource.properties), ...properties }, resource);
}

/** A table made through the API may get replicas afterwards, so it is a global one in one Region to begin with (RS 7.18). */
function creation(cloud: Cloud): DynamoDbHandler<'CreateTable'> {
  return async (input, call) => {
    checkUp(cloud, call);
    const name = named(input);
    if (!/^[\w.-]{3,255}$/.test(name))
      throw new AwsError(
        'ValidationException',
        `Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'`,
      );
    if (cloud.world().tables.contentsOf(call.region, name) !== undefined)
      throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
    checkDefinitions(input);
    const stream = input.StreamSpecification;
    await cloud.estate.putResource({
      region: call.region,
      type: GLOBAL_TABLE,
      properties: {
        TableName: name,
        AttributeDefinitions: input.AttributeDefinitions,
        KeySchema: input.KeySchema,
        BillingMode: input.BillingMode ?? 'PROVISIONED',
        GlobalSecondaryIndexes: input.GlobalSecondaryIndexes?.map(indexProperties),
        LocalSecondaryIndexes: input.LocalSecondaryIndexes,
        ...(stream?.StreamEnabled === true ? { StreamSpecification: { StreamViewType: stream.StreamViewType } } : {}),
        Replicas: [
          {
            Region: call.region,
            Tags: input.Tags,
            DeletionProtectionEnabled: input.DeletionProtectionEnabled ?? false,
          },
        ],
      },
    });
    const { table } = tableFor(cloud, name, call);
    return { TableDescription: { ...describe(cloud, table), TableStatus: 'CREATING' } };
  };
}

function indexProperties({
  IndexName,
  KeySchema,
  Projection,
}: NonNullable<CreateTableCommandInput['GlobalSecondaryIndexes']>[number]): object {
  return { IndexName, KeySchema, Projection };
}

function checkDefinitions({
  AttributeDefinitions: definitions = [],
  KeySchema: keys = [],
  GlobalSecondaryIndexes: globals = [],
  LocalSecondaryIndexes: locals = [],
}: CreateTableCommandInput): void {
  const used = [...keys, ...[...globals, ...locals].flatMap((index) => index.KeySchema ?? [])];
  const names = new Set(used.map(({ AttributeName: name }) => name));
  const defined = definitions.map(({ AttributeName: name }) => name);
  if (defined.length > names.size || defined.some((name) => !names.has(name)))
    throw new AwsError(
      'ValidationException',
      'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  const missing = [...names].find((name) => !defined.includes(name));
  if (missing !== undefined)
    throw new AwsError(
      'ValidationException',
      `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${missing}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
}

function update(cloud: Cloud): DynamoDbHandler<'UpdateTable'> {
  return async (input, call) => {
    const { table } = tableFor(cloud, named(input), call);
    const resource = resourceOf(cloud, table);
    const properties = plainProperties(resource.properties);
    const changes: Record<string, unknown> = {};
    if (input.BillingMode !== undefined) changes['BillingMode'] = input.BillingMode;
    if (input.AttributeDefinitions !== undefined) changes['AttributeDefinitions'] = input.AttributeDefinitions;
    if (input.StreamSpecification?.StreamEnabled === true)
      changes['StreamSpecification'] = { StreamViewType: input.StreamSpecification.StreamViewType };
    if (input.GlobalSecondaryIndexUpdates !== undefined)
      changes['GlobalSecondaryIndexes'] = changedIndexes(
        properties['GlobalSecondaryIndexes'],
        input.GlobalSecondaryIndexUpdates,
      );
    const isProtected = input.DeletionProtectionEnabled;
    if (resource.type === GLOBAL_TABLE)
      changes['Replicas'] = changedReplicas(properties['Replicas'], call.region, input);
    else if (input.ReplicaUpdates !== undefined)
      throw new AwsError(
        'ValidationException',
        `${table.name} is an AWS::DynamoDB::Table of a stack; Firedrill gives replicas to tables of the type ${GLOBAL_TABLE}.`,
      );
    else if (isProtected !== undefined) changes['DeletionProtectionEnabled'] = isProtected;
    await change(cloud, table, changes);
    return { TableDescription: describe(cloud, tableFor(cloud, table.name, call).table) };
  };
}

type Listed = readonly Readonly<Record<string, unknown>>[];

function changedIndexes(
  before: unknown,
  updates: NonNullable<Parameters<DynamoDbHandler<'UpdateTable'>>[0]['GlobalSecondaryIndexUpdates']>,
): Listed {
  let indexes = (before ?? []) as Listed;
  for (const { Create: made, Delete: gone } of updates) {
    if (gone !== undefined) indexes = indexes.filter(({ IndexName: name }) => name !== gone.IndexName);
    if (made !== undefined)
      indexes = [...indexes, { IndexName: made.IndexName, KeySchema: made.KeySchema, Projection: made.Projection }];
  }
  return indexes;
}

function changedReplicas(
  before: unknown,
  region: string,
  {
    ReplicaUpdates: updates = [],
    DeletionProtectionEnabled: isProtected,
  }: Parameters<DynamoDbHandler<'UpdateTable'>>[0],
): Listed {
  let replicas = (before ?? []) as Listed;
  for (const { Create: made, Delete: gone } of updates) {
    if (made !== undefined && replicas.some(({ Region: own }) => own === made.RegionName))
      throw new AwsError(
        'ValidationException',
        `Failed to create a the new replica of table with name: a replica already exists in the region ${made.RegionName ?? ''}`,
      );
    if (made !== undefined) replicas = [...replicas, { Region: made.RegionName }];
    if (gone !== undefined) replicas = replicas.filter(({ Region: own }) => own !== gone.RegionName);
  }
  if (isProtected === undefined) return replicas;
  return replicas.map((replica) =>
    replica['Region'] === region ? { ...replica, DeletionProtectionEnabled: isProtected } : replica,
  );
}

/** The last replica takes the table with it; that of the Region where the table was made can only be the last. */
async function removeReplica(cloud: Cloud, table: Table): Promise<void> {
  const resource = resourceOf(cloud, table);
  if (table.replicaRegions.length === 0) {
    await cloud.estate.removeResource(table.name, { type: resource.type, region: resource.region });
    return;
  }
  if (resource.region === table.region)
    throw new AwsError(
      'ValidationException',
      `Replica cannot be deleted because it is where ${table.name} was made and the table has other replicas.`,
    );
  const replicas = plainProperties(resource.properties)['Replicas'] as Listed;
  await change(cloud, table, { Replicas: replicas.filter(({ Region: own }) => own !== table.region) });
}

function describe(cloud: Cloud, table: Table): TableDescription {
  const contents = cloud.world().tables.contentsOf(table.region, table.name);
  const { keys, indexes } = table;
  const of = (kind: 'global' | 'local'): NonNullable<TableDescription['LocalSecondaryIndexes']> =>
    indexes
      .filter((index) => index.kind === kind)
      .map((index) => ({
        IndexName: index.name,
        KeySchema: schemaOf(index.keys),
        Projection:
          typeof index.projection === 'string'
            ? { ProjectionType: index.projection }
            : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.projection] },
        IndexArn: `${table.arn}/index/${index.name}`,
        IndexSizeBytes: 0,
        ItemCount: 0,
      }));
  const replicas = table.replicaRegions.filter((region) => region !== table.region);
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableStatus: 'ACTIVE',
    CreationDateTime: new Date(cloud.epochMs() - cloud.now() / 1000),
    AttributeDefinitions: Object.entries(table.attributeTypes).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    KeySchema: schemaOf(keys),
    ItemCount: contents?.count ?? 0,
    TableSizeBytes: contents?.bytes ?? 0,
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    ...(table.isBilledPerRequest ? { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } } : {}),
    ...(of('global').length > 0
      ? { GlobalSecondaryIndexes: of('global').map((index) => ({ ...index, IndexStatus: 'ACTIVE' })) }
      : {}),
    ...(of('local').length > 0 ? { LocalSecondaryIndexes: of('local') } : {}),
    ...(table.streamViewType === undefined
      ? {}
      : { StreamSpecification: { StreamEnabled: true, StreamViewType: table.streamViewType as 'NEW_IMAGE' } }),
    DeletionProtectionEnabled: table.isDeletionProtected,
    ...(replicas.length > 0
      ? {
          GlobalTableVersion: '2019.11.21',
          Replicas: replicas.map((RegionName) => ({ RegionName, ReplicaStatus: 'ACTIVE' })),
          MultiRegionConsistency: table.consistency,
        }
      : {}),
  };
}

function schemaOf({ hash, range }: Table['keys']): NonNullable<TableDescription['KeySchema']> {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ];
}
