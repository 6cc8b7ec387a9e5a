import type { Place } from '../model/index.ts';
import type { MapNode, Node } from './node.ts';
import type { Teller } from './teller.ts';

/** Where a stack is deployed, and as what. */
export interface StackContext {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  readonly urlSuffix: string;
}

/** What a resource is called once it exists: the value of Ref, and those of GetAtt by attribute. */
export interface Identity {
  readonly ref: string;
  readonly attributes: ReadonlyMap<string, string | readonly string[]>;
  /** Whether attributes that are not listed have a value too: made up, for types we do not act on. */
  readonly open: boolean;
}

/** What a logical id stands for when it is asked. */
export type Referent =
  | { readonly kind: 'created'; readonly type: string; readonly identity: Identity }
  /** Its condition is false. */
  | { readonly kind: 'left-out'; readonly condition: string }
  /** It failed or is part of a circle; that has been told. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'absent' };

/** Evaluates one intrinsic. `argument` is not evaluated yet; undefined is `AWS::NoValue`. */
export type Intrinsic = (argument: Node, at: Place, scope: Scope) => Node | undefined;

/** Everything an expression can refer to. */
export interface Scope {
  /** The value of a node, free of intrinsics (see evaluate.ts); undefined is `AWS::NoValue`. */
  evaluate(node: Node): Node | undefined;
  readonly context: StackContext;
  readonly tell: Teller;
  /** Whether `AWS::LanguageExtensions` is declared (RS 8.8 to 8.10a). */
  readonly extensions: boolean;
  readonly parameters: ReadonlyMap<string, Node>;
  readonly mappings: MapNode;
  /** The truth of a condition; undefined when it could not be told. */
  condition(name: string, at: Place): boolean | undefined;
  /** What a logical id stands for; `conditions` and the like may not refer to resources. */
  resource(logicalId: string): Referent;
  /** An exported value of the same account and Region. */
  imported(name: string, at: Place): Node;
  /** Another stack's output (RS 8.7). */
  stackOutput(query: StackOutputQuery, at: Place): Node;
  /** A Region was asked for: undefined and told when there is none. */
  needRegion(at: Place, why: string): void;
}

interface StackOutputQuery {
  readonly stack: string;
  readonly output: string;
  readonly region: string | undefined;
}
