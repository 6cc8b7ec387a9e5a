import { idFrom, LOWER_ALPHANUMERIC } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { arnOf, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';

/** Families of types that change nothing about what users see; of EC2 all that is not acted on, as networks and their rules. */
const INERT_FAMILIES = ['AWS::IAM::', 'AWS::Logs::', 'AWS::EC2::'];

/** Others like them. */
const INERT_TYPES: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::ClientCertificate',
  'AWS::ApiGateway::DocumentationPart',
  'AWS::ApiGateway::DocumentationVersion',
  'AWS::ApiGateway::Model',
  'AWS::CDK::Metadata',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
]);

/** Accepted without a word: roles, policies, logs, networks and the like. */
export function inertKind(type: string): ResourceKind | undefined {
  const isInert = INERT_TYPES.has(type) || INERT_FAMILIES.some((family) => type.startsWith(family));
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
