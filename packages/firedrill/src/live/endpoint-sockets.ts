import type { Finding } from '../model/index.ts';
import type { Deployment, Endpoint, Vantage, World } from '../engine/index.ts';
import type { Leaf } from './certificate-authority.ts';
import type { WorldClock } from './clock.ts';
import type { SocketAddress } from './dial.ts';
import type { QueryLog } from './dns-query-log.ts';
import { DnsServer } from './dns-server.ts';
import type { EndpointSurroundings } from './endpoint-server.ts';
import { EndpointServer, HTTP_PORT, HTTPS_PORT, portsOf } from './endpoint-server.ts';
import type { InsideTraffic } from './inside-traffic.ts';
import { socketKey } from './inside-traffic.ts';
import { cannotListen } from './listen.ts';
import { LiveError } from './live-error.ts';
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

/** An endpoint and the ports it really listens on. */
export interface OpenEndpoint {
  readonly endpoint: Endpoint;
  /** The endpoint's own, or the one loopback address that the system offers. */
  readonly address: string;
  /** 0 when it listens to none such. */
  readonly httpsPort: number;
  readonly httpPort: number;
}

export interface SocketSurroundings {
  readonly world: World;
  readonly clock: WorldClock;
  readonly inside: InsideTraffic;
  readonly httpDate: EndpointSurroundings['httpDate'];
  readonly ports: Ports;
  readonly vantageOf: (address: string) => Vantage;
  readonly leafFor: (names: readonly string[]) => Promise<Leaf>;
  readonly certificateNames?: World['certificateNames'];
  readonly serve: EndpointSurroundings['serve'];
  readonly hear: EndpointSurroundings['hear'];
  readonly log: QueryLog | undefined;
}

/** Servers of one endpoint: one, and another for ports that it was given later. */
interface Opened {
  readonly endpoint: Endpoint;
  readonly servers: readonly (EndpointServer | RelayServer)[];
  /** Ports of this machine, by those that AWS has. */
  readonly bound: ReadonlyMap<number, number>;
}

/** Sockets that are open for an estate to come. */
export interface StagedSockets {
  /** The estate is there: requests that have come already are served, and sockets of what is gone close. */
  commit(): void;
  /** It does not come: they close. */
  abandon(): void;
}

/** Where endpoints go when they cannot have addresses of their own. */
const SHARED_ADDRESS = '127.0.0.1';

const NO_LOOPBACK: Finding = {
  code: 'live/no-loopback',
  weight: 'warning',
  says: 'This system offers one loopback address only, so all endpoints share it and clients from outside cannot tell them apart. The drill itself is not affected.',
  remedy: 'On macOS, add the addresses that you want to reach: sudo ifconfig lo0 alias ADDRESS.',
};

/** The sockets of all endpoints of a world, and of its name servers. */
export class EndpointSockets {
  readonly findings: Finding[] = [];
  hasOwnAddresses = true;
  dns = { address: '', port: 0 };
  private readonly around: SocketSurroundings;
  /** By the endpoint's address, in the world's order. */
  private readonly opened = new Map<string, Opened>();
  /** By address and port as AWS has them. */
  private readonly sockets = new Map<string, SocketAddress>();
  private dnsServer: DnsServer | undefined;

  constructor(around: SocketSurroundings) {
    this.around = around;
  }

  /** The socket behind an endpoint's address and the port that AWS uses; undefined: nobody listens. */
  readonly socketOf = (address: string, port: number): SocketAddress | undefined =>
    this.sockets.get(socketKey(address, port));

  get endpoints(): readonly OpenEndpoint[] {
    return [...this.opened.values()].map(({ endpoint, bound }) => ({
      endpoint,
      address: this.addressOf(endpoint),
      httpsPort: bound.get(HTTPS_PORT) ?? 0,
      httpPort: bound.get(HTTP_PORT) ?? 0,
    }));
  }

  /**
   * Opens all of the world: every endpoint on an address of its own, or, where the system has just one, all of them on that.
   * @throws LiveError when a port is taken.
   */
  async open(): Promise<void> {
    try {
      await this.openAll();
    } catch (error) {
      const isWithoutLoopback =
        error instanceof LiveError && error.findings.some(({ code }) => code === 'live/no-loopback');
      if (!isWithoutLoopback) throw error;
      this.close();
      this.hasOwnAddresses = false;
      this.findings.push(NO_LOOPBACK);
      await this.openAll();
    }
  }

