import type {
  Accelerator,
  AcceleratorEndpoint,
  AcceleratorListener,
  EndpointGroup,
  Instant,
} from '../../model/index.ts';
import { BEGINNING } from '../../model/index.ts';
import { EndpointHealth } from './endpoint-health.ts';

/** A dial or a weight: a number that can be turned, each time from a moment on. */
class Turned {
  /** As it is set last, whether or not it is in force yet. */
  private readonly settings: { readonly from: Instant; readonly value: number; readonly seq: number }[];

  constructor(value: number) {
    this.settings = [{ from: BEGINNING, value, seq: 0 }];
  }

  /** Turns it, from a moment on, by the event `seq`. */
  turn(value: number, from: Instant, seq: number): void {
    this.settings.push({ from, value, seq });
    if (this.settings.length > SETTINGS_KEPT) this.settings.shift();
  }

  /** The value in force at a moment, and the event that set it; 0 for the template. */
  at(now: Instant): { readonly value: number; readonly seq: number } {
    return this.settings.findLast(({ from }) => from <= now) ?? { value: 0, seq: 0 };
  }
}

/** Those of the last minutes matter only. */
const SETTINGS_KEPT = 32;

/** An endpoint of a group, with what may change during a run. */
export interface EndpointState {
  readonly endpoint: AcceleratorEndpoint;
  readonly health: EndpointHealth;
  readonly weight: Turned;
}

/** An endpoint group, with what may change during a run. */
export interface GroupState {
  readonly group: EndpointGroup;
  readonly endpoints: readonly EndpointState[];
  readonly dial: Turned;
}

export interface ListenerState {
  readonly listener: AcceleratorListener;
  readonly groups: readonly GroupState[];
}

/** An accelerator come to life: dials and weights can be turned while it runs. */
export class AcceleratorState {
  readonly accelerator: Accelerator;
  readonly listeners: readonly ListenerState[];

  /** @param before - the accelerator as it was configured before: what is known of groups and endpoints that are still there stays. */
  constructor(accelerator: Accelerator, before?: AcceleratorState) {
    this.accelerator = accelerator;
    this.listeners = accelerator.listeners.map((listener) => ({
      listener,
      groups: listener.endpointGroups.map((group) => groupState(group, before)),
    }));
  }

  /** The listener that takes TCP connections to a port (RS 2.3); none while the accelerator is disabled (RS 2.1). */
  listenerOn(port: number): ListenerState | undefined {
    if (!this.accelerator.enabled) return undefined;
    return this.listeners.find(
      ({ listener }) =>
        listener.protocol === 'TCP' && listener.portRanges.some(({ from, to }) => from <= port && port <= to),
    );
  }

  /** Every group of every listener. */
  groups(): readonly GroupState[] {
    return this.listeners.flatMap(({ groups }) => groups);
  }
}

/** What operators have turned stays as long as the template says what it said. */
function groupState(group: EndpointGroup, before: AcceleratorState | undefined): GroupState {
  const known = before?.groups().find((each) => each.group.arn === group.arn);
  const isSameDial = known?.group.trafficDialPercentage === group.trafficDialPercentage;
  return {
    group,
    endpoints: group.endpoints.map((endpoint) => {
      const own = known?.endpoints.find((each) => each.endpoint.endpointId === endpoint.endpointId);
      const isSameWeight = own?.endpoint.weight === endpoint.weight;
      return {
        endpoint,
        health: own?.health ?? new EndpointHealth(),
        weight: own !== undefined && isSameWeight ? own.weight : new Turned(endpoint.weight),
      };
    }),
    dial: known !== undefined && isSameDial ? known.dial : new Turned(group.trafficDialPercentage),
  };
}

/** The port of the endpoint that a port of the listener leads to (RS 2.5). */
export function endpointPort({ portOverrides }: EndpointGroup, port: number): number {
  return portOverrides.find(({ listenerPort }) => listenerPort === port)?.endpointPort ?? port;
}
