import type { Cloud } from './cloud.ts';

/** The wire protocols that AWS speaks. A service may speak several; the request shows which. */
export type ProtocolName = 'query' | 'json-1.0' | 'json-1.1' | 'rest-json' | 'rest-xml' | 'cbor';

/** What a client package exports, as far as serving its operations needs it: schemas by names that end in `$`. */
export type ClientModule = Readonly<Record<string, unknown>>;

/** A service's answers by operation, without the types of its model. */
export type AnyHandlers = Readonly<Record<string, ((input: never, call: never) => unknown) | undefined>>;

/** What is loaded when the first request for a service comes. */
interface LoadedService {
  readonly client: ClientModule;
  readonly handlers: AnyHandlers;
}

/** A service as requests name it, before anything of it is loaded. */
export interface Service {
  /** The stem of its file. */
  readonly name: string;
  /** What AWS calls it, as its clients do. */
  readonly serviceId: string;
  /** Names in the scope of signatures. */
  readonly signingNames: readonly string[];
  /** First labels of its host names, as `monitoring` of `monitoring.eu-west-1.amazonaws.com`. */
  readonly hostLabels: readonly string[];
  /** The first one is that of a request which shows none. */
  readonly protocols: readonly [ProtocolName, ...ProtocolName[]];
  /** What stands before the operation in `X-Amz-Target`. */
  readonly target: string;
  readonly apiVersion: string;
  /** Namespace of XML documents; empty when the service speaks none. */
  readonly xmlNamespace: string;
  /** Region that AWS has it in, whatever Region a request is signed for; undefined: it is in every Region. */
  readonly globalRegion?: string;
  readonly load: (cloud: Cloud) => Promise<LoadedService>;
}

