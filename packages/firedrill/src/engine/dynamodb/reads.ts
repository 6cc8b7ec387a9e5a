import type { TableIndex } from '../../model/index.ts';
import type { Item } from './attribute-value.ts';
import { parseCondition } from './condition-parser.ts';
import { holds } from './condition.ts';
import type { Condition } from './expression.ts';
import { DYNAMODB_FACTS } from './facts.ts';
import { requestedKey } from './item-keys.ts';
import { keyCondition } from './key-condition.ts';
import type { Path } from './paths.ts';
import { Placeholders } from './placeholders.ts';
import { project } from './projection.ts';
import { invalid } from './refusal.ts';
import type { GetInput, Page, QueryInput, ScanInput } from './requests.ts';
import type { SortedItems } from './sorted-items.ts';
import type { TableContents } from './table-contents.ts';
import { parseProjection } from './update-parser.ts';
import { itemBytes } from './values.ts';

/** One item by its key; undefined: there is none (RS 7.4). */
export function getItem(contents: TableContents, input: GetInput): Item | undefined {
  const placeholders = new Placeholders(input.ExpressionAttributeNames);
  const paths =
    input.ProjectionExpression === undefined ? undefined : parseProjection(input.ProjectionExpression, placeholders);
  placeholders.checkUsed();
  const item = contents.item(requestedKey(contents.table, input.Key));
  return item === undefined || paths === undefined ? item : project(item, paths);
}

