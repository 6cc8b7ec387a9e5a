import type { Place } from './finding.ts';
import type { Instant } from './instant.ts';

/**
 * Something that operators, or their scripts, do to the estate while it runs: a call of an AWS API with what it says.
 * Each kind is performed in one place, `engine/actions.ts` has the list.
 */
export type Action = UpdateHealthCheck | SetTrafficDial | SetEndpointWeight;

/** `UpdateHealthCheck` of Route 53: what is given changes, the rest stays (R53 HC-26). */
export interface UpdateHealthCheck {
  readonly kind: 'update-health-check';
  /** Id of the health check. */
  readonly healthCheck: string;
  readonly disabled?: boolean;
  readonly inverted?: boolean;
}

/** `UpdateEndpointGroup` of Global Accelerator, as far as its traffic dial (RS 2.5, 2.13). */
export interface SetTrafficDial {
  readonly kind: 'set-traffic-dial';
  /** ARN of the endpoint group. */
  readonly endpointGroup: string;
  /** 0 to 100. */
  readonly percentage: number;
}

/** `UpdateEndpointGroup` of Global Accelerator, as far as the weight of one endpoint (RS 2.11). */
export interface SetEndpointWeight {
  readonly kind: 'set-endpoint-weight';
  /** ARN of the endpoint group. */
  readonly endpointGroup: string;
  /** ARN of a load balancer, id of an instance, or allocation id of an Elastic IP address. */
  readonly endpoint: string;
  /** 0 to 255. */
  readonly weight: number;
}

export type ActionKind = Action['kind'];

/** An action of a drill, and when it is done. */
export interface PlannedAction {
  readonly name: string;
  readonly at: Instant;
  /** Done again after each such length of time; only once when undefined. */
  readonly everyMs?: number;
  /** Of an action that is repeated: the moment from which on it is not done any more. */
  readonly until?: Instant;
  readonly action: Action;
  readonly place?: Place;
}
