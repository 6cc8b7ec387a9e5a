import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Action, Architecture, Finding, LambdaFunction } from '../model/index.ts';
import { assert, reachedFunctions } from '../model/index.ts';
import type { ActionResult, Background, FaultNow, Invocation, Invoke, Vantage, World } from '../engine/index.ts';
import type { ApiServer } from './api-call.ts';
import { callApi } from './api-call.ts';
import { collect, peek } from './bodies.ts';
import type { CertificateAuthority, Leaf } from './certificate-authority.ts';
import { domainsOf, openCertificateAuthority } from './certificate-authority.ts';
import { WorldClock } from './clock.ts';
import { ConversationRunner } from './conversation-runner.ts';
import { Dialer } from './dial.ts';
import { DnsClient } from './dns-client.ts';
import { QueryLog } from './dns-query-log.ts';
import type { OpenEndpoint } from './endpoint-sockets.ts';
import { EndpointSockets } from './endpoint-sockets.ts';
import { forward } from './forward.ts';
import type { FunctionCall, Functions } from './functions.ts';
import { openFunctions } from './functions.ts';
import { httpDates } from './http-date.ts';
import { InsideTraffic } from './inside-traffic.ts';
import { Abandoned, LiveError } from './live-error.ts';
import type { LocalParts, LocalWorld } from './local-world.ts';
import { OriginClient } from './origin-client.ts';
import { Talks } from './talks.ts';
import { OutsideClients } from './outside-clients.ts';

/** What is there once a world is open. */
interface Opened {
  readonly authority: CertificateAuthority;
  readonly sockets: EndpointSockets;
  readonly functions: Functions;
  readonly dialer: Dialer;
  readonly dnsClient: DnsClient;
}

/** A world with the sockets, processes and timers that it lives by. */
export class RunningWorld implements LocalWorld {
  readonly clock: WorldClock;
  readonly world: World;
  readonly outside: OutsideClients;
  private readonly parts: LocalParts;
  private readonly beganAtEpochMs: number;
  private readonly inside = new InsideTraffic();
  /** By address. */
  private readonly vantages = new Map<string, Vantage>();
  private readonly home: Vantage;
  private readonly runner: ConversationRunner;
  private readonly closers: (() => void | Promise<void>)[] = [];
  private readonly originClient: OriginClient;
  private readonly talks: Talks;
  private openedParts: Opened | undefined;
  /** What is to run from the beginning. */
  private waiting: Background[] | undefined;
  private lastReplaced: Promise<void> = Promise.resolve();
  private apiServer: ApiServer | undefined;
  private isClosed = false;
  private bug: { readonly error: unknown } | undefined;
  private readonly onBug: (() => void)[] = [];
  /** Requests from outside may come as soon as ports are open. */
  private readonly ready: Promise<void>;
  private isReady = false;
  private becomeReady: () => void = () => undefined;

  constructor(parts: LocalParts) {
    this.ready = new Promise((resolve) => (this.becomeReady = resolve));
    this.parts = parts;
    this.beganAtEpochMs = parts.beganAtEpochMs ?? Date.now();
    this.world = parts.world;
    this.waiting = [...parts.world.background];
    this.clock = new WorldClock(parts.speed);
    this.learnVantages();
    this.home = homeOf(this.world, parts.home);
    this.originClient = new OriginClient(this.clock);
    this.talks = new Talks(this.world, this.clock);
    this.runner = new ConversationRunner(
      this.clock,
      {
        query: (need) => this.opened.dnsClient.ask(need),
        exchange: (need, came, failed) => this.opened.dialer.exchange(need, came, failed),
        invoke: (need) => this.invoke(need),
        forward: (need, came) => forward(need, this.originClient, came),
        callApi: async (need) => await callApi(need, this.apiServer, this.clock),
        talk: (need) => this.talks.talk(need),
        hangUp: (need) => this.talks.hangUp(need),
      },
      (error) => this.bugFound(error),
    );
    this.outside = new OutsideClients({
      world: this.world,
      home: this.home,
      hasOwnAddresses: () => this.opened.sockets.hasOwnAddresses,
      socketOf: (address, port) => this.opened.sockets.socketOf(address, port),
      run: (begin) => new Promise((done, failed) => this.runner.serve(begin, done, failed)),
    });
  }

  get endpoints(): readonly OpenEndpoint[] {
    return this.opened.sockets.endpoints;
  }

  get dns(): LocalWorld['dns'] {
    return this.opened.sockets.dns;
  }

  get caFile(): string {
    return this.opened.authority.caFile;
  }

  get findings(): readonly Finding[] {
    return this.opened.sockets.findings;
  }

  leafFor(names: readonly string[]): Promise<Leaf> {
    return this.opened.authority.leafFor(names);
  }

  epochMs(): number {
    return this.beganAtEpochMs + this.clock.now() / 1000;
  }