/** Items of one hash key, page by page. */
export function query(contents: TableContents, input: QueryInput): Page {
  const placeholders = new Placeholders(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
  const place = placeFor(contents, input);
  const { attributeTypes: types } = contents.table;
  if (input.KeyConditionExpression === undefined)
    throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  const wanted = keyCondition(input.KeyConditionExpression, { keys: place.sorted.keys, types }, placeholders);
  const reading = readingOf(contents, place, input, placeholders);
  const start = startOf(contents, place, input.ExclusiveStartKey);
  const items = place.sorted.within(wanted.hash, input.ScanIndexForward ?? true, start);
  return pageOf(contents, place, reading, filtered(items, wanted.isWanted));
}

/** All items of a table or an index, page by page. */
export function scan(contents: TableContents, input: ScanInput): Page {
  const placeholders = new Placeholders(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
  const place = placeFor(contents, input);
  const reading = readingOf(contents, place, input, placeholders);
  const start = startOf(contents, place, input.ExclusiveStartKey);
  return pageOf(contents, place, reading, place.sorted.all(start, segmentOf(input)));
}

function segmentOf({ Segment: segment, TotalSegments: total }: ScanInput): (scattered: number) => boolean {
  if (segment === undefined && total === undefined) return () => true;
  if (segment === undefined)
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  if (total === undefined)
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  if (segment >= total)
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  return (scattered) => scattered % total === segment;
}

/** What is read: the table, or one of its indexes. */
interface ReadPlace {
  readonly sorted: SortedItems;
  readonly index: TableIndex | undefined;
}

function placeFor(
  contents: TableContents,
  { IndexName: name, ConsistentRead: isConsistent }: QueryInput | ScanInput,
): ReadPlace {
  const index = contents.table.indexes.find((one) => one.name === name);
  const sorted = contents.sorted(name);
  if (sorted === undefined) throw invalid(`The table does not have the specified index: ${name ?? ''}`);
  // An index elsewhere is always behind (RS 7.5).
  if (index?.kind === 'global' && isConsistent === true)
    throw invalid('Consistent reads are not supported on global secondary indexes');
  return { sorted, index };
}

interface Reading {
  readonly condition: Condition | undefined;
  /** What there is of an item to be read; undefined: all of it. */
  readonly own: readonly Path[] | undefined;
  readonly paths: readonly Path[] | undefined;
  readonly limit: number;
  readonly isCountOnly: boolean;
}

function readingOf(
  { table }: TableContents,
  { index }: ReadPlace,
  input: QueryInput | ScanInput,
  placeholders: Placeholders,
): Reading {
  const { FilterExpression: filter, ProjectionExpression: projection, Select: select, Limit: limit } = input;
  const condition = filter === undefined ? undefined : parseCondition('FilterExpression', filter, placeholders);
  const paths = projection === undefined ? undefined : parseProjection(projection, placeholders);
  placeholders.checkUsed();
  if (limit !== undefined && limit < 1)
    throw invalid(
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  if (paths !== undefined && select !== undefined && select !== 'SPECIFIC_ATTRIBUTES')
    throw invalid(
      `Cannot specify the ProjectionExpression when choosing to get ${select === 'COUNT' ? 'only the Count' : select}`,
    );
  if (select === 'SPECIFIC_ATTRIBUTES' && paths === undefined)
    throw invalid('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && index === undefined)
    throw invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  if (select === 'ALL_ATTRIBUTES' && index?.kind === 'global' && index.projection !== 'ALL')
    throw invalid(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  // A local index fetches from its table what it does not have; a global one cannot.
  const own =
    select === 'ALL_ATTRIBUTES' || (paths !== undefined && index?.kind === 'local')
      ? undefined
      : projectedBy(table, index);
  return { condition, own, paths, limit: limit ?? Infinity, isCountOnly: select === 'COUNT' };
}

/** What an index has of its items; undefined: all of them. */
function projectedBy({ keys }: TableContents['table'], index: TableIndex | undefined): readonly Path[] | undefined {
  if (index === undefined || index.projection === 'ALL') return undefined;
  const more = index.projection === 'KEYS_ONLY' ? [] : index.projection;
  const names = [keys.hash, keys.range, index.keys.hash, index.keys.range, ...more];
  return [...new Set(names.filter((name) => name !== undefined))].map((name) => [name]);
}

function startOf(contents: TableContents, { index }: ReadPlace, start: Item | undefined): Item | undefined {
  if (start === undefined) return undefined;
  const { keys, attributeTypes } = contents.table;
  const names = new Set(
    [keys.hash, keys.range, index?.keys.hash, index?.keys.range].filter((name) => name !== undefined),
  );
  const given = Object.entries(start);
  const fits =
    given.length === names.size &&
    given.every(([name, value]) => names.has(name) && Object.keys(value)[0] === attributeTypes[name]);
  if (!fits) throw invalid('The provided starting key is invalid: The provided key element does not match the schema');
  return start;
}

function* filtered(items: Iterable<Item>, isWanted: (item: Item) => boolean): Generator<Item> {
  for (const item of items) if (isWanted(item)) yield item;
}

/** Up to the limit, or as much as a page holds; the filter comes afterwards (RS 7.15). */
function pageOf(contents: TableContents, { index }: ReadPlace, reading: Reading, items: Iterable<Item>): Page {
  const { condition, own, paths, limit, isCountOnly } = reading;
  const found: Item[] = [];
  let [scanned, count, bytes] = [0, 0, 0];
  for (const item of items) {
    scanned += 1;
    const seen = own === undefined ? item : project(item, own);
    bytes += itemBytes(seen);
    if (condition === undefined || holds(condition, seen)) {
      count += 1;
      if (!isCountOnly) found.push(paths === undefined ? seen : project(seen, paths));
    }
    if (scanned >= limit || bytes >= DYNAMODB_FACTS.PAGE_BYTES_MAX.value) {
      const key = project(item, keyPaths(contents, index));
      return { ...(isCountOnly ? {} : { Items: found }), Count: count, ScannedCount: scanned, LastEvaluatedKey: key };
    }
  }
  return { ...(isCountOnly ? {} : { Items: found }), Count: count, ScannedCount: scanned };
}

function keyPaths({ table: { keys } }: TableContents, index: TableIndex | undefined): readonly Path[] {
  const names = [keys.hash, keys.range, index?.keys.hash, index?.keys.range];
  return [...new Set(names.filter((name) => name !== undefined))].map((name) => [name]);
}
