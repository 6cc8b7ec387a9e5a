import type { Action, ControlPlane, Fault, Instant } from '../model/index.ts';
import { never } from '../model/index.ts';
import type { FaultCalendar } from './faults.ts';

/** What somebody is told who calls an API that is down. `code` is AWS's own where AWS answers at all. */
export interface PlaneRefusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly message: string;
  /** `seq` of the event of the fault. */
  readonly cause: number;
}

/** Home Regions: what happens to the Region happens to the plane (R53 ST-01, RC-02). */
const HOMES: Readonly<Record<ControlPlane, string>> = {
  route53: 'us-east-1',
  cloudfront: 'us-east-1',
  'global-accelerator': 'us-west-2',
  'recovery-control': 'us-west-2',
};

/**
 * Actions that change configuration, and the plane that has to be up for them. What is not here is done on a data plane of its
 * own: routing controls on five endpoints (R53 RC-02, ST-07), metrics and zonal shifts in their Regions.
 */
const PLANE_OF: Readonly<Partial<Record<string, ControlPlane>>> = {
  'update-health-check': 'route53',
  'change-record-sets': 'route53',
  'set-traffic-dial': 'global-accelerator',
};

/** What stands against an action because its control plane is down; undefined: nothing does. */
export function planeRefusal(
  faults: FaultCalendar,
  { kind }: Pick<Action, 'kind'>,
  now: Instant,
): PlaneRefusal | undefined {
  const plane = PLANE_OF[kind];
  if (plane === undefined || faults.isQuiet(now)) return undefined;
  const met = faults.operatorsMeet((target) => isMeant(target, plane), now);
  if (met === undefined) return undefined;
  const told = toldBy(met.fault, plane);
  return told === undefined ? undefined : { kind: 'refused', ...told, cause: met.seq };
}

function isMeant(target: Fault['target'], plane: ControlPlane): boolean {
  if (target.kind === 'control-plane') return target.controlPlane === plane;
  return target.kind === 'region' && target.region === HOMES[plane];
}

/** What a fault makes of a call; undefined: it passes. */
export function toldBy(
  { effect }: Fault,
  api: string,
): { readonly code: string; readonly message: string } | undefined {
  switch (effect.kind) {
    case 'slow':
    case 'dns':
    case 'unheard':
    case 'function-error':
      return undefined;
    case 'throttle':
      return { code: 'Throttling', message: 'Rate exceeded' };
    case 'status':
      return effect.status >= 500
        ? { code: 'ServiceUnavailable', message: 'The request has failed due to a temporary failure of the server.' }
        : { code: 'RequestFailed', message: `The ${api} API answers with status ${effect.status}.` };
    case 'refuse':
    case 'blackhole':
    case 'hang':
    case 'reset':
    case 'tls':
      // No answer of AWS: this is what a client says of it.
      return { code: 'EndpointConnectionError', message: `No answer from the ${api} API.` };
    default:
      return never(effect);
  }
}
