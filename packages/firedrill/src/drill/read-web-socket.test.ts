import { describe, expect, test } from 'vitest';
import { DRILL_TEXT } from './drill.fixture.ts';
import { readDrill } from './read-drill.ts';

/** A drill whose second probe has a URL of WebSockets and more keys, on line 11, and what there is to say about it. */
function read(keys: string, scheme = 'wss'): { readonly probe: unknown; readonly findings: readonly string[] } {
  const text = DRILL_TEXT.replace(
    /url: "https:(.*?)", rate: 30\/m, methods: \[GET\],/,
    (_whole, rest: string) => `url: "${scheme}:${rest}", ${keys === '' ? '' : `${keys}, `}`,
  ).replace('method: GET, failed: 0', 'failed: 0');
  const { value, findings } = readDrill('a.yaml', text);
  return {
    probe: value.probes[1],
    findings: findings.map(({ code, place, says, remedy }) => `${place?.line} ${code} ${says} ${remedy}`),
  };
}

describe('a probe with WebSockets', () => {
  test('its scheme says that it is one: its clients listen, and begin anew a second after a loss', () => {
    const webSocket = { isAnswered: true, reconnectMs: 1000 };
    const probe = { methods: ['WebSocket'], ratePerSecond: 1, webSocket };
    expect(read('')).toMatchObject({ findings: [], probe });
    expect(read('', 'ws')).toMatchObject({ findings: [], probe });
    expect(read('', 'https').probe).not.toHaveProperty('webSocket');
  });

  test('what its clients say, and for how long they keep a WebSocket, stands in webSocket', () => {
    const keys = 'webSocket: { every: 10s, answered: false, reconnect: 5s, lifetime: 10m }, clients: 50';
    expect(read(keys)).toMatchObject({
      findings: [],
      probe: {
        ratePerSecond: 0.1,
        webSocket: { messageIntervalMs: 10_000, isAnswered: false, reconnectMs: 5000, lifetimeMs: 600_000 },
        population: { clients: 50 },
      },
    });
  });

  test.each([
    {
      keys: 'webSocket: {}',
      scheme: 'https',
      says: '11 drill/shape Probe hybrid says what becomes of WebSockets, and its url is none of theirs. Begin the url with wss:// or ws://, or leave webSocket out.',
    },
    {
      keys: 'rate: 1',
      says: '11 drill/shape Probe hybrid keeps WebSockets open and sends no requests, so that rate means nothing. Leave it out; how often its clients say something is webSocket: { every: 10s }.',
    },
    {
      keys: 'methods: [GET]',
      says: '11 drill/shape Probe hybrid keeps WebSockets open and sends no requests, so that methods means nothing. Leave it out, or begin the url with https://.',
    },
    {
      keys: 'clients: 1001',
      says: '11 drill/shape Probe hybrid has 1001 clients, each with a WebSocket. Write 1000 at most.',
    },
    {
      keys: 'webSocket: { every: 0s }',
      says: '11 drill/shape Probe hybrid: every is shorter than 10ms. Write a longer length of time, as 1s.',
    },
    {
      keys: 'webSocket: { reconnect: 0s }',
      says: '11 drill/shape Probe hybrid: reconnect is shorter than 10ms. Write a longer length of time, as 1s.',
    },
  ])('a mistake is told with its line: $keys', ({ keys, scheme, says }) => {
    expect(read(keys, scheme).findings).toEqual([says]);
  });

  test('a key that there is not is a mistake', () => {
    expect(read('webSocket: { pings: 10s }').findings.join()).toContain('11 drill/shape');
  });
});

describe('an origin that takes WebSockets', () => {
  const origins = (written: string): ReturnType<typeof readDrill> =>
    readDrill('a.yaml', `${DRILL_TEXT}origins: { chat.example.com: { webSocket: ${written} } }\n`);

  test.each([
    ['true', { answers: true }],
    ['{}', { answers: true }],
    ['{ answers: false, every: 30s }', { answers: false, messageIntervalMs: 30_000 }],
  ])('%s', (written, webSocket) => {
    const { value, findings } = origins(written);
    expect(findings).toEqual([]);
    expect(value.origins['chat.example.com']).toMatchObject({ webSocket });
  });

  test('false is none', () => {
    expect(origins('false').value.origins['chat.example.com']).not.toHaveProperty('webSocket');
  });

  test('one that would speak without a pause is a mistake', () => {
    expect(origins('{ every: 0s }').findings.map(({ place, says }) => `${place?.line} ${says}`)).toEqual([
      '19 Origin chat.example.com: every is shorter than 10ms.',
    ]);
  });
});
