import * as z from 'zod';

/*
 * What a drill measured, as it stands in report.json: the shape is written once, here, and gives the types and
 * the published schema. Moments are seconds of world time since the drill began; lengths are seconds unless
 * their name says milliseconds. Both come from whole microseconds, so equal moments are equal numbers.
 */

const moment = z.number().min(0);
const seconds = z.number().min(0);
const count = z.int().min(0);
const span = z.strictObject({ start: moment, end: moment, seconds }).readonly();

const event = z
  .strictObject({
    seq: count.describe('Number of the event on the timeline.'),
    at: moment,
    cause: count.describe('The event that made this one happen; 0 when nothing before it did.'),
    says: z.string(),
  })
  .readonly();

const segment = z
  .strictObject({
    kind: z
      .enum([
        'in-flight',
        'detection',
        'propagation',
        'cache-tail',
        'open-connections',
        'no-failover',
        'timeouts',
        'after-healing',
      ])
      .describe(
        'in-flight: sent before the fault and lost to it. open-connections: WebSockets that the fault found open were lost, and those begun anew led elsewhere. no-failover: requests failed and no health check acted.',
      ),
    start: moment,
    end: moment,
    seconds,
    says: z.string().describe('Why these seconds were lost.'),
  })
  .readonly();

const recovery = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('not-needed').describe('No request failed.') }).readonly(),
    z
      .strictObject({
        kind: z.literal('recovered'),
        at: moment,
        seconds: seconds.describe('From the start of the fault.'),
      })
      .readonly(),
    z.strictObject({ kind: z.literal('not-recovered').describe('No success followed the last failure.') }).readonly(),
  ])
  .describe('From the start of the fault to the first success after which no failure follows.');

const failback = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('absent'), says: z.string().describe('Why there is none.') }).readonly(),
    z
      .strictObject({
        kind: z.literal('measured'),
        start: moment.describe('When the fault was healed.'),
        end: moment.describe('When the last request was sent that the stand-in answered.'),
        seconds,
        finished: z.boolean().describe('Whether the home Region answered again afterwards.'),
        detectionSeconds: seconds.nullable().describe('From healing until the health check was healthy again.'),
        failed: count.describe('Failed requests that were sent after the fault was healed.'),
        segments: z.array(segment).readonly(),
      })
      .readonly(),
  ])
  .describe('How traffic came back after the fault was healed.');

const faultOnStream = z
  .strictObject({
    fault: z.string().describe('Name; several that started at once are joined by +.'),
    start: moment,
    healed: moment.nullable(),
    sent: count,
    failed: count,
    outage: span
      .nullable()
      .describe('From sending the first to the end of the last request that failed; null when none did.'),
    ending: z
      .enum(['none', 'failover', 'healing', 'unexplained', 'not-ended'])
      .describe(
        'What ended the outage: others answering, the healing of the fault, nothing that was recorded; none: there was none.',
      ),
    segments: z
      .array(segment)
      .readonly()
      .describe('The outage, cut where its cause changed; they add up to it exactly.'),
    detectionSeconds: seconds.nullable().describe('From the fault until a health check was unhealthy.'),
    propagationSeconds: seconds
      .nullable()
      .describe('From there until name servers answered differently; in AWS itself, until one was seen to.'),
    cacheTailSeconds: seconds.nullable().describe('From there until the last request that failed was sent.'),
    timeoutSeconds: seconds.nullable().describe('From there until the last such request was given up or answered.'),
    says: z.string().describe('The whole in one sentence.'),
    chain: z.array(event).readonly().describe('The events that led from the fault to recovery, in order.'),
    recovery,
    failback,
  })
  .readonly();

const series = z
  .strictObject({
    bucketSeconds: z.number().positive(),
    sent: z.array(count).readonly(),
    failed: z.array(count).readonly(),
    answeredBy: z
      .array(z.strictObject({ endpoint: z.string(), succeeded: z.array(count).readonly() }).readonly())
      .readonly(),
    ttfbMinMs: z.array(z.number().nullable()).readonly(),
    ttfbMeanMs: z.array(z.number().nullable()).readonly(),
    ttfbMaxMs: z.array(z.number().nullable()).readonly(),
  })
  .readonly()
  .describe('The course of the drill by the moment that requests were sent, in buckets of equal length.');

