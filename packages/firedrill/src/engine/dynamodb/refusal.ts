/**
 * What DynamoDB refuses. Thrown and caught within this folder only: expressions are read and carried out in deep recursion, and
 * whoever calls gets it as a value (see `attempt`).
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: RefusalCode, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.members = members;
  }
}

export type RefusalCode =
  | 'ConditionalCheckFailedException'
  | 'InternalServerError'
  | 'ItemCollectionSizeLimitExceededException'
  | 'LimitExceededException'
  | 'ReplicatedWriteConflictException'
  | 'ResourceNotFoundException'
  | 'TransactionCanceledException'
  | 'ValidationException';

/** What came of a request. */
export type Attempt<Output> =
  | { readonly kind: 'done'; readonly output: Output }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export function attempt<Output>(act: () => Output): Attempt<Output> {
  try {
    return { kind: 'done', output: act() };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', refusal: error };
    throw error;
  }
}

export function invalid(message: string): Refusal {
  return new Refusal('ValidationException', message);
}