  /**
   * Opens what an estate to come has and the present one has not: endpoints, and ports of endpoints. What both have stays open
   * throughout.
   * @throws LiveError when a port is taken; nothing is open then that was not before.
   */
  async stage(deployment: Deployment): Promise<StagedSockets> {
    const { world, serve } = this.around;
    let isThere = false;
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const added: Opened[] = [];
    const around: SocketSurroundings = {
      ...this.around,
      certificateNames: (address, name) => (isThere ? world : deployment).certificateNames(address, name),
      serve: (arrival, answered, failed) => {
        if (isThere) serve(arrival, answered, failed);
        else void begun.then(() => serve(arrival, answered, failed));
      },
    };
    try {
      for (const endpoint of deployment.endpoints) {
        const missing = this.missingOf(endpoint);
        if (missing !== undefined) added.push(await this.openOne(missing, around));
      }
    } catch (error) {
      for (const { servers } of added) for (const server of servers) server.close();
      throw error;
    }
    return {
      commit: () => {
        this.settle(deployment.endpoints, added);
        isThere = true;
        begin();
        for (const { servers } of this.opened.values())
          for (const server of servers) if (server instanceof EndpointServer) void server.renewCertificate();
      },
      abandon: () => {
        for (const { servers } of added) for (const server of servers) server.close();
      },
    };
  }

  close(): void {
    this.dnsServer?.close();
    for (const { servers } of this.opened.values()) for (const server of servers) server.close();
    this.opened.clear();
    this.sockets.clear();
  }

  private async openAll(): Promise<void> {
    for (const endpoint of this.around.world.endpoints) {
      if (endpoint.kind === 'name-server') await this.openNameServer(endpoint);
      else this.keep(await this.openOne(endpoint, this.around));
    }
  }

  private async openNameServer(endpoint: Endpoint): Promise<void> {
    const { world, clock, inside, vantageOf, log } = this.around;
    const server = new DnsServer({ world, clock, inside, vantageOf, ...(log === undefined ? {} : { log }) });
    this.dnsServer = server;
    const address = this.addressOf(endpoint);
    const port = this.ports.dns;
    try {
      this.dns = { address, port: await server.open(address, port) };
    } catch (error) {
      throw cannotListen(error as NodeJS.ErrnoException, address, port);
    }
  }

  private async openOne(endpoint: Endpoint, around: SocketSurroundings): Promise<Opened> {
    const server =
      endpoint.passesThrough === true
        ? new RelayServer(endpoint, { ...around, socketOf: this.socketOf })
        : new EndpointServer(endpoint, around);
    try {
      return { endpoint, servers: [server], bound: await server.open(this.addressOf(endpoint), this.ports) };
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** What of an endpoint is not open yet: all of it, some ports, or, undefined, nothing. */
  private missingOf(endpoint: Endpoint): Endpoint | undefined {
    if (endpoint.kind === 'name-server') return undefined;
    const known = this.opened.get(endpoint.address);
    if (known === undefined) return endpoint;
    const had = portsOf(known.endpoint);
    const ports = new Map([...portsOf(endpoint)].filter(([port, protocol]) => had.get(port) !== protocol));
    // A port that speaks another protocol from now on cannot be opened twice; whoever is connected may end.
    for (const port of ports.keys()) if (had.has(port)) this.closePort(known, port);
    return ports.size === 0 ? undefined : { ...endpoint, ports };
  }

  /** Puts what was opened beside what there is, in the estate's order, and closes what is gone. */
  private settle(endpoints: readonly Endpoint[], added: readonly Opened[]): void {
    const before = new Map(this.opened);
    this.opened.clear();
    for (const endpoint of endpoints) {
      if (endpoint.kind === 'name-server') continue;
      const [known, more] = [
        before.get(endpoint.address),
        added.find((each) => each.endpoint.address === endpoint.address),
      ];
      before.delete(endpoint.address);
      const ports = portsOf(endpoint);
      for (const port of known?.bound.keys() ?? [])
        if (known !== undefined && !ports.has(port)) this.closePort(known, port);
      const bound = new Map([...(known?.bound ?? []), ...(more?.bound ?? [])].filter(([port]) => ports.has(port)));
      this.keep({ endpoint, servers: [...(known?.servers ?? []), ...(more?.servers ?? [])], bound });
    }
    for (const gone of before.values()) {
      for (const port of gone.bound.keys()) this.sockets.delete(socketKey(gone.endpoint.address, port));
      for (const server of gone.servers) server.close();
    }
  }

  private closePort({ endpoint, servers }: Opened, port: number): void {
    this.sockets.delete(socketKey(endpoint.address, port));
    for (const server of servers) server.closePort(port);
  }

  private keep(opened: Opened): void {
    const { endpoint, bound } = opened;
    this.opened.set(endpoint.address, opened);
    const address = this.addressOf(endpoint);
    for (const [awsPort, port] of bound) this.sockets.set(socketKey(endpoint.address, awsPort), { address, port });
  }

  private addressOf({ address }: Endpoint): string {
    return this.hasOwnAddresses ? address : SHARED_ADDRESS;
  }

  /** One address has room for one server a port. */
  private get ports(): Ports {
    return this.hasOwnAddresses ? this.around.ports : PORTS.any;
  }
}
