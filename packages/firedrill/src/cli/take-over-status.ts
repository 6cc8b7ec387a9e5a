import { setTimeout as wait } from 'node:timers/promises';
import { cloudWatchIn, readiness, Resolvers } from '../operate/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { TakeOverOptions } from './take-over-options.ts';
import { readTakeOver } from './take-over-options.ts';
import { checkText, viewText } from './take-over-text.ts';

export interface TakeOverStatusOptions extends TakeOverOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** CloudWatch counts calls; resolvers are friends. */
const WATCH_EVERY_MS = 5000;

/**
 * `firedrill status` of a take-over: the alarm, whether the standby could serve now, and where each resolver leads. Asks
 * nothing in the primary Region. Exit code 1: the standby could not take over now.
 */
export async function takeOverStatus(options: TakeOverStatusOptions): Promise<ExitCode> {
  const { takeOver, resolvers: addresses } = await readTakeOver(options);
  const client = cloudWatchIn(takeOver.region);
  const resolvers = new Resolvers(takeOver, addresses);
  const ending = new AbortController();
  if (options.watch === true) process.once('SIGINT', () => ending.abort());
  try {
    for (;;) {
      const { checks, views, alarm } = await readiness(takeOver, 'failover', { client, resolvers });
      const at = new Date().toISOString();
      const lines = [`${takeOver.name} at ${at}`, ...checks.map(checkText), ...views.map(viewText)];
      const data = { at, ...takeOver, alarmState: alarm?.StateValue, checks, resolvers: views };
      process.stdout.write(options.json === true ? `${JSON.stringify(data)}\n` : `${lines.join('\n')}\n`);
      if (options.watch !== true) return checks.every(({ isOk }) => isOk) ? EXIT.asExpected : EXIT.verdictNo;
      await wait(WATCH_EVERY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted) return EXIT.interrupted;
    }
  } finally {
    client.destroy();
  }
}
