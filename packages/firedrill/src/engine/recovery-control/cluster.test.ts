import { describe, expect, test } from 'vitest';
import { askInTurn } from './client.ts';
import type { Reach } from './client.ts';
import { asserting, callAt, clusterWith, entries, on, REGIONS, update } from './cluster.fixture.ts';
import { ClusterState } from './cluster.ts';

describe('states', () => {
  test('R53 RC-07: a control that nobody has set is Off, and On is what it is set to', () => {
    const cluster = clusterWith(['a', 'b']);
    expect(on(cluster)).toBe('');
    expect(update(cluster, 'a On')).toBe('done');
    expect(on(cluster)).toBe('a');
  });

  test('R53 OQ-08: both open questions can be answered otherwise', () => {
    const { makeup } = clusterWith(['a'], [asserting(['a'])]);
    const cluster = new ClusterState(makeup, { initialState: 'On', blockedBy: 'ValidationException' });
    expect(on(cluster)).toBe('a');
    expect(update(cluster, 'a Off')).toMatch(/^ValidationException: .*arn:assertion/);
  });

  test('R53 RC-03: a reading has ARN, name and state', () => {
    const cluster = clusterWith(['a']);
    update(cluster, 'a On');
    expect(cluster.read('arn:a', callAt(1))).toEqual({
      kind: 'state',
      routingControlArn: 'arn:a',
      routingControlName: 'a',
      routingControlState: 'On',
    });
    expect(cluster.read('arn:b', callAt(1))).toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('R53 RC-04: controls are listed in pages', () => {
    const cluster = clusterWith(['a', 'b', 'c']);
    const first = cluster.list({ from: 0, most: 2 }, callAt(0));
    expect(first).toMatchObject({ controls: [{ routingControlName: 'a' }, { routingControlName: 'b' }], next: 2 });
    const second = cluster.list({ from: 2, most: 2 }, callAt(0));
    expect(second).toMatchObject({ controls: [{ routingControlName: 'c' }] });
    expect(second).not.toHaveProperty('next');
    expect(cluster.list({ from: 0, most: 2, controlPanelArn: 'arn:other' }, callAt(0))).toEqual({
      kind: 'page',
      controls: [],
    });
  });

  test('R53 RC-04: a batch is carried out whole or not at all', () => {
    const cluster = clusterWith(['a', 'b'], [asserting(['b'], { type: 'AND', inverted: true })]);
    expect(update(cluster, 'a On b On')).toMatch(/^ConflictException/);
    expect(on(cluster)).toBe('');
    expect(update(cluster, 'a On b Off')).toBe('done');
    expect(on(cluster)).toBe('a');
  });
});

describe('errors', () => {
  test('R53 RC-05: what is wrong with a request has its own code, and changes nothing', () => {
    const cluster = clusterWith(['a', 'b']);
    const codeOf = (text: string, override: readonly string[] = []) =>
      update(cluster, text, { override }).split(':')[0];
    expect(codeOf('z On')).toBe('ResourceNotFoundException');
    expect(codeOf('a On a Off')).toBe('ValidationException');
    expect(on(cluster)).toBe('');
    expect(update(cluster, 'a On', { at: 5, override: ['arn:none'] })).toBe(
      'ResourceNotFoundException: Safety rule arn:none not found.',
    );
  });

  test('R53 RC-06: ten controls fit into a batch, eleven do not', () => {
    const names = Array.from({ length: 11 }, (_, index) => `c${index}`);
    const cluster = clusterWith(names);
    expect(update(cluster, names.map((name) => `${name} On`).join(' '))).toMatch(/^ServiceLimitExceededException/);
    expect(
      update(
        cluster,
        names
          .slice(1)
          .map((name) => `${name} On`)
          .join(' '),
      ),
    ).toBe('done');
  });

  test('R53 RC-06: an endpoint takes three changes a second, and a second later three more', () => {
    const cluster = clusterWith(['a']);
    const results = [0, 0.3, 0.6, 0.9, 1, 1.1].map((at) => update(cluster, 'a On', { at }).split(':')[0]);
    expect(results).toEqual(['done', 'done', 'done', 'ThrottlingException', 'done', 'ThrottlingException']);
    const elsewhere = callAt(1.1, REGIONS, 'eu-west-1');
    expect(update(cluster, 'a Off', { call: elsewhere })).toBe('done');
  });
});

describe('endpoints', () => {
  const pairs = REGIONS.flatMap((one, i) => REGIONS.slice(i + 1).map((other) => [one, other] as const));

  test.each(pairs)('R53 RC-01: with %s and %s down the other three read and write', (...down) => {
    const up = REGIONS.filter((region) => !down.includes(region));
    for (const at of up) {
      const cluster = clusterWith(['a']);
      expect(update(cluster, 'a On', { call: callAt(0, up, at) })).toBe('done');
      expect(cluster.read('arn:a', callAt(1, up, at))).toMatchObject({ routingControlState: 'On' });
    }
  });

  test('R53 RC-01: two of five are no quorum; nothing is read or written', () => {
    const cluster = clusterWith(['a']);
    const up = REGIONS.slice(0, 2);
    expect(update(cluster, 'a On', { call: callAt(0, up) })).toMatch(/^EndpointTemporarilyUnavailableException/);
    expect(cluster.read('arn:a', callAt(0, up))).toMatchObject({ code: 'EndpointTemporarilyUnavailableException' });
    expect(cluster.list({ from: 0, most: 10 }, callAt(0, up))).toMatchObject({
      code: 'EndpointTemporarilyUnavailableException',
    });
    expect(on(cluster)).toBe('');
  });
});

describe('a client', () => {
  function changing(order: readonly string[], down: Readonly<Record<string, Reach>>) {
    const cluster = clusterWith(['a']);
    const reach = new Map(REGIONS.map((region) => [region, down[region] ?? 'up'] as const));
    const { now } = callAt(0);
    const change = { entries: entries('a On'), safetyRulesToOverride: [] };
    const { answer, ...rest } = askInTurn({ order, reach, now }, (call) => cluster.judge(change, call));
    return { kind: answer?.kind, ...rest };
  }

  test('R53 RC-01: who tries the endpoints in turn gets through, after waiting for those that are silent', () => {
    expect(changing(REGIONS, { 'us-east-1': 'silent', 'us-west-2': 'refuses' })).toEqual({
      kind: 'agreed',
      asked: ['us-east-1', 'us-west-2', 'eu-west-1'],
      spentMs: 5000,
    });
  });

  test('R53 RC-01: who knows one endpoint fails with it', () => {
    const only = changing(['us-east-1'], { 'us-east-1': 'refuses' });
    expect(only).toEqual({ kind: undefined, asked: ['us-east-1'], spentMs: 0 });
  });

  test('R53 RC-09: who has no list of endpoints has nobody to ask', () => {
    expect(changing([], {})).toEqual({ kind: undefined, asked: [], spentMs: 0 });
  });

  test('R53 RC-05: an endpoint without quorum is left for the next one; a rule that says no is obeyed at once', () => {
    const three = { 'us-east-1': 'silent', 'us-west-2': 'silent', 'eu-west-1': 'silent' } as const;
    expect(changing(REGIONS.toReversed(), three)).toMatchObject({ kind: 'refused', asked: REGIONS.toReversed() });
    const cluster = clusterWith(['a'], [asserting(['a'], { type: 'AND', inverted: true })]);
    const reach = new Map(REGIONS.map((region) => [region, 'up'] as const));
    const update = { entries: entries('a On'), safetyRulesToOverride: [] };
    const tried = askInTurn({ order: REGIONS, reach, now: callAt(0).now }, (call) => cluster.judge(update, call));
    expect(tried).toMatchObject({ answer: { code: 'ConflictException' }, asked: ['us-east-1'] });
  });
});
