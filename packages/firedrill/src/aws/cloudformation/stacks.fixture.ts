import type { TestCloud } from '../cloud.fixture.ts';
import { cloudformation } from '../services/cloudformation.ts';
import type { CloudFormationHandlers } from './handlers.ts';

/** The operations, as a client has them. */
export type Client = {
  readonly [Name in keyof CloudFormationHandlers]-?: (
    input: Parameters<NonNullable<CloudFormationHandlers[Name]>>[0],
  ) => Promise<Awaited<ReturnType<NonNullable<CloudFormationHandlers[Name]>>>>;
};

/** The operations of an account, in one Region. */
export function clientOf(test: TestCloud, region = 'eu-west-1', handlers = cloudformation(test.cloud)): Client {
  return new Proxy({} as Client, {
    get: (_, name: keyof CloudFormationHandlers) => async (input: never) =>
      await Promise.resolve(handlers[name]?.(input, test.call(region))),
  });
}

/** A record set in the zone of the tests. */
export const record = (name: string, more: object = {}): object => ({
  Type: 'AWS::Route53::RecordSet',
  Properties: { HostedZoneId: 'Z0EXAMPLE', Name: name, Type: 'A', TTL: '60', ResourceRecords: ['192.0.2.1'], ...more },
});

/** A bucket of a name. */
export const bucket = (name: string, more: object = {}): object => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName: name },
  ...more,
});

/** The text of a template of resources. */
export const template = (Resources: object, more: object = {}): string => JSON.stringify({ Resources, ...more });

/** The whole course of a stack, one line an event. */
export async function course(client: Client, name: string): Promise<readonly string[]> {
  const { StackEvents: events = [] } = await client.DescribeStackEvents({ StackName: name });
  return events
    .toReversed()
    .map(
      ({ LogicalResourceId: id, ResourceStatus: status, ResourceStatusReason: reason, PhysicalResourceId: physical }) =>
        [
          id === name.replace(/^.*:stack\/([^/]+)\/.*$/, '$1') ? 'STACK' : id,
          status,
          physical === '' ? '(none)' : '',
          reason ?? '',
        ]
          .filter((part) => part !== '')
          .join(' '),
    );
}

/** Of a stack by name or id. */
export async function statusOf(client: Client, name: string): Promise<string | undefined> {
  const { Stacks: stacks = [] } = await client.DescribeStacks({ StackName: name });
  return stacks[0]?.StackStatus;
}

/** Code and message of what an operation is refused with. */
export async function codeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${String(error.code)}: ${error.message}` : String(error);
  }
  return 'no error';
}
