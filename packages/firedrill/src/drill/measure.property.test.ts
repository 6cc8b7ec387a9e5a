import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measure } from './measure.ts';
import { type Figures, measuresSchema } from './measures.ts';
import { planOf, TimelineBuilder } from './timeline.fixture.ts';

describe('any run', () => {
  const request = fc.record({
    sentAt: fc.integer({ min: 0, max: 100 }),
    seconds: fc.integer({ min: 0, max: 40_000 }).map((ms) => ms / 1000),
    success: fc.boolean(),
    end: fc.constantFrom('answered', 'timeout', 'reset' as const),
    endpoint: fc.constantFrom('eu-west-1', 'us-east-1', 'edge'),
    place: fc.constantFrom('Dublin', 'Tokyo'),
    method: fc.constantFrom('GET', 'POST'),
  });
  const change = fc.record({ at: fc.integer({ min: 0, max: 100 }), healthy: fc.boolean(), caused: fc.boolean() });
  const fault = fc.record({
    from: fc.integer({ min: 0, max: 100 }),
    lasts: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
  });

  test('segments add up to the outage, counts add up to what was sent, and no figure is NaN', () => {
    fc.assert(
      fc.property(
        fc.array(request, { maxLength: 60 }),
        fc.array(change, { maxLength: 6 }),
        fc.array(fault, { maxLength: 3 }),
        (requests, changes, faults) => {
          const builder = new TimelineBuilder().started();
          for (const [index, { from, lasts }] of faults.entries())
            builder.fault(`f${index}`, from, lasts === undefined ? undefined : from + lasts);
          for (const { at, healthy, caused } of changes) {
            builder
              .health(at, healthy, caused ? 'f0' : undefined)
              .dns(
                at + 1,
                healthy ? 'eu-west-1' : 'us-east-1',
                caused ? (healthy ? 'healthy' : 'unhealthy') : undefined,
              );
          }
          for (const { sentAt, seconds, success, end, ...rest } of requests) {
            if (success) builder.request(sentAt, seconds, rest);
            else builder.failure(sentAt, seconds, { ...rest, end, status: end === 'answered' ? 503 : 0 });
          }
          const measures = measure(
            builder.build(),
            planOf(101, { methods: ['GET', 'POST'], places: ['Dublin', 'Tokyo'] }),
          );
          expect(measuresSchema.parse(measures)).toEqual(measures);
          expect(JSON.stringify(measures)).not.toMatch(/NaN|Infinity/);
          for (const stream of measures.streams) {
            expect(stream.sent).toBe(stream.places.reduce((sum, place) => sum + place.sent, 0));
            for (const figures of [stream, ...stream.places]) holds(figures);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  function holds(figures: Figures): void {
    expect(figures.sent).toBe(figures.succeeded + figures.failed);
    expect(figures.sent).toBe(
      figures.statuses.reduce((sum, each) => sum + each.answered, 0) +
        figures.unanswered.reduce((sum, each) => sum + each.requests, 0),
    );
    expect(figures.series?.sent.reduce((sum, each) => sum + each, 0)).toBe(figures.sent);
    expect(figures.failed).toBe(
      figures.failedWithoutFault + figures.faults.reduce((sum, fault) => sum + fault.failed, 0),
    );
    if (figures.outage !== null) {
      expect(figures.outage.requests).toBeGreaterThanOrEqual(figures.failed);
      expect(figures.outage.end).toBeGreaterThanOrEqual(figures.outage.start);
    }
    for (const { outage, segments, failback } of figures.faults) {
      if (outage === null) expect(segments).toEqual([]);
      else addsUp(outage, segments);
      if (failback.kind === 'measured') addsUp(failback, failback.segments);
    }
  }

  function addsUp(
    whole: { start: number; end: number; seconds: number },
    parts: readonly { start: number; end: number; seconds: number }[],
  ): void {
    const micro = (seconds: number): number => Math.round(seconds * 1e6);
    expect(parts.reduce((sum, part) => sum + micro(part.seconds), 0)).toBe(micro(whole.seconds));
    const ends = [whole.start, ...parts.map((part) => part.end)];
    expect(parts.map((part) => part.start)).toEqual(ends.slice(0, -1));
    expect(ends.at(-1)).toBe(whole.end);
  }
});
