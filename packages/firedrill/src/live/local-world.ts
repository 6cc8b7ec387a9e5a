import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Architecture, Finding, LambdaFunction, Plan, TimelineEvent } from '../model/index.ts';
import { assert } from '../model/index.ts';
import type { Endpoint, Invocation, Invoke, Vantage, World } from '../engine/index.ts';
import type { CodeSandbox } from '../engine/index.ts';
import { createWorld } from '../engine/index.ts';
import { collect, peek } from './bodies.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import { domainsOf, openCertificateAuthority } from './certificate-authority.ts';
import { WorldClock } from './clock.ts';
import { ConversationRunner } from './conversation-runner.ts';
import type { SocketAddress } from './dial.ts';
import { Dialer } from './dial.ts';
import { DnsClient } from './dns-client.ts';
import type { QueryLogOptions } from './dns-query-log.ts';
import { QueryLog } from './dns-query-log.ts';
import { DnsServer } from './dns-server.ts';
import { EndpointServer, HTTP_PORT, HTTPS_PORT } from './endpoint-server.ts';
import { forward } from './forward.ts';
import type { Functions } from './functions.ts';
import { openFunctions } from './functions.ts';
import { InsideTraffic, socketKey } from './inside-traffic.ts';
import { cannotListen } from './listen-error.ts';
import { LiveError } from './live-error.ts';
import { OriginClient } from './origin-client.ts';
import { OutsideClients } from './outside-clients.ts';
import { RelayServer } from './relay-server.ts';

/** Ports that the world's endpoints and name servers listen on; 0: any that is free. */
export interface Ports {
  readonly https: number;
  readonly http: number;
  readonly dns: number;
}

export const PORTS = {
  fixed: { https: 8443, http: 8080, dns: 5353 },
  any: { https: 0, http: 0, dns: 0 },
  /** Those of AWS; they need root, or the permission to bind low ports. */
  aws: { https: HTTPS_PORT, http: HTTP_PORT, dns: 53 },
} as const satisfies Readonly<Record<string, Ports>>;

export interface LocalWorldOptions {
  readonly architecture: Architecture;
  readonly plan: Plan;
  /** World seconds in a second of the wall clock. */
  readonly speed: number;
  readonly ports: Ports;
  /** Gets the CA, and code and logs of functions. */
  readonly stateDirectory: string;
  /** Receives every event, in order; nothing when the world does not come up. */
  readonly sink: (event: TimelineEvent) => void;
  /** Runs code of users at once; an estate with CloudFront Functions needs it. */
  readonly sandbox?: CodeSandbox;
  /** City where clients from outside stand; the first of the plan's places unless given. */
  readonly home?: string;
  /** File for Route 53's query log (R53 WS-14); none unless given. Its directory has to be there. */
  readonly queryLog?: string;
}

/** An endpoint and the ports it really listens on. */
export interface OpenEndpoint {
  readonly endpoint: Endpoint;
  /** The endpoint's own, or the one loopback address that the system offers. */
  readonly address: string;
  /** 0 when it listens to none such. */
  readonly httpsPort: number;
  readonly httpPort: number;
}

/** An estate on real sockets. */
export interface LocalWorld {
  readonly endpoints: readonly OpenEndpoint[];
  readonly dns: { readonly address: string; readonly port: number };
  /** Certificate of the world's CA, as PEM. */
  readonly caFile: string;
  /** Stands at the beginning until the plan is run. */
  readonly clock: WorldClock;
  /** What is good to know, as that the system has one loopback address only. */
  readonly findings: readonly Finding[];
  /** The estate, and what happens to it. */
  readonly world: World;
  /** Clients that come through doors of the world, and not by its addresses. */
  readonly outside: Pick<OutsideClients, 'places' | 'wayTo'>;
  /**
   * Runs the plan: to its end and until every request sent in it has ended, or until the signal. Call once.
   * @throws what a conversation threw: our mistake.
   */
  run(signal: AbortSignal): Promise<'finished' | 'interrupted'>;
  /** Closes every socket and ends every process, whatever is under way. */
  close(): Promise<void>;
}