/** Every service that the APIs speak. Its package and its handlers are loaded with the first request that is meant for it. */
export const SERVICES: readonly Service[] = [
  {
    name: 'cloudformation',
    serviceId: 'CloudFormation',
    signingNames: ['cloudformation'],
    hostLabels: ['cloudformation'],
    protocols: ['query'],
    target: 'CloudFormation',
    apiVersion: '2010-05-15',
    xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    load: async (cloud) => {
      const [client, { cloudformation }] = await Promise.all([
        import('@aws-sdk/client-cloudformation'),
        import('./services/cloudformation.ts'),
      ]);
      return { client, handlers: cloudformation(cloud) };
    },
  },
  {
    name: 'sts',
    serviceId: 'STS',
    signingNames: ['sts'],
    hostLabels: ['sts'],
    protocols: ['query'],
    target: 'AWSSecurityTokenServiceV20110615',
    apiVersion: '2011-06-15',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    load: async (cloud) => {
      const [client, { sts }] = await Promise.all([import('@aws-sdk/client-sts'), import('./services/sts.ts')]);
      return { client, handlers: sts(cloud) };
    },
  },
  {
    name: 'iam',
    serviceId: 'IAM',
    signingNames: ['iam'],
    hostLabels: ['iam'],
    protocols: ['query'],
    target: 'AWSIdentityManagementV20100508',
    apiVersion: '2010-05-08',
    xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    globalRegion: 'us-east-1',
    load: async (cloud) => {
      const [client, { iam }] = await Promise.all([import('@aws-sdk/client-iam'), import('./services/iam.ts')]);
      return { client, handlers: iam(cloud) };
    },
  },
  {
    name: 'ecr',
    serviceId: 'ECR',
    signingNames: ['ecr'],
    hostLabels: ['ecr', 'api.ecr'],
    protocols: ['json-1.1'],
    target: 'AmazonEC2ContainerRegistry_V20150921',
    apiVersion: '2015-09-21',
    xmlNamespace: '',
    load: async (cloud) => {
      const [client, { ecr }] = await Promise.all([import('@aws-sdk/client-ecr'), import('./services/ecr.ts')]);
      return { client, handlers: ecr(cloud) };
    },
  },
  {
    name: 'ssm',
    serviceId: 'SSM',
    signingNames: ['ssm'],
    hostLabels: ['ssm'],
    protocols: ['json-1.1'],
    target: 'AmazonSSM',
    apiVersion: '2014-11-06',
    xmlNamespace: '',
    load: async (cloud) => {
      const [client, { ssm }] = await Promise.all([import('@aws-sdk/client-ssm'), import('./services/ssm.ts')]);
      return { client, handlers: ssm(cloud) };
    },
  },
  {
    name: 's3',
    serviceId: 'S3',
    signingNames: ['s3', 's3express'],
    hostLabels: ['s3'],
    protocols: ['rest-xml'],
    target: 'AmazonS3',
    apiVersion: '2006-03-01',
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    load: async (cloud) => {
      const [client, { s3 }] = await Promise.all([import('@aws-sdk/client-s3'), import('./services/s3.ts')]);
      return { client, handlers: s3(cloud) };
    },
  },
  {
    name: 'route53',
    serviceId: 'Route 53',
    signingNames: ['route53'],
    hostLabels: ['route53'],
    protocols: ['rest-xml'],
    target: 'AWSDnsV20130401',
    apiVersion: '2013-04-01',
    xmlNamespace: 'https://route53.amazonaws.com/doc/2013-04-01/',
    globalRegion: 'us-east-1',
    load: async (cloud) => {
      const [client, { route53 }] = await Promise.all([
        import('@aws-sdk/client-route-53'),
        import('./services/route53.ts'),
      ]);
      return { client, handlers: route53(cloud) };
    },
  },
  {
    name: 'cloudfront',
    serviceId: 'CloudFront',
    signingNames: ['cloudfront'],
    hostLabels: ['cloudfront'],
    protocols: ['rest-xml'],
    target: 'Cloudfront2020_05_31',
    apiVersion: '2020-05-31',
    xmlNamespace: 'http://cloudfront.amazonaws.com/doc/2020-05-31/',
    globalRegion: 'us-east-1',
    load: async (cloud) => {
      const [client, { cloudfront }] = await Promise.all([
        import('@aws-sdk/client-cloudfront'),
        import('./services/cloudfront.ts'),
      ]);
      return { client, handlers: cloudfront(cloud) };
    },
  },
  {
    name: 'cloudwatch',
    serviceId: 'CloudWatch',
    signingNames: ['monitoring'],
    hostLabels: ['monitoring'],
    protocols: ['query', 'json-1.0', 'cbor'],
    target: 'GraniteServiceVersion20100801',
    apiVersion: '2010-08-01',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    load: async (cloud) => {
      const [client, { cloudwatch }] = await Promise.all([
        import('@aws-sdk/client-cloudwatch'),
        import('./services/cloudwatch.ts'),
      ]);
      return { client, handlers: cloudwatch(cloud) };
    },
  },
  {
    name: 'lambda',
    serviceId: 'Lambda',
    signingNames: ['lambda'],
    hostLabels: ['lambda'],
    protocols: ['rest-json'],
    target: 'AWSGirApiService',
    apiVersion: '2015-03-31',
    xmlNamespace: '',
    load: async (cloud) => {
      const [client, { lambda }] = await Promise.all([
        import('@aws-sdk/client-lambda'),
        import('./services/lambda.ts'),
      ]);
      return { client, handlers: lambda(cloud) };
    },
  },
  {
    name: 'api-gateway',
    serviceId: 'API Gateway',
    signingNames: ['apigateway'],
    hostLabels: ['apigateway'],
    protocols: ['rest-json'],
    target: 'BackplaneControlService',
    apiVersion: '2015-07-09',
    xmlNamespace: '',
    load: async (cloud) => {
      const [client, { apiGateway }] = await Promise.all([
        import('@aws-sdk/client-api-gateway'),
        import('./services/api-gateway.ts'),
      ]);
      return { client, handlers: apiGateway(cloud) };
    },
  },
  {
    name: 'api-gateway-v2',
    serviceId: 'ApiGatewayV2',
    signingNames: ['apigateway'],
    hostLabels: ['apigateway'],
    protocols: ['rest-json'],
    target: 'ApiGatewayV2',
    apiVersion: '2018-11-29',
    xmlNamespace: '',
    load: async (cloud) => {
      const [client, { apiGatewayV2 }] = await Promise.all([
        import('@aws-sdk/client-apigatewayv2'),
        import('./services/api-gateway-v2.ts'),
      ]);
      return { client, handlers: apiGatewayV2(cloud) };
    },
  },
  {
    name: 'certificate-manager',
    serviceId: 'ACM',
    signingNames: ['acm'],
    hostLabels: ['acm'],
    protocols: ['json-1.1'],
    target: 'CertificateManager',
    apiVersion: '2015-12-08',
    xmlNamespace: '',
    load: async (cloud) => {
      const [client, { certificateManager }] = await Promise.all([
        import('@aws-sdk/client-acm'),
        import('./services/certificate-manager.ts'),
      ]);
      return { client, handlers: certificateManager(cloud) };
    },
  },
  {
    name: 'dynamodb',
    serviceId: 'DynamoDB',
    signingNames: ['dynamodb'],
    hostLabels: ['dynamodb'],
    protocols: ['json-1.0', 'cbor'],
    target: 'DynamoDB_20120810',
    apiVersion: '2012-08-10',
    xmlNamespace: '',
    load: async (cloud) => {
      const [client, { dynamodb }] = await Promise.all([
        import('@aws-sdk/client-dynamodb'),
        import('./services/dynamodb.ts'),
      ]);
      return { client, handlers: dynamodb(cloud) };
    },
  },
  {
    name: 'resource-tagging',
    serviceId: 'Resource Groups Tagging API',
    signingNames: ['tagging'],
    hostLabels: ['tagging'],
    protocols: ['json-1.1'],
    target: 'ResourceGroupsTaggingAPI_20170126',
    apiVersion: '2017-01-26',
    xmlNamespace: '',
    load: async (cloud) => {
      const [client, { resourceTagging }] = await Promise.all([
        import('@aws-sdk/client-resource-groups-tagging-api'),
        import('./services/resource-tagging.ts'),
      ]);
      return { client, handlers: resourceTagging(cloud) };
    },
  },
  {
    name: 'key-value-store',
    serviceId: 'CloudFront KeyValueStore',
    signingNames: ['cloudfront-keyvaluestore'],
    hostLabels: ['cloudfront-kvs'],
    protocols: ['rest-json'],
    target: 'CloudFrontKeyValueStore',
    apiVersion: '2022-07-26',
    xmlNamespace: '',
    globalRegion: 'us-east-1',
    load: async (cloud) => {
      const [client, { keyValueStore }] = await Promise.all([
        import('@aws-sdk/client-cloudfront-keyvaluestore'),
        import('./services/key-value-store.ts'),
      ]);
      return { client, handlers: keyValueStore(cloud) };
    },
  },
  {
    name: 'recovery-cluster',
    serviceId: 'Route53 Recovery Cluster',
    signingNames: ['route53-recovery-cluster'],
    hostLabels: ['route53-recovery-cluster'],
    protocols: ['json-1.0'],
    target: 'ToggleCustomerAPI',
    apiVersion: '2019-12-02',
    xmlNamespace: '',
    load: async (cloud) => {
      const [client, { recoveryCluster }] = await Promise.all([
        import('@aws-sdk/client-route53-recovery-cluster'),
        import('./services/recovery-cluster.ts'),
      ]);
      return { client, handlers: recoveryCluster(cloud) };
    },
  },
];
