import type { Accelerator, AcceleratorEndpoint, AcceleratorListener, EndpointGroup } from '../../model/index.ts';
import { EndpointHealth } from './endpoint-health.ts';

/** An endpoint of a group, with what may change during a run. */
export interface EndpointState {
  readonly endpoint: AcceleratorEndpoint;
  readonly health: EndpointHealth;
  weight: number;
}

/** An endpoint group, with what may change during a run. */
export interface GroupState {
  readonly group: EndpointGroup;
  readonly endpoints: readonly EndpointState[];
  dial: number;
}

export interface ListenerState {
  readonly listener: AcceleratorListener;
  readonly groups: readonly GroupState[];
}

/** An accelerator come to life: dials and weights can be turned while it runs. */
export class AcceleratorState {
  readonly accelerator: Accelerator;
  readonly listeners: readonly ListenerState[];

  constructor(accelerator: Accelerator) {
    this.accelerator = accelerator;
    this.listeners = accelerator.listeners.map((listener) => ({
      listener,
      groups: listener.endpointGroups.map((group) => ({
        group,
        endpoints: group.endpoints.map((endpoint) => ({
          endpoint,
          health: new EndpointHealth(),
          weight: endpoint.weight,
        })),
        dial: group.trafficDialPercentage,
      })),
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

/** The port of the endpoint that a port of the listener leads to (RS 2.5). */
export function endpointPort({ portOverrides }: EndpointGroup, port: number): number {
  return portOverrides.find(({ listenerPort }) => listenerPort === port)?.endpointPort ?? port;
}
