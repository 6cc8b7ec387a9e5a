import type { Command } from 'commander';
import { listOf } from './arguments.ts';
import type { LeaveWith } from './world-commands.ts';

/** The commands by which people move traffic from one Region to the other. */
export function addTakeOverCommands(program: Command, leaveWith: LeaveWith): void {
  for (const way of ['failover', 'failback'] as const) {
    const [to, from] = way === 'failover' ? ['the standby', 'the primary'] : ['the primary', 'the standby'];
    takeOverOptions(program.command(way))
      .description(
        `Move traffic from ${from} to ${to}, by one metric value in the standby Region; wait until all have moved.`,
      )
      .option('--dry-run', 'look and say what would be done; do nothing')
      .option('--policy', 'print the least-privilege IAM policy for whoever runs this, and end')
      .option('--namespace <name>', 'namespace of the metric, for --policy')
      .option('--yes', 'do not ask')
      .option('--force', `act although ${to} does not look able to serve`)
      .option('--timeout <time>', 'how long to wait until all resolvers have moved', '15m')
      .option('--every <time>', 'how often to ask the resolvers', '2s')
      .option('--audit <file>', 'file that gets a line for each time', 'firedrill-audit.jsonl')
      .option('--json', 'a line of JSON for each thing that is said')
      .addHelpText(
        'after',
        `
It touches nothing in the primary Region and not Route 53's control plane. What it published stays published: it is safe to
run again and to interrupt. Exit codes: 0 all have moved · 1 not able, or not in time · 2 the input is wrong · 130 interrupted

Examples:
  firedrill ${way} --stack StandbyTakesOver-Standby --region us-east-1
  firedrill ${way} --policy --region us-east-1 --namespace Failover --stack StandbyTakesOver-Standby
  firedrill ${way} --stack StandbyTakesOver-Standby --region us-east-1 --resolver 192.0.2.53 --resolver 127.0.0.1:5353
  firedrill ${way} --name api.example.com --region us-east-1 --alarm take-over --standby d-123.execute-api.us-east-1.amazonaws.com --yes`,
      )
      .action((options: import('./take-over-command.ts').TakeOverCommand) =>
        leaveWith(async () => (await import('./take-over-command.ts')).takeOverCommand(way, options)),
      );
  }
}

/** How a take-over is named, for all commands that know one. */
export function takeOverOptions(command: Command): Command {
  return command
    .option('--name <domain>', 'the name that users ask for')
    .option('--region <region>', 'the standby Region (default: AWS_REGION)')
    .option('--alarm <name>', "the alarm, in the standby Region, that the primary's health check follows")
    .option('--standby <name>', "name or address that the standby's record leads to")
    .option('--primary <name>', "the same of the primary's record; a failback asks whether it answers")
    .option('--stack <name>', "the standby's stack, whose outputs say what is not said here")
    .option('--path <path>', 'path that the side which is to serve must answer', '/')
    .option(
      '--resolver <address[:port]>',
      "resolver to ask (repeatable; default: FIREDRILL_RESOLVERS, or this machine's and well-known public ones)",
      listOf,
      [],
    );
}
