import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { cpuSecondsOf } from '../cpu-seconds.mjs';
import { originConfig, proxyConfig } from './nginx.mjs';

/*
 * Requests a second through the local world's edge, nginx and the proxies that there are for Node, in one run: each server on one
 * core, wrk and the origin on another, one after the other in each round. What counts is the ratio within a round: by the wall clock,
 * and, where others use the machine too, by the time that the server's process spent on a core.
 */

const OWN = 'Firedrill';
const NGINX = 'nginx';
const NODE_PROXIES = [
  'http-proxy',
  'http-proxy-middleware',
  '@fastify/http-proxy',
  'fast-proxy',
  'node:http and undici',
];
/** Packages that one of them is made of. */
const PACKAGES = { '@fastify/http-proxy': ['fastify', '@fastify/http-proxy'], 'node:http and undici': ['undici'] };
const NODE_CACHE = 'node:http and a Map';
const CONNECTIONS = 32;
/** What a compiler at run time makes of a server takes so many seconds at most. */
const WARM_UPS_MAX = 20;
/** And so many requests at least, however few of them a busy machine does in a second. */
const WARM_REQUESTS_MIN = 30_000;
/** A server is warm when a further second makes it no faster than this. */
const WARM_GAIN_MAX = 1.05;
const READY_TRIES = 100;
/** Requests in the curve of memory, and between two points of it. */
const CURVE_REQUESTS = 1e6;
const CURVE_STEP = 1e5;
/**
 * What the second half of a million requests may add to the most that was resident in the first, which fills what has a limit, and to
 * the heap: what is resident goes up and down by 10 MB, as the collector takes pages and gives them back.
 */
const GROWTH_MB_MAX = 8;
const HEAP_GROWTH_MB_MAX = 2;
/** A machine that is too busy for them in this time measures fewer, and says how many. */
const MILLION_SECONDS_MAX = 600;
/** Handshakes by which the cost of one is known, and how many at a time. */
const HANDSHAKES = 256;
const HANDSHAKES_AT_A_TIME = 16;

/** What is asked for, and who can answer it. */
const SCENARIOS = [
  { name: 'miss, 1 KB', path: '/miss/1k', goal: 0.35, who: [NGINX, OWN, ...NODE_PROXIES] },
  { name: 'miss, 100 KB', path: '/miss/100k', goal: 0.6, who: [NGINX, OWN, ...NODE_PROXIES] },
  { name: 'miss, 1 KB, TLS', path: '/miss/1k', tls: true, goal: 0.35, who: [NGINX, OWN, ...NODE_PROXIES] },
  { name: 'miss, 100 KB, TLS', path: '/miss/100k', tls: true, who: [NGINX, OWN, ...NODE_PROXIES] },
  { name: 'hit, 1 KB', path: '/hit/1k', goal: 0.55, who: [NGINX, OWN, NODE_CACHE] },
  { name: 'hit, 100 KB', path: '/hit/100k', goal: 0.6, who: [NGINX, OWN, NODE_CACHE] },
  { name: 'hit, 1 KB, TLS', path: '/hit/1k', tls: true, who: [NGINX, OWN, NODE_CACHE] },
  { name: 'hit, 100 KB, TLS', path: '/hit/100k', tls: true, who: [NGINX, OWN, NODE_CACHE] },
  { name: 'primary says 503', path: '/503/1k', goal: 1.2, who: [NGINX, OWN] },
  { name: 'primary refuses', path: '/refused/1k', goal: 0.3, who: [NGINX, OWN] },
];

/** Why nothing can be measured; undefined when all is there. */
export function hindranceOfEdge() {
  const programs = ['nginx', 'wrk', 'openssl'].filter((program) => spawnSync(program, ['-v']).error !== undefined);
  if (programs.length > 0) return `apt-get install ${programs.join(' ')} brings what is missing`;
  const built = fileURLToPath(new URL('../../packages/firedrill/dist/live/index.js', import.meta.url));
  return existsSync(built) ? undefined : 'npm run build compiles what is to be measured';
}

