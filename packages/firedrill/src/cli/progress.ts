import type { Plan, TimelineEvent } from '../model/index.ts';
import { renderEvent } from '../drill/index.ts';

/** How often the line at the bottom is drawn anew, in milliseconds of the wall clock. */
const REDRAW_MS = 250;

/** What is said aloud while a drill runs: turning points as lines, and on a terminal where it stands. */
export class Progress {
  private readonly plan: Plan;
  private readonly out: NodeJS.WriteStream;
  private readonly isQuiet: boolean;
  private requests = 0;
  private failed = 0;
  private drawnAt = 0;
  private hasLine = false;

  constructor(plan: Plan, out: NodeJS.WriteStream, isQuiet: boolean) {
    this.plan = plan;
    this.out = out;
    this.isQuiet = isQuiet;
  }

  add(event: TimelineEvent): void {
    if (this.isQuiet) return;
    if (event.what === 'request.ended') {
      this.requests += 1;
      if (!event.data.success) this.failed += 1;
      if (this.out.isTTY) this.redraw(event.at);
    } else if (isTurningPoint(event)) {
      this.say(renderEvent(event));
    }
  }

  say(line: string): void {
    if (this.isQuiet) return;
    this.clear();
    this.out.write(`${line}\n`);
  }

  clear(): void {
    if (this.hasLine) this.out.write('\r\u001b[2K');
    this.hasLine = false;
  }

  private redraw(at: number): void {
    const now = performance.now();
    if (now - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = now;
    const done = Math.min(100, Math.floor((at / this.plan.end) * 100));
    this.clear();
    this.out.write(`${done} % of the drill · ${this.requests} requests, ${this.failed} failed`);
    this.hasLine = true;
  }
}

/** Checkers and single requests are too many to be told one by one. */
function isTurningPoint({ what }: TimelineEvent): boolean {
  return TURNING_POINTS.has(what);
}

const TURNING_POINTS: ReadonlySet<TimelineEvent['what']> = new Set([
  'world.started',
  'world.ended',
  'fault.started',
  'fault.ended',
  'action.performed',
  'record-change.in-sync',
  'alarm.changed',
  'object.replicated',
  'routing-control.changed',
  'routing-control.refused',
  'zonal-shift.changed',
  'plan-execution.changed',
  'health-check.changed',
  'target.changed',
  'accelerator.endpoint-changed',
  'accelerator.rerouted',
  'dns.answer-changed',
  'note',
]);
