import { describe, expect, test } from 'vitest';
import type { Bucket, Fault, PlannedAction, ReplicationRule, StoredObject } from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import { at, bucket, PUBLIC_LIST, PUBLIC_READ, saying, setting, StoreWorld } from './object-stores.fixture.ts';
import { createRandom } from './random.ts';
import { lagMs, rulesFor } from './s3/replication.ts';

/** Copies from one Region to another: when they arrive, and what never does. */

const COPY: ReplicationRule = {
  id: 'copy',
  enabled: true,
  priority: 0,
  prefix: '',
  hasTagFilter: false,
  destinationArn: 'arn:aws:s3:::copy',
  deleteMarkers: false,
  timeControl: false,
};
const POLICY = [PUBLIC_READ, PUBLIC_LIST];

function source(more: Partial<Bucket> = {}): Bucket {
  return bucket('source', { versioning: 'Enabled', replicationRules: [COPY], policy: POLICY, ...more });
}

function destination(name = 'copy', more: Partial<Bucket> = {}): Bucket {
  return bucket(name, { region: 'us-west-2', versioning: 'Enabled', policy: POLICY, ...more });
}

function put(seconds: number, key: string, text: string, name = 'source'): PlannedAction {
  return at(seconds, { kind: 'put-object', bucket: name, key, object: saying(text) });
}

function remove(seconds: number, key: string, versionId?: string): PlannedAction {
  const version = versionId === undefined ? {} : { versionId };
  return at(seconds, { kind: 'delete-object', bucket: 'source', key, ...version });
}

function world(
  actions: readonly PlannedAction[],
  more: {
    readonly buckets?: readonly Bucket[];
    readonly objects?: Readonly<Record<string, string | StoredObject>>;
    readonly faults?: readonly Fault[];
    readonly lag?: number;
  } = {},
): StoreWorld {
  const { buckets = [source(), destination()], objects = { 'old.txt': 'old' }, faults = [], lag = 60 } = more;
  const plan = { actions, faults, switches: { 's3.replication-seconds': lag } };
  return new StoreWorld(setting(buckets, { source: objects }, { plan }));
}

/** What a bucket answers for a key: the text, or the status; and how its replication stands. */
function seen(where: StoreWorld, name: string, key: string): string {
  const region = name === 'source' ? 'eu-west-1' : 'us-west-2';
  const { status, text, header } = where.ask({ url: `https://${name}.s3.${region}.amazonaws.com/${key}` });
  return `${status === 200 ? text : status} ${header('x-amz-replication-status') ?? '-'}`;
}

describe('what is copied', () => {
  test('RS 5.24, RS 5.30: a new object arrives after its lag: PENDING and missing until then, COMPLETED and REPLICA from then on', () => {
    const copying = world([put(10, 'new.txt', 'new')]);
    copying.pass(11);
    expect([seen(copying, 'source', 'new.txt'), seen(copying, 'copy', 'new.txt')]).toEqual(['new PENDING', '404 -']);
    copying.pass(60);
    expect([seen(copying, 'source', 'new.txt'), seen(copying, 'copy', 'new.txt')]).toEqual([
      'new COMPLETED',
      'new REPLICA',
    ]);
    expect(copying.events.filter(({ what }) => what === 'object.replicated')).toMatchObject([
      {
        at: 70e6,
        cause: 1 + copying.events.findIndex(({ what }) => what === 'action.performed'),
        data: { afterSeconds: 60 },
      },
    ]);
  });

  test('until a new version arrives, the copy serves the one before', () => {
    const copying = world([put(10, 'old.txt', 'new')]);
    copying.pass(30);
    expect([seen(copying, 'source', 'old.txt'), seen(copying, 'copy', 'old.txt')]).toEqual([
      'new PENDING',
      'old REPLICA',
    ]);
  });

  test('at the beginning copies are there, but not of what is older than the rules (RS 5.24)', () => {
    const settled = world([], {
      objects: { 'old.txt': 'old', 'older.txt': saying('older', { isOlderThanRules: true }) },
    });
    expect(seen(settled, 'source', 'old.txt')).toBe('old COMPLETED');
    expect(seen(settled, 'copy', 'old.txt')).toBe('old REPLICA');
    expect(seen(settled, 'copy', 'older.txt')).toBe('404 -');
  });

  test('RS 5.25: a replica goes no further', () => {
    const third = { ...COPY, destinationArn: 'arn:aws:s3:::third' };
    const chain = [source(), destination('copy', { replicationRules: [third] }), destination('third')];
    const copying = world([put(10, 'new.txt', 'new')], { buckets: chain });
    copying.pass(1000);
    expect(seen(copying, 'copy', 'new.txt')).toBe('new REPLICA');
    expect(seen(copying, 'third', 'new.txt')).toBe('404 -');
    expect(seen(copying, 'third', 'old.txt')).toBe('404 -');
  });

  test.each([
    ['another prefix', { prefix: 'docs/' }],
    ['a rule that is off', { enabled: false }],
    ['a rule for tags', { hasTagFilter: true }],
  ])('not what is under %s', (_why, more) => {
    const rules = [{ ...COPY, ...more }];
    const copying = world([put(10, 'new.txt', 'new')], {
      buckets: [source({ replicationRules: rules }), destination()],
    });
    copying.pass(1000);
    expect(seen(copying, 'source', 'new.txt')).toBe('new -');
    expect(seen(copying, 'copy', 'new.txt')).toBe('404 -');
  });

  test('RS 5.24: nothing is copied without versioning', () => {
    expect(rulesFor(source({ versioning: 'Suspended' }), 'a', saying('a'))).toEqual([]);
  });

  test('RS 5.30: COMPLETED only when every destination has it', () => {
    const rules = [COPY, { ...COPY, id: 'second', destinationArn: 'arn:aws:s3:::second' }];
    const faults = [down('us-east-2', 0, 600)];
    const copying = world([put(10, 'new.txt', 'new')], {
      buckets: [source({ replicationRules: rules }), destination(), destination('second', { region: 'us-east-2' })],
      faults,
    });
    copying.pass(100);
    expect(seen(copying, 'copy', 'new.txt')).toBe('new REPLICA');
    expect(seen(copying, 'source', 'new.txt')).toBe('new PENDING');
    copying.pass(700);
    expect(seen(copying, 'source', 'new.txt')).toBe('new COMPLETED');
  });
});

