import type { Action, Instant, LambdaFunction } from '../model/index.ts';
import type { ActionResult, World } from '../engine/index.ts';
import type { FunctionCall } from '../live/index.ts';
import type { CodeObjects } from './cloudformation/code-objects.ts';
import type { Credentials } from './credentials.ts';
import type { ParameterStores } from './parameter-stores.ts';
import type { Stacks } from './cloudformation/stacks.ts';
import type { Estate } from './estate.ts';

/** The account behind the APIs: what handlers act on. */
export interface Cloud {
  /** Twelve digits. */
  readonly account: string;
  readonly regions: readonly string[];
  /** The moment of the world. */
  now(): Instant;
  /** The same as a date of the calendar, in milliseconds since 1970. */
  epochMs(): number;
  /** The world as it is; another one after each change of the estate. */
  world(): World;
  /** Does to the world what an operator does, and tells the timeline. */
  perform(action: Action): ActionResult;
  /** Runs a function once, as Lambda's API does; never rejects. */
  callFunction(fn: LambdaFunction, payload: unknown): Promise<FunctionCall>;
  /** Unpacks what is uploaded as code. */
  readonly code: CodeObjects;
  readonly estate: Estate;
  /** What Systems Manager keeps, by Region. */
  readonly parameters: ParameterStores;
  /** Keys that may sign, and those that STS gives out. */
  readonly credentials: Credentials;
  /** Stacks that were deployed into the estate. */
  readonly stacks: Stacks;
}
