import { type Instant, NEVER, type Plan, type TimelineEvent } from '../model/index.ts';
import { settingsOf } from '../engine/index.ts';
import type { Circumstances } from './circumstances.ts';
import { bucketSeconds, Course } from './course.ts';
import { Episodes } from './episode.ts';
import { figuresOf } from './figures.ts';
import { lanesOf } from './lanes.ts';
import type { Measures, RunMeasures, StreamMeasures } from './measures.ts';
import { populationsOf } from './population.ts';
import { toSeconds } from './segments.ts';
import { Story } from './story.ts';
import { type RequestEvent, Tally } from './tally.ts';

/** Measures a whole timeline. One pass; memory does not grow with the number of requests. */
export function measure(events: Iterable<TimelineEvent>, plan: Plan): Measures {
  const measurer = new Measurer(plan);
  for (const event of events) measurer.add(event);
  return measurer.measures();
}

/** Places of one stream that get a course of their own. */
const PLACES_WITH_COURSE_MAX = 12;

/** Notes of a run that are repeated in its report. */
const NOTES_MAX = 100;

interface Stream {
  readonly probe: string;
  readonly method: string;
  readonly url: string;
  readonly whole: Tally;
  readonly places: Map<string, Tally>;
}

/** Takes the events of a run one by one, in order, as they happen or as they are read back. */
export class Measurer {
  private readonly plan: Plan;
  private readonly streams: readonly Stream[];
  private readonly byProbe = new Map<string, Map<string, Stream>>();
  private readonly story = new Story();
  private readonly episodes = new Episodes();
  private started: Extract<TimelineEvent, { what: 'world.started' }> | undefined;
  private ended: Extract<TimelineEvent, { what: 'world.ended' }> | undefined;
  private lastAt = 0;
  private requests = 0;
  private readonly notes: string[] = [];

  constructor(plan: Plan) {
    this.plan = plan;
    this.streams = plan.probes.flatMap((probe) => probe.methods.map((method) => streamOf(plan, probe, method)));
    for (const stream of this.streams) {
      const methods = this.byProbe.get(stream.probe) ?? new Map<string, Stream>();
      this.byProbe.set(stream.probe, methods.set(stream.method, stream));
    }
  }

  add(event: TimelineEvent): void {
    if (event.at > this.lastAt) this.lastAt = event.at;
    if (event.what === 'request.ended') {
      this.request(event);
      return;
    }
    if (event.what === 'world.started') this.started = event;
    else if (event.what === 'world.ended') this.ended = event;
    else if (event.what === 'fault.started') this.episodes.started(event);
    else if (event.what === 'fault.ended') this.episodes.ended(event);
    else if (event.what === 'note' && this.notes.length < NOTES_MAX) this.notes.push(event.data.says);
    this.story.remember(event);
  }

  private request(event: RequestEvent): void {
    const { data } = event;
    this.requests += 1;
    const stream = this.byProbe.get(data.probe)?.get(data.method);
    // A timeline of another plan: its requests are counted for the run and for no probe.
    if (stream === undefined) return;
    const index = this.episodes.indexOf(data.sentAt, event.at);
    const episode = this.episodes.all[index];
    stream.whole.add(event, index, episode);
    stream.places.get(data.place)?.add(event, index, episode);
  }

  /** What was measured up to here. */
  measures(): Measures {
    const explained: Circumstances = {
      story: this.story,
      episodes: this.episodes.all,
      propagationSeconds:
        this.started?.data.driver === 'aws'
          ? undefined
          : settingsOf(this.plan).number('route53.status-propagation-seconds'),
    };
    const populations = populationsOf(this.story);
    return {
      run: this.run(),
      ...lanesOf(this.story),
      ...(populations.length === 0 ? {} : { populations }),
      streams: this.streams.map(({ probe, method, url, whole, places }): StreamMeasures => ({
        probe,
        method,
        url,
        ...figuresOf(whole, explained),
        places: [...places].map(([place, tally]) => ({ place, ...figuresOf(tally, explained) })),
      })),
    };
  }

  private run(): RunMeasures {
    const started = this.started?.data;
    const { forgottenEvents } = this.story;
    const forgotten =
      forgottenEvents > 0
        ? [`${forgottenEvents} events came after memory was full; causes among them are not followed.`]
        : [];
    return {
      driver: started?.driver ?? null,
      seed: started?.seed ?? this.plan.seed,
      speed: started?.speed ?? 1,
      functionCode: started?.functionCode ?? null,
      ended: this.ended?.data.reason ?? 'cut-off',
      end: toSeconds(this.lastAt),
      requests: this.requests,
      notes: [...this.notes, ...forgotten],
    };
  }
}

function streamOf(plan: Plan, probe: Plan['probes'][number], method: string): Stream {
  const endSeconds = toSeconds(planEnd(plan));
  const seconds = bucketSeconds(endSeconds, probe.ratePerSecond);
  const places = probe.places.length > 1 ? probe.places : [];
  const hasCourse = places.length <= PLACES_WITH_COURSE_MAX;
  return {
    probe: probe.name,
    method,
    url: probe.url,
    whole: new Tally(new Course(seconds, endSeconds)),
    places: new Map(places.map((place) => [place, new Tally(hasCourse ? new Course(seconds, endSeconds) : undefined)])),
  };
}

/** A plan without an end is drawn over a day. */
function planEnd({ end }: Plan): Instant {
  return end === NEVER ? ((86_400 * 1_000_000) as Instant) : end;
}
