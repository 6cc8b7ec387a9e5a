import { isIP } from 'node:net';
import type { Finding } from '../model/index.ts';
import type { TakeOver } from '../operate/index.ts';
import { isResolver, readStack, usualResolvers, wordsOf } from '../operate/index.ts';
import { parseDuration } from '../drill/index.ts';
import { UserError } from './user-error.ts';

/** How a take-over is named on the command line. */
export interface TakeOverOptions {
  readonly name?: string;
  readonly region?: string;
  readonly alarm?: string;
  readonly standby?: string;
  readonly primary?: string;
  /** Stack of the standby, whose outputs say what is not said here. */
  readonly stack?: string;
  readonly path: string;
  readonly resolver: readonly string[];
}

/** A take-over and whom to ask whether it has happened. */
export interface NamedTakeOver {
  readonly takeOver: TakeOver;
  readonly resolvers: readonly string[];
}

const WHERE = {
  name: 'the name that users ask for: --name api.example.com',
  region: 'the standby Region: --region us-east-1, or AWS_REGION',
  alarm: 'the alarm that the primary’s health check follows: --alarm NAME',
  standby: 'what the standby’s record leads to: --standby d-1234567890.execute-api.us-east-1.amazonaws.com',
} as const;

/**
 * @param also what else the command line says that cannot be: told together with what is missing.
 * @throws UserError with everything that is missing, and everything that cannot be.
 */
export async function readTakeOver(options: TakeOverOptions, also: readonly Finding[] = []): Promise<NamedTakeOver> {
  const { resolvers, flaws } = resolversOf(options);
  const wrong = [...also, ...flaws, ...flawsOf(options)];
  const region = options.region ?? process.env['AWS_REGION'];
  // Nobody is asked while something is wrong already; what the stack would say may be missing then.
  const asksStack = options.stack !== undefined && region !== undefined;
  if (asksStack && wrong.length > 0) throw new UserError(wrong);
  const outputs = asksStack ? await readOutputs(options.stack, region) : {};
  const { name, alarm, standby } = { ...outputs, ...given(options) };
  const said = { name, region, alarm, standby };
  if (name === undefined || region === undefined || alarm === undefined || standby === undefined) {
    const missing = Object.entries(WHERE).filter(([key]) => said[key as keyof typeof said] === undefined);
    throw new UserError([...wrong, ...missing.map(([, where]) => notSaid(`Firedrill does not know ${where}.`))]);
  }
  if (wrong.length > 0) throw new UserError(wrong);
  const { primary, path } = options;
  const takeOver = {
    name: plainName(name),
    region,
    alarm,
    standby: plainName(standby),
    path,
    ...(primary === undefined ? {} : { primary: plainName(primary) }),
  };
  return { takeOver, resolvers };
}

/** As clients say it: records end in a dot, and case is nobody's business. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

const HOST_NAME = /^(?!-)[\w-]{1,63}(\.[\w-]{1,63})*\.?$/;

/** What cannot be a host or a path. */
function flawsOf(options: TakeOverOptions): readonly Finding[] {
  const hosts = (['name', 'standby', 'primary'] as const).flatMap((option): readonly Finding[] => {
    const host = options[option];
    if (host === undefined || HOST_NAME.test(host) || isIP(host) !== 0) return [];
    return [
      notSaid(`--${option} ${host} is no name of a host.`, 'Write it as api.example.com, without https:// and path.'),
    ];
  });
  if (/^\/[\x21-\x7e]*$/.test(options.path)) return hosts;
  return [...hosts, notSaid(`--path ${options.path} is no path.`, 'Write it as /health, encoded as in a URL.')];
}

/** Whom to ask, and which of them cannot be asked. */
function resolversOf({ resolver }: TakeOverOptions): {
  readonly resolvers: readonly string[];
  readonly flaws: readonly Finding[];
} {
  const resolvers = resolver.length > 0 ? [...new Set(resolver)] : usualResolvers();
  const by = resolver.length > 0 ? '--resolver' : 'FIREDRILL_RESOLVERS';
  const remedy = 'Write it as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53.';
  const wrong = resolvers.filter((text) => !isResolver(text));
  return { resolvers, flaws: wrong.map((text) => notSaid(`${by} ${text} is no address of a resolver.`, remedy)) };
}

function given({ name, alarm, standby }: TakeOverOptions): Partial<Pick<TakeOver, 'name' | 'alarm' | 'standby'>> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(alarm === undefined ? {} : { alarm }),
    ...(standby === undefined ? {} : { standby }),
  };
}

/** The alarm that the standby's stack tells of. @throws UserError when it does not. */
export async function alarmOfStack(stack: string, region: string): Promise<string> {
  const { alarm } = await readOutputs(stack, region);
  if (alarm !== undefined) return alarm;
  const says = `The stack ${stack} in ${region} has no output FailoverAlarm.`;
  throw new UserError([notSaid(says, 'Name the alarm: --alarm NAME. It is in the standby’s stack.')]);
}

async function readOutputs(stack: string, region: string): ReturnType<typeof readStack> {
  try {
    return await readStack(stack, region);
  } catch (error) {
    throw new UserError([
      notSaid(
        `The stack ${stack} in ${region} cannot be read: ${wordsOf(error)}`,
        'Say --name, --alarm and --standby instead.',
      ),
    ]);
  }
}

/** Something that the command line has to say and does not. */
export function notSaid(
  says: string,
  remedy = 'Say it, or name the standby’s stack whose outputs tell: --stack NAME.',
): Finding {
  return { code: 'operate/not-said', weight: 'error', says, remedy };
}

/** As long as anybody waits for a failover. */
const LENGTH_MAX_SECONDS = 86_400;

/** Seconds of a duration as `10m`, or what is wrong with it. */
export function secondsOf(option: string, text: string): number | Finding {
  const seconds = (parseDuration(text) ?? 0) / 1000;
  if (seconds > 0 && seconds <= LENGTH_MAX_SECONDS) return seconds;
  return notSaid(`${option} ${text} is no length of time, of a day at most.`, 'Write it as 90s, 10m or 1h.');
}
