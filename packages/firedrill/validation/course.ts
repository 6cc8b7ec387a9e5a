import type { Architecture, Plan, TimelineEvent } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';

/** What one simulated run brought, asked for in seconds. */
export class Course {
  readonly events: readonly TimelineEvent[];

  constructor(architecture: Architecture, plan: Plan) {
    const events: TimelineEvent[] = [];
    simulate(architecture, plan, (event) => void events.push(event));
    this.events = events;
  }

  /** Seconds from a moment to the first event from it on that is such; NaN when there is none. */
  secondsTo(is: (event: TimelineEvent) => boolean, fromSeconds: number): number {
    const event = this.events.find((one) => one.at >= fromSeconds * 1e6 && is(one));
    return event === undefined ? Number.NaN : event.at / 1e6 - fromSeconds;
  }

  /** Until a probe is first answered by an endpoint. */
  secondsToAnswerOf(endpoint: string, fromSeconds: number, probe?: string): number {
    return this.secondsTo(
      ({ what, data }) =>
        what === 'request.ended' && data.endpoint === endpoint && (probe === undefined || data.probe === probe),
      fromSeconds,
    );
  }

  /** Until a health check counts as healthy, or as unhealthy. */
  secondsToStatus(healthCheck: string, healthy: boolean, fromSeconds: number): number {
    return this.secondsTo(
      ({ what, data }) =>
        what === 'health-check.changed' && data.healthCheck === healthCheck && data.healthy === healthy,
      fromSeconds,
    );
  }
}
