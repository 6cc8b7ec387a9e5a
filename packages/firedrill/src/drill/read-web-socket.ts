import type { Probe, WebSocketModel } from '../model/index.ts';
import { WEBSOCKET_METHODS } from '../model/index.ts';
import type { DrillText, OriginText } from './drill-schema.ts';
import { complain, type Reading } from './reading.ts';

type ProbeText = DrillText['probes'][number];

/** Each is a connection of its own, through everything between, all the time. */
const WEBSOCKETS_MAX = 1000;

/** Nobody means less, and nothing would ever come of it. */
const LENGTH_MS_MIN = 10;

/** Keys that say something of requests. */
const OF_REQUESTS = ['rate', 'methods', 'body', 'keepAlive', 'successStatuses'] as const;

const SCHEME = /^wss?:\/\//;

/** What the clients of a probe do with WebSockets; nothing for a probe whose URL is none of theirs. */
export function readWebSocket(
  { name, url, webSocket, clients }: ProbeText,
  index: number,
  reading: Reading,
): Partial<Pick<Probe, 'webSocket' | 'methods' | 'ratePerSecond'>> {
  const path = ['probes', index] as const;
  if (!SCHEME.test(url)) {
    if (webSocket !== undefined) {
      complain(reading, [...path, 'webSocket'], {
        says: `Probe ${name} says what becomes of WebSockets, and its url is none of theirs.`,
        remedy: 'Begin the url with wss:// or ws://, or leave webSocket out.',
      });
    }
    return {};
  }
  checkKeys(name, index, reading);
  if ((clients ?? 0) > WEBSOCKETS_MAX) {
    complain(reading, [...path, 'clients'], {
      says: `Probe ${name} has ${clients} clients, each with a WebSocket.`,
      remedy: `Write ${WEBSOCKETS_MAX} at most.`,
    });
  }
  const { every, answered = true, reconnect = 1000, lifetime } = webSocket ?? {};
  for (const [key, ms] of Object.entries({ every, reconnect, lifetime })) {
    if (ms === undefined || ms >= LENGTH_MS_MIN) continue;
    complain(reading, [...path, 'webSocket', key], {
      says: `Probe ${name}: ${key} is shorter than ${LENGTH_MS_MIN}ms.`,
      remedy: 'Write a longer length of time, as 1s.',
    });
    return {};
  }
  return {
    methods: WEBSOCKET_METHODS,
    ratePerSecond: every === undefined ? 1 : 1000 / every,
    webSocket: {
      isAnswered: answered,
      reconnectMs: reconnect,
      ...(every === undefined ? {} : { messageIntervalMs: every }),
      ...(lifetime === undefined ? {} : { lifetimeMs: lifetime }),
    },
  };
}

/** What is said of requests has no meaning for a client that sends none. */
function checkKeys(name: string, index: number, reading: Reading): void {
  const written = (reading.document.content as { readonly probes: readonly Record<string, unknown>[] }).probes[index];
  for (const key of OF_REQUESTS) {
    if (written?.[key] === undefined) continue;
    complain(reading, ['probes', index, key], {
      says: `Probe ${name} keeps WebSockets open and sends no requests, so that ${key} means nothing.`,
      remedy:
        key === 'rate'
          ? 'Leave it out; how often its clients say something is webSocket: { every: 10s }.'
          : 'Leave it out, or begin the url with https://.',
    });
  }
}

/** Whether what is written of a model's WebSockets can be; it is told otherwise. */
export function checkSocketModel(
  name: string,
  written: Exclude<OriginText, string>['webSocket'],
  reading: Reading,
): boolean {
  const every = typeof written === 'object' ? written.every : undefined;
  if (every === undefined || every >= LENGTH_MS_MIN) return true;
  complain(reading, ['origins', name, 'webSocket', 'every'], {
    says: `Origin ${name}: every is shorter than ${LENGTH_MS_MIN}ms.`,
    remedy: 'Write a longer length of time, as 30s.',
  });
  return false;
}

/** What the model of an origin says over WebSockets that it takes. */
export function readSocketModel(written: Exclude<OriginText, string>['webSocket']): WebSocketModel | undefined {
  if (written === undefined || written === false) return undefined;
  if (written === true) return { answers: true };
  const { answers, every } = written;
  return { answers, ...(every === undefined ? {} : { messageIntervalMs: every }) };
}
