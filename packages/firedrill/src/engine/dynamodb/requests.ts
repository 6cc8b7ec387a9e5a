import type { AttributeValue, Item } from './attribute-value.ts';

/*
 * Requests and answers, as far as DynamoDB's own model has them and Firedrill acts on them; names are AWS's.
 */

interface Placeheld {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

interface Conditional extends Placeheld {
  readonly ConditionExpression?: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE' | undefined;
}

export type ReturnValues = 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';

interface Returning {
  readonly ReturnValues?: ReturnValues | undefined;
}

export interface PutInput extends Conditional, Returning {
  readonly TableName: string;
  readonly Item: Item;
}

export interface DeleteInput extends Conditional, Returning {
  readonly TableName: string;
  readonly Key: Item;
}

export interface UpdateInput extends Conditional, Returning {
  readonly TableName: string;
  readonly Key: Item;
  readonly UpdateExpression?: string | undefined;
}

export interface CheckInput extends Conditional {
  readonly TableName: string;
  readonly Key: Item;
}

export interface GetInput {
  readonly TableName: string;
  readonly Key: Item;
  readonly ConsistentRead?: boolean | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
}

export type Select = 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES' | 'SPECIFIC_ATTRIBUTES' | 'COUNT';

interface Paged extends Placeheld {
  readonly TableName: string;
  readonly IndexName?: string | undefined;
  readonly Select?: Select | undefined;
  readonly Limit?: number | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly ExclusiveStartKey?: Item | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
}

export interface QueryInput extends Paged {
  readonly KeyConditionExpression?: string | undefined;
  readonly ScanIndexForward?: boolean | undefined;
}

export interface ScanInput extends Paged {
  readonly Segment?: number | undefined;
  readonly TotalSegments?: number | undefined;
}

export interface Page {
  /** Undefined: only their count was wanted. */
  readonly Items?: readonly Item[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: Item;
}

/** A hash key's value, and what the sort key must be like. */
export interface KeyCondition {
  readonly hash: AttributeValue;
  readonly isWanted: (item: Item) => boolean;
}