/** Proxies for Node that are not installed: they are left out. */
export function missingProxies() {
  const { resolve } = createRequire(import.meta.url);
  const isThere = (name) => {
    try {
      return resolve(name) !== '';
    } catch {
      return false;
    }
  };
  return NODE_PROXIES.filter((name) => !(PACKAGES[name] ?? [name]).every(isThere));
}

/**
 * Medians over the rounds, and what a million requests left in memory.
 * @param only names of scenarios to be measured alone, as a pattern; all unless given.
 * @param told of each result as it comes, and of each point of the curve of memory.
 */
export async function benchEdge({ rounds = 5, seconds = 1, only = /./, million = true, told = () => undefined } = {}) {
  const directory = mkdtempSync(path.join(tmpdir(), 'firedrill-bench-edge-'));
  const servers = [];
  try {
    const scenarios = SCENARIOS.filter(({ name }) => only.test(name));
    servers.push(...(await start(directory, new Set([OWN, ...scenarios.flatMap(({ who }) => who)]))));
    const results = [];
    for (const scenario of scenarios) {
      const taking = servers
        .filter(({ name }) => scenario.who.includes(name))
        .filter((server) => isWarmed(server, scenario));
      if (scenario.tls === true)
        for (const server of taking) server.handshakeSeconds ??= await handshakeSeconds(server);
      const measured = [];
      for (let round = 0; round < rounds; round++)
        measured.push(new Map(taking.map((server) => [server.name, load(server, scenario, seconds)])));
      const summaries = taking.map((server) => summary(scenario, server, measured));
      for (const one of summaries) told(one);
      results.push(...summaries);
    }
    const own = servers.find(({ name }) => name === OWN);
    return { results, memory: million && own !== undefined ? await memoryOverAMillion(own, told) : undefined };
  } finally {
    await Promise.all(servers.map((server) => end(server)));
    rmSync(directory, { recursive: true, force: true });
  }
}

function summary({ name: scenario, goal }, { name, handshakeSeconds: handshake }, measured) {
  const shares = (figure, peer) =>
    measured.map((round) => round.get(name)[figure] / round.get(peer)[figure]).toSorted((a, b) => a - b);
  const of = (figure, peer) => (measured[0].has(peer) ? median(shares(figure, peer)) : undefined);
  return {
    scenario,
    name,
    perSecond: Math.round(median(measured.map((round) => round.get(name).perSecond))),
    p99Ms: median(measured.map((round) => round.get(name).p99Ms)),
    p99OfNginx: of('p99Ms', NGINX),
    /** What a share of nginx, by time on the core, is to be at least. */
    goal: name === OWN ? goal : undefined,
    /** Of each connection to it over TLS; in no other figure but the wall clock's. */
    handshakeMicros: scenario.endsWith('TLS') && handshake !== undefined ? handshake * 1e6 : undefined,
    ofNginx: of('perSecond', NGINX),
    ofNginxPerCpuSecond: of('perCpuSecond', NGINX),
    /** The least and the most of any round. */
    spread: [shares('perCpuSecond', NGINX).at(0), shares('perCpuSecond', NGINX).at(-1)],
    cpuMicros: median(measured.map((round) => 1e6 / round.get(name).perCpuSecond)),
  };
}

