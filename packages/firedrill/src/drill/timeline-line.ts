import type { EventCode, TimelineData, TimelineEvent } from '../model/index.ts';

/*
 * One line of timeline.jsonl. Keys stand in the order of the table below whatever the order they were made in,
 * so that equal events are equal lines; a field missing from the table does not compile.
 */

type FieldType = 'text' | 'number' | 'truth' | 'list' | 'object';
type Fields = {
  readonly [Code in EventCode]: { readonly [Field in keyof Required<TimelineData[Code]>]: FieldType | `${FieldType}?` };
};

const FIELDS: Fields = {
  'world.started': { driver: 'text', seed: 'text', plan: 'text', speed: 'number', functionCode: 'text' },
  'world.ended': { reason: 'text', requests: 'number' },
  'fault.started': { name: 'text', fault: 'object' },
  'fault.ended': { name: 'text' },
  'action.performed': { name: 'text', action: 'text', outcome: 'text', code: 'text?', message: 'text?' },
  'record-change.in-sync': { hostedZone: 'text' },
  'alarm.changed': { alarm: 'text', region: 'text', from: 'text', state: 'text', reason: 'text' },
  'alarm.acted': { alarm: 'text', region: 'text', state: 'text', outcome: 'text', actions: 'list' },
  'checker.changed': {
    healthCheck: 'text',
    endpoint: 'text?',
    region: 'text',
    checker: 'number',
    healthy: 'truth',
    reason: 'text',
  },
  'health-check.changed': {
    healthCheck: 'text',
    endpoint: 'text?',
    healthy: 'truth',
    healthyCheckers: 'number',
    checkers: 'number',
    reason: 'text?',
  },
  'dns.answer-changed': { name: 'text', type: 'text', answer: 'list', endpoint: 'text', rule: 'text' },
  'resolver.changed': { resolver: 'text', name: 'text', answer: 'list', endpoint: 'text', ttlSeconds: 'number' },
  'origin.attempt-failed': {
    edge: 'text',
    requestId: 'text',
    origin: 'text',
    endpoint: 'text',
    attempt: 'number',
    why: 'text',
    status: 'number',
  },
  'origin.failed-over': { edge: 'text', requestId: 'text', from: 'text', to: 'text', why: 'text', status: 'number' },
  'edge-function.failed': {
    edge: 'text',
    requestId: 'text',
    function: 'text',
    event: 'text',
    result: 'text',
    says: 'text',
  },
  'websocket.opened': { edge: 'text', requestId: 'text', origin: 'text', endpoint: 'text' },
  'websocket.closed': {
    edge: 'text',
    requestId: 'text',
    origin: 'text',
    endpoint: 'text',
    why: 'text',
    seconds: 'number',
  },
  'object.replicated': {
    key: 'text',
    from: 'text',
    to: 'text',
    region: 'text',
    kind: 'text',
    afterSeconds: 'number',
  },
  'routing-control.changed': { routingControl: 'text', state: 'text', endpoint: 'text' },
  'routing-control.refused': { code: 'text', message: 'text' },
  'plan-execution.changed': { plan: 'text', region: 'text', state: 'text', step: 'text?', says: 'text' },
  'zonal-shift.changed': { resource: 'text', awayFrom: 'text?' },
  'target.changed': { targetGroup: 'text', target: 'text', region: 'text', healthy: 'truth', reason: 'text' },
  'accelerator.endpoint-changed': {
    accelerator: 'text',
    region: 'text',
    endpoint: 'text',
    healthy: 'truth',
    reason: 'text',
  },
  'accelerator.rerouted': { accelerator: 'text', edge: 'text', region: 'text', rule: 'text' },
  'clients.counted': { probe: 'text', place: 'text', clients: 'number', endpoints: 'object' },
  'request.ended': {
    probe: 'text',
    method: 'text',
    place: 'text',
    edge: 'text',
    sentAt: 'number',
    end: 'text',
    status: 'number',
    success: 'truth',
    ttfbMs: 'number',
    origin: 'text',
    endpoint: 'text',
    attempts: 'number',
    result: 'text',
    webSocket: 'text?',
  },
  note: { says: 'text' },
};

/** The table as lists: order in it is the order of the line. */
const FIELD_LISTS: ReadonlyMap<string, readonly (readonly [string, string])[]> = new Map(
  Object.entries(FIELDS).map(([code, fields]) => [code, Object.entries(fields)]),
);

/** An event as one line of JSON, without the line break. Equal events give equal lines. */
export function encodeEvent(event: TimelineEvent): string {
  const data = event.data as unknown as Readonly<Record<string, unknown>>;
  let text = '';
  for (const [name] of FIELD_LISTS.get(event.what) ?? []) {
    const value = data[name];
    if (value === undefined) continue;
    text += `${text === '' ? '' : ','}"${name}":${typeof value === 'number' ? value : JSON.stringify(ordered(value))}`;
  }
  return `{"at":${event.at},"seq":${event.seq},"cause":${event.cause},"what":"${event.what}","data":{${text}}}`;
}

/** The event that a line holds; undefined when it is broken off or holds none. */
export function decodeEvent(line: string): TimelineEvent | undefined {
  const parsed = parse(line);
  if (!isObject(parsed) || !isObject(parsed['data'])) return undefined;
  const { at, seq, cause, what, data } = parsed;
  if (![at, seq, cause].every((value) => Number.isSafeInteger(value) && Number(value) >= 0)) return undefined;
  const fields = typeof what === 'string' ? FIELD_LISTS.get(what) : undefined;
  const isWhole = fields?.every(([name, type]) => hasType(data[name], type)) ?? false;
  return isWhole ? (parsed as unknown as TimelineEvent) : undefined;
}

/** A timeline as far as it can be read. */
export interface DecodedTimeline {
  readonly events: readonly TimelineEvent[];
  /** Number of the first line that holds no event (a killed run leaves its last line broken off); from 1. */
  readonly brokenLine: number | undefined;
}

/** Everything up to the last whole line: what comes after a broken one is not to be trusted. */
export function decodeTimeline(text: string): DecodedTimeline {
  const events: TimelineEvent[] = [];
  let line = 0;
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const content = text.slice(start, end === -1 ? text.length : end);
    line += 1;
    const event = decodeEvent(content);
    if (event === undefined) return { events, brokenLine: line };
    events.push(event);
    if (end === -1) break;
    start = end + 1;
  }
  return { events, brokenLine: undefined };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasType(value: unknown, type: string): boolean {
  if (value === undefined) return type.endsWith('?');
  switch (type.replace('?', '')) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'truth':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    default:
      return isObject(value);
  }
}

/** The same value with the keys of its objects in alphabetical order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]));
}
