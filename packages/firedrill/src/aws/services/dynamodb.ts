import type { Cloud } from '../cloud.ts';
import type { DynamoDbHandlers } from '../dynamodb/handlers.ts';
import { itemHandlers } from '../dynamodb/items.ts';
import { severalItemHandlers } from '../dynamodb/several-items.ts';

/** Tables and their items. */
export function dynamodb(cloud: Cloud): DynamoDbHandlers {
  return { ...itemHandlers(cloud), ...severalItemHandlers(cloud) };
}
