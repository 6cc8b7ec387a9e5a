import type { ReplicationRule } from '@aws-sdk/client-s3';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Properties } from './configuration.ts';
import { configured, listIn, mapIn, textIn } from './configuration.ts';
import type { S3Handlers } from './handlers.ts';

/** Replication between buckets: templates call an id and tags of rules otherwise than the API does. */
export function replicationHandlers(
  cloud: Cloud,
): Pick<S3Handlers, 'GetBucketReplication' | 'PutBucketReplication' | 'DeleteBucketReplication'> {
  return {
    GetBucketReplication(input, call) {
      const asking = { action: 's3:GetReplicationConfiguration', bucket: input.Bucket };
      const replication = mapIn(configured(cloud, asking, call).properties, 'ReplicationConfiguration');
      if (replication === undefined)
        throw new AwsError(
          'ReplicationConfigurationNotFoundError',
          'The replication configuration was not found',
          404,
          { BucketName: input.Bucket ?? '' },
        );
      const Rules = listIn(replication, 'Rules').map(ruleFromTemplate);
      return { ReplicationConfiguration: { Role: textIn(replication, 'Role') ?? '', Rules } };
    },
    async PutBucketReplication(input, call) {
      const bucket = configured(cloud, { action: 's3:PutReplicationConfiguration', bucket: input.Bucket }, call);
      // RS 5.24
      if (bucket.contents.bucket.versioning !== 'Enabled')
        throw new AwsError(
          'InvalidRequest',
          "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
        );
      const { Role: role, Rules: rules = [] } = input.ReplicationConfiguration ?? {};
      await bucket.change({ ReplicationConfiguration: { Role: role, Rules: rules.map(ruleToTemplate) } });
      return {};
    },
    async DeleteBucketReplication(input, call) {
      const bucket = configured(cloud, { action: 's3:PutReplicationConfiguration', bucket: input.Bucket }, call);
      await bucket.change({ ReplicationConfiguration: undefined });
      return {};
    },
  };
}

function ruleToTemplate({ ID: id, Filter: filter, ...rest }: ReplicationRule): Properties {
  const { Tag: tag, And: both, Prefix: prefix } = filter ?? {};
  return {
    ...rest,
    ...(id === undefined ? {} : { Id: id }),
    ...(filter === undefined
      ? {}
      : {
          Filter: {
            ...(prefix === undefined ? {} : { Prefix: prefix }),
            ...(tag === undefined ? {} : { TagFilter: tag }),
            ...(both === undefined ? {} : { And: { Prefix: both.Prefix, TagFilters: both.Tags } }),
          },
        }),
  };
}

function ruleFromTemplate({ Id: id, Filter: _filter, ...rest }: Properties, index: number): ReplicationRule {
  const filter = mapIn({ Filter: _filter }, 'Filter');
  const both = filter === undefined ? undefined : mapIn(filter, 'And');
  const tag = filter === undefined ? undefined : mapIn(filter, 'TagFilter');
  const prefix = textIn(filter, 'Prefix');
  const written = rest as Omit<ReplicationRule, 'ID' | 'Filter'>;
  const priority = rest['Priority'];
  return {
    ...written,
    ...(priority === undefined ? {} : { Priority: Number(priority) }),
    ID: typeof id === 'string' ? id : `rule-${index + 1}`,
    ...(filter === undefined
      ? {}
      : {
          Filter: {
            ...(prefix === undefined ? {} : { Prefix: prefix }),
            ...(tag === undefined ? {} : { Tag: { Key: textIn(tag, 'Key') ?? '', Value: textIn(tag, 'Value') ?? '' } }),
            ...(both === undefined
              ? {}
              : {
                  And: {
                    Prefix: textIn(both, 'Prefix'),
                    Tags: listIn(both, 'TagFilters').map((one) => ({
                      Key: textIn(one, 'Key') ?? '',
                      Value: textIn(one, 'Value') ?? '',
                    })),
                  },
                }),
          },
        }),
  };
}
