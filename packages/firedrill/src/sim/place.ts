import type { Endpoint, Gateway, Tls, World } from '../engine/index.ts';
import { covers, HTTP_PORTS } from '../engine/index.ts';

/** An endpoint, and which handshakes succeed there. */
export class Place {
  readonly endpoint: Endpoint;
  readonly address: string;
  readonly gateway: Gateway | undefined;
  private readonly world: World;
  private readonly handshakes = new WeakMap<Tls, boolean>();
  /** Often the next client asks for the same. */
  private latest: Tls | undefined = undefined;
  private latestHolds = false;
  private latestPort = 0;
  private latestListens = false;

  constructor(world: World, endpoint: Endpoint) {
    this.world = world;
    this.endpoint = endpoint;
    this.address = endpoint.address;
    this.gateway = world.gatewayAt(endpoint.address);
  }

  /** Whether anybody takes connections to a port. */
  listensOn(port: number): boolean {
    if (port !== this.latestPort) {
      this.latestPort = port;
      this.latestListens = (this.endpoint.ports ?? HTTP_PORTS).has(port);
    }
    return this.latestListens;
  }

  /** Whether the endpoint has a certificate for the server name, and it covers what is wanted. */
  handshakeHolds(tls: Tls): boolean {
    if (tls !== this.latest) {
      this.latest = tls;
      this.latestHolds = this.handshakes.get(tls) ?? this.shakeHands(tls);
    }
    return this.latestHolds;
  }

  private shakeHands(tls: Tls): boolean {
    const names = this.world.certificateNames(this.endpoint.address, tls.serverName);
    const holds = names.length > 0 && (tls.verifyNames === undefined || covers(names, tls.verifyNames));
    this.handshakes.set(tls, holds);
    return holds;
  }
}
