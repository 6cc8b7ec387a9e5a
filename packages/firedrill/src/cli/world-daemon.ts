import { randomBytes } from 'node:crypto';
import { closeSync, readFileSync, writeSync } from 'node:fs';
import type { Architecture, Finding, Plan } from '../model/index.ts';
import type { Aws } from '../aws/index.ts';
import { bootstrapSource } from '../aws/index.ts';
import { assert, hasErrors, NEVER } from '../model/index.ts';
import type { Doors, StateDirectory, WorldFile, WorldLock } from '../doors/index.ts';
import { openDoors, ownProcess, systemCertificates } from '../doors/index.ts';
import type { LocalWorld, LocalWorldOptions } from '../live/index.ts';
import { LiveError, openWorld, PORTS } from '../live/index.ts';
import type { TemplateSource } from '../template/index.ts';
import { readTemplates } from '../template/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { LateSandbox } from './late-sandbox.ts';
import { deployedObjects } from './object-files.ts';
import { needsSandbox } from './sandbox-for.ts';
import type { ReadyMessage, UpOptions } from './up-command.ts';
import type { PathOptions, PathSources } from './read-paths.ts';
import { renderUp } from './up-text.ts';
import { UserError } from './user-error.ts';
import { orderFaults } from './world-faults.ts';
import { finished, openApis } from './world-apis.ts';
import { sayInLog } from './world-log.ts';
import { recordWorld } from './world-recording.ts';
import { statusOf } from './world-status.ts';

const TOKEN_BYTES = 32;

/**
 * Brings a world up and keeps it until somebody ends it: a signal, or `firedrill down`.
 * @throws UserError when it does not come up because of what the user gave.
 */
export async function keepWorldUp(options: UpOptions, directory: StateDirectory, lock: WorldLock): Promise<ExitCode> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  for (const signal of END_SIGNALS) process.on(signal, end);
  directory.remove('crash.txt');
  let open: OpenWorld | undefined;
  try {
    open = await comeUp(options, directory, end);
    tellReady(options, { kind: 'up', world: open.file, findings: open.findings });
    if (options.readyFd === undefined) process.stdout.write(renderUp(open.file, directory.path, options.json === true));
    watchForBugs(directory, open);
    // While whoever waited for that starts the first client, what its requests need is loaded.
    void open.apis.prepare();
    await open.local.run(ending.signal);
    return EXIT.asExpected;
  } catch (error) {
    if (error instanceof UserError) {
      tellReady(options, { kind: 'refused', findings: error.findings });
      throw error;
    }
    writeCrash(directory, error);
    throw error;
  } finally {
    open?.doors.close();
    await open?.local.close();
    directory.remove('world.json');
    lock.release();
    for (const signal of END_SIGNALS) process.off(signal, end);
  }
}

const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface OpenWorld {
  readonly local: LocalWorld;
  readonly doors: Doors;
  readonly apis: Aws;
  readonly file: WorldFile;
  readonly findings: readonly Finding[];
}

async function comeUp(options: UpOptions, directory: StateDirectory, end: () => void): Promise<OpenWorld> {
  const { sources, architecture, findings } = await estateOf(options);
  const sandbox = new LateSandbox();
  if (needsSandbox(architecture)) await sandbox.load();
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  let entrance: Entrance | undefined;
  const local = await open(options, architecture, directory, {
    sandbox,
    // Doors are open before functions start, so that each of them is told where AWS's APIs are.
    functionSurroundings: () =>
      entrance === undefined ? {} : { AWS_ENDPOINT_URL: `http://127.0.0.1:${entrance.doors.ports.endpoint}` },
    beforeFunctions: async (world) => {
      entrance = await entranceOf(options, directory, { local: world, sandbox, sources, token, end });
    },
  }).catch((error: unknown) => {
    entrance?.doors.close();
    throw error;
  });
  assert(entrance !== undefined, 'a world that is open has doors');
  const { doors, apis } = entrance;
  try {
    const file = writeWorld({ options, directory, local, doors, token });
    return { local, doors, apis, file, findings: [...findings, ...local.findings] };
  } catch (error) {
    // Nobody else knows of them yet, and they would keep this program alive.
    doors.close();
    await local.close();
    throw error;
  }
}

type Entrance = Pick<OpenWorld, 'doors' | 'apis'>;

interface Behind {
  readonly local: LocalWorld;
  readonly sandbox: LateSandbox;
  readonly sources: readonly TemplateSource[];
  readonly token: string;
  readonly end: () => void;
}

/** The APIs of AWS, and every way into the world. */
async function entranceOf(
  options: UpOptions,
  directory: StateDirectory,
  { local, sandbox, sources, token, end }: Behind,
): Promise<Entrance> {
  const apis = openApis({
    local,
    sandbox,
    regions: options.regions,
    zones: options.zone,
    standing: sources,
    strictAuth: options.strictAuth === true,
    stateDirectory: directory.path,
    onMistake: (error) => sayInLog(directory, `firedrill: ${textOf(error)}\n`),
  });
  const doors = await openDoors({
    outside: local.outside,
    api: apis,
    controls: { status: () => statusOf(local, apis), down: end, faults: (order) => orderFaults(local, order) },
    token,
    stateDirectory: directory.path,
    socketPath: directory.socketPath(),
    endpointPort: options.endpointPort,
    proxyPort: options.proxyPort,
  });
  return { doors, apis };
}

