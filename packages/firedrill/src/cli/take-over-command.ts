import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { createInterface } from 'node:readline/promises';
import type { Direction, Ended, Outcome, Readiness, Step } from '../operate/index.ts';
import { audit, leastPolicy, readiness, Resolvers, sideOf, STATE_OF, throwSwitch } from '../operate/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { TakeOverOptions } from './take-over-options.ts';
import { notSaid, readTakeOver, secondsOf } from './take-over-options.ts';
import { checkText, endedText, planText, stepText, viewText } from './take-over-text.ts';
import { UserError } from './user-error.ts';

export interface TakeOverCommand extends TakeOverOptions {
  readonly timeout: string;
  readonly every: string;
  readonly audit: string;
  readonly dryRun?: boolean;
  readonly policy?: boolean;
  /** Namespace that the policy allows; the alarm's own unless given. */
  readonly namespace?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * `firedrill failover` and `firedrill failback`: shows how things stand, looks whether the side that is to serve can, publishes
 * one metric value in the standby Region, and waits until every resolver leads there. Exit code 1: that side is not able, or
 * not every resolver has moved in time.
 */
export async function takeOverCommand(way: Direction, options: TakeOverCommand): Promise<ExitCode> {
  if (options.policy === true) return await printPolicy(options);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await operate(way, options, interruption.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function printPolicy(options: TakeOverCommand): Promise<ExitCode> {
  const region = options.region ?? process.env['AWS_REGION'];
  const missing = [
    ...(region === undefined
      ? [notSaid('Firedrill does not know the standby Region.', 'Say --region us-east-1.')]
      : []),
    ...(options.namespace === undefined
      ? [
          notSaid(
            'Firedrill does not know the namespace of the metric.',
            'Say --namespace Failover, as the alarm has it.',
          ),
        ]
      : []),
  ];
  if (region === undefined || options.namespace === undefined) throw new UserError(missing);
  const { namespace, stack } = options;
  const allowed = { region, namespace, ...(stack === undefined ? {} : { stack }) };
  process.stdout.write(`${JSON.stringify(leastPolicy(allowed), null, 2)}\n`);
  return EXIT.asExpected;
}

async function operate(way: Direction, options: TakeOverCommand, signal: AbortSignal): Promise<ExitCode> {
  const [timeoutSeconds, everySeconds] = [secondsOf('--timeout', options.timeout), secondsOf('--every', options.every)];
  const { takeOver, resolvers: addresses } = await readTakeOver(options);
  const client = new CloudWatchClient({ region: takeOver.region });
  try {
    const resolvers = new Resolvers(takeOver, addresses);
    const say = speaker(options.json === true);
    const found = await readiness(takeOver, way, { client, resolvers });
    say({ kind: 'begins', way, ...takeOver }, `${way} of ${takeOver.name}; the standby is ${takeOver.region}`);
    for (const check of found.checks) say({ kind: 'check', ...check }, checkText(check));
    for (const view of found.views) say({ kind: 'resolver', ...view }, viewText(view));
    if (signal.aborted) return EXIT.interrupted;
    const able = found.checks.every(({ isOk }) => isOk);
    // Without a metric there is nothing that could be published, whoever insists.
    const { metric } = found;
    if (metric === undefined || (!able && options.force !== true)) {
      say({ kind: 'outcome', outcome: 'not-able' }, 'Nothing has been done: see above what is not as it must be.');
      return EXIT.verdictNo;
    }
    if (isThere(way, found)) {
      say({ kind: 'outcome', outcome: 'nothing-to-do' }, `Nothing to do: all lead to the ${sideOf(way)} already.`);
      return EXIT.asExpected;
    }
    say({ kind: 'plan', value: metric.value[way], ...metric.metric }, planText(way, takeOver, metric));
    if (options.dryRun === true) {
      say({ kind: 'outcome', outcome: 'dry-run' }, 'Nothing has been done: this was a dry run.');
      return EXIT.asExpected;
    }
    if (options.yes !== true && !(await isConfirmed(takeOver.name, signal))) {
      say({ kind: 'outcome', outcome: 'not-confirmed' }, 'Nothing has been done.');
      return signal.aborted ? EXIT.interrupted : EXIT.verdictNo;
    }
    const entry = { what: way, takeOver, value: metric.value[way], forced: !able };
    await audit(options.audit, { ...entry, stage: 'begins' });
    const began = performance.now();
    const close = async (came: Came): Promise<void> => {
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      await audit(options.audit, { ...entry, stage: 'ended', ...came, seconds });
    };
    const tell = (step: Step): void => say(step, stepText(step, way));
    const ended = await throwIt(
      () =>
        throwSwitch({
          takeOver,
          way,
          client,
          resolvers,
          views: found.views,
          timeoutSeconds,
          everySeconds,
          signal,
          tell,
          metric,
        }),
      close,
    );
    say({ kind: 'outcome', ...ended }, endedText(ended));
    return EXIT_OF[ended.outcome];
  } finally {
    client.destroy();
  }
}

/** What the audit file says of an end. */
type Came = Ended | { readonly outcome: 'refused' };

/** Writes into the audit what came of it, an error too. */
async function throwIt(run: () => Promise<Ended>, close: (came: Came) => Promise<void>): Promise<Ended> {
  try {
    const ended = await run();
    await close(ended);
    return ended;
  } catch (error) {
    await close({ outcome: 'refused' });
    const says = `The value was not taken: ${error instanceof Error ? error.message : String(error)}`;
    throw new UserError([
      {
        code: 'operate/refused',
        weight: 'error',
        says,
        remedy: 'Nothing has been moved. firedrill failover --policy prints what must be allowed.',
      },
    ]);
  }
}

const EXIT_OF = {
  moved: EXIT.asExpected,
  'timed-out': EXIT.verdictNo,
  interrupted: EXIT.interrupted,
} as const satisfies Readonly<Record<Outcome, ExitCode>>;

function isThere(way: Direction, { alarm, views }: Readiness): boolean {
  const able = views.filter(({ error }) => error === undefined);
  const areThere = able.length > 0 && able.every(({ side }) => side === sideOf(way));
  return areThere && alarm?.StateValue === STATE_OF[way];
}

async function isConfirmed(name: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UserError([
      notSaid('Nobody is there to confirm it.', 'Say --yes in scripts; --dry-run shows what would be done.'),
    ]);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`Move the traffic of ${name}? [y/N] `, { signal })).trim().toLowerCase() === 'y';
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}

/** Says one thing, as a line of text or of JSON. */
function speaker(isJson: boolean): (data: object, text: string) => void {
  return (data, text) => void process.stdout.write(`${isJson ? JSON.stringify(data) : text}\n`);
}
