import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TimelineEvent } from '../model/index.ts';
import { measure } from './measure.ts';
import { decodeEvent, decodeTimeline, encodeEvent } from './timeline-line.ts';
import { planOf, TimelineBuilder } from './timeline.fixture.ts';

const EVENTS = new TimelineBuilder()
  .started()
  .fault('dead', 10, 20, { place: { file: 'a.yaml', line: 3, column: 1 }, share: 0.5 })
  .event(11, 'checker.changed', {
    healthCheck: 'h',
    region: 'eu-west-1',
    checker: 3,
    healthy: false,
    reason: 'connect: "timed out"\n',
  })
  .health(12, false, 'dead')
  .dns(13, 'us-east-1', 'unhealthy')
  .resolver(14, 'DUB', 'us-east-1')
  .event(15, 'origin.attempt-failed', {
    edge: 'DUB',
    requestId: 'r',
    origin: 'p',
    endpoint: 'eu-west-1',
    attempt: 1,
    why: 'status',
    status: 503,
  })
  .event(15, 'origin.failed-over', { edge: 'DUB', requestId: 'r', from: 'p', to: 's', why: 'status', status: 503 })
  .failure(15, 0.1)
  .event(16, 'note', { says: 'a model stood in' })
  .ended(30, 1)
  .build();

describe('a line of timeline.jsonl', () => {
  test('gives back every kind of event', () => {
    expect(new Set(EVENTS.map((event) => event.what)).size).toBe(12);
    for (const event of EVENTS) expect(decodeEvent(encodeEvent(event))).toEqual(event);
  });

  test('is the same whatever the order in which keys were made', () => {
    const backwards = (value: object): object =>
      Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, inner]: [string, unknown]) => [
            key,
            typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? backwards(inner) : inner,
          ]),
      );
    for (const event of EVENTS) expect(encodeEvent(backwards(event) as TimelineEvent)).toBe(encodeEvent(event));
  });

  test('reads like this', () => {
    expect(EVENTS.filter((event) => event.what === 'health-check.changed').map(encodeEvent)).toEqual([
      '{"at":12000000,"seq":4,"cause":2,"what":"health-check.changed","data":{"healthCheck":"hc1","endpoint":"eu-west-1","healthy":false,"healthyCheckers":2,"checkers":16}}',
    ]);
  });

  test('that is broken off, of an unknown kind or lacks a field holds no event', () => {
    const line = encodeEvent(EVENTS[0] as TimelineEvent);
    for (let length = 0; length < line.length; length += 1)
      expect(decodeEvent(line.slice(0, length)), line.slice(0, length)).toBeUndefined();
    expect(decodeEvent(line.replace('world.started', 'world.stirred'))).toBeUndefined();
    expect(decodeEvent(line.replace('"seed":"1",', ''))).toBeUndefined();
    expect(decodeEvent(line.replace('"speed":1', '"speed":"1"'))).toBeUndefined();
    expect(decodeEvent(line.replace('"at":0', '"at":-1'))).toBeUndefined();
    for (const other of ['[]', 'null', '3', '"x"', '{}']) expect(decodeEvent(other)).toBeUndefined();
  });
});

describe('a timeline', () => {
  const text = EVENTS.map((event) => `${encodeEvent(event)}\n`).join('');

  test('is read whole', () => expect(decodeTimeline(text)).toEqual({ events: EVENTS, brokenLine: undefined }));

  test('cut off anywhere is read up to its last whole line, and measured', () => {
    fc.assert(
      fc.property(fc.nat(text.length), (length) => {
        const { events, brokenLine } = decodeTimeline(text.slice(0, length));
        expect(EVENTS.slice(0, events.length)).toEqual(events);
        const wholeLines = text.slice(0, length).split('\n').length - 1;
        // A last line that lacks nothing but its line break is whole.
        expect(events.length - wholeLines === 0 || events.length - wholeLines === 1).toBe(true);
        expect(brokenLine === undefined || brokenLine === events.length + 1).toBe(true);
        expect(measure(events, planOf(30)).run.requests).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('is not trusted after a broken line', () => {
    const lines = text.split('\n');
    lines[3] = lines[3]?.slice(0, 20) ?? '';
    expect(decodeTimeline(lines.join('\n'))).toMatchObject({ brokenLine: 4, events: EVENTS.slice(0, 3) });
  });
});
