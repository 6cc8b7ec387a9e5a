import { createHash } from 'node:crypto';
import type { KeyValues } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

const PAGE_MAX = 50;
/** Keys that one request changes. */
const UPDATES_MAX = 50;

type KeyValueStoreHandlers = Handlers<typeof import('@aws-sdk/client-cloudfront-keyvaluestore')>;

/** What is in key value stores, read and written; edge locations hear of it one after the other (CF 5.33, 5.34). */
export function keyValueStore(cloud: Cloud): KeyValueStoreHandlers {
  const change = (
    {
      KvsARN: arn = '',
      IfMatch: version,
    }: { readonly KvsARN?: string | undefined; readonly IfMatch?: string | undefined },
    puts: Readonly<Record<string, string>>,
    deletes: readonly string[],
  ): Measures & { readonly ETag: string } => {
    const before = need(cloud, arn);
    if (version !== etagOf(arn, before))
      throw new AwsError('ConflictException', 'The resource has another version than the request is for.', 409);
    const missing = deletes.find((key) => !before.entries.has(key));
    if (missing !== undefined) throw new AwsError('ResourceNotFoundException', `Key not found: ${missing}`, 404);
    const result = cloud.perform({ kind: 'update-keys', store: arn, puts, deletes });
    if (result.kind === 'refused') throw new AwsError(result.code, result.message);
    const after = need(cloud, arn);
    return { ...measuresOf(after), ETag: etagOf(arn, after) };
  };
  return {
    DescribeKeyValueStore({ KvsARN: arn = '' }) {
      const values = need(cloud, arn);
      return {
        ...measuresOf(values),
        KvsARN: arn,
        Created: new Date(values.createdAt),
        LastModified: new Date(values.updatedAt),
        ETag: etagOf(arn, values),
        Status: 'READY',
      };
    },
    GetKey({ KvsARN: arn = '', Key: key = '' }) {
      const values = need(cloud, arn);
      const value = values.entries.get(key);
      if (value === undefined) throw new AwsError('ResourceNotFoundException', `Key not found: ${key}`, 404);
      return { Key: key, Value: value, ...measuresOf(values) };
    },
    ListKeys({ KvsARN: arn = '', NextToken: after, MaxResults: most = PAGE_MAX }) {
      const { entries } = need(cloud, arn);
      const all = [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
      const from = after === undefined ? all : all.filter(([key]) => key > Buffer.from(after, 'base64').toString());
      const page = from.slice(0, Math.min(most, PAGE_MAX));
      const last = page.at(-1)?.[0];
      return {
        Items: page.map(([Key, Value]) => ({ Key, Value })),
        ...(last === undefined || page.length === from.length
          ? {}
          : { NextToken: Buffer.from(last).toString('base64') }),
      };
    },
    PutKey: (input) => change(input, { [input.Key ?? '']: input.Value ?? '' }, []),
    DeleteKey: (input) => change(input, {}, [input.Key ?? '']),
    UpdateKeys(input) {
      const { Puts = [], Deletes = [] } = input;
      if (Puts.length + Deletes.length > UPDATES_MAX)
        throw new AwsError('ValidationException', `A request changes ${UPDATES_MAX} keys at the most.`);
      const puts = Puts.map(({ Key = '', Value = '' }): [string, string] => [Key, Value]);
      return change(
        input,
        Object.fromEntries(puts),
        Deletes.map(({ Key = '' }) => Key),
      );
    },
  };
}

interface Measures {
  readonly ItemCount: number;
  readonly TotalSizeInBytes: number;
}

/** @throws AwsError when there is no such store. */
function need(cloud: Cloud, arn: string): KeyValues {
  const found = cloud.world().keyValuesOf(arn);
  if (found === undefined)
    throw new AwsError('ResourceNotFoundException', `The key value store ${arn} does not exist.`, 404);
  return found;
}

function measuresOf({ entries }: KeyValues): Measures {
  const bytes = [...entries].map(([key, value]) => Buffer.byteLength(key) + Buffer.byteLength(value));
  return { ItemCount: entries.size, TotalSizeInBytes: bytes.reduce((sum, each) => sum + each, 0) };
}

/** Another content, another tag. */
function etagOf(arn: string, { version }: KeyValues): string {
  return `KV${createHash('sha256').update(`${arn} ${version}`).digest('hex').slice(0, 13).toUpperCase()}`;
}
