import type { KeyType, Table, TableIndex, TableKeys } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { idFrom, UPPER_ALPHANUMERIC, uuidFrom } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { arnOf, identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import { anything, boolean, inertFields, listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';
import type { Teller } from './teller.ts';

const KEY_SCHEMA = placed(
  listOf(shape('KeySchema', { AttributeName: required(text()), KeyType: required(oneOf(['HASH', 'RANGE'])) })),
);
const PROJECTION = shape('Projection', {
  ProjectionType: optional(oneOf(['ALL', 'KEYS_ONLY', 'INCLUDE'])),
  NonKeyAttributes: optional(listOf(text())),
});
const ATTRIBUTES = listOf(
  shape('AttributeDefinitions', { AttributeName: required(text()), AttributeType: required(oneOf(['S', 'N', 'B'])) }),
);
const LOCAL_INDEXES = listOf(
  shape('LocalSecondaryIndexes', {
    IndexName: required(text()),
    KeySchema: required(KEY_SCHEMA),
    Projection: required(PROJECTION),
  }),
);
const GLOBAL_INDEXES = listOf(
  shape('GlobalSecondaryIndexes', {
    IndexName: required(text()),
    KeySchema: required(KEY_SCHEMA),
    Projection: required(PROJECTION),
    ...inertFields('ContributorInsightsSpecification', 'OnDemandThroughput', 'ProvisionedThroughput', 'WarmThroughput'),
    ...inertFields('ReadOnDemandThroughputSettings', 'ReadProvisionedThroughputSettings'),
    ...inertFields('WriteOnDemandThroughputSettings', 'WriteProvisionedThroughputSettings'),
  }),
);

/** What both kinds of tables say. */
const COMMON = {
  TableName: optional(placed(text({ most: 255 }))),
  AttributeDefinitions: optional(ATTRIBUTES),
  KeySchema: required(KEY_SCHEMA),
  BillingMode: optional(oneOf(['PROVISIONED', 'PAY_PER_REQUEST'])),
  GlobalSecondaryIndexes: optional(GLOBAL_INDEXES),
  LocalSecondaryIndexes: optional(LOCAL_INDEXES),
  StreamSpecification: optional(
    shape('StreamSpecification', {
      StreamViewType: optional(oneOf(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'])),
      ResourcePolicy: optional(anything),
    }),
  ),
  TimeToLiveSpecification: optional(
    shape('TimeToLiveSpecification', { Enabled: required(boolean), AttributeName: optional(text()) }),
  ),
} as const;

const TABLE = shape('AWS::DynamoDB::Table', {
  ...COMMON,
  DeletionProtectionEnabled: optional(boolean),
  ...inertFields('ContributorInsightsSpecification', 'ImportSourceSpecification', 'KinesisStreamSpecification'),
  ...inertFields('OnDemandThroughput', 'PointInTimeRecoverySpecification', 'ProvisionedThroughput', 'ResourcePolicy'),
  ...inertFields('SSESpecification', 'TableClass', 'Tags', 'WarmThroughput'),
});

const GLOBAL_TABLE = shape('AWS::DynamoDB::GlobalTable', {
  ...COMMON,
  MultiRegionConsistency: optional(placed(oneOf(['EVENTUAL', 'STRONG'], ['RS 7.6']))),
  GlobalTableWitnesses: optional(listOf(shape('GlobalTableWitnesses', { Region: optional(text()) }))),
  Replicas: required(
    placed(
      listOf(
        shape('Replicas', {
          Region: required(text()),
          DeletionProtectionEnabled: optional(boolean),
          ...inertFields(
            'ContributorInsightsSpecification',
            'GlobalSecondaryIndexes',
            'GlobalTableSettingsReplicationMode',
          ),
          ...inertFields(
            'KinesisStreamSpecification',
            'PointInTimeRecoverySpecification',
            'ReadOnDemandThroughputSettings',
          ),
          ...inertFields('ReadProvisionedThroughputSettings', 'ReplicaStreamSpecification', 'ResourcePolicy'),
          ...inertFields('SSESpecification', 'TableClass', 'Tags'),
        }),
      ),
    ),
  ),
  ...inertFields('GlobalTableSourceArn', 'GlobalTableSettingsReplicationMode', 'ReadOnDemandThroughputSettings'),
  ...inertFields('ReadProvisionedThroughputSettings', 'SSESpecification', 'WarmThroughput'),
  ...inertFields('WriteOnDemandThroughputSettings', 'WriteProvisionedThroughputSettings'),
});

/** Tables, in one Region or several. */
export const DYNAMODB_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::DynamoDB::Table', { standing: 'acted-on', regional: true, read: readTable }],
  ['AWS::DynamoDB::GlobalTable', { standing: 'acted-on', regional: true, read: readGlobalTable }],
]);

function readTable(input: ResourceInput, draft: Draft): Identity {
  const name = nameOf(input);
  const own = tableIdentity(input, name);
  const properties = TABLE(input.properties, input.tell);
  if (properties === undefined) return own;
  const described = describedBy(properties, input.tell);
  if (described === undefined) return own;
  draft.tables.push({
    ...described,
    ...whereabouts(input, name, input.context.region),
    replicaRegions: [],
    consistency: 'EVENTUAL',
    isDeletionProtected: properties.DeletionProtectionEnabled ?? false,
  });
  return own;
}

/** A table of the same name in each of its Regions. */
function readGlobalTable(input: ResourceInput, draft: Draft): Identity {
  const name = nameOf(input);
  const own = tableIdentity(input, name);
  const properties = GLOBAL_TABLE(input.properties, input.tell);
  if (properties === undefined) return own;
  const described = describedBy(properties, input.tell);
  if (described === undefined) return own;
  const { Replicas: replicas, MultiRegionConsistency: consistency, GlobalTableWitnesses: witnesses = [] } = properties;
  const regions = replicas.value.map(({ Region: region }) => region);
  const { region: home } = input.context;
  if (!regions.includes(home)) {
    const says = `${name} is deployed in ${home}, so one of its Replicas must be there.`;
    input.tell.error('template/property', replicas.at, says, { facts: ['RS 7.18'] });
    return own;
  }
  const witness = witnesses[0]?.Region;
  if (consistency?.value === 'STRONG' && regions.length + witnesses.length !== 3) {
    const says = `${name} is strongly consistent, so it is in three Regions: three replicas, or two and a witness.`;
    input.tell.error('template/property', consistency.at, says, { facts: ['RS 7.7'] });
    return own;
  }
  for (const replica of replicas.value)
    draft.tables.push({
      ...described,
      ...whereabouts(input, name, replica.Region),
      replicaRegions: regions.length > 1 ? regions : [],
      consistency: consistency?.value ?? 'EVENTUAL',
      ...(witness === undefined ? {} : { witnessRegion: witness }),
      isDeletionProtected: replica.DeletionProtectionEnabled ?? false,
    });
  return own;
}

/** Stack, logical id and something random, unless the template names it. */
function nameOf(input: ResourceInput): string {
  const { context, logicalId, seed } = input;
  return textProperty(input, 'TableName') ?? `${context.name}-${logicalId}-${idFrom(seed, 13, UPPER_ALPHANUMERIC)}`;
}

function tableIdentity(input: ResourceInput, name: string): Identity {
  const arn = arnOf(input, 'dynamodb', `table/${name}`);
  // The world began when its streams did.
  const streamArn = `${arn}/stream/2026-01-01T00:00:00.000`;
  return identity(name, { Arn: arn, StreamArn: streamArn, TableId: uuidFrom(`table ${input.seed}`) });
}

function whereabouts(
  { context, logicalId, at }: ResourceInput,
  name: string,
  region: string,
): Pick<Table, 'name' | 'arn' | 'region' | 'account' | 'stack' | 'logicalId' | 'place'> {
  const { partition, account } = context;
  const arn = `arn:${partition}:dynamodb:${region}:${account}:table/${name}`;
  return { name, arn, region, account, stack: context.name, logicalId, place: at };
}

type Described = Pick<
  Table,
  'keys' | 'attributeTypes' | 'indexes' | 'isBilledPerRequest' | 'timeToLiveAttribute' | 'streamViewType'
>;

function describedBy(
  properties: Omit<NonNullable<ReturnType<typeof TABLE>>, 'DeletionProtectionEnabled'>,
  tell: Teller,
): Described | undefined {
  const {
    AttributeDefinitions: definitions = [],
    KeySchema: schema,
    TimeToLiveSpecification: timeToLive,
    StreamSpecification: stream,
  } = properties;
  const attributeTypes: Record<string, KeyType> = Object.fromEntries(
    definitions.map(({ AttributeName: attribute, AttributeType: type }) => [attribute, type]),
  );
  const keys = keysOf(schema, attributeTypes, tell);
  const { GlobalSecondaryIndexes: globals = [], LocalSecondaryIndexes: locals = [] } = properties;
  const indexes = [
    ...globals.map((index) => indexOf(index, 'global', attributeTypes, tell)),
    ...locals.map((index) => indexOf(index, 'local', attributeTypes, tell)),
  ];
  const complete = indexes.filter((index) => index !== undefined);
  if (keys === undefined || complete.length < indexes.length) return undefined;
  const expiring = timeToLive?.Enabled === true ? timeToLive.AttributeName : undefined;
  const view = stream?.StreamViewType;
  return {
    keys,
    attributeTypes,
    indexes: complete,
    isBilledPerRequest: properties.BillingMode === 'PAY_PER_REQUEST',
    ...(expiring === undefined ? {} : { timeToLiveAttribute: expiring }),
    ...(view === undefined ? {} : { streamViewType: view }),
  };
}

function indexOf(
  index: NonNullable<NonNullable<ReturnType<typeof LOCAL_INDEXES>>>[number],
  kind: TableIndex['kind'],
  types: Readonly<Record<string, KeyType>>,
  tell: Teller,
): TableIndex | undefined {
  const keys = keysOf(index.KeySchema, types, tell);
  if (keys === undefined) return undefined;
  const { ProjectionType: type = 'ALL', NonKeyAttributes: attributes = [] } = index.Projection;
  return { name: index.IndexName, kind, keys, projection: type === 'INCLUDE' ? attributes : type };
}

/** A hash key, and perhaps a sort key, of attributes whose types are told. */
function keysOf(
  { value: schema, at }: NonNullable<ReturnType<typeof KEY_SCHEMA>>,
  types: Readonly<Record<string, KeyType>>,
  tell: Teller,
): TableKeys | undefined {
  const [hash, range] = ['HASH', 'RANGE'].map((kind) => schema.find(({ KeyType: own }) => own === kind)?.AttributeName);
  if (hash === undefined || schema.length > (range === undefined ? 1 : 2)) {
    tell.error('template/property', at, 'A KeySchema has one HASH key and at most one RANGE key.');
    return undefined;
  }
  const missing = [hash, ...(range === undefined ? [] : [range])].find((name) => !Object.hasOwn(types, name));
  if (missing !== undefined) {
    tell.error('template/property', at, `The key ${missing} is not among the AttributeDefinitions.`);
    return undefined;
  }
  return range === undefined ? { hash } : { hash, range };
}
