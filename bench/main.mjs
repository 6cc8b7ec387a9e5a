import { parseArgs } from 'node:util';
import { benchCdk } from './cdk.mjs';
import { benchDns, missing } from './dns/main.mjs';
import { benchEdge, hindranceOfEdge, missingProxies } from './edge/main.mjs';
import { benchSimulator } from './simulator.mjs';
import { benchStartup } from './startup.mjs';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    help: { type: 'boolean' },
    only: { type: 'string' },
    match: { type: 'string', default: '.' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
  },
});
if (values.help) {
  console.log(`npm run bench [-- --json] [-- --only simulator|dns|edge|memory|engine|startup|stacks|cdk]

Simulated requests a second on one core, through the engine that serves real requests too, with every request
on the timeline; beside it, in the same run, bare event loops that simulate nothing. Each in a process of its own, best of
several rounds.

DNS answers a second of the local world on one core, with failover, health checks and timeline; beside it, in the same
run, BIND, NSD, Knot and PowerDNS with a static zone. Medians of several rounds. Debian has them all:
apt-get install dnsperf bind9 nsd knot pdns-server pdns-backend-bind

Requests a second through the local world's edge on one core; beside it, in the same run, nginx and proxies for Node;
what counts on a machine that others use is the time on the core for each. --rounds 5; --seconds 1 of each; --match 'miss, 1 KB$' measures
scenarios with such names alone, and no million requests; --only memory those alone:
apt-get install nginx wrk openssl

What the engine itself costs a request at an edge, in a world for sim and in one for live.

How soon \`firedrill up\` answers its first API call, how long an account of many stacks takes to load, and what a world adds to a
deployment by the CDK's own command line tool.

Example: npm run bench -- --json > bench.json`);
  process.exit();
}

/** The simulator's figures. */
async function simulatorFigures() {
  const figures = await benchSimulator(({ name, perSecond, seconds, memoryMb }) => {
    if (values.json) return;
    const rate = `${(perSecond / 1e6).toFixed(3).padStart(6)} M/s  ${(1e6 / perSecond).toFixed(2).padStart(6)} µs each  ${seconds.toFixed(2)} s`;
    console.log(`${name.padEnd(50)} ${rate}  ${String(memoryMb).padStart(4)} MB`);
  });
  if (values.json) return figures;
  const bare = (1 / figures.ratioToBareGenerators).toFixed(1);
  console.log(`\nA simulated request costs as much as ${bare} bare events of a generator simulation.`);
  console.log(`This machine: ${figures.additionsPerMicrosecond.toFixed(0)} additions a microsecond.`);
  return figures;
}

/** The name servers' figures; undefined without dnsperf. */
async function benchNameServers() {
  const notThere = missing();
  if (notThere !== '')
    console.error(`\nNot measured beside every peer: apt-get install ${notThere} brings those that are missing.`);
  const results = await benchDns();
  if (results === undefined || values.json) return results;
  console.log(
    '\nDNS answers a second, one core each                  by the wall       of BIND   of BIND by time on the core',
  );
  for (const { name, perSecond, ofBind, ofBindPerCpuSecond, lost } of results) {
    const shares = [ofBind, ofBindPerCpuSecond].map((share) =>
      (share === undefined ? '?' : share.toFixed(2)).padStart(13),
    );
    console.log(
      `${name.padEnd(50)} ${String(perSecond).padStart(9)}/s ${shares.join(' ')}${lost > 0 ? `  ${lost} lost` : ''}`,
    );
  }
  return results;
}

/** The edge's figures; undefined without nginx or wrk. */
async function benchEdges() {
  const hindrance = hindranceOfEdge();
  if (hindrance !== undefined) {
    console.error(`\nThe edge is not measured: ${hindrance}.`);
    return undefined;
  }
  const absent = missingProxies();
  if (absent.length > 0) console.error(`\nNot measured beside ${absent.join(', ')}: npm ci brings what is missing.`);
  let latest = '';
  const told = (result) => {
    if (values.json) return;
    if (result.memory !== undefined) return tellMemory(result.memory);
    const { scenario, name, perSecond, ofNginx, ofNginxPerCpuSecond, spread, cpuMicros, p99Ms, p99OfNginx } = result;
    if (scenario !== latest)
      console.log(
        `\n${scenario.padEnd(24)} on the core, each  of nginx by that (least to most)   by the wall  of nginx      p99  of nginx`,
      );
    latest = scenario;
    const [least, most] = spread.map((share) => share.toFixed(2));
    const share = `${ofNginxPerCpuSecond.toFixed(2)} (${least} to ${most})`;
    const remarks = [
      result.goal === undefined
        ? ''
        : `  goal ${result.goal}${ofNginxPerCpuSecond >= result.goal ? '' : ': not reached'}`,
      result.handshakeMicros === undefined ? '' : `  handshake ${result.handshakeMicros.toFixed(0)} µs`,
    ];
    console.log(
      `  ${name.padEnd(22)} ${cpuMicros.toFixed(1).padStart(15)} µs ${share.padStart(30)} ${String(perSecond).padStart(12)}/s ${ofNginx.toFixed(2).padStart(8)} ${p99Ms.toFixed(1).padStart(6)} ms ${p99OfNginx.toFixed(1).padStart(8)}${remarks.join('')}`,
    );
  };
  const isWhole = values.match === '.';
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  const { results, memory } = await benchEdge({
    rounds,
    seconds,
    only: values.only === 'memory' ? /^$/ : new RegExp(values.match),
    million: isWhole,
    told,
  });
  if (!values.json && memory !== undefined)
    console.log(
      `  The second half of ${memory.requests} requests added ${memory.grownMb.toFixed(1)} MB to the most that was resident in the first, and ${memory.heapGrownMb.toFixed(1)} MB to the heap.`,
    );
  return { results, memory };
}

