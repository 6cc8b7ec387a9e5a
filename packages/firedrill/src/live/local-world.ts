import type { Action, Architecture, Finding, LambdaFunction, Plan, TimelineEvent } from '../model/index.ts';
import type { ActionResult, CodeSandbox, FaultNow, World } from '../engine/index.ts';
import { createWorld } from '../engine/index.ts';
import type { ApiServer } from './api-call.ts';
import type { Leaf } from './certificate-authority.ts';
import type { WorldClock } from './clock.ts';
import type { QueryLogOptions } from './dns-query-log.ts';
import type { OpenEndpoint, Ports } from './endpoint-sockets.ts';
import type { FunctionSurroundings } from './function-process.ts';
import type { FunctionCall } from './functions.ts';
import type { OutsideClients } from './outside-clients.ts';
import { RunningWorld } from './running-world.ts';

export interface LocalWorldOptions {
  readonly architecture: Architecture;
  readonly plan: Plan;
  /** World seconds in a second of the wall clock. */
  readonly speed: number;
  readonly ports: Ports;
  /** Gets the CA, and code and logs of functions. */
  readonly stateDirectory: string;
  /** Receives every event, in order; nothing when the world does not come up. */
  readonly sink: (event: TimelineEvent) => void;
  /** Runs code of users at once; an estate with CloudFront Functions needs it. */
  readonly sandbox?: CodeSandbox;
  /** City where clients from outside stand; the first of the plan's places unless given. */
  readonly home?: string;
  /** File for Route 53's query log (R53 WS-14); none unless given. Its directory has to be there. */
  readonly queryLog?: string;
  /** Puts requests of clients from outside on the timeline too, as those of probes named after the hosts that they ask for. */
  readonly hearsClients?: boolean;
  /** Domains that estates to come may have names in, beside those that this one has: the CA may vouch for them from the beginning. */
  readonly domains?: readonly string[];
  /** What the environment of every function has beside Lambda's own, as where AWS's APIs are. Asked when a process starts. */
  readonly functionSurroundings?: FunctionSurroundings;
  /** Opens what functions may call as soon as they start. The world is whole by then, but for its functions, and its clock stands. */
  readonly beforeFunctions?: (world: LocalWorld) => Promise<void>;
}

/** An estate on real sockets. */
export interface LocalWorld {
  /** Those of the estate that there is at the time. */
  readonly endpoints: readonly OpenEndpoint[];
  readonly dns: { readonly address: string; readonly port: number };
  /** Certificate of the world's CA, as PEM. */
  readonly caFile: string;
  /** Stands at the beginning until the plan is run. */
  readonly clock: WorldClock;
  /** What a calendar of the world shows now, in milliseconds since 1970. */
  epochMs(): number;
  /** What is good to know, as that the system has one loopback address only. */
  readonly findings: readonly Finding[];
  /** What name servers would answer, and, in `world.control`, what operators see: health, alarms, metrics, records. */
  readonly world: World;
  /** Clients that come through doors of the world, and not by its addresses. */
  readonly outside: Pick<OutsideClients, 'places' | 'wayTo' | 'addressesOf'>;
  /**
   * Runs the plan: to its end and until every request sent in it has ended, or until the signal; a plan that ends `NEVER` only
   * until the signal. Call once.
   * @throws what a conversation threw: our mistake.
   */
  run(signal: AbortSignal): Promise<'finished' | 'interrupted'>;
  /**
   * Puts another estate in the place of the present one, all of it or nothing: endpoints that both have keep their sockets and
   * addresses, functions whose code or configuration has changed are started anew, everything that both have keeps its state,
   * and what is new begins now. One at a time: who comes while another is under way waits.
   * @throws LiveError when a function cannot be run here or a port is taken; the present estate lives on as it was.
   */
  replace(architecture: Architecture): Promise<void>;
  /**
   * Does what an operator would do by an API of AWS, now, on the world's clock. Refusals of AWS are results, also those of a
   * control plane that is down.
   * @param name what the timeline calls it; the kind of the action unless given.
   */
  perform(action: Action, name?: string): ActionResult;
  /** Runs a function of the estate as Lambda's own API does, for its own time at the most. Never rejects. */
  callFunction(fn: LambdaFunction, payload: unknown): Promise<FunctionCall>;
  /** From now on S3's API answers what its endpoints in the world hand to it. */
  serveApi(server: ApiServer): void;
  /** A fault begins now; one of that name that is there already ends. */
  startFault(fault: FaultNow): void;
  /** A fault ends now. @returns whether one of that name was there. */
  endFault(name: string): boolean;
  /** A certificate of the world's CA for these names, as for a proxy that stands for them. */
  leafFor(names: readonly string[]): Promise<Leaf>;
  /** Closes every socket and ends every process, whatever is under way. */
  close(): Promise<void>;
}

/** The parts that know the world by its contract only. */
export interface LocalParts {
  readonly world: World;
  readonly speed: number;
  readonly ports: Ports;
  readonly stateDirectory: string;
  readonly home?: string;
  readonly queryLog?: QueryLogOptions;
  readonly domains?: readonly string[];
  readonly hearsClients?: boolean;
  readonly functionSurroundings?: FunctionSurroundings;
  readonly beforeFunctions?: (world: LocalWorld) => Promise<void>;
  /** What its calendar showed at the beginning; that of this machine unless given. */
  readonly beganAtEpochMs?: number;
}

/**
 * Brings an estate to life on this machine's loopback addresses.
 * @throws LiveError when a port is taken or a function does not start; nothing half started stays behind then.
 */
export async function openWorld(options: LocalWorldOptions): Promise<LocalWorld> {
  const { architecture, plan, speed, sink, sandbox, queryLog, ...rest } = options;
  const beganAtEpochMs = Date.now();
  // What happens before the world is up is told when it is up, or never.
  let held: TimelineEvent[] | undefined = [];
  const world = createWorld({
    architecture,
    plan,
    driver: 'local',
    speed,
    beganAtEpochMs,
    ...(sandbox === undefined ? {} : { sandbox }),
    sink: (event) => (held === undefined ? sink(event) : void held.push(event)),
  });
  const log = queryLog === undefined ? {} : { queryLog: { file: queryLog, beganAtEpochMs } };
  const local = await openParts({ ...rest, ...log, speed, world, beganAtEpochMs });
  for (const event of held) sink(event);
  held = undefined;
  return local;
}

/**
 * The same for a world that has been made already.
 * @throws LiveError as {@link openWorld} does.
 */
export async function openParts(parts: LocalParts): Promise<LocalWorld> {
  const local = new RunningWorld(parts);
  try {
    await local.open();
  } catch (error) {
    await local.close();
    throw error;
  }
  return local;
}
