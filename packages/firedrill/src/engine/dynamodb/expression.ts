import type { AttributeType, AttributeValue } from './attribute-value.ts';
import type { Path } from './paths.ts';

/** What an expression looks at. */
export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'size'; readonly of: Operand };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** What an item must be like. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly among: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly isWanted: boolean }
  | { readonly kind: 'type'; readonly path: Path; readonly type: AttributeType }
  | { readonly kind: 'begins-with' | 'contains'; readonly operand: Operand; readonly sought: Operand };

/** What SET may put somewhere. */
export type SetValue =
  | Operand
  | { readonly kind: 'if-not-exists'; readonly path: Path; readonly otherwise: SetValue }
  | { readonly kind: 'list-append'; readonly first: SetValue; readonly second: SetValue }
  | { readonly kind: 'sum' | 'difference'; readonly left: SetValue; readonly right: SetValue };

/** One step of an update. */
export type UpdateAction =
  | { readonly kind: 'set'; readonly path: Path; readonly to: SetValue }
  | { readonly kind: 'remove'; readonly path: Path }
  | { readonly kind: 'add' | 'delete'; readonly path: Path; readonly value: AttributeValue };
