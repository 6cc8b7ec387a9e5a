import { idFrom, LOWER_ALPHANUMERIC } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { arnOf, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';

/** Types that change nothing about what users see, beyond those of IAM and Logs. */
const INERT_TYPES: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::ClientCertificate',
  'AWS::ApiGateway::DocumentationPart',
  'AWS::ApiGateway::DocumentationVersion',
  'AWS::ApiGateway::Model',
  'AWS::CDK::Metadata',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::CloudFront::Function',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
]);

/** Accepted without a word: roles, policies, logs and the like. */
export function inertKind(type: string): ResourceKind | undefined {
  const isInert = type.startsWith('AWS::IAM::') || type.startsWith('AWS::Logs::') || INERT_TYPES.has(type);
  return isInert ? { standing: 'inert', regional: false, read: madeUpIdentity } : undefined;
}

/**
 * Names for a resource that we know nothing about: other resources refer to it, and its values must be there.
 * They look like AWS's and stand for nothing.
 */
export function madeUpIdentity(input: ResourceInput): Identity {
  const [, service = 'custom', what = 'resource'] = input.type.split('::');
  const named = ['Name', `${what}Name`, 'LogGroupName'].map((key) => textProperty(input, key));
  const ref = named.find((name) => name !== undefined) ?? defaultName(input);
  const arn =
    service === 'IAM'
      ? `arn:${input.context.partition}:iam::${input.context.account}:${what.toLowerCase()}/${ref}`
      : arnOf(input, service.toLowerCase(), `${what.toLowerCase()}/${ref}`);
  return { ref, attributes: new Map([['Arn', arn]]), open: true };
}

function defaultName({ context, logicalId, seed }: ResourceInput): string {
  return `${context.name}-${logicalId}-${idFrom(seed, 12, LOWER_ALPHANUMERIC)}`.slice(0, 128);
}
