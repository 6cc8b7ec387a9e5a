import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PATIENCE } from './patience.ts';

/** Outputs of the standby's stack that tell of a take-over, by what they stand for. */
const OUTPUTS = {
  name: 'FailoverName',
  alarm: 'FailoverAlarm',
  standby: 'StandbyName',
} as const;

/** What the standby's stack says of itself in its outputs; what it does not say is missing. */
export async function readStack(
  stack: string,
  region: string,
): Promise<{ readonly [Key in keyof typeof OUTPUTS]?: string }> {
  const client = new CloudFormationClient({ region, ...PATIENCE });
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = new Map(Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    const entries = Object.entries(OUTPUTS).map(([key, output]) => [key, outputs.get(output)] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  } finally {
    client.destroy();
  }
}