/** What stands from the beginning. */
interface StandingEstate {
  readonly sources: readonly TemplateSource[];
  readonly architecture: Architecture;
  readonly findings: readonly Finding[];
}

async function estateOf({ paths, zone, regions, parameter, context }: UpOptions): Promise<StandingEstate> {
  const [region] = regions;
  const read = await readGiven(paths, { ...(region === undefined ? {} : { region }), parameters: parameter, context });
  const { sources: given, findings } = read;
  // CDK apps deploy into Regions that are bootstrapped; one that the user gives a stack of that name for is.
  const bootstraps = regions
    .map(bootstrapSource)
    .filter(({ stack, region: at }) => given.every((source) => source.stack !== stack || source.region !== at));
  const sources = [...bootstraps, ...given];
  const estate = readTemplates({ sources, zones: zone });
  const { value, findings: flaws } = finished(estate.value);
  const all = [...findings, ...estate.findings, ...flaws];
  if (hasErrors(all)) throw new UserError(all);
  return { sources, architecture: value, findings: all };
}

/** A world usually begins empty, and is up sooner without what reads apps. */
async function readGiven(
  paths: readonly string[],
  options: PathOptions,
): Promise<Pick<PathSources, 'sources' | 'findings'>> {
  if (paths.length === 0) return { sources: [], findings: [] };
  return await (await import('./read-paths.ts')).readPaths(paths, options);
}

async function open(
  options: UpOptions,
  architecture: Architecture,
  directory: StateDirectory,
  parts: Required<Pick<LocalWorldOptions, 'sandbox' | 'functionSurroundings' | 'beforeFunctions'>>,
): Promise<LocalWorld> {
  const plan = { ...endlessPlan(options, architecture), origins: await originsOf(options) };
  const sink = await recordWorld(options.out, plan, (says) => sayInLog(directory, `firedrill: ${says}\n`));
  try {
    return await openWorld({
      architecture,
      plan,
      speed: options.speed,
      ports: PORTS[options.ports],
      stateDirectory: directory.path,
      sink,
      hearsClients: options.out !== undefined,
      ...parts,
    });
  } catch (error) {
    throw error instanceof LiveError ? new UserError(error.findings) : error;
  }
}

/** Most worlds have none, and are up sooner without what reads drill files. */
async function originsOf({ origin }: UpOptions): Promise<NonNullable<Plan['origins']>> {
  if (Object.keys(origin).length === 0) return {};
  const { ownOrigins } = await import('../drill/index.ts');
  const { origins, findings } = ownOrigins(origin);
  if (findings.length > 0) throw new UserError(findings);
  return origins;
}

/** Nothing is planned, and it never ends. */
function endlessPlan({ places, regions }: UpOptions, { bucketDeployments }: Architecture): Plan {
  const objects = deployedObjects(bucketDeployments);
  return {
    objects,
    name: 'up',
    seed: '1',
    end: NEVER,
    probes: [],
    places,
    regions,
    faults: [],
    switches: { 'resolver.warm-start': false },
    functionModels: {},
  };
}

interface Written {
  readonly options: UpOptions;
  readonly directory: StateDirectory;
  readonly local: LocalWorld;
  readonly doors: Doors;
  readonly token: string;
}

/** From now on other commands find the world. */
function writeWorld({ options, directory, local, doors, token }: Written): WorldFile {
  const own = [local.caFile, doors.caFile].map((file) => `${readFileSync(file, 'utf8').trim()}\n`).join('');
  const file: WorldFile = {
    version: 1,
    id: randomBytes(8).toString('hex'),
    ...ownProcess(),
    token,
    ports: doors.ports,
    dns: local.dns,
    caFile: directory.write('ca.pem', own),
    bundleFile: directory.write('ca-bundle.pem', `${own}${systemCertificates()}`),
    regions: options.regions,
    places: local.outside.places(),
    speed: options.speed,
    upSince: new Date().toISOString(),
  };
  directory.write('world.json', `${JSON.stringify(file, null, 2)}\n`);
  return file;
}

function tellReady({ readyFd }: UpOptions, message: ReadyMessage): void {
  if (readyFd === undefined) return;
  writeSync(readyFd, JSON.stringify(message));
  closeSync(readyFd);
}

/** What nobody caught ends the world, with a word for whoever comes looking for it. */
function watchForBugs(directory: StateDirectory, { local, doors }: OpenWorld): void {
  const die = (error: unknown): void => {
    writeCrash(directory, error);
    sayInLog(directory, `firedrill: ${textOf(error)}\n`);
    directory.remove('world.json');
    directory.remove('lock');
    doors.close();
    void local.close().finally(() => process.exit(EXIT.ourFault));
  };
  process.once('uncaughtException', die);
  process.once('unhandledRejection', die);
}

function writeCrash(directory: StateDirectory, error: unknown): void {
  const [first = ''] = textOf(error).split('\n');
  directory.write('crash.txt', `it crashed at ${new Date().toISOString()} (${first}); this is our fault.\n`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