  async open(): Promise<void> {
    const { world, clock, inside, parts } = this;
    const authority = await openCertificateAuthority({
      directory: join(parts.stateDirectory, 'ca'),
      domains: domainsOf(world.architecture, [...Object.keys(world.plan.origins ?? {}), ...(parts.domains ?? [])]),
    });
    const sockets = this.socketsFor(authority);
    this.closers.push(() => sockets.close());
    await sockets.open();
    const functions = await openFunctions({
      functions: [],
      stateDirectory: parts.stateDirectory,
      speed: parts.speed,
      surroundings: parts.functionSurroundings,
    });
    this.closers.push(() => functions.close());
    const { hasOwnAddresses, socketOf, dns } = sockets;
    const trust = createSecureContext({ ca: authority.caPem });
    const dialer = new Dialer(
      { world, clock, inside, trust, socketOf, hasOwnAddresses },
      {
        serve: (arrival, answered, failed) =>
          this.runner.serve((moment) => world.serve(arrival, moment), answered, failed),
        abandon: (request) => this.originClient.abandon(request),
      },
    );
    const dnsClient = new DnsClient({ clock, inside, server: dns, hasOwnAddresses });
    this.closers.push(
      () => dialer.close(),
      () => dnsClient.close(),
    );
    this.openedParts = { authority, sockets, functions, dialer, dnsClient };
    const started = this.startFunctions(functions);
    // Another estate comes after this one.
    this.lastReplaced = started.catch(() => undefined);
    await started;
    this.isReady = true;
    this.becomeReady();
  }

  private async startFunctions(functions: Functions): Promise<void> {
    await this.parts.beforeFunctions?.(this);
    const { architecture, replicas } = this.world;
    await functions.begin(reachedFunctions(architecture), replicas);
  }

  async run(signal: AbortSignal): Promise<'finished' | 'interrupted'> {
    this.clock.start();
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    this.begin(waiting);
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

  replace(architecture: Architecture): Promise<void> {
    const replaced = this.lastReplaced.then(() => this.replaceNow(architecture));
    // Whoever comes next comes whatever became of this one.
    this.lastReplaced = replaced.catch(() => undefined);
    return replaced;
  }

  perform(action: Action, name?: string): ActionResult {
    const { result, begun } = this.world.control.perform(action, { now: this.clock.now() }, name);
    this.begin(begun);
    return result;
  }

  startFault(fault: FaultNow): void {
    this.begin(this.world.control.startFault(fault, { now: this.clock.now() }));
  }

  endFault(name: string): boolean {
    return this.world.control.endFault(name, { now: this.clock.now() });
  }

  serveApi(server: ApiServer): void {
    this.apiServer = server;
  }

  callFunction(fn: LambdaFunction, payload: unknown): Promise<FunctionCall> {
    return this.opened.functions.call(fn, payload, fn.timeoutSeconds * 1000);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.runner.stop();
    this.clock.stop();
    this.originClient.close();
    this.talks.close();
    await Promise.all(this.closers.splice(0).map(async (close) => await close()));
  }

  /** What can fail comes first, and nothing has changed until all of it has succeeded. */
  private async replaceNow(architecture: Architecture): Promise<void> {
    const { functions, sockets } = this.opened;
    const deployment = this.world.prepare(architecture);
    const started = await functions.stage(reachedFunctions(architecture), deployment.replicas);
    try {
      // A world that runs faster than its functions start waits for them: what calls one would wait for many of its seconds.
      if (this.parts.speed > 1) await started.broken;
      const opened = await sockets.stage(deployment);
      if (this.isClosed) {
        opened.abandon();
        throw new Abandoned('the world has been closed');
      }
      started.commit();
      this.begin(deployment.commit({ now: this.clock.now() }));
      this.learnVantages();
      opened.commit();
      void started.broken.then((broken) => this.noteBroken(broken));
    } catch (error) {
      await started.abandon();
      throw error;
    }
  }

  private noteBroken(broken: readonly Finding[]): void {
    if (!this.isClosed) for (const { says } of broken) this.world.note(this.clock.now(), says);
  }

  /** What is begun before the world runs begins with it. */
  private begin(begun: readonly Background[]): void {
    if (this.waiting === undefined) for (const { start } of begun) this.runner.start(start);
    else this.waiting.push(...begun);
  }

  private learnVantages(): void {
    for (const vantage of this.world.vantages) this.vantages.set(vantage.address, vantage);
  }

  private socketsFor(authority: CertificateAuthority): EndpointSockets {
    const { world, clock, inside, parts } = this;
    return new EndpointSockets({
      world,
      clock,
      inside,
      httpDate: httpDates(() => this.epochMs()),
      ports: parts.ports,
      vantageOf: (address) => this.vantages.get(address) ?? this.home,
      leafFor: (names) => authority.leafFor(names),
      serve: (arrival, answered, failed) => {
        const serve = (): void => this.runner.serve((moment) => world.serve(arrival, moment), answered, failed);
        if (this.isReady) serve();
        else void this.ready.then(serve);
      },
      hear: parts.hearsClients === true ? (told) => world.tellRequest(told) : undefined,
      log: this.openQueryLog(),
    });
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
    const collected = body === undefined ? null : await take(body, bodyBytesMax, need.bodyEncoding);
    if (collected === undefined) return { kind: 'too-large' };
    return await this.opened.functions.invoke(need.function, need.payload(collected), need.timeoutMs, replica);
  }

  private bugFound(error: unknown): void {
    this.bug ??= { error };
    for (const tell of this.onBug) tell();
  }

  private get opened(): Opened {
    assert(this.openedParts !== undefined, 'conversations begin when the world is open');
    return this.openedParts;
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

/** A run that reaches less of the speed it was given says so. */
const SPEED_SHARE_MIN = 0.25;

function slowInWords(speed: number, reached: number): string {
  return `this machine had much to do: the world ran at speed ${reached.toFixed(1)} instead of ${speed}`;
}
