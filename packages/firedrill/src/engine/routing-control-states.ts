import type { Instant } from '../model/index.ts';

/** A routing control was switched. `cause` is the `seq` of the event that did it. */
type Listener = (routingControlArn: string, isOn: boolean, now: Instant, cause: number) => void;

/**
 * What health checks know of routing controls (R53 HC-35). Whoever keeps the controls says here what they are in the
 * beginning, and tells of each change.
 */
export class RoutingControlStates {
  private readonly states = new Map<string, boolean>();
  private readonly listeners: Listener[] = [];

  /** The state of a control; undefined for one that nobody in this world keeps. */
  stateOf(routingControlArn: string): boolean | undefined {
    return this.states.get(routingControlArn);
  }

  /** What a control is when the world begins. */
  begin(routingControlArn: string, isOn: boolean): void {
    this.states.set(routingControlArn, isOn);
  }

  /** A control is set, perhaps to what it was already. */
  set(...[routingControlArn, isOn, now, cause]: Parameters<Listener>): void {
    this.states.set(routingControlArn, isOn);
    for (const listener of this.listeners) listener(routingControlArn, isOn, now, cause);
  }

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }
}