async function start(directory, names) {
  const ports = await freePorts(4 + 2 * (NODE_PROXIES.length + 1));
  const [originPort, closedPort, httpPort, httpsPort] = ports;
  const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => path.join(directory, name));
  // Of the kind that the world's own CA issues.
  const wanted = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
  spawnSync('openssl', ['req', ...wanted.split(' '), '-keyout', key, '-out', certificate]);
  const run = (core, command, stdio = 'ignore') => {
    const [program, ...rest] = onCore(core, command);
    return spawn(program, rest, { stdio });
  };
  const origin = { name: 'origin', child: run(1, ['nginx', '-c', originConfig(directory, originPort)]) };
  const config = proxyConfig(directory, { originPort, closedPort, httpPort, httpsPort, key, certificate });
  const nginx = { name: NGINX, child: run(0, ['nginx', '-c', config]), ...at(httpPort, httpsPort) };
  await isReady({ ...at(originPort, originPort) });
  const program = fileURLToPath(new URL('world.mjs', import.meta.url));
  const child = run(
    0,
    [process.execPath, '--expose-gc', ...ownFlags(), program, String(originPort), String(closedPort)],
    ['pipe', 'pipe', 'inherit'],
  );
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line');
  const own = { name: OWN, child, lines, ...JSON.parse(line) };
  const peer = fileURLToPath(new URL('node-peer.mjs', import.meta.url));
  const absent = missingProxies();
  const present = [...NODE_PROXIES, NODE_CACHE].filter((name) => names.has(name) && !absent.includes(name));
  const peers = present.map((name, i) => {
    const [http, https] = ports.slice(4 + 2 * i);
    const command = [process.execPath, peer, name, originPort, http, https, key, certificate].map(String);
    return { name, child: run(0, command, ['ignore', 'ignore', 'inherit']), ...at(http, https) };
  });
  for (const server of [nginx, own, ...peers]) await isReady(server);
  return [origin, nginx, own, ...peers];
}

/** As `--cpu-prof`, for whoever wants to know where the time goes. */
function ownFlags() {
  return (process.env.BENCH_EDGE_FLAGS ?? '').split(' ').filter((flag) => flag !== '');
}

function at(http, https) {
  return { address: '127.0.0.1', http, https, host: 'localhost' };
}

/** Core 0 serves, core 1 asks; with one core they share it. */
function onCore(core, command) {
  const hasTwo = availableParallelism() > 1 && spawnSync('taskset', ['-h']).error === undefined;
  return hasTwo ? ['taskset', '-c', String(core), ...command] : command;
}

