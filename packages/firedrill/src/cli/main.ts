import { Command, Option } from 'commander';
import { listOf, pairOf, speedOf } from './arguments.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { VERSION } from './version.ts';
import { addTakeOverCommands } from './take-over-commands.ts';
import { addWorldCommands } from './world-commands.ts';

/*
 * Arguments in, exit code out. Commands are imported when they are called, so that --help is quick.
 */

// Which Node this runs on is said by our own package, not by a warning of the SDK in the middle of a failover.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// A reader that closes the pipe early (as head does) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
});

const program = new Command('firedrill')
  .exitOverride()
  // What stands after the command of `exec` is the command's own.
  .enablePositionalOptions()
  .description('Break your multi-Region AWS failover on a laptop, and see what your users would have seen.')
  .version(VERSION)
  .showHelpAfterError('(firedrill --help tells more)')
  .addHelpText(
    'after',
    `
Examples:
  firedrill drill examples/hybrid/drills/endpoint-5xx.yaml            in virtual time, a few seconds
  firedrill drill examples/hybrid/drills/endpoint-5xx.yaml --in local on real sockets
  firedrill check template.yaml --region eu-west-1                    what is read, and what is wrong with it
  firedrill explain api.example.com template.yaml --from Tokyo        why a name resolves as it does
  firedrill report out/hybrid-endpoint-5xx                            the report of a run, even of a killed one
  firedrill up --detach --zone example.com=Z0EXAMPLE                  a world for programs of your own
  firedrill exec -- ./deploy.sh                                       a program in that world

Exit codes: 0 as expected · 1 the verdict is no · 2 the input is wrong · 3 our fault · 130 interrupted`,
  );

program
  .command('drill')
  .argument('<file>', 'drill file (YAML; see docs/drill-file.md)')
  .description('Run a drill: bring the world of the file to life, break it, measure what users see.')
  .addOption(
    new Option('--in <driver>', 'virtual time, or real sockets on this machine')
      .choices(['sim', 'local'])
      .default('sim'),
  )
  .option('--seed <text>', 'use this seed instead of the one in the file')
  .addOption(
    new Option('--speed <n>', 'world seconds in a second of the wall clock; local only').argParser(speedOf).default(10),
  )
  .option(
    '--out <directory>',
    'where to write timeline.jsonl, report.json, report.html and junit.xml (default: out/<name of the drill>)',
  )
  .addOption(
    new Option(
      '--ports <kind>',
      'ports of the local world: fixed (8443, 8080, 5353), any that are free, or those of AWS (443, 80, 53: needs root)',
    )
      .choices(['fixed', 'any', 'aws'])
      .default('fixed'),
  )
  .option('--query-log', 'write every question to the name servers into dns-queries.log, as Route 53 does; local only')
  .option('--json', 'print report.json instead of the table, and progress to standard error')
  .option('--quiet', 'no progress')
  .addHelpText(
    'after',
    '\nExample:\n  firedrill drill examples/hybrid/drills/region-dies.yaml --in local --speed 20 --out out/tonight',
  )
  .action((file: string, options: Omit<import('./drill-command.ts').DrillOptions, 'file'>) =>
    leaveWith(async () => (await import('./drill-command.ts')).drillCommand({ ...options, file })),
  );

program
  .command('check')
  .argument('<path...>', 'templates (JSON, YAML), cloud assemblies (cdk.out) or CDK app directories')
  .description('Read templates without running anything: what was understood, and every mistake and trap.')
  .option('--region <region>', 'Region of templates that do not say it themselves')
  .option('--parameter <key=value...>', 'template parameter', pairOf, {})
  .option('--zone <domain=id...>', 'hosted zone that exists outside the templates', pairOf, {})
  .option('--context <key=value...>', 'context of a CDK app', pairOf, {})
  .addOption(
    new Option('--format <kind>', 'text for people, JSON, SARIF 2.1.0 for code scanners, or commands of GitHub Actions')
      .choices(['text', 'json', 'sarif', 'github'])
      .default('text'),
  )
  .option('--json', 'the same as --format json')
  .addOption(
    new Option('--fail-on <weight>', 'exit with 1 when there is a finding of this weight or a heavier one').choices([
      'warning',
      'note',
    ]),
  )
  .addHelpText(
    'after',
    `
Exit codes: 0 nothing to refuse · 1 a finding that --fail-on names · 2 an error · 3 our fault

Examples:
  firedrill check cdk.out --zone example.com=Z0EXAMPLE
  firedrill check stacks/*.yaml --region eu-west-1 --format sarif > firedrill.sarif`,
  )
  .action((paths: string[], options: Omit<import('./check-command.ts').CheckOptions, 'paths'>) =>
    leaveWith(async () => {
      const { runCheck } = await import('./check-command.ts');
      const { format, json, ...others } = options;
      const { exitCode, output } = await runCheck(paths, {
        ...others,
        format: json === true ? 'json' : (format ?? 'text'),
      });
      process.stdout.write(output);
      return exitCode;
    }),
  );

