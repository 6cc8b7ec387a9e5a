import type { ControlPlane, Fault, Instant } from '../model/index.ts';
import { after, never } from '../model/index.ts';
import type { FaultCalendar } from './faults.ts';
import { ROUTE53_FACTS } from './route53/facts.ts';

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

/** What can be asked again of a zone with accelerated recovery. */
const OF_RECORDS: readonly string[] = ['change-record-sets', 'get-change', 'list-record-sets'];

/**
 * Actions that change configuration, and the plane that has to be up for them. What is not here is done on a data plane of its
 * own: routing controls on five endpoints (R53 RC-02, ST-07), metrics and zonal shifts in their Regions.
 */
const PLANE_OF: Readonly<Partial<Record<string, ControlPlane>>> = {
  'update-health-check': 'route53',
  'create-invalidation': 'cloudfront',
  'change-record-sets': 'route53',
  'get-change': 'route53',
  'list-record-sets': 'route53',
  'set-traffic-dial': 'global-accelerator',
  'set-endpoint-weight': 'global-accelerator',
};

/** What of an action says which plane it needs, and for what. */
export interface PlaneCall {
  readonly kind: string;
  /** Of a change of record sets. */
  readonly hostedZoneId?: string;
}

/** What stands against an action because its control plane is down; undefined: nothing does. */
export function planeRefusal(
  faults: FaultCalendar,
  { kind, hostedZoneId }: PlaneCall,
  now: Instant,
  isAccelerated: (hostedZoneId: string) => boolean,
): PlaneRefusal | undefined {
  const plane = PLANE_OF[kind];
  if (plane === undefined || faults.isQuiet(now)) return undefined;
  const met = faults.operatorsMeet((target) => isMeant(target, plane), now);
  if (met === undefined) return undefined;
  // Record sets alone, of the zones that were made ready before, and only when AWS has moved the API (R53 AR-01, AR-02, AR-04).
  const isMoved = after(met.fault.from, ROUTE53_FACTS.ACCELERATED_RECOVERY_MS.value) <= now;
  if (OF_RECORDS.includes(kind) && isMoved && hostedZoneId !== undefined && isAccelerated(hostedZoneId))
    return undefined;
  if (throttlesFunctions(met.fault)) return undefined;
  const told = toldBy(met.fault, plane);
  return told === undefined ? undefined : { kind: 'refused', ...told, cause: met.seq };
}

/** A call of an API of AWS, whatever it is for. */
export interface ApiCalled {
  /** As `route53` or `cloudwatch`. */
  readonly api: string;
  /** Region of the endpoint that is called; of a service that is in one Region alone, that Region. */
  readonly region: string;
  readonly operation: string;
}

/** Operations that {@link planeRefusal} judges, as it knows the zone (R53 AR-01, AR-02). */
const JUDGED_BY_ZONE: ReadonlySet<string> = new Set([
  'ChangeResourceRecordSets',
  'GetChange',
  'ListResourceRecordSets',
]);

/**
 * What stands against a call because the Region of its endpoint, or the control plane that it is of, is down: nobody looks at or
 * changes anything in a Region that is dead (R53 ST-01, ST-04).
 */
export function apiRefusal(
  faults: FaultCalendar,
  { api, region, operation }: ApiCalled,
  now: Instant,
): PlaneRefusal | undefined {
  if (faults.isQuiet(now) || (api === 'route53' && JUDGED_BY_ZONE.has(operation))) return undefined;
  const met = faults.operatorsMeet(
    (target) =>
      (target.kind === 'control-plane' && target.controlPlane === api) ||
      (target.kind === 'region' && target.region === region),
    now,
  );
  if (met === undefined || throttlesFunctions(met.fault)) return undefined;
  const told = toldBy(met.fault, api);
  return told === undefined ? undefined : { kind: 'refused', ...told, cause: met.seq };
}

/** In a Region it is functions that are throttled. */
function throttlesFunctions({ target, effect }: Fault): boolean {
  return target.kind === 'region' && effect.kind === 'throttle';
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
    case 'unreadable':
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