async function freePorts(count) {
  const servers = [];
  for (let i = 0; i < count; i++) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

async function isReady({ name, address, http, host }) {
  for (let tries = 0; tries < READY_TRIES; tries++) {
    if (await answers(address, http, host)) return;
    await pause(100);
  }
  throw new Error(`${name} does not answer on ${address}:${http}.`);
}

async function answers(address, port, host) {
  return await new Promise((resolve) => {
    const options = { host: address, port, path: '/hit/1k', headers: { host }, agent: false, timeout: 2000 };
    const request = get(options, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** A peer that does not get through this is left out; ours and nginx are to. */
function isWarmed(server, scenario) {
  try {
    warmUp(server, scenario);
    return true;
  } catch (error) {
    if (server.name === OWN || server.name === NGINX) throw error;
    console.error(`${server.name} is left out: ${error.message.split('\n', 1)[0]}`);
    return false;
  }
}

function warmUp(server, scenario) {
  let best = 0;
  let done = 0;
  for (let n = 0; n < WARM_UPS_MAX; n++) {
    const { perCpuSecond, requests } = load(server, scenario, 1);
    done += requests;
    if (done >= WARM_REQUESTS_MIN && perCpuSecond < best * WARM_GAIN_MAX) return;
    best = Math.max(best, perCpuSecond);
  }
}

const LUA = fileURLToPath(new URL('percentiles.lua', import.meta.url));

/** @param patience how often a server may be given longer that a busy machine has kept from answering at all. */
function load(server, scenario, seconds, patience = 3) {
  const { name, address, http, https, host, child } = server;
  const { path: target, tls = false } = scenario;
  const cpuBefore = cpuSecondsOf(child.pid);
  const url = tls ? `https://${host}:${https}${target}` : `http://${host}:${http}${target}`;
  const duration = `${Math.ceil(seconds)}s`;
  const command = [
    'wrk',
    '-t1',
    '--timeout',
    '30s',
    `-c${CONNECTIONS}`,
    `-d${duration}`,
    '-s',
    LUA,
    '-H',
    `Host: ${host}`,
    url,
  ];
  const [program, ...rest] = onCore(1, command);
  const { stdout } = spawnSync(program, rest, { encoding: 'utf8', env: { ...process.env, EDGE_ADDRESS: address } });
  const line = /^figures (.*)$/m.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk says nothing of ${name}:\n${stdout}`);
  const { requests, bad, micros, p99 } = JSON.parse(line);
  if (bad === 0 && requests === 0 && patience > 0) return load(server, scenario, seconds * 2, patience - 1);
  if (bad > 0 || requests === 0)
    throw new Error(`${name}, ${scenario.name}: ${bad} of ${requests} went wrong:\n${stdout}`);
  // Of the connections only what happens on them is counted: a slower round would have more of their beginnings in each request.
  const handshakes = tls ? CONNECTIONS * (server.handshakeSeconds ?? 0) : 0;
  const cpu = cpuSecondsOf(child.pid) - cpuBefore - handshakes;
  return { perSecond: requests / (micros / 1e6), perCpuSecond: requests / cpu, p99Ms: p99 / 1000, requests };
}

/** What a new connection over TLS costs a server on the core, each a whole handshake. */
async function handshakeSeconds(server) {
  await shakeHands(server);
  const before = cpuSecondsOf(server.child.pid);
  await shakeHands(server);
  return (cpuSecondsOf(server.child.pid) - before) / HANDSHAKES;
}

async function shakeHands({ address, https, host }) {
  const options = { host: address, port: https, servername: host, ALPNProtocols: [], rejectUnauthorized: false };
  for (let done = 0; done < HANDSHAKES; done += HANDSHAKES_AT_A_TIME) {
    const sockets = Array.from({ length: HANDSHAKES_AT_A_TIME }, () => connect(options));
    await Promise.all(sockets.map((socket) => once(socket, 'secureConnect')));
    for (const socket of sockets) socket.destroy();
  }
}

/**
 * Misses and hits by turns; both must leave nothing behind. What has a limit (code that is compiled, memory that is used again,
 * names that are remembered) fills in the first half; the second is judged.
 */
async function memoryOverAMillion(own, told) {
  const miss = { name: 'memory', path: '/miss/1k' };
  const hit = { name: 'memory', path: '/hit/1k' };
  for (const scenario of [miss, hit]) load(own, scenario, 3);
  const curve = [{ requests: 0, ...(await memoryOf(own)) }];
  told({ memory: curve[0] });
  const until = performance.now() + MILLION_SECONDS_MAX * 1000;
  let requests = 0;
  while (requests < CURVE_REQUESTS && performance.now() < until) {
    const next = Math.floor(requests / CURVE_STEP + 1) * CURVE_STEP;
    while (requests < next && performance.now() < until)
      for (const scenario of [miss, hit]) requests += load(own, scenario, 2).requests;
    const point = { requests, ...(await memoryOf(own)) };
    curve.push(point);
    told({ memory: point });
  }
  const half = curve.findLastIndex((point) => point.requests <= requests / 2);
  const most = (points) => Math.max(...points.map(({ residentMb }) => residentMb));
  const grownMb = most(curve.slice(half + 1)) - most(curve.slice(0, half + 1));
  const heapGrownMb = curve.at(-1).heapMb - curve[half].heapMb;
  if (grownMb > GROWTH_MB_MAX || heapGrownMb > HEAP_GROWTH_MB_MAX)
    throw new Error(
      `The second half of ${requests} requests left ${grownMb.toFixed(1)} MB behind, ${heapGrownMb.toFixed(1)} MB of it in the heap.`,
    );
  return { requests, curve, grownMb, heapGrownMb };
}

/** Once garbage has been collected. */
async function memoryOf({ child, lines }) {
  const said = once(lines, 'line');
  child.stdin.write('\n');
  const { rss, heapUsed, external } = JSON.parse((await said)[0]);
  const [residentMb, heapMb, externalMb] = [rss, heapUsed, external].map((bytes) => bytes / 2 ** 20);
  return { residentMb, heapMb, externalMb };
}

async function end({ name, child }) {
  const ended = once(child, 'exit');
  if (name === OWN) child.stdin.end();
  else child.kill('SIGTERM');
  await Promise.race([ended, pause(5000).then(() => child.kill('SIGKILL'))]);
}

function median(values) {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.floor(ordered.length / 2)];
}