program
  .command('explain')
  .argument('<name>', 'domain name, as api.example.com')
  .argument('[path...]', 'templates (JSON, YAML), cloud assemblies (cdk.out) or CDK app directories')
  .description(
    'Say why a name resolves as it does: the tree of records, the rule that decides, why each branch is left.',
  )
  .option('--type <type>', 'type of record', 'A')
  .option(
    '--from <place>',
    'city, address or VPC that the question comes from (repeatable; default: Dublin)',
    listOf,
    [],
  )
  .option('--subnet <cidr>', 'network of the client, as its resolver tells it (EDNS client subnet)')
  .option('--network <cidr=city>', 'city that a network is in (repeatable)', pairOf, {})
  .option('--unhealthy <check>', 'health check or alias target to be taken as unhealthy (repeatable)', listOf, [])
  .option('--drill <file>', 'take templates, zones and faults from a drill file')
  .option('--at <time>', 'moment of the drill, as 95s: what has failed by then has failed')
  .option('--region <region>', 'Region of templates that do not say it themselves')
  .option('--parameter <key=value...>', 'template parameter', pairOf, {})
  .option('--zone <domain=id...>', 'hosted zone that exists outside the templates', pairOf, {})
  .option('--context <key=value...>', 'context of a CDK app', pairOf, {})
  .option('--json', 'print the walk as JSON')
  .addHelpText(
    'after',
    `
Examples:
  firedrill explain api.example.com cdk.out --zone example.com=Z0EXAMPLE --from Tokyo --unhealthy PrimaryCheck
  firedrill explain api.example.com --drill drills/region-dies.yaml --at 95s`,
  )
  .action((name: string, paths: string[], options: Omit<import('./explain-command.ts').ExplainOptions, 'paths'>) =>
    leaveWith(async () => {
      const { runExplain } = await import('./explain-command.ts');
      const { exitCode, output } = await runExplain(name, { ...options, paths });
      process.stdout.write(output);
      return exitCode;
    }),
  );

program
  .command('report')
  .argument('<directory>', 'what a drill wrote')
  .description('Measure a run again from its timeline, and write its report anew.')
  .option('--json', 'print report.json instead of the table')
  .addHelpText('after', '\nExample:\n  firedrill report out/hybrid-endpoint-5xx')
  .action((directory: string, options: { readonly json?: boolean }) =>
    leaveWith(async () => (await import('./report-command.ts')).reportCommand(directory, options.json === true)),
  );

addTakeOverCommands(program, leaveWith);
addWorldCommands(program, leaveWith);

await leaveWith(async () => {
  await program.parseAsync();
  return undefined;
});

/** Runs a command and leaves with its exit code; what it throws is our fault (3) unless the user's input is to blame (2). */
async function leaveWith(command: () => Promise<ExitCode | undefined | void>): Promise<void> {
  try {
    const code = await command();
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    process.exitCode = await explain(error);
  }
}

async function explain(error: unknown): Promise<ExitCode> {
  const { isUsageError, UserError } = await import('./user-error.ts');
  if (isUsageError(error)) return error.exitCode === 0 ? EXIT.asExpected : EXIT.inputWrong;
  if (error instanceof UserError) {
    const { renderFindings } = await import('./findings-text.ts');
    process.stderr.write(renderFindings(error.findings));
    return EXIT.inputWrong;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`firedrill: this is our fault, not yours. Please report it with these lines:\n${text}\n`);
  return EXIT.ourFault;
}
