import { validationError } from '../../engine/index.ts';
import { refused } from './stack-book.ts';

/** Items of one page of the lists of CloudFormation. */
const PAGE_ITEMS = 100;

/** Part of a list, and by what the next part is asked for. */
export interface Page<Item> {
  readonly items: Item[];
  readonly next: string | undefined;
}

/** @throws AwsError for a token that this list has not given. */
export function pageOf<Item>(all: readonly Item[], token: string | undefined, most = PAGE_ITEMS): Page<Item> {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0 || from > all.length)
    throw refused(validationError("1 validation error detected: Value at 'nextToken' is not valid"));
  const items = all.slice(from, from + most);
  return { items, next: from + most < all.length ? String(from + most) : undefined };
}
