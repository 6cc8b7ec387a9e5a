import type { Conversation, Exchange, Moment, Outcome } from '../conversation.ts';
import { inTurn } from '../conversation.ts';
import { EdgeCall } from './edge.ts';
import { OriginAttempts } from './origin-attempts.ts';
import type { SiteOrigin } from './site.ts';

/** Whom a request goes to first and second; for a GET the other one is asked for its score meanwhile (CF 1.38). */
export function* byQuality(call: EdgeCall): Conversation<readonly [SiteOrigin, SiteOrigin | undefined]> {
  const { edge, behavior, route, moment, request } = call;
  // What is known of them changes with every answer.
  if (moment.isAhead === true) yield inTurn(moment);
  const order = edge.qualities.inOrder(behavior, route);
  const [, other] = order;
  if (request.method === 'GET' && other !== undefined)
    yield { kind: 'spawn', start: (later) => askForScore(call, other, later) };
  return order;
}

function* askForScore(
  { edge, site, behavior, target, arrival, request }: EdgeCall,
  origin: SiteOrigin,
  moment: Moment,
): Conversation<void> {
  const { host, headers } = request;
  const head = { method: 'HEAD', target: request.target, host, headers, body: undefined };
  const call = new EdgeCall(edge, site, behavior, target, { ...arrival, request: head }, moment);
  const attempts = new OriginAttempts(call, origin);
  const name = origin.origin.domainName;
  const resolved = edge.resolver.held(name, moment.now) ?? (yield* edge.resolver.resolve(name, moment, attempts.until));
  let exchange: Exchange | undefined;
  if (resolved.found.kind !== 'failed') exchange = attempts.next(resolved);
  const outcome = exchange === undefined ? undefined : ((yield exchange) as Outcome);
  edge.qualities.note(behavior, origin, outcome?.kind === 'answered' ? outcome.headers : undefined);
}
