import { parseArgs } from 'node:util';
import { benchDns, missing } from './dns/main.mjs';
import { benchEdge, missingForEdge } from './edge/main.mjs';
import { benchSimulator } from './simulator.mjs';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, help: { type: 'boolean' }, only: { type: 'string' } },
});
if (values.help) {
  console.log(`npm run bench [-- --json] [-- --only simulator|dns|edge]

Simulated requests a second on one core, through the engine that serves real requests too, with every request
on the timeline; beside it, in the same run, bare event loops that simulate nothing. Each in a process of its own, best of
several rounds.

DNS answers a second of the local world on one core, with failover, health checks and timeline; beside it, in the same
run, BIND, NSD, Knot and PowerDNS with a static zone. Medians of several rounds. Debian has them all:
apt-get install dnsperf bind9 nsd knot pdns-server pdns-backend-bind

Requests a second through the local world's edge on one core; beside it, in the same run, nginx and proxies for Node:
apt-get install nginx wrk openssl curl

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
  const notThere = missingForEdge();
  if (notThere !== '') {
    console.error(`\nThe edge is not measured: apt-get install ${notThere} brings what is missing.`);
    return undefined;
  }
  const { results, memory } = await benchEdge();
  if (values.json) return { results, memory };
  let scenario = '';
  for (const each of results) {
    if (each.scenario !== scenario) {
      ({ scenario } = each);
      console.log(`\n${scenario.padEnd(38)} by the wall  of nginx  of nginx by time on the core        p99`);
    }
    const shares = [each.ofNginx, each.ofNginxPerCpuSecond].map((share) => share.toFixed(2).padStart(9));
    console.log(
      `  ${each.name.padEnd(36)} ${String(each.perSecond).padStart(9)}/s ${shares[0]} ${shares[1].padStart(28)} ${each.p99Ms.toFixed(1).padStart(7)} ms`,
    );
  }
  const { requests, beforeMb, grownMb } = memory;
  console.log(
    `\n${requests} further requests: ${beforeMb.toFixed(0)} MB resident before, ${grownMb.toFixed(0)} MB more after.`,
  );
  return { results, memory };
}

const wants = (what) => values.only === undefined || values.only === what;
const figures = {
  ...(wants('simulator') ? await simulatorFigures() : {}),
  ...(wants('dns') ? { dns: await benchNameServers() } : {}),
  ...(wants('edge') ? { edge: await benchEdges() } : {}),
};
if (values.json) console.log(JSON.stringify(figures, null, 2));
