import type { Conversation, Moment, ResolvedName, Vantage, World } from '../engine/index.ts';
import { PLAIN_RESOLVER, Resolver } from '../engine/index.ts';
import type { SocketAddress } from './dial.ts';

/** Names that the resolver of one place holds; with more it begins anew, as one that has been restarted. */
const NAMES_MAX = 10_000;

/** How a client from outside gets to a host of the world. */
export type Way =
  | {
      readonly kind: 'open';
      /** In the order of the answer; at least one. */
      readonly sockets: readonly SocketAddress[];
      /** Address of this machine that the client's place has, to connect from; undefined: any. */
      readonly from: string | undefined;
    }
  /** The name is known, and nobody listens on that port. */
  | { readonly kind: 'closed'; readonly addresses: readonly string[] }
  /** The name is not: `REFUSED` when it belongs to no zone of the world. */
  | { readonly kind: 'unresolved'; readonly rcode: string };

/** A city that clients from outside can stand in. */
export interface OutsidePlace {
  readonly name: string;
  /** Loopback address that traffic from there carries as its source. */
  readonly address: string;
}

/** What a resolver tells its clients of a name. */
export interface OutsideAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'REFUSED' | 'SERVFAIL';
  readonly addresses: readonly string[];
  readonly ttlSeconds: number;
}

/** All else that goes wrong a resolver calls a failure of the name servers. */
const RCODES_TOLD = ['NXDOMAIN', 'REFUSED'] as const;

const CITY = 'city:';

export interface OutsideSurroundings {
  readonly world: World;
  /** Where clients stand that do not say. */
  readonly home: Vantage;
  /** Whether every place has a loopback address of its own to connect from. */
  readonly hasOwnAddresses: () => boolean;
  readonly socketOf: (address: string, port: number) => SocketAddress | undefined;
  readonly run: (begin: (moment: Moment) => Conversation<ResolvedName>) => Promise<ResolvedName>;
}

/**
 * Clients that come from outside through a door: for each place a resolver that keeps to TTLs, so that a name goes on leading
 * where it led until its time is over, whatever the name servers say meanwhile (R53 TL-05).
 */
export class OutsideClients {
  private readonly around: OutsideSurroundings;
  private readonly resolvers = new Map<string, { readonly resolver: Resolver; readonly names: Set<string> }>();

  constructor(around: OutsideSurroundings) {
    this.around = around;
  }

  /** Cities that clients can stand in, and the addresses of this machine that are theirs. */
  places(): readonly OutsidePlace[] {
    const cities = this.around.world.vantages.filter(({ name }) => name.startsWith(CITY));
    return cities.map(({ name, address }) => ({ name: name.slice(CITY.length), address }));
  }

  /**
   * @param host a name, or an address of the world.
   * @param port as AWS has it.
   * @param place a city of {@link places}; where the world's own clients stand unless given, or when it is none of them.
   */
  async wayTo(host: string, port: number, place?: string): Promise<Way> {
    const vantage = this.vantageOf(place);
    const isAddress = this.around.world.endpointAt(host) !== undefined;
    if (isAddress) return this.wayOver([host], port, vantage);
    const { found } = await this.resolve(host.toLowerCase().replace(/\.$/, ''), vantage);
    return found.kind === 'failed'
      ? { kind: 'unresolved', rcode: found.rcode }
      : this.wayOver(found.addresses, port, vantage);
  }

  /** Addresses of a name, as the resolver of a place gives them to its clients. */
  async addressesOf(name: string, place?: string): Promise<OutsideAnswer> {
    const { found } = await this.resolve(name, this.vantageOf(place));
    if (found.kind === 'found') return { rcode: 'NOERROR', addresses: found.addresses, ttlSeconds: found.ttlSeconds };
    const rcode = RCODES_TOLD.find((each) => each === found.rcode) ?? 'SERVFAIL';
    return { rcode: found.rcode === 'NODATA' ? 'NOERROR' : rcode, addresses: [], ttlSeconds: 0 };
  }

  private wayOver(addresses: readonly string[], port: number, { address }: Vantage): Way {
    const sockets = addresses.flatMap((each) => this.around.socketOf(each, port) ?? []);
    if (sockets.length === 0) return { kind: 'closed', addresses };
    return { kind: 'open', sockets, from: this.around.hasOwnAddresses() ? address : undefined };
  }

  private async resolve(name: string, vantage: Vantage): Promise<ResolvedName> {
    const { resolver, names } = this.resolverAt(vantage);
    names.add(name);
    return await this.around.run((moment) => resolver.resolve(name, moment));
  }

  private resolverAt(vantage: Vantage): { readonly resolver: Resolver; readonly names: Set<string> } {
    const known = this.resolvers.get(vantage.name);
    if (known !== undefined && known.names.size < NAMES_MAX) return known;
    const label = vantage.name.replace(CITY, 'outside:');
    const resolver = new Resolver(
      vantage,
      PLAIN_RESOLVER,
      (...told) => this.around.world.tellResolved(label, ...told),
      undefined,
    );
    const made = { resolver, names: new Set<string>() };
    this.resolvers.set(vantage.name, made);
    return made;
  }

  private vantageOf(place: string | undefined): Vantage {
    const { world, home } = this.around;
    return world.vantages.find(({ name }) => name === `${CITY}${place}`) ?? home;
  }
}
