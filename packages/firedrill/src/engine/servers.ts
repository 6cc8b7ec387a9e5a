import type { OriginModel, WebSocketModel } from '../model/index.ts';
import { after, assert } from '../model/index.ts';
import type {
  Arrival,
  Conversation,
  Headers,
  HttpRequest,
  ModelledSocket,
  Moment,
  Outcome,
  Reply,
} from './conversation.ts';
import { headerOf } from './headers.ts';
import type { Parts } from './parts.ts';
import { SWITCHING_PROTOCOLS, webSocketAccept } from './tunnel.ts';
import type { ServerPlace } from './front-ends.ts';

/** What answers where nobody said what does. */
const DEFAULT_MODEL: OriginModel = { latencyMs: 20, status: 200, bodyBytes: 100 };

/** No status at all: the driver ends the connection without an answer. */
export const BROKEN_OFF = 0;

/** Servers that Firedrill does not run: what answers in their place. */
export interface Servers {
  serves(address: string): boolean;
  serve(arrival: Arrival, moment: Moment): Conversation<Reply>;
  /** What a report has to say about them: that a model stood in, or which server of the user's answered. */
  readonly remarks: readonly string[];
}

/** Every server of a world: by its model, or, in `live`, the user's own where there is one. */
export function serversOf({ input, layout, faults }: Parts): Servers {
  const origins = input.plan.origins ?? {};
  const byAddress = new Map(
    layout.frontEnds.servers.map((place) => [place.endpoint.address, { place, model: modelOf(place, origins) }]),
  );
  const isReal = ({ url }: OriginModel): boolean => url !== undefined && input.driver === 'local';
  return {
    serves: (address) => byAddress.has(address),
    *serve(arrival, moment) {
      const server = byAddress.get(arrival.to);
      assert(server !== undefined, 'requests arrive at addresses of servers');
      const { place, model } = server;
      const { endpoint } = place;
      const { host, target } = arrival.request;
      const fault = faults.isQuiet(moment.now)
        ? undefined
        : faults.answer({ endpoint, host, path: target, now: moment.now });
      const effect = fault?.fault.effect;
      const account = {
        edge: '',
        origin: '',
        endpoint: endpoint.label,
        attempts: 0,
        result: '',
        cause: fault?.seq ?? arrival.cause ?? 0,
      };
      const answer = (status: number, text: string): Reply => ({
        kind: 'reply',
        status,
        headers: [['Content-Type', 'text/plain']],
        body: { bytes: text.length, text },
        account,
        store: undefined,
      });
      if (effect?.kind === 'status') return answer(effect.status, '');
      if (isReal(model)) {
        const outcome = (yield { kind: 'forward', url: model.url ?? '', request: arrival.request }) as Outcome;
        // A server that breaks off has its client's connection broken off.
        if (outcome.kind === 'unanswered') return answer(BROKEN_OFF, '');
        const { status, headers, body } = outcome;
        return { kind: 'reply', status, headers, body, account, store: undefined };
      }
      yield { kind: 'pause', until: after(moment.now, model.latencyMs) };
      if (model.webSocket !== undefined && arrival.request.upgrade !== undefined) {
        const key = keyOf(arrival.request);
        if (key === undefined) return answer(400, 'No handshake of a WebSocket.');
        const headers: Headers = [['Sec-WebSocket-Accept', webSocketAccept(key)]];
        return { ...answer(SWITCHING_PROTOCOLS, ''), headers, body: socketOf(model, model.webSocket) };
      }
      return answer(model.status, 'x'.repeat(model.bodyBytes));
    },
    remarks: [...byAddress.values()].map(({ place, model }) => {
      const [name = ''] = place.names;
      if (isReal(model)) return `requests to ${name} went to ${model.url ?? ''}`;
      const takes = model.webSocket === undefined ? '' : ', WebSockets taken';
      return `a model stood in for ${name}: status ${model.status} after ${model.latencyMs} ms${takes}`;
    }),
  };
}

/** What a server needs of a client to take its WebSocket (RFC 6455, 4.2.1); undefined: it cannot. */
function keyOf({ headers }: HttpRequest): string | undefined {
  return headerOf(headers, 'sec-websocket-version') === '13' ? headerOf(headers, 'sec-websocket-key') : undefined;
}

function socketOf({ latencyMs }: OriginModel, webSocket: WebSocketModel): ModelledSocket {
  return { bytes: undefined, webSocket, latencyMs };
}

function modelOf({ names }: ServerPlace, origins: Readonly<Record<string, OriginModel>>): OriginModel {
  const known = names.find((name) => Object.hasOwn(origins, name));
  return (known === undefined ? origins['*'] : origins[known]) ?? DEFAULT_MODEL;
}
