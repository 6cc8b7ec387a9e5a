import { spawn, spawnSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuSecondsOf } from '../cpu-seconds.mjs';
import { PEERS } from './peers.mjs';
import { QUESTIONS, ZONE_FILE } from './zone.mjs';

/*
 * Authoritative answers a second over UDP, of Firedrill's local world and of name servers for production, in one run: each server
 * on one core, dnsperf on another, one after the other in each round. What counts is the ratio within a round: by the wall clock,
 * and, where others use the machine too, by the time that the server's processes spent on a core.
 */

const OWN_PROGRAM = fileURLToPath(new URL('world.mjs', import.meta.url));
const OWN = 'Firedrill';
const WARM_UP_SECONDS = 2;
const QUESTIONS_UNDER_WAY = 100;
const READY_TRIES = 100;

/** What has to be installed before anything can be measured; empty when all is there. */
export function missing() {
  const debian = PEERS.filter(({ isThere }) => !isThere).map(({ debian: name }) => name);
  if (spawnSync('dnsperf', ['-h']).error !== undefined) debian.push('dnsperf');
  return debian.join(' ');
}

/**
 * Medians over the rounds.
 * @returns for each server answers a second, and its share of BIND's in the same round; or undefined without dnsperf.
 */
export async function benchDns({ rounds = 5, seconds = 2 } = {}) {
  if (spawnSync('dnsperf', ['-h']).error !== undefined) return undefined;
  const root = mkdtempSync(path.join(tmpdir(), 'firedrill-bench-dns-'));
  const questions = path.join(root, 'questions');
  writeFileSync(questions, `${QUESTIONS.join('\n')}\n`);
  const servers = [];
  try {
    servers.push(await startOwn());
    for (const [i, peer] of PEERS.entries()) if (peer.isThere) servers.push(await startPeer(peer, root, 15_300 + i));
    for (const server of servers) await isReady(server);
    for (const server of servers) load(server, questions, WARM_UP_SECONDS);
    const measured = [];
    for (let round = 0; round < rounds; round++) {
      measured.push(new Map(servers.map((server) => [server.name, load(server, questions, seconds)])));
    }
    return servers.map(({ name }) => ({
      name,
      perSecond: Math.round(median(measured.map((round) => round.get(name).perSecond))),
      perCpuSecond: Math.round(median(measured.map((round) => round.get(name).perCpuSecond))),
      lost: Math.max(...measured.map((round) => round.get(name).lost)),
      ofBind: ratio(measured, name, 'perSecond'),
      ofBindPerCpuSecond: ratio(measured, name, 'perCpuSecond'),
    }));
  } finally {
    await Promise.all(servers.map((server) => end(server)));
    rmSync(root, { recursive: true, force: true });
  }
}

/** Median of the shares of BIND's figure in the same round. */
function ratio(measured, name, figure) {
  if (!measured[0].has('BIND')) return undefined;
  return median(measured.map((round) => round.get(name)[figure] / round.get('BIND')[figure]));
}

/** Core 0 serves, core 1 asks; with one core they share it. */
function onCore(core, command) {
  const hasTwo = availableParallelism() > 1 && spawnSync('taskset', ['-h']).error === undefined;
  return hasTwo ? ['taskset', '-c', String(core), ...command] : command;
}

async function startOwn() {
  const [program, ...rest] = onCore(0, [process.execPath, OWN_PROGRAM]);
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { name: OWN, child, ...JSON.parse(line) };
}

async function startPeer({ name, program, prepare }, root, port) {
  const directory = path.join(root, name);
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'zone'), ZONE_FILE);
  const [first, ...rest] = onCore(0, [program, ...prepare(directory, port)]);
  const child = spawn(first, rest, { stdio: 'ignore' });
  return { name, child, address: '127.0.0.1', port };
}

async function isReady({ name, address, port }) {
  const resolver = new Resolver({ tries: 1, timeout: 200 });
  resolver.setServers([`${address}:${port}`]);
  for (let tries = 0; tries < READY_TRIES; tries++) {
    const found = await resolver.resolve4('api.example.com').catch(() => []);
    if (found.length > 0) return;
    await pause(100);
  }
  throw new Error(`${name} does not answer on ${address}:${port}.`);
}

function load({ name, address, port, child }, questions, seconds) {
  const cpuBefore = cpuSecondsOf(child.pid);
  const [program, ...rest] = onCore(1, [
    'dnsperf',
    '-s',
    address,
    '-p',
    String(port),
    '-d',
    questions,
    '-l',
    String(seconds),
    '-q',
    String(QUESTIONS_UNDER_WAY),
    '-c',
    '1',
    '-T',
    '1',
    '-e',
  ]);
  const { stdout } = spawnSync(program, rest, { encoding: 'utf8' });
  const perSecond = Number(/Queries per second:\s+([\d.]+)/.exec(stdout)?.[1]);
  if (!(perSecond > 0)) throw new Error(`dnsperf says nothing of ${name}:\n${stdout}`);
  const completed = Number(/Queries completed:\s+(\d+)/.exec(stdout)?.[1]);
  const perCpuSecond = completed / (cpuSecondsOf(child.pid) - cpuBefore);
  return { perSecond, perCpuSecond, lost: Number(/Queries lost:\s+(\d+)/.exec(stdout)?.[1]) };
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
