import type { IgnoredFinding } from '../check/index.ts';
import type { Finding } from '../model/index.ts';
import { inspect } from './inspect.ts';
import { readAssembly } from './read-assembly.ts';

/** What there is to say about a cloud assembly. */
export interface AssemblyInspection {
  readonly findings: readonly Finding[];
  /** What the templates say to ignore, with their reasons. */
  readonly ignored: readonly IgnoredFinding[];
}

export interface InspectAssemblyOptions {
  /** Hosted zones outside the templates: id by domain name. */
  readonly zones?: Readonly<Record<string, string>>;
  /** Region of stacks that leave theirs open. */
  readonly region?: string;
}

/**
 * Reads a cloud assembly (the `cdk.out` of a CDK app) with those nested in it, and says every mistake and every trap
 * in it, as `firedrill check` does. Throws nothing: what cannot be read is a finding, too.
 */
export function inspectAssembly(directory: string, options: InspectAssemblyOptions = {}): AssemblyInspection {
  const { zones = {}, region } = options;
  const { value, findings: before } = readAssembly(directory, region === undefined ? {} : { region });
  const { findings, ignored } = inspect({ sources: value.sources, zones }, before);
  return { findings, ignored };
}