/** The parts that know the world by its contract only. */
export interface LocalParts {
  readonly world: World;
  readonly speed: number;
  readonly ports: Ports;
  readonly stateDirectory: string;
  readonly home?: string;
  readonly queryLog?: QueryLogOptions;
}

/**
 * Brings an estate to life on this machine's loopback addresses.
 * @throws LiveError when a port is taken or a function does not start; nothing half started stays behind then.
 */
export async function openWorld(options: LocalWorldOptions): Promise<LocalWorld> {
  const { architecture, plan, speed, sink, sandbox, queryLog, ...rest } = options;
  const beganAtEpochMs = Date.now();
  // What happens before the world is up is told when it is up, or never.
  let held: TimelineEvent[] | undefined = [];
  const world = createWorld({
    architecture,
    plan,
    driver: 'local',
    speed,
    beganAtEpochMs,
    ...(sandbox === undefined ? {} : { sandbox }),
    sink: (event) => (held === undefined ? sink(event) : void held.push(event)),
  });
  const log = queryLog === undefined ? {} : { queryLog: { file: queryLog, beganAtEpochMs } };
  const local = await openParts({ ...rest, ...log, speed, world });
  for (const event of held) sink(event);
  held = undefined;
  return local;
}

/**
 * The same for a world that has been made already.
 * @throws LiveError as {@link openWorld} does.
 */
export async function openParts(parts: LocalParts): Promise<LocalWorld> {
  const local = new RunningWorld(parts);
  try {
    await local.open();
  } catch (error) {
    await local.close();
    throw error;
  }
  return local;
}

const NO_LOOPBACK: Finding = {
  code: 'live/no-loopback',
  weight: 'warning',
  says: 'This system offers one loopback address only, so all endpoints share it and clients from outside cannot tell them apart. The drill itself is not affected.',
  remedy: 'On macOS, add the addresses that you want to reach: sudo ifconfig lo0 alias ADDRESS.',
};

/** Where endpoints go when they cannot have addresses of their own. */
const SHARED_ADDRESS = '127.0.0.1';

class RunningWorld implements LocalWorld {
  readonly clock: WorldClock;
  readonly endpoints: OpenEndpoint[] = [];
  readonly findings: Finding[] = [];
  dns = { address: '', port: 0 };
  caFile = '';
  private readonly parts: LocalParts;
  readonly world: World;
  private readonly inside = new InsideTraffic();
  private readonly vantages: ReadonlyMap<string, Vantage>;
  private readonly home: Vantage;
  /** By address and port as AWS has them. */
  private readonly sockets = new Map<string, SocketAddress>();
  private readonly socketOf = (address: string, port: number): SocketAddress | undefined =>
    this.sockets.get(socketKey(address, port));
  private readonly runner: ConversationRunner;
  private readonly closers: (() => void | Promise<void>)[] = [];
  private readonly originClient: OriginClient;
  readonly outside: OutsideClients;
  private functions: Functions | undefined;
  private dialer: Dialer | undefined;
  private dnsClient: DnsClient | undefined;
  private hasOwnAddresses = true;
  private bug: { readonly error: unknown } | undefined;
  private readonly onBug: (() => void)[] = [];
  /** Requests from outside may come as soon as ports are open. */
  private readonly ready: Promise<void>;
  private isReady: () => void = () => undefined;

  constructor(parts: LocalParts) {
    this.ready = new Promise((resolve) => (this.isReady = resolve));
    this.parts = parts;
    this.world = parts.world;
    this.clock = new WorldClock(parts.speed);
    this.vantages = new Map(this.world.vantages.map((vantage) => [vantage.address, vantage]));
    this.home = homeOf(this.world, parts.home);
    this.originClient = new OriginClient(this.clock);
    this.runner = new ConversationRunner(
      this.clock,
      {
        query: (need) => this.need(this.dnsClient).ask(need),
        exchange: (need) => this.need(this.dialer).exchange(need),
        invoke: (need) => this.invoke(need),
        forward: (need) => forward(need, this.originClient),
      },
      (error) => this.bugFound(error),
    );
    this.outside = new OutsideClients({
      world: this.world,
      home: this.home,
      hasOwnAddresses: () => this.hasOwnAddresses,
      socketOf: (address, port) => this.socketOf(address, port),
      run: (begin) => this.runner.serve(begin),
    });
  }

