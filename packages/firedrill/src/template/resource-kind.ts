import type { Place } from '../model/index.ts';
import type { Draft } from './draft.ts';
import type { MapNode } from './node.ts';
import { get, isScalar } from './node.ts';
import type { Identity, StackContext } from './scope.ts';
import type { TemplateSource } from './template-source.ts';
import type { Teller } from './teller.ts';

/** A resource as its type's reader gets it: properties evaluated, nothing checked. */
export interface ResourceInput {
  readonly logicalId: string;
  readonly type: string;
  readonly at: Place;
  readonly properties: MapNode;
  readonly context: StackContext;
  readonly source: TemplateSource;
  readonly tell: Teller;
  /** Names this resource among all others: account, Region, stack and logical id. */
  readonly seed: string;
  /** SSM parameters of all stacks read so far, by `Region name`. */
  readonly ssm: Map<string, string>;
  /** Some template could not be read: what is missing may be there. */
  readonly lenient: boolean;
}

/** How we read one resource type. */
export interface ResourceKind {
  readonly standing: 'acted-on' | 'inert';
  /** Whether it lives in a Region, so that a stack with it needs one. */
  readonly regional: boolean;
  /** Adds to the draft what the resource says, and answers with what it is called. */
  readonly read: (input: ResourceInput, draft: Draft) => Identity;
}

export function identity(ref: string, attributes: Readonly<Record<string, string | readonly string[]>> = {}): Identity {
  return { ref, attributes: new Map(Object.entries(attributes)), open: false };
}

/** A property as text, before and whether or not the resource is valid: names decide what a resource is called. */
export function textProperty({ properties }: ResourceInput, key: string): string | undefined {
  const node = get(properties, key);
  return node !== undefined && isScalar(node) && node.text !== '' ? node.text : undefined;
}

/** An ARN in the resource's own partition, Region and account. */
export function arnOf({ context }: ResourceInput, service: string, rest: string): string {
  return `arn:${context.partition}:${service}:${context.region}:${context.account}:${rest}`;
}
