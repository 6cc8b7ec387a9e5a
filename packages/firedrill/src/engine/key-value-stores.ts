import type { Instant, KeyValueStore, UpdateKeys } from '../model/index.ts';
import { after, BEGINNING } from '../model/index.ts';
import type { Judgement, Performers } from './actions.ts';
import { isoDate } from './calendar.ts';
import { utf8Bytes } from './cloudfront/function-body.ts';
import { CLOUDFRONT_FACTS } from './cloudfront/facts.ts';
import type { Moment } from './conversation.ts';
import type { KeyValues } from './edge-code.ts';
import type { Parts } from './parts.ts';

/** Changes of one store that an edge location may still have to hear of; more in a few seconds than anybody makes. */
const REVISIONS_MAX = 1000;

/** What functions are told who read a store that cannot be read; AWS does not document its words. */
const UNREADABLE = 'the KeyValueStore cannot be read';

interface Revision {
  readonly at: Instant;
  readonly keyValues: KeyValues;
}

/** Key value stores as edge locations see them: each hears of a change at a moment of its own (CF 5.34). */
export interface KeyValueStores {
  /** Undefined: there is no such store. */
  seen(arn: string, edge: string, now: Instant): KeyValues | undefined;
  /** What was written last, whoever has heard of it; undefined: there is no such store. */
  latest(arn: string): KeyValues | undefined;
  readonly performers: Pick<Performers, 'update-keys'>;
  /** Goes on with the stores of another estate: those that both have keep what they hold. */
  deploy(now: Instant): void;
}

/** @param epochMs what a clock shows. */
export function keyValueStoresOf(
  { input, random, settings, faults }: Parts,
  epochMs: (now: Instant) => number,
): KeyValueStores {
  const spreadMs = settings.number('cloudfront.key-value-propagation-seconds') * 1000;
  const declared = input.plan.keyValues ?? {};
  const revisions = new Map<string, Revision[]>();
  const deploy = (now: Instant): void => {
    const { keyValueStores } = input.architecture;
    const arns = new Set(keyValueStores.map(({ arn }) => arn));
    for (const arn of revisions.keys()) if (!arns.has(arn)) revisions.delete(arn);
    for (const store of keyValueStores)
      if (!revisions.has(store.arn)) revisions.set(store.arn, [beginning(store, declared, now, epochMs)]);
  };
  deploy(BEGINNING);
  /** How late an edge location hears of a change, as a share of the longest time: drawn when it first looks. */
  const delays = new Map<string, number>();
  const delayOf = (name: string, version: number, edge: string): number => {
    if (version === 1) return 0;
    const key = `cloudfront/key-value-store/${name}/${version}/${edge}`;
    const known = delays.get(key) ?? random.stream(key).next();
    delays.set(key, known);
    return known * spreadMs;
  };
  /** As a function reads it that runs now; of a fault of a share each run has its own. */
  const asRead = (keyValues: KeyValues, arn: string, now: Instant): KeyValues => {
    if (faults.isQuiet(now)) return keyValues;
    const store = input.architecture.keyValueStores.find((each) => each.arn === arn);
    const names = new Set([arn, store?.name, store?.logicalId]);
    const met = faults.operatorsMeet((target) => target.kind === 'key-value-store' && names.has(target.store), now);
    return met === undefined ? keyValues : { ...keyValues, failure: UNREADABLE, because: met.seq };
  };
  return {
    deploy,
    seen(arn, edge, now) {
      const all = revisions.get(arn);
      // The latest that has come; earlier ones are never gone back to.
      const found = all?.findLast(
        ({ at, keyValues: { name, version } }) => after(at, delayOf(name, version, edge)) <= now,
      );
      return found === undefined ? undefined : asRead(found.keyValues, arn, now);
    },
    latest: (arn) => revisions.get(arn)?.at(-1)?.keyValues,
    performers: {
      'update-keys': (action, moment) => judge(action, moment, revisions, epochMs),
    },
  };
}

function beginning(
  { name, id, arn, entries }: KeyValueStore,
  declared: Readonly<Record<string, Readonly<Record<string, string>>>>,
  at: Instant,
  epochMs: (now: Instant) => number,
): Revision {
  const time = isoDate(epochMs(at) / 1000);
  const more = declared[name] ?? declared[arn] ?? {};
  const all = new Map(Object.entries({ ...entries, ...more }));
  return { at, keyValues: { name, id, version: 1, entries: all, createdAt: time, updatedAt: time } };
}

/** `UpdateKeys`: all puts and deletions or none (CF 5.33). */
function judge(
  { store, puts, deletes }: UpdateKeys,
  moment: Moment,
  revisions: ReadonlyMap<string, Revision[]>,
  epochMs: (now: Instant) => number,
): Judgement {
  const all = revisions.get(store);
  const latest = all?.at(-1)?.keyValues;
  if (all === undefined || latest === undefined)
    return { kind: 'refused', code: 'ResourceNotFoundException', message: `There is no key value store ${store}.` };
  const entries = new Map([...latest.entries, ...Object.entries(puts)]);
  for (const key of deletes) entries.delete(key);
  const offence = offenceOf(entries);
  if (offence !== undefined) return { kind: 'refused', ...offence };
  return {
    kind: 'accepted',
    carryOut() {
      const version = latest.version + 1;
      const updatedAt = isoDate(epochMs(moment.now) / 1000);
      all.push({ at: moment.now, keyValues: { ...latest, version, entries, updatedAt } });
      // The two oldest are long known everywhere.
      if (all.length > REVISIONS_MAX) all.shift();
      return [];
    },
  };
}

/** What stands against the content of a store (CF 5.33). */
function offenceOf(
  entries: ReadonlyMap<string, string>,
): { readonly code: string; readonly message: string } | undefined {
  let bytes = 0;
  for (const [key, value] of entries) {
    const [keyBytes, valueBytes] = [utf8Bytes(key), utf8Bytes(value)];
    if (keyBytes > CLOUDFRONT_FACTS.KEY_BYTES.value)
      return { code: 'ValidationException', message: `The key ${key.slice(0, 40)} is longer than 512 bytes.` };
    if (valueBytes > CLOUDFRONT_FACTS.VALUE_BYTES.value)
      return { code: 'ValidationException', message: `The value of ${key} is longer than 1 KB.` };
    bytes += keyBytes + valueBytes;
  }
  if (bytes <= CLOUDFRONT_FACTS.KEY_VALUE_STORE_BYTES.value) return undefined;
  return { code: 'ServiceQuotaExceededException', message: 'The store would hold more than 5 MB.' };
}
