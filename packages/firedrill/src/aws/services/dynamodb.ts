import type { Cloud } from '../cloud.ts';
import type { DynamoDbHandlers } from '../dynamodb/handlers.ts';
import { itemHandlers } from '../dynamodb/items.ts';
import { severalItemHandlers } from '../dynamodb/several-items.ts';
import { tableHandlers } from '../dynamodb/tables.ts';

/** Tables and their items. */
export function dynamodb(cloud: Cloud): DynamoDbHandlers {
  return { ...tableHandlers(cloud), ...itemHandlers(cloud), ...severalItemHandlers(cloud) };
}
