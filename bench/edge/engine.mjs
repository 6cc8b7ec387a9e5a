import { createWorld } from '../../packages/firedrill/dist/engine/index.js';
import { architecture, EDGE_HOST, planWith } from './estate.mjs';

/*
 * What the engine itself costs a request, in a world made for either driver: the same conversation of an edge, its needs met at once
 * with the same answer of an origin, and nothing else. A driver with sockets reads the heads of what the conversation sends and
 * replies; one without does not, and they are not worked out then.
 */

const REQUESTS = 100_000;
const ROUNDS = 7;
const HEADERS = [
  ['Server', 'nginx'],
  ['Date', 'Sat, 21 Nov 2026 12:00:00 GMT'],
  ['Content-Type', 'application/octet-stream'],
  ['Content-Length', '1024'],
  ['Last-Modified', 'Sat, 21 Nov 2026 11:00:00 GMT'],
  ['Connection', 'keep-alive'],
  ['ETag', '"6b01b633-400"'],
  ['Accept-Ranges', 'bytes'],
];

/** Microseconds on the core for each request, medians: `sim`, `live`, and `heads` for reading heads besides. */
export function benchEngine() {
  const drivers = [
    { name: 'sim', course: courseIn('sim', { isAhead: true }) },
    { name: 'live', course: courseIn('local', {}) },
    { name: 'live, heads read', course: courseIn('local', {}, readHeads) },
  ];
  return ['/miss/1k', '/hit/1k'].map((target) => {
    for (const { course } of drivers) course(target);
    const rounds = Array.from({ length: ROUNDS }, () => drivers.map(({ course }) => course(target)));
    const of = (i) => rounds.map((round) => round[i]).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)];
    const ratios = rounds.map(([sim, live]) => live / sim).toSorted((a, b) => a - b);
    return {
      what: target.startsWith('/hit') ? 'hit' : 'miss',
      micros: Object.fromEntries(drivers.map(({ name }, i) => [name, of(i)])),
      liveOfSim: ratios[Math.floor(ROUNDS / 2)],
    };
  });
}

/** So many requests, one after the other; microseconds on the core for each. */
function courseIn(driver, how, read = () => undefined) {
  const world = createWorld({
    architecture,
    plan: planWith(1, 2),
    driver,
    speed: 1,
    beganAtEpochMs: 0,
    sink: () => undefined,
  });
  const edge = world.endpoints.find(({ kind }) => kind === 'edge');
  const [from] = world.vantages;
  const moment = { ...how, now: 1_000_000 };
  const body = { bytes: 1024 };
  const answer = { kind: 'answered', status: 200, headers: HEADERS, body, firstByteAt: 0, account: undefined };
  const serve = (target) => {
    const request = { method: 'GET', target, host: EDGE_HOST, headers: [['User-Agent', 'bench']], body: undefined };
    const arrival = { to: edge.address, tls: false, serverName: undefined, request, from, port: 80 };
    const conversation = world.serve(arrival, moment);
    let step = conversation.next();
    while (!step.done) {
      const need = step.value;
      if (need.kind === 'exchange') {
        read(need.request);
        if (need.connection !== undefined) need.connection.isOpen = true;
        step = conversation.next(answer);
      } else if (need.kind === 'query') step = conversation.next(world.answer(need.question, need.from, moment.now));
      else step = conversation.next();
    }
    read(step.value);
    step.value.store?.(body, moment.now);
  };
  return (target) => {
    const before = process.cpuUsage();
    for (let n = 0; n < REQUESTS; n++) {
      moment.now += 10;
      serve(target);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / REQUESTS;
  };
}

let seen = 0;
function readHeads({ headers, target = '', host = '' }) {
  seen += headers.length + target.length + host.length;
}
