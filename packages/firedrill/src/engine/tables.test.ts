import { describe, expect, test } from 'vitest';
import type { Fault, Instant, Table } from '../model/index.ts';
import { after, atSeconds, BEGINNING, EMPTY_ARCHITECTURE } from '../model/index.ts';
import type { Conversation, Moment } from './conversation.ts';
import { createWorld } from './create-world.ts';
import { table } from './dynamodb/table.fixture.ts';
import { getItem } from './dynamodb/reads.ts';
import { preparePut } from './dynamodb/writes.ts';
import type { World } from './world.ts';

const REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2'];
const KEY = { pk: { S: 'a' }, sk: { N: '1' } };

/** A global table, in a world whose clock is in the test's hand. */
class GlobalTable {
  readonly world: World;
  private readonly moment: { now: Instant } = { now: BEGINNING };
  private readonly course: Conversation<void>;
  private until: Instant = BEGINNING;
  private isWoken = false;

  constructor(faults: readonly Fault[] = [], more: Partial<Table> = {}, lag: string | number = 1) {
    const tables = REGIONS.map((region) => table({ region, replicaRegions: REGIONS, ...more }));
    this.world = createWorld({
      architecture: { ...EMPTY_ARCHITECTURE, tables },
      plan: {
        name: 't',
        seed: '1',
        end: atSeconds(86_400),
        probes: [],
        faults,
        switches: { 'dynamodb.replication-seconds': lag },
        functionModels: {},
      },
      driver: 'sim',
      speed: 1,
      beganAtEpochMs: 0,
      sink: () => undefined,
    });
    const replication = this.world.background.find(({ name }) => name === 'dynamodb/replication');
    if (replication === undefined) throw new Error('global tables are replicated');
    this.course = replication.start(this.moment as Moment);
    this.resume();
  }

  put(region: string, note: string): string {
    const now = this.moment.now;
    const done = this.world.tables.request(region, now, ({ find, commit }) => {
      commit([preparePut(find('rules'), { TableName: 'rules', Item: { ...KEY, note: { S: note } } })]);
    });
    return done.kind === 'done' ? 'done' : done.refusal.code;
  }

  /** What each Region has, in the order of the list. */
  notes(): string {
    return REGIONS.map((region) => {
      const found = this.world.tables.request(region, this.moment.now, ({ find }) =>
        getItem(find('rules'), { TableName: 'rules', Key: KEY }),
      );
      const note = found.kind === 'done' ? found.output?.['note'] : undefined;
      return note !== undefined && 'S' in note ? note.S : '-';
    }).join(' ');
  }

  pass(seconds: number): void {
    const end = after(this.moment.now, seconds * 1000);
    while (this.isWoken || this.until <= end) {
      if (!this.isWoken) this.moment.now = this.until;
      this.resume();
    }
    this.moment.now = end;
  }

  private resume(): void {
    this.isWoken = false;
    const { value } = this.course.next();
    if (value?.kind !== 'wait') throw new Error('replication waits for what is written');
    this.until = value.until;
    value.for.whenGiven(() => (this.isWoken = true));
  }
}

function cutOff(region: string, fromSeconds: number, untilSeconds: number): Fault {
  return {
    name: `${region} down`,
    target: { kind: 'service', region, service: 'dynamodb' },
    effect: { kind: 'refuse' },
    from: atSeconds(fromSeconds),
    until: atSeconds(untilSeconds),
    share: 1,
  };
}

describe('a global table', () => {
  test('shows a write at once where it was made, and elsewhere when it has arrived (RS 7.2)', () => {
    const rules = new GlobalTable();
    rules.put('eu-west-1', 'one');
    expect(rules.notes()).toBe('one - -');
    rules.pass(0.9);
    expect(rules.notes()).toBe('one - -');
    rules.pass(0.2);
    expect(rules.notes()).toBe('one one one');
  });

  test('takes half a second to two and a half unless told otherwise (RS 7.2)', () => {
    const rules = new GlobalTable([], {}, 'drawn');
    rules.put('eu-west-1', 'one');
    rules.pass(0.49);
    expect(rules.notes()).toBe('one - -');
    rules.pass(2.02);
    expect(rules.notes()).toBe('one one one');
  });

  test('lets the later of two writes win, in all Regions (RS 7.1)', () => {
    const rules = new GlobalTable();
    rules.put('eu-west-1', 'earlier');
    rules.pass(0.5);
    rules.put('us-west-2', 'later');
    expect(rules.notes()).toBe('earlier - later');
    rules.pass(0.6);
    // The earlier one has arrived everywhere, and did not undo the later one.
    expect(rules.notes()).toBe('earlier earlier later');
    rules.pass(1);
    expect(rules.notes()).toBe('later later later');
  });

  test('gives a Region that was cut off what it has missed, and takes what was written there', () => {
    const rules = new GlobalTable([cutOff('us-west-2', 10, 60)]);
    rules.pass(9.5);
    rules.put('us-west-2', 'before');
    rules.pass(5);
    // What was on its way when the Region went is still there.
    expect(rules.notes()).toBe('- - before');
    rules.put('eu-west-1', 'during');
    rules.pass(30);
    expect(rules.notes()).toBe('during during before');
    rules.pass(20);
    expect(rules.notes()).toBe('during during during');
  });

  test('is refused by the Region that is down', () => {
    const rules = new GlobalTable([cutOff('us-west-2', 0, 60)]);
    expect(rules.world.tables.refusalIn('us-west-2', atSeconds(5))).toBeDefined();
    expect(rules.world.tables.refusalIn('eu-west-1', atSeconds(5))).toBeUndefined();
  });
});

describe('a strongly consistent table', () => {
  test('is written in all Regions at once (RS 7.6)', () => {
    const rules = new GlobalTable([], { consistency: 'STRONG' });
    rules.put('eu-west-1', 'one');
    expect(rules.notes()).toBe('one one one');
  });

  test('is written as long as most of its Regions can be reached, and no longer (RS 7.7)', () => {
    const rules = new GlobalTable([cutOff('us-west-2', 0, 60), cutOff('us-east-1', 30, 60)], { consistency: 'STRONG' });
    rules.pass(1);
    expect(rules.put('eu-west-1', 'two of three')).toBe('done');
    expect(rules.notes()).toBe('two of three two of three -');
    rules.pass(40);
    expect(rules.put('eu-west-1', 'one of three')).toBe('InternalServerError');
    rules.pass(60);
    expect(rules.notes()).toBe('two of three two of three two of three');
  });
});
