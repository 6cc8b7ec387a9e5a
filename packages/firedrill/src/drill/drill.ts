import type {
  BucketObjects,
  Fault,
  FunctionModel,
  Instant,
  OriginModel,
  Place,
  PlannedAction,
  Probe,
} from '../model/index.ts';

/** One template of a drill that names its templates itself. Paths are relative to the drill file. */
export interface TemplateSource {
  readonly file: string;
  readonly stack?: string;
  readonly region?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly place?: Place;
}

/** Where the architecture comes from. Paths are relative to the drill file. */
export type WorldSource =
  | { readonly kind: 'app'; readonly directory: string; readonly context: Readonly<Record<string, string>> }
  | { readonly kind: 'assembly'; readonly directory: string }
  | { readonly kind: 'templates'; readonly templates: readonly TemplateSource[] };

/** Where the objects of a bucket come from. */
export type BucketSource =
  /** Relative to the drill file. */
  { readonly kind: 'directory'; readonly path: string } | { readonly kind: 'objects'; readonly objects: BucketObjects };

/** A probe as written: its URL may still name stack outputs. */
export interface DrillProbe extends Probe {
  readonly place?: Place;
}

/** Bounds of a figure, both inclusive; in the unit that the name of the figure says. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** What must hold of a probe. Without a method it must hold of each; without a place, of all places together. */
export interface Expectation {
  readonly probe: string;
  readonly method?: string;
  readonly place?: string;
  readonly conditions: readonly Condition[];
  /** Where it stands in the drill file. */
  readonly source?: Place;
}

/** One thing that must hold. */
export type Condition =
  | { readonly kind: 'failed'; readonly requests: Bounds }
  /** From the first to the last failed request; 0 when none failed. */
  | { readonly kind: 'outage'; readonly seconds: Bounds }
  /** Succeeded ÷ sent, 0 to 1. */
  | { readonly kind: 'availability'; readonly share: Bounds }
  /** Of the fault after which it took longest. */
  | { readonly kind: 'recovery'; readonly seconds: Bounds }
  | { readonly kind: 'ttfb'; readonly figure: 'p50' | 'p99' | 'max'; readonly ms: Bounds }
  /** Exactly these answered the requests that succeeded: Regions, `edge`, or origin ids. */
  | { readonly kind: 'answeredBy'; readonly names: readonly string[] };

/** A drill file, read: everything that does not need the architecture has been checked. */
export interface Drill {
  readonly file: string;
  readonly name: string;
  readonly world: WorldSource;
  /** Hosted zones outside the templates: id by domain name. */
  readonly zones: Readonly<Record<string, string>>;
  readonly seed: string;
  readonly end: Instant;
  readonly probes: readonly DrillProbe[];
  readonly faults: readonly Fault[];
  /** As written: what they name may still be logical ids and outputs. */
  readonly actions: readonly PlannedAction[];
  readonly expectations: readonly Expectation[];
  readonly switches: Readonly<Record<string, string | number | boolean>>;
  readonly functionModels: Readonly<Record<string, FunctionModel>>;
  /** What key value stores hold beside what the templates say, by name. */
  readonly keyValues: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly origins: Readonly<Record<string, OriginModel>>;
  /** What is in buckets, by bucket as written. */
  readonly objects: Readonly<Record<string, BucketSource>>;
  /** Cities by public network. */
  readonly networks: Readonly<Record<string, string>>;
}
