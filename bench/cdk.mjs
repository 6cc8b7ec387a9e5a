import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as requestTo } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cpuSecondsOf } from './cpu-seconds.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = path.join(ROOT, 'packages/firedrill/bin/firedrill.js');
const CDK = path.join(ROOT, 'node_modules/aws-cdk/bin/cdk');
const HYBRID = path.join(ROOT, 'examples/hybrid');
const CONTEXT = ['primary=eu-west-1', 'backup=us-east-1', 'domain=example.com', 'hostedZoneId=Z0EXAMPLE'];

/**
 * What a world adds to a deployment of the hybrid app with the CDK's own command line tool: the time in which at least one of its
 * requests is under way. All else is the tool's own, its pauses between two questions included. A machine that is busy with other things
 * makes it longer; so how long the world was on a core is told beside it, all that its functions did included.
 * @returns seconds, for a first deployment and for one without changes; how often the tool asked for what, and how long it waited.
 */
export async function benchCdk() {
  const directory = mkdtempSync(path.join(tmpdir(), 'firedrill-bench-cdk-'));
  const state = ['--state', path.join(directory, 'state')];
  const assembly = path.join(directory, 'cdk.out');
  const context = CONTEXT.flatMap((pair) => ['-c', pair]);
  const own = { CI: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_HOME: path.join(directory, 'cdk-home') };
  const world = ['--regions', 'eu-west-1,us-east-1', '--zone', 'example.com=Z0EXAMPLE'];
  try {
    firedrill('up', '--detach', ...state, ...world);
    const env = { ...process.env, ...JSON.parse(firedrill('env', '--format', 'json', ...state)), ...own };
    for (const [name, value] of Object.entries(env)) if (value === null) delete env[name];
    await run([CDK, 'synth', '--quiet', '--output', assembly, ...context], env, HYBRID);
    const relay = await openRelay(env.AWS_ENDPOINT_URL);
    const { pid } = JSON.parse(readFileSync(path.join(directory, 'state/world.json'), 'utf8'));
    const deploy = async () => {
      const began = performance.now();
      const cpuBefore = cpuSecondsOf(pid);
      relay.calls.length = 0;
      const through = { ...env, AWS_ENDPOINT_URL: relay.url };
      const args = ['deploy', '--all', '--app', assembly, '--require-approval', 'never', '--concurrency', '1'];
      await run([CDK, ...args], through, directory);
      const wholeSeconds = (performance.now() - began) / 1000;
      return { ...readingsOf(relay.calls), cpuSeconds: cpuSecondsOf(pid) - cpuBefore, wholeSeconds };
    };
    const first = await deploy();
    const again = await deploy();
    relay.close();
    return { first, again };
  } finally {
    spawnSync(process.execPath, [PROGRAM, 'down', ...state]);
    rmSync(directory, { recursive: true, force: true });
  }
}

function firedrill(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`firedrill ${args[0]}: ${stdout}${stderr}`);
  return stdout;
}

async function run(args, env, cwd) {
  const child = spawn(process.execPath, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')}\n${said}`);
}

/** Passes requests on, and notes when each began and ended. It waits for nothing: bytes are passed on as they come. */
async function openRelay(endpoint) {
  const calls = [];
  const { port, hostname } = new URL(endpoint);
  const server = createServer((request, response) => {
    const call = { name: nameOf(request), beganMs: performance.now(), endedMs: undefined };
    calls.push(call);
    const { method, url, headers } = request;
    const onward = requestTo({ port, hostname, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      answer.once('end', () => (call.endedMs = performance.now()));
    });
    onward.once('error', () => response.destroy());
    if (call.name === undefined) {
      // The AWS Query protocol names what it wants in the body.
      request.once('data', (bytes) => (call.name = /(?:^|&)Action=(\w+)/.exec(bytes.toString('latin1'))?.[1]));
    }
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { calls, url: `http://127.0.0.1:${server.address().port}`, close };
}

function nameOf({ method, url, headers }) {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  if (isForm) return undefined;
  return (
    headers['x-amz-target']?.split('.').at(-1) ?? `${method} ${url.split('?')[0].split('/').slice(0, 2).join('/')}`
  );
}

/** Seconds in which at least one request was under way, and the calls by name. */
function readingsOf(calls) {
  let addedMs = 0;
  let untilMs = -Infinity;
  const byName = new Map();
  for (const { name, beganMs, endedMs } of calls.toSorted((one, other) => one.beganMs - other.beganMs)) {
    addedMs += Math.max(0, endedMs - Math.max(beganMs, untilMs));
    untilMs = Math.max(untilMs, endedMs);
    const known = byName.get(name) ?? { name, count: 0, ms: 0 };
    byName.set(name, { name, count: known.count + 1, ms: known.ms + endedMs - beganMs });
  }
  const operations = [...byName.values()].toSorted((one, other) => other.ms - one.ms);
  return { addedSeconds: addedMs / 1000, requests: calls.length, operations };
}
