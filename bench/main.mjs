import { parseArgs } from 'node:util';
import { benchDns, missing } from './dns/main.mjs';
import { benchSimulator } from './simulator.mjs';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, help: { type: 'boolean' }, only: { type: 'string' } },
});
if (values.help) {
  console.log(`npm run bench [-- --json] [-- --only simulator|dns]

Simulated requests a second on one core, through the engine that serves real requests too, with every request
on the timeline; beside it, in the same run, bare event loops that simulate nothing. Each in a process of its own, best of
several rounds.

DNS answers a second of the local world on one core, with failover, health checks and timeline; beside it, in the same
run, BIND, NSD, Knot and PowerDNS with a static zone. Medians of several rounds. Debian has them all:
apt-get install dnsperf bind9 nsd knot pdns-server pdns-backend-bind

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

const figures = {
  ...(values.only === 'dns' ? {} : await simulatorFigures()),
  ...(values.only === 'simulator' ? {} : { dns: await benchNameServers() }),
};
if (values.json) console.log(JSON.stringify(figures, null, 2));
