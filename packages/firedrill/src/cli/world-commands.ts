import type { Command } from 'commander';
import { Option } from 'commander';
import { listOf, namesOf, pairOf, pairOrNameOf, portOf, speedOf } from './arguments.ts';
import type { ExitCode } from './exit-codes.ts';
import { takeOverOptions } from './take-over-commands.ts';

/** Runs a command and leaves with its exit code. */
export type LeaveWith = (command: () => Promise<ExitCode | undefined | void>) => Promise<void>;

/** The commands of a world that stays up: it, and what runs in it. */
export function addWorldCommands(program: Command, leaveWith: LeaveWith): void {
  addUp(program, leaveWith);
  addDownAndStatus(program, leaveWith);
  addFaults(program, leaveWith);
  addExec(program, leaveWith);
}

function addUp(program: Command, leaveWith: LeaveWith): void {
  program
    .command('up')
    .argument('[path...]', 'templates, cloud assemblies or CDK app directories that are deployed already')
    .description('Bring up a world on this machine that programs of your own can deploy into, and call.')
    .option('-d, --detach', 'in the background: the command returns when the world is up')
    .option('--zone <domain=id...>', 'hosted zone that exists', pairOrNameOf, {})
    .option(
      '--origin <name=url...>',
      'server of this machine that stands for a host name, as http://localhost:3000',
      pairOf,
      {},
    )
    .option('--regions <names>', 'Regions, with commas between them', namesOf, ['eu-west-1', 'us-east-1'])
    .option('--places <cities>', 'where programs can stand, with commas between them', namesOf, ['Dublin'])
    .addOption(new Option('--speed <n>', 'world seconds in a second of the wall clock').argParser(speedOf).default(1))
    .option('--strict-auth', 'refuse requests to AWS APIs whose signature is wrong, late or missing')
    .option('--parameter <key=value...>', 'template parameter', pairOf, {})
    .option('--context <key=value...>', 'context of a CDK app', pairOf, {})
    .addOption(
      new Option('--ports <kind>', 'ports of endpoints: any that are free, fixed (8443, 8080, 5353), or those of AWS')
        .choices(['any', 'fixed', 'aws'])
        .default('any'),
    )
    .option('--endpoint-port <n>', 'port for AWS_ENDPOINT_URL (default: any that is free)', portOf, 0)
    .option('--proxy-port <n>', 'port of the proxy (default: any that is free)', portOf, 0)
    .option('--state <directory>', 'where the world keeps its keys and its log (default: one a user)')
    .option('--out <directory>', 'keep the timeline there; `firedrill report` makes a report of it at any time')
    .option('--json', 'say where it is as JSON')
    .addOption(new Option('--ready-fd <n>').argParser(portOf).hideHelp())
    .addHelpText(
      'after',
      `
Example:
  firedrill up --detach --zone example.com=Z0EXAMPLE --regions eu-west-1,us-east-1
  firedrill exec -- curl https://www.example.com/
  firedrill down`,
    )
    .action((paths: string[], options: Omit<import('./up-command.ts').UpOptions, 'paths'>) =>
      leaveWith(async () => (await import('./up-command.ts')).upCommand({ ...options, paths })),
    );
}

function addDownAndStatus(program: Command, leaveWith: LeaveWith): void {
  program
    .command('down')
    .description('End the world that `firedrill up` has brought up. Safe to repeat.')
    .option('--state <directory>', 'its state directory')
    .option('--json', 'say as JSON whether one was up')
    .addHelpText('after', '\nExample:\n  firedrill down')
    .action((options: import('./down-command.ts').DownOptions) =>
      leaveWith(async () => (await import('./down-command.ts')).downCommand(options)),
    );

  takeOverOptions(program.command('status'))
    .description(
      'Show the world that is up; or, when a take-over is named, which side serves, and whether the other one could.',
    )
    .option('--state <directory>', 'state directory of the world')
    .option('--watch', 'again and again, until Ctrl-C')
    .option('--json', 'as JSON; with --watch one line each time')
    .addHelpText(
      'after',
      `
Examples:
  firedrill status
  firedrill status --watch --stack StandbyTakesOver-Standby --region us-east-1`,
    )
    .action(
      (options: import('./status-command.ts').StatusOptions & import('./take-over-status.ts').TakeOverStatusOptions) =>
        leaveWith(async () =>
          (options.name ?? options.stack ?? options.alarm ?? options.standby) === undefined
            ? (await import('./status-command.ts')).statusCommand(options)
            : (await import('./take-over-status.ts')).takeOverStatus(options),
        ),
    );
}