function down(region: string, from: number, until: number): Fault {
  const target = { kind: 'service', region, service: 's3' } as const;
  const effect = { kind: 'status', status: 503 } as const;
  return { name: `down ${region}`, target, effect, from: atSeconds(from), until: atSeconds(until), share: 1 };
}

describe('outages', () => {
  test.each(['eu-west-1', 'us-west-2'])(
    'RS 5.30: while S3 of %s is down a copy stays pending, and arrives afterwards',
    (region) => {
      const copying = world([put(10, 'new.txt', 'new')], { faults: [down(region, 30, 600)] });
      copying.pass(590);
      expect(copying.events.filter(({ what }) => what === 'object.replicated')).toEqual([]);
      copying.pass(100);
      expect(seen(copying, 'copy', 'new.txt')).toBe('new REPLICA');
      expect(seen(copying, 'source', 'new.txt')).toBe('new COMPLETED');
    },
  );

  test('nobody writes to a Region whose S3 is down, or to a bucket that is not there', () => {
    const refused = world([put(10, 'a', 'a'), put(20, 'a', 'a', 'nobody'), remove(30, 'old.txt')], {
      faults: [down('eu-west-1', 0, 100)],
    });
    refused.pass(50);
    expect(refused.events.flatMap(({ what, data }) => (what === 'action.performed' ? [data] : []))).toMatchObject([
      { outcome: 'refused', code: 'ServiceUnavailable' },
      { outcome: 'refused', code: 'NoSuchBucket' },
      { outcome: 'refused', code: 'ServiceUnavailable' },
    ]);
  });
});

describe('RS 5.26: delete markers', () => {
  const deleted = (rule: Partial<ReplicationRule>, versionId?: string): string => {
    const copying = world([remove(10, 'old.txt', versionId)], {
      buckets: [source({ replicationRules: [{ ...COPY, ...rule }] }), destination()],
    });
    copying.pass(1000);
    return `${seen(copying, 'source', 'old.txt')}, ${seen(copying, 'copy', 'old.txt')}`;
  };

  test('they stay where they are unless a rule copies them', () => {
    expect(deleted({ deleteMarkers: false })).toBe('404 -, old REPLICA');
    expect(deleted({ deleteMarkers: true })).toBe('404 -, 404 -');
  });

  test('the deletion of a version is never copied', () => {
    expect(deleted({ deleteMarkers: true }, 'current')).toBe('404 -, old REPLICA');
  });
});

describe('how long a copy takes', () => {
  const minutes = (rule: Partial<ReplicationRule>, isMarker = false): readonly number[] => {
    const draws = createRandom('1').stream('lags');
    return Array.from({ length: 20_000 }, () => lagMs({ ...COPY, ...rule }, isMarker, draws) / 60_000);
  };
  const share = (all: readonly number[], most: number): number => all.filter((one) => one <= most).length / all.length;

  test('RS 5.28: most within 15 minutes, some a couple of hours', () => {
    const lags = minutes({});
    expect(share(lags, 15)).toBeGreaterThan(0.93);
    expect(share(lags, 15)).toBeLessThan(0.97);
    expect(Math.max(...lags)).toBeGreaterThan(100);
    expect(Math.max(...lags)).toBeLessThanOrEqual(120);
  });

  test('RS 5.29: with time control most within seconds, and 99.99 % within 15 minutes', () => {
    const lags = minutes({ timeControl: true });
    expect(share(lags, 1)).toBeGreaterThan(0.9);
    expect(share(lags, 15)).toBeGreaterThan(0.9995);
  });

  test('RS 5.27: time control promises nothing for delete markers', () => {
    expect(share(minutes({ timeControl: true }, true), 15)).toBeLessThan(0.97);
  });
});

test('a drill says of which buckets nothing is known', () => {
  const notes = world([], { objects: {} }).events.flatMap(({ what, data }) => (what === 'note' ? [data.says] : []));
  expect(notes).toEqual([
    'the bucket source is empty: nothing said what is in it',
    'the bucket copy is empty: nothing said what is in it',
  ]);
});
