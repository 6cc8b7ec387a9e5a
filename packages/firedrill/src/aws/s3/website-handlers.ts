import type { Protocol, WebsiteConfiguration } from '@aws-sdk/client-s3';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Properties } from './configuration.ts';
import { configured, listIn, mapIn, textIn } from './configuration.ts';
import type { S3Handlers } from './handlers.ts';

/** Website hosting: templates write it a little otherwise than the API does. */
export function websiteHandlers(
  cloud: Cloud,
): Pick<S3Handlers, 'GetBucketWebsite' | 'PutBucketWebsite' | 'DeleteBucketWebsite'> {
  return {
    GetBucketWebsite(input, call) {
      const { properties } = configured(cloud, { action: 's3:GetBucketWebsite', bucket: input.Bucket }, call);
      const website = mapIn(properties, 'WebsiteConfiguration');
      if (website === undefined)
        throw new AwsError(
          'NoSuchWebsiteConfiguration',
          'The specified bucket does not have a website configuration',
          404,
          { BucketName: input.Bucket ?? '' },
        );
      return fromTemplate(website);
    },
    async PutBucketWebsite(input, call) {
      const bucket = configured(cloud, { action: 's3:PutBucketWebsite', bucket: input.Bucket }, call);
      await bucket.change({ WebsiteConfiguration: toTemplate(input.WebsiteConfiguration ?? {}) });
      return {};
    },
    async DeleteBucketWebsite(input, call) {
      const bucket = configured(cloud, { action: 's3:DeleteBucketWebsite', bucket: input.Bucket }, call);
      await bucket.change({ WebsiteConfiguration: undefined });
      return {};
    },
  };
}

function toTemplate(website: WebsiteConfiguration): Properties {
  const {
    IndexDocument: index,
    ErrorDocument: error,
    RedirectAllRequestsTo: everything,
    RoutingRules: rules,
  } = website;
  return {
    ...(index === undefined ? {} : { IndexDocument: index.Suffix }),
    ...(error === undefined ? {} : { ErrorDocument: error.Key }),
    ...(everything === undefined ? {} : { RedirectAllRequestsTo: everything }),
    ...(rules === undefined
      ? {}
      : {
          RoutingRules: rules.map(({ Condition: condition, Redirect: redirect }) => ({
            ...(condition === undefined ? {} : { RoutingRuleCondition: condition }),
            RedirectRule: redirect ?? {},
          })),
        }),
  };
}

function fromTemplate(website: Properties): WebsiteConfiguration {
  const [index, error] = [textIn(website, 'IndexDocument'), textIn(website, 'ErrorDocument')];
  const everything = mapIn(website, 'RedirectAllRequestsTo');
  const protocol = textIn(everything, 'Protocol') as Protocol | undefined;
  const rules = listIn(website, 'RoutingRules');
  return {
    ...(index === undefined ? {} : { IndexDocument: { Suffix: index } }),
    ...(error === undefined ? {} : { ErrorDocument: { Key: error } }),
    ...(everything === undefined
      ? {}
      : {
          RedirectAllRequestsTo: {
            HostName: textIn(everything, 'HostName') ?? '',
            ...(protocol === undefined ? {} : { Protocol: protocol }),
          },
        }),
    ...(rules.length === 0
      ? {}
      : {
          RoutingRules: rules.map((rule) => ({
            ...(mapIn(rule, 'RoutingRuleCondition') === undefined
              ? {}
              : { Condition: { ...mapIn(rule, 'RoutingRuleCondition') } }),
            Redirect: { ...mapIn(rule, 'RedirectRule') },
          })),
        }),
  };
}
