import { createInterface } from 'node:readline/promises';
import type { AuditEntry, Direction, Ended, Outcome, Readiness, Step } from '../operate/index.ts';
import {
  audit,
  cloudWatchIn,
  describeAlarm,
  leastPolicy,
  readiness,
  Resolvers,
  sideOf,
  STATE_OF,
  throwSwitch,
  wordsOf,
} from '../operate/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { TakeOverOptions } from './take-over-options.ts';
import { alarmOfStack, notSaid, readTakeOver, secondsOf } from './take-over-options.ts';
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
  for (const signal of INTERRUPTIONS) process.once(signal, interrupt);
  try {
    return await operate(way, options, interruption.signal);
  } finally {
    for (const signal of INTERRUPTIONS) process.off(signal, interrupt);
  }
}

/** SIGHUP: the connection to the machine that this runs on has gone. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function printPolicy(options: TakeOverCommand): Promise<ExitCode> {
  const region = options.region ?? process.env['AWS_REGION'];
  const { stack, alarm } = options;
  const isKnown = options.namespace !== undefined || stack !== undefined || alarm !== undefined;
  const missing = [
    ...(region === undefined
      ? [notSaid('Firedrill does not know the standby Region.', 'Say --region us-east-1.')]
      : []),
    ...(isKnown
      ? []
      : [
          notSaid(
            'Firedrill does not know the namespace of the metric.',
            'Say --namespace Failover, or --stack or --alarm, whose metric is looked up.',
          ),
        ]),
  ];
  if (region === undefined || missing.length > 0) throw new UserError(missing);
  const namespace =
    options.namespace ?? (await namespaceOf(region, alarm ?? (await alarmOfStack(stack ?? '', region))));
  const allowed = { region, namespace, ...(stack === undefined ? {} : { stack }) };
  process.stdout.write(`${JSON.stringify(leastPolicy(allowed), null, 2)}\n`);
  return EXIT.asExpected;
}

/** @throws UserError when nobody can say. */
async function namespaceOf(region: string, alarm: string): Promise<string> {
  const client = cloudWatchIn(region);
  let why = `there is no such alarm on one metric`;
  try {
    const { Namespace: namespace } = (await describeAlarm(client, { alarm })) ?? {};
    if (namespace !== undefined) return namespace;
  } catch (error) {
    why = wordsOf(error);
  } finally {
    client.destroy();
  }
  throw new UserError([
    notSaid(
      `The namespace of the alarm ${alarm} in ${region} cannot be looked up: ${why}.`,
      'Say it: --namespace Failover.',
    ),
  ]);
}

async function operate(way: Direction, options: TakeOverCommand, signal: AbortSignal): Promise<ExitCode> {
  const lengths = [secondsOf('--timeout', options.timeout), secondsOf('--every', options.every)] as const;
  const wrong = lengths.filter((length) => typeof length !== 'number');
  const { takeOver, resolvers: addresses } = await readTakeOver(options, wrong);
  const [timeoutSeconds = 0, everySeconds = 0] = lengths.filter((length) => typeof length === 'number');
  const client = cloudWatchIn(takeOver.region);
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
    await beginAudit(options.audit, { ...entry, stage: 'begins' });
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

/** @throws UserError when nobody would ever know of it: then nothing is done. */
async function beginAudit(file: string, entry: AuditEntry): Promise<void> {
  try {
    await audit(file, entry);
  } catch (error) {
    const says = `The audit file ${file} cannot be written: ${wordsOf(error)}`;
    const remedy = 'Nothing has been done. Name another file: --audit FILE.';
    throw new UserError([{ code: 'operate/audit', weight: 'error', says, remedy }]);
  }
}

/** Writes into the audit what came of it, an error too. */
async function throwIt(run: () => Promise<Ended>, close: (came: Came) => Promise<void>): Promise<Ended> {
  // What is done is done, whoever can write it down.
  const tell = async (came: Came): Promise<void> =>
    await close(came).catch((error: unknown) => {
      process.stderr.write(`firedrill: the end could not be written into the audit file: ${wordsOf(error)}\n`);
    });
  let ended: Ended;
  try {
    ended = await run();
  } catch (error) {
    await tell({ outcome: 'refused' });
    const says = `The value was not taken: ${wordsOf(error)}`;
    throw new UserError([
      {
        code: 'operate/refused',
        weight: 'error',
        says,
        remedy: 'Nothing has been moved. firedrill failover --policy prints what must be allowed.',
      },
    ]);
  }
  await tell(ended);
  return ended;
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