function addFaults(program: Command, leaveWith: LeaveWith): void {
  program
    .command('break')
    .argument('<fault>', 'a fault in the words of a drill file, without from and until')
    .description('Break something in the world that is up, until it is mended.')
    .option('--state <directory>', 'its state directory')
    .option('--json', 'say as JSON what is broken')
    .addHelpText(
      'after',
      `
Examples:
  firedrill break "region: eu-west-1, effect: blackhole"
  firedrill break "name: api-down, controlPlane: route53, effect: hang"`,
    )
    .action((fault: string, options: import('./world-faults.ts').FaultOptions) =>
      leaveWith(async () => (await import('./world-faults.ts')).breakCommand(fault, options)),
    );

  program
    .command('mend')
    .argument('[name...]', 'names of faults; all unless given')
    .description('End faults of the world that is up.')
    .option('--state <directory>', 'its state directory')
    .option('--json', 'say as JSON what is mended')
    .addHelpText('after', '\nExample:\n  firedrill mend')
    .action((names: string[], options: import('./world-faults.ts').FaultOptions) =>
      leaveWith(async () => (await import('./world-faults.ts')).mendCommand(names, options)),
    );
}

function addExec(program: Command, leaveWith: LeaveWith): void {
  inWorld(program.command('exec'))
    .argument('<command...>', 'program and its arguments, after --')
    .description('Run a program in the world that is up: it finds the world where AWS and the internet would be.')
    .addOption(ownNetwork())
    .passThroughOptions()
    .addHelpText(
      'after',
      `
Examples:
  firedrill exec -- ./deploy.sh eu-west-1 us-east-1
  firedrill exec -- aws cloudformation deploy --template-file template.yaml --stack-name app
  firedrill exec --from Tokyo -- curl https://www.example.com/

It exits as the program does: 127 when there is no such program.`,
    )
    .action((command: string[], options: import('./exec-command.ts').ExecOptions) =>
      leaveWith(async () => (await import('./exec-command.ts')).execCommand(command, options)),
    );

  program
    .command('enter-namespace', { hidden: true })
    .argument('<command...>')
    .requiredOption('--state <directory>')
    .passThroughOptions()
    .action((command: string[], options: { readonly state: string }) =>
      leaveWith(async () => {
        const { enterNamespace } = await import('./namespace-command.ts');
        const { StateDirectory } = await import('../doors/index.ts');
        process.exit(await enterNamespace(command, new StateDirectory(options.state)));
      }),
    );

  inWorld(program.command('shell'))
    .description('The same with your shell.')
    .addOption(ownNetwork())
    .addHelpText('after', '\nExample:\n  firedrill shell --from Dublin')
    .action((options: import('./exec-command.ts').ExecOptions) =>
      leaveWith(async () => (await import('./exec-command.ts')).shellCommand(options)),
    );

  inWorld(program.command('env'))
    .description('Print the environment that `exec` gives to programs.')
    .addOption(new Option('--format <kind>', 'for which shell').choices(['bash', 'fish', 'json']).default('bash'))
    .addHelpText('after', '\nExample:\n  eval "$(firedrill env)"')
    .action(
      (options: import('./exec-command.ts').ExecOptions & { readonly format: import('./env-command.ts').EnvFormat }) =>
        leaveWith(async () => (await import('./env-command.ts')).envCommand(options)),
    );
}

/** Options of whatever runs in a world that is up. */
function inWorld(command: Command): Command {
  return command
    .option('--state <directory>', 'state directory of the world')
    .option('--from <city>', 'where the program stands (default: the first of `up --places`)')
    .option('--outside <host>', 'host outside of the world that the program may reach (repeatable)', listOf, []);
}

function ownNetwork(): Option {
  const says = 'in a network of its own, with ports 443, 80 and 53 (Linux; root, or where users may have namespaces)';
  return new Option('--netns', says);
}