function tellMemory({ requests, residentMb, heapMb, externalMb }) {
  const [resident, heap, external] = [residentMb, heapMb, externalMb].map((mb) => mb.toFixed(1).padStart(6));
  console.log(
    `  ${String(requests).padStart(8)} requests: ${resident} MB resident, heap ${heap} MB, outside of it ${external} MB`,
  );
}

/** What the engine costs at an edge, whoever drives it; undefined when it has not been built. */
async function engineFigures() {
  const hindrance = hindranceOfEdge();
  if (hindrance?.startsWith('npm') === true) {
    console.error(`\nThe engine is not measured: ${hindrance}.`);
    return undefined;
  }
  const { benchEngine } = await import('./edge/engine.mjs');
  const results = benchEngine();
  if (values.json) return results;
  console.log('\nThe engine itself, at an edge        in sim      in live    live of sim    in live, heads read');
  for (const { what, micros, liveOfSim } of results) {
    const cells = [micros.sim, micros.live].map((each) => `${each.toFixed(2)} µs`.padStart(12)).join('');
    console.log(
      `  ${what.padEnd(28)} ${cells} ${liveOfSim.toFixed(2).padStart(14)} ${micros['live, heads read'].toFixed(2).padStart(19)} µs`,
    );
  }
  return results;
}

/** How soon a world that is to stay up answers. */
async function startupFigures() {
  const figures = await benchStartup();
  if (!values.json) {
    const [up, first] = [figures.upMs, figures.firstCallMs].map((ms) => ms.toFixed(0));
    console.log(`\nfiredrill up --detach: up after ${up} ms, first API call answered after ${first} ms.`);
  }
  return figures;
}

/** How long an account of many stacks takes to come up. */
async function stackFigures() {
  const { benchStacks } = await import('./stacks.mjs');
  const figures = await benchStacks();
  if (values.json) return figures;
  const { stacks, resources, loadSeconds, lifeSeconds, changeSeconds } = figures;
  console.log(
    `\n${stacks} stacks of ${resources} resources load in ${loadSeconds.toFixed(1)} s, and come to life with a first change in ${lifeSeconds.toFixed(2)} s; another one takes ${changeSeconds.toFixed(2)} s.`,
  );
  return figures;
}

/** What a world adds to a deployment with the CDK. */
async function cdkFigures() {
  const figures = await benchCdk();
  if (values.json) return figures;
  for (const [what, figure] of Object.entries({ 'the first time': figures.first, 'without changes': figures.again })) {
    const { addedSeconds, cpuSeconds, wholeSeconds, requests, operations } = figure;
    console.log(
      `\ncdk deploy of the hybrid app, ${what}: ${wholeSeconds.toFixed(1)} s, ${addedSeconds.toFixed(2)} of them the world's (goal: 1), in ${requests} requests; the world was on a core for ${cpuSeconds.toFixed(2)} s.`,
    );
    for (const { name, count, ms } of operations.slice(0, CALLS_TOLD))
      console.log(`  ${name.padEnd(50)} ${String(count).padStart(3)} times ${ms.toFixed(0).padStart(6)} ms`);
  }
  return figures;
}

/** Those that took longest. */
const CALLS_TOLD = 5;

const wants = (what) => values.only === undefined || values.only === what;
const figures = {
  ...(wants('simulator') ? await simulatorFigures() : {}),
  ...(wants('startup') ? { startup: await startupFigures() } : {}),
  ...(wants('stacks') ? { stacks: await stackFigures() } : {}),
  ...(wants('cdk') ? { cdk: await cdkFigures() } : {}),
  ...(wants('dns') ? { dns: await benchNameServers() } : {}),
  ...(wants('engine') || wants('edge') ? { engine: await engineFigures() } : {}),
  ...(wants('edge') || values.only === 'memory' ? { edge: await benchEdges() } : {}),
};
if (values.json) console.log(JSON.stringify(figures, null, 2));