  async open(): Promise<void> {
    const { world, clock, inside, parts } = this;
    const authority = await openCertificateAuthority({
      directory: join(parts.stateDirectory, 'ca'),
      domains: domainsOf(world.architecture, Object.keys(world.plan.origins ?? {})),
    });
    this.caFile = authority.caFile;
    await this.listenOwnOrShared(authority);
    this.functions = await openFunctions({
      functions: integratedFunctions(world.architecture),
      replicas: world.replicas,
      stateDirectory: parts.stateDirectory,
      speed: parts.speed,
    });
    this.closers.push(() => this.functions?.close());
    const { hasOwnAddresses, socketOf } = this;
    const trust = createSecureContext({ ca: authority.caPem });
    const dialer = new Dialer(
      { world, clock, inside, trust, socketOf, hasOwnAddresses },
      {
        serve: (arrival) => this.runner.serve((moment) => world.serve(arrival, moment)),
        abandon: (request) => this.originClient.abandon(request),
      },
    );
    const dnsClient = new DnsClient({ clock, inside, server: this.dns, hasOwnAddresses });
    this.closers.push(
      () => dialer.close(),
      () => dnsClient.close(),
    );
    this.dialer = dialer;
    this.dnsClient = dnsClient;
    this.isReady();
  }

  async run(signal: AbortSignal): Promise<'finished' | 'interrupted'> {
    this.clock.start();
    for (const { start } of this.world.background) this.runner.start(start);
    let isOver = false;
    const finished = this.clock.until(this.world.plan.end).then(() => this.runner.whenIdle());
    const cut = new Promise<void>((resolve) => {
      this.onBug.push(resolve);
      if (signal.aborted || this.bug !== undefined) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([finished.then(() => (isOver = true)), cut]);
    this.runner.stop();
    if (this.bug !== undefined) throw this.bug.error;
    const reason = isOver ? 'finished' : 'interrupted';
    const { speed, speedReached } = this.clock;
    if (speedReached < speed * SPEED_SHARE_MIN) this.world.note(this.clock.now(), slowInWords(speed, speedReached));
    this.world.end(this.clock.now(), reason);
    return reason;
  }

  async close(): Promise<void> {
    this.runner.stop();
    this.clock.stop();
    this.originClient.close();
    await this.closeAll();
  }

  private async closeAll(): Promise<void> {
    await Promise.all(this.closers.splice(0).map(async (close) => await close()));
  }

  /** Every endpoint on an address of its own, or, where the system has just one, all of them on that. */
  private async listenOwnOrShared(authority: CertificateAuthority): Promise<void> {
    try {
      await this.listen(authority, ({ address }) => address, this.parts.ports);
    } catch (error) {
      const isWithoutLoopback =
        error instanceof LiveError && error.findings.some(({ code }) => code === 'live/no-loopback');
      if (!isWithoutLoopback) throw error;
      await this.closeAll();
      this.endpoints.length = 0;
      this.hasOwnAddresses = false;
      this.findings.push(NO_LOOPBACK);
      // One address has room for one server a port.
      await this.listen(authority, () => SHARED_ADDRESS, PORTS.any);
    }
  }

  private async listen(
    authority: CertificateAuthority,
    addressOf: (endpoint: Endpoint) => string,
    ports: Ports,
  ): Promise<void> {
    const { world, clock, inside } = this;
    const vantageOf = (address: string): Vantage => this.vantages.get(address) ?? this.home;
    for (const endpoint of world.endpoints) {
      const address = addressOf(endpoint);
      if (endpoint.kind === 'name-server') {
        const log = this.openQueryLog();
        const server = new DnsServer({ world, clock, inside, vantageOf, ...(log === undefined ? {} : { log }) });
        this.closers.push(() => server.close());
        this.dns = { address, port: await openDns(server, address, ports.dns) };
        continue;
      }
      if (endpoint.passesThrough === true) {
        const relay = new RelayServer(endpoint, { world, clock, inside, vantageOf, socketOf: this.socketOf });
        this.closers.push(() => relay.close());
        this.opened(endpoint, address, await relay.open(address, ports));
        continue;
      }
      const server = new EndpointServer(endpoint, {
        world,
        clock,
        inside,
        vantageOf,
        leafFor: (names) => authority.leafFor(names),
        serve: async (arrival) => {
          await this.ready;
          return await this.runner.serve((moment) => world.serve(arrival, moment));
        },
      });
      this.closers.push(() => server.close());
      this.opened(endpoint, address, await server.open(address, ports));
    }
  }

  private opened(endpoint: Endpoint, address: string, bound: ReadonlyMap<number, number>): void {
    const [httpsPort, httpPort] = [bound.get(HTTPS_PORT) ?? 0, bound.get(HTTP_PORT) ?? 0];
    this.endpoints.push({ endpoint, address, httpsPort, httpPort });
    for (const [awsPort, port] of bound) this.sockets.set(socketKey(endpoint.address, awsPort), { address, port });
  }

  private openQueryLog(): QueryLog | undefined {
    const { queryLog } = this.parts;
    if (queryLog === undefined) return undefined;
    const log = new QueryLog(queryLog, this.world, this.clock);
    this.closers.push(() => log.close());
    return log;
  }

  private async invoke(need: Invoke): Promise<Invocation> {
    const { body, bodyBytesMax, replica } = need;
    const take = need.peeks === true ? peek : collect;
    const collected = body === undefined ? null : await take(body, bodyBytesMax);
    if (collected === undefined) return { kind: 'too-large' };
    return await this.need(this.functions).invoke(need.function, need.payload(collected), need.timeoutMs, replica);
  }

  private bugFound(error: unknown): void {
    this.bug ??= { error };
    for (const tell of this.onBug) tell();
  }

  private need<Part>(part: Part | undefined): Part {
    assert(part !== undefined, 'conversations begin when the world is open');
    return part;
  }
}

async function openDns(server: DnsServer, address: string, port: number): Promise<number> {
  try {
    return await server.open(address, port);
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, address, port);
  }
}

/** Where outside clients stand: in the city asked for, else in the first city of the world. */
function homeOf({ vantages }: World, home: string | undefined): Vantage {
  const isHome = (name: string): boolean => (home === undefined ? name.startsWith('city:') : name === `city:${home}`);
  const found = vantages.find(({ name }) => isHome(name));
  if (found !== undefined) return found;
  const says = `Clients from outside cannot stand in ${home ?? 'any city'}: the world has no such place.`;
  const remedy = 'Name a city that is one of the places of a probe.';
  throw new LiveError([{ code: 'drill/unknown-place', weight: 'error', says, remedy }]);
}

/** Functions that requests can reach. Others, as those of custom resources, have done their work at deployment. */
function integratedFunctions({ functions, restApis, targetGroups }: Architecture): LambdaFunction[] {
  const reached = new Set([
    ...restApis.flatMap(({ resources }) =>
      resources.flatMap(({ methods }) =>
        methods.flatMap(({ integration }) => (integration.kind === 'lambda-proxy' ? [integration.functionArn] : [])),
      ),
    ),
    ...targetGroups.flatMap(({ targets }) => targets.map(({ id }) => id)),
  ]);
  return functions.filter(({ arn }) => reached.has(arn));
}

/** A run that reaches less of the speed it was given says so. */
const SPEED_SHARE_MIN = 0.25;

function slowInWords(speed: number, reached: number): string {
  return `this machine had much to do: the world ran at speed ${reached.toFixed(1)} instead of ${speed}`;
}
