/*
 * The port to whatever runs users' code at once, without time passing and the same way each time. The engine holds the rules
 * of AWS and knows no language; `sandbox` knows the language and holds no rule.
 */

/** The runtimes of CloudFront Functions. */
export type FunctionRuntime = 'cloudfront-js-1.0' | 'cloudfront-js-2.0';

/** Where code leaves the language of its runtime. */
export interface CodeFlaw {
  readonly says: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** What is to be kept from one run of a function. */
export interface RunLimits {
  /** Calls of functions and turns of loops, in thousands as they are counted. */
  readonly stepsMax: number;
  /** What the code may hold beside the runtime's own. */
  readonly memoryBytesMax: number;
}

/** The values of a key value store as one run sees them: they do not change meanwhile (CF 5.33). */
export interface KeyValues {
  readonly name: string;
  /** What code may name the store by: `cf.kvs(id)` (CF 5.33). */
  readonly id: string;
  /** Another number, another content. */
  readonly version: number;
  readonly entries: ReadonlyMap<string, string>;
  /** In ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Set while the store cannot be read: what reading throws. */
  readonly failure?: string;
  /** `seq` of the event that made it so. */
  readonly because?: number;
}

/** Helpers of the `cloudfront` module that act on the origin of the request (CF 5.26). */
export type OriginHelper = 'updateRequestOrigin' | 'selectRequestOriginById' | 'createRequestOriginGroup';

/** One run of a function of CloudFront Functions. */
export interface FunctionRun {
  /** The event as JSON will have it, `context.requestId` left out. */
  readonly event: unknown;
  readonly requestId: () => string;
  readonly rawQueryString: string;
  readonly edgeLocation: { readonly name: string; readonly serverIp: string; readonly region: string };
  /** What clocks show; the code's own clock stands still during a run. */
  readonly epochMs: number;
  /** From 0 to 1, 1 excluded. */
  readonly chance: () => number;
  readonly keyValues: KeyValues | undefined;
  /**
   * Performs a helper. Undefined: done; else what it throws.
   * @param argument JSON values, as the code gave them.
   */
  readonly originHelper: (helper: OriginHelper, args: readonly unknown[]) => string | undefined;
}

/** What came of a run. */
export type RunOutcome =
  | { readonly kind: 'returned'; readonly value: unknown; readonly log: readonly string[] }
  /** `limit`: time or memory was used up; `error`: the code threw, or cannot run at all. */
  | {
      readonly kind: 'failed';
      readonly why: 'error' | 'limit';
      readonly says: string;
      readonly log: readonly string[];
    };

/** A function of CloudFront Functions, read once for all its runs. */
export interface PreparedFunction {
  /** Code with flaws fails in every run (CF 5.35). */
  readonly flaws: readonly CodeFlaw[];
  run(run: FunctionRun): RunOutcome;
}

/** A handler of Lambda that needs nothing but its event. */
export interface HandlerSource {
  readonly text: string;
  /** `module`: ES modules; `script`: CommonJS. */
  readonly format: 'module' | 'script';
  /** The name that is exported. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether its runtime still calls handlers with a callback (RS 4.12). */
  readonly takesCallbacks: boolean;
}

export interface PreparedHandler {
  /** @param context fields of the second argument, as JSON. */
  run(event: unknown, context: Readonly<Record<string, unknown>>): RunOutcome;
}

/** Runs code of users at once. What it makes of the same code and the same input is always the same. */
export interface CodeSandbox {
  prepareFunction(runtime: FunctionRuntime, text: string, limits: RunLimits): PreparedFunction;
  /** Undefined when the code is not pure: when it imports, waits for, or keeps something, or reads a clock or chance. */
  prepareHandler(source: HandlerSource, limits: RunLimits): PreparedHandler | undefined;
}
