import { resolve } from 'node:path';
import type {
  Action,
  Architecture,
  BucketDeployment,
  Instant,
  LambdaFunction,
  Read,
  StoredObject,
} from '../model/index.ts';
import type { ActionResult, World } from '../engine/index.ts';
import type { FunctionCall } from '../live/index.ts';
import { CodeObjects } from './cloudformation/code-objects.ts';
import { StackBook } from './cloudformation/stack-book.ts';
import { Stacks } from './cloudformation/stacks.ts';
import type { Cloud } from './cloud.ts';
import { ParameterStores } from './parameter-stores.ts';
import type { Credentials } from './credentials.ts';
import { Sources } from './estate.ts';
import type { TemplateSource } from '../template/index.ts';

/** The running world, as far as the APIs act on it. */
export interface Stage {
  readonly world: World;
  now(): Instant;
  /** The same as a date of the calendar, in milliseconds since 1970. */
  epochMs(): number;
  perform(action: Action): ActionResult;
  /** Runs a function once; never rejects. */
  callFunction(fn: LambdaFunction, payload: unknown): Promise<FunctionCall>;
  /**
   * Makes the world that of another architecture; what both have keeps its state.
   * @throws LiveError when it cannot be, as when a function cannot be run here; the world is as before then.
   */
  replace(architecture: Architecture): Promise<void>;
}

export interface CloudOptions {
  readonly stage: Stage;
  /** Twelve digits. */
  readonly account: string;
  readonly regions: readonly string[];
  /** Hosted zones that exist from the beginning: id by domain name. */
  readonly zones: Readonly<Record<string, string>>;
  /** Stacks that stand from the beginning; the stage's world is made of them. */
  readonly standing?: readonly TemplateSource[];
  readonly credentials: Credentials;
  /** Gets `assets/`. */
  readonly stateDirectory: string;
  /** Adds to an architecture what only the caller knows, and judges it: code that runs at once, say. */
  readonly finish?: (architecture: Architecture) => Read<Architecture>;
  /** What a CDK app's deployment of files puts into its bucket, by key; nothing unless given. */
  readonly objectsOf?: (deployment: BucketDeployment) => Readonly<Record<string, StoredObject>>;
  /** Hears of a mistake of ours in an operation that nobody waits for. */
  readonly onBug: (error: unknown) => void;
}

/** The account behind the APIs, over a world that runs. */
export function openCloud(options: CloudOptions): Cloud {
  const { stage, account, regions, zones, credentials, finish, objectsOf = () => ({}), onBug } = options;
  const book = new StackBook(account, () => stage.epochMs());
  const standing = new Map(
    (options.standing ?? []).map((source): [string, TemplateSource] => {
      const settings = { target: undefined, isProtected: false, rollbackDisabled: false };
      return [book.enter(source.region ?? regions[0] ?? '', source.stack, settings).stackId, source];
    }),
  );
  const sources = new Sources({
    account,
    zones,
    stacks: standing,
    become: async (architecture) => await stage.replace(architecture),
    ...(finish === undefined ? {} : { finish }),
  });
  const parameters = new ParameterStores(
    () => sources.architecture(),
    () => stage.epochMs(),
  );
  const stacks = new Stacks({
    book,
    sources,
    parameters,
    world: () => stage.world,
    perform: (action) => stage.perform(action),
    epochMs: () => stage.epochMs(),
    now: () => stage.now(),
    stateDirectory: resolve(options.stateDirectory),
    objectsOf,
    onBug,
  });
  for (const [stackId, source] of standing) stacks.adopt(stackId, source, sources.architecture());
  return {
    account,
    regions,
    now: () => stage.now(),
    epochMs: () => stage.epochMs(),
    world: () => stage.world,
    perform: (action) => stage.perform(action),
    callFunction: async (fn, payload) => await stage.callFunction(fn, payload),
    code: new CodeObjects(resolve(options.stateDirectory)),
    estate: sources,
    parameters,
    credentials,
    stacks,
  };
}
