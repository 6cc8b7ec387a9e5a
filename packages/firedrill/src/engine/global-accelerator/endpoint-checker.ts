import type { AcceleratorHealthCheck } from '../../model/index.ts';
import { after, NEVER } from '../../model/index.ts';
import type { Conversation, Exchange, Moment, Outcome, Vantage } from '../conversation.ts';
import { GLOBAL_ACCELERATOR_FACTS as FACTS } from './facts.ts';

/** A check of an instance or an Elastic IP address: load balancers have checks of their own (RS 2.7). */
export interface EndpointSeat {
  readonly check: AcceleratorHealthCheck;
  /** One of Route 53's checkers (RS 2.9). */
  readonly vantage: Vantage;
  /** Address of the endpoint; undefined: nobody answers there. */
  readonly address: string | undefined;
  readonly phaseMs: number;
  /** What it thinks in the beginning; healthy unless given. */
  readonly opinion?: boolean;
  /** Whether anybody is to check the endpoint any more; for good unless given. */
  readonly isWanted?: () => boolean;
  readonly changed: (verdict: { readonly healthy: boolean; readonly reason: string }, moment: Moment) => void;
}

/** So many answers in a row, for either direction, change what is thought of an endpoint (RS 2.6). */
export function* endpointCheckerLife(seat: EndpointSeat, moment: Moment): Conversation<void> {
  const { check, isWanted = always } = seat;
  let isHealthy = seat.opinion ?? true;
  let streak = 0;
  yield { kind: 'pause', until: after(moment.now, seat.phaseMs) };
  while (isWanted()) {
    const verdict = yield* probe(seat);
    if (!isWanted()) return;
    streak = verdict.healthy === isHealthy ? 0 : streak + 1;
    if (streak === check.thresholdCount) {
      isHealthy = verdict.healthy;
      streak = 0;
      seat.changed(verdict, moment);
    }
    yield { kind: 'pause', until: after(moment.now, check.intervalSeconds * 1000) };
  }
}

function always(): boolean {
  return true;
}

function* probe({ check, vantage, address }: EndpointSeat): Conversation<{ healthy: boolean; reason: string }> {
  if (address === undefined) return { healthy: false, reason: 'nobody answers' };
  const tcp = check.protocol === 'TCP';
  const request = {
    method: 'GET',
    target: check.path,
    host: address,
    headers: [['User-Agent', AGENT]],
    body: undefined,
  } as const;
  const exchange: Exchange = {
    kind: 'exchange',
    from: vantage,
    to: address,
    port: check.port,
    tls: check.protocol === 'HTTPS' ? { serverName: undefined, verifyNames: undefined } : undefined,
    request: tcp ? undefined : request,
    connectTimeoutMs: tcp ? FACTS.CHECK_TCP_TIMEOUT_MS.value : FACTS.CHECK_CONNECT_TIMEOUT_MS.value,
    responseTimeoutMs: FACTS.CHECK_STATUS_TIMEOUT_MS.value,
    until: NEVER,
  };
  const outcome = (yield exchange) as Outcome;
  if (outcome.kind === 'unanswered') return { healthy: false, reason: outcome.why };
  if (tcp) return { healthy: true, reason: 'connected' };
  return { healthy: outcome.status >= 200 && outcome.status <= 399, reason: `status ${outcome.status}` };
}

const AGENT = 'Amazon-Route53-Health-Check-Service';