const figures = {
  sent: count.describe('Requests that ended; those under way when a run was cut off are not counted.'),
  succeeded: count,
  failed: count,
  availability: z.number().min(0).max(1).nullable().describe('Succeeded ÷ sent; null when nothing was sent.'),
  outage: z
    .strictObject({
      start: moment.describe('When the first request was sent that failed.'),
      end: moment.describe('When the last request ended that failed.'),
      seconds,
      requests: count.describe('Requests that ended from the first to the last failure.'),
      failedShare: z.number().min(0).max(1).describe('Share of those that failed.'),
      ongoing: z.boolean().describe('Whether no success followed.'),
    })
    .readonly()
    .nullable()
    .describe('From the first to the last failed request of the whole drill; null when none failed.'),
  longestGap: span
    .nullable()
    .describe('The longest time in which no request came to a good end; null when nothing was sent.'),
  endpoints: z
    .array(
      z
        .strictObject({
          endpoint: z.string().describe('Region, or edge for answers that CloudFront made itself.'),
          answered: count,
          succeeded: count,
        })
        .readonly(),
    )
    .readonly(),
  origins: z.array(z.strictObject({ origin: z.string(), answered: count, succeeded: count }).readonly()).readonly(),
  statuses: z.array(z.strictObject({ status: count, answered: count }).readonly()).readonly(),
  unanswered: z
    .array(
      z
        .strictObject({ end: z.enum(['timeout', 'refused', 'reset', 'tls', 'dns', 'closed']), requests: count })
        .readonly(),
    )
    .readonly()
    .describe('Requests without an answer, by how they ended.'),
  ttfb: z
    .strictObject({ p50Ms: z.number(), p99Ms: z.number(), maxMs: z.number() })
    .readonly()
    .nullable()
    .describe('Time to first byte of answered requests, failed answers included; null when none was answered.'),
  faults: z.array(faultOnStream).readonly().describe('What each fault did to this stream.'),
  failedWithoutFault: count.describe('Failed requests that ended before any fault had started.'),
  series: series.nullable().describe('Null for places of a stream with many of them.'),
};

const placeMeasures = z.strictObject({ place: z.string(), ...figures }).readonly();

const streamMeasures = z
  .strictObject({
    probe: z.string(),
    method: z.string(),
    url: z.string(),
    ...figures,
    places: z.array(placeMeasures).readonly().describe('The same for each place, when there are several.'),
  })
  .readonly();

const lane = {
  faults: z
    .array(z.strictObject({ name: z.string(), says: z.string(), start: moment, end: moment.nullable() }).readonly())
    .readonly(),
  healthChecks: z
    .array(
      z
        .strictObject({
          id: z.string(),
          endpoint: z.string().describe('What it watches, when the run says so.'),
          checkers: count,
          steps: z
            .array(z.strictObject({ at: moment, healthy: z.boolean(), healthyCheckers: count }).readonly())
            .readonly(),
        })
        .readonly(),
    )
    .readonly(),
  names: z
    .array(
      z
        .strictObject({
          name: z.string(),
          type: z.string(),
          steps: z
            .array(
              z
                .strictObject({
                  at: moment,
                  endpoint: z.string(),
                  answer: z.array(z.string()).readonly(),
                  rule: z.string(),
                })
                .readonly(),
            )
            .readonly(),
        })
        .readonly(),
    )
    .readonly(),
};

const population = z
  .strictObject({
    probe: z.string(),
    clients: count,
    steps: z
      .array(
        z
          .strictObject({
            at: moment,
            endpoints: z
              .array(
                z
                  .strictObject({
                    endpoint: z.string().describe('Empty for users whose name did not resolve.'),
                    clients: count,
                  })
                  .readonly(),
              )
              .readonly(),
          })
          .readonly(),
      )
      .readonly()
      .describe('Users by the endpoint that they would send their next request to, wherever that differs from before.'),
    faults: z
      .array(
        z
          .strictObject({
            fault: z.string(),
            home: z.string().describe('Where most users were when it began.'),
            clients: count.describe('Users there at that moment.'),
            left: z
              .array(z.strictObject({ percent: z.number(), seconds: seconds.nullable() }).readonly())
              .readonly()
              .describe('From the start of the fault until so many of them had left; null when they never did.'),
            stayed: count.describe('The fewest that were there at any later moment.'),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();

/** Everything measured in one run. */
export const measuresSchema = z
  .strictObject({
    run: z
      .strictObject({
        driver: z
          .enum(['sim', 'local', 'aws'])
          .nullable()
          .describe('Null when the timeline does not begin with the start of its world.'),
        seed: z.string(),
        speed: z.number(),
        functionCode: z.enum(['real', 'modelled']).nullable(),
        ended: z.enum(['finished', 'interrupted', 'cut-off']).describe('cut-off: the timeline ends without an end.'),
        end: moment.describe('The last moment on the timeline.'),
        requests: count,
        notes: z.array(z.string()).readonly(),
      })
      .readonly(),
    ...lane,
    populations: z
      .array(population)
      .readonly()
      .optional()
      .describe('Of probes with many users: where these would go, over time.'),
    streams: z
      .array(streamMeasures)
      .readonly()
      .describe('One for each probe and method, in the order of the drill file.'),
  })
  .readonly();

export type Measures = z.infer<typeof measuresSchema>;
export type RunMeasures = Measures['run'];
export type StreamMeasures = z.infer<typeof streamMeasures>;
type PlaceMeasures = z.infer<typeof placeMeasures>;
/** What a stream and one place of it have in common. */
export type Figures = Omit<PlaceMeasures, 'place'>;
export type FaultOnStream = z.infer<typeof faultOnStream>;
export type Segment = z.infer<typeof segment>;
export type ChainEvent = z.infer<typeof event>;
export type PopulationMeasures = z.infer<typeof population>;
export type Recovery = z.infer<typeof recovery>;
export type Failback = z.infer<typeof failback>;
export type Series = z.infer<typeof series>;
export type HealthCheckLane = Measures['healthChecks'][number];
export type NameLane = Measures['names'][number];
