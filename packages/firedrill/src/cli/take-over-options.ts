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

/** @throws UserError with everything that is missing. */
export async function readTakeOver(options: TakeOverOptions): Promise<NamedTakeOver> {
  const resolvers = resolversOf(options);
  const region = options.region ?? process.env['AWS_REGION'];
  const outputs = options.stack === undefined || region === undefined ? {} : await readOutputs(options.stack, region);
  const { name, alarm, standby } = { ...outputs, ...given(options) };
  const said = { name, region, alarm, standby };
  if (name === undefined || region === undefined || alarm === undefined || standby === undefined) {
    const missing = Object.entries(WHERE).filter(([key]) => said[key as keyof typeof said] === undefined);
    throw new UserError(missing.map(([, where]) => notSaid(`Firedrill does not know ${where}.`)));
  }
  const { primary, path } = options;
  const takeOver = { name, region, alarm, standby, path, ...(primary === undefined ? {} : { primary }) };
  return { takeOver, resolvers };
}

/** Whom to ask. @throws UserError when it is nobody. */
function resolversOf({ resolver }: TakeOverOptions): readonly string[] {
  const named = resolver.length > 0 ? [...new Set(resolver)] : usualResolvers();
  const wrong = named.filter((text) => !isResolver(text));
  if (wrong.length === 0) return named;
  const by = resolver.length > 0 ? '--resolver' : 'FIREDRILL_RESOLVERS';
  throw new UserError(
    wrong.map((text) =>
      notSaid(
        `${by} ${text} is no address of a resolver.`,
        'Write it as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53.',
      ),
    ),
  );
}

function given({ name, alarm, standby }: TakeOverOptions): Partial<Pick<TakeOver, 'name' | 'alarm' | 'standby'>> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(alarm === undefined ? {} : { alarm }),
    ...(standby === undefined ? {} : { standby }),
  };
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

/** Seconds of a duration as `10m`. @throws UserError when it is none. */
export function secondsOf(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms / 1000;
  throw new UserError([notSaid(`${option} ${text} is no length of time.`, 'Write it as 90s, 10m or 1h.')]);
}
