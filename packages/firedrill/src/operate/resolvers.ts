import { isIP } from 'node:net';
import { getServers, Resolver as NodeResolver } from 'node:dns';
import type { Side, TakeOver } from './take-over.ts';

/** What one resolver says of the name. */
export interface ResolverView {
  readonly resolver: string;
  readonly side: Side;
  readonly addresses: readonly string[];
  /** For how long it may go on saying so; 0 when it said nothing. */
  readonly ttlSeconds: number;
  /** Why it said nothing, as `ETIMEOUT`. */
  readonly error?: string;
}

/** Resolvers that many users have, asked beside this machine's own. */
const PUBLIC = ['1.1.1.1', '8.8.8.8', '9.9.9.9', '208.67.222.222'];
const TIMEOUT_MS = 2000;

/** This machine's resolvers and well-known public ones, each once; what `FIREDRILL_RESOLVERS` lists instead, when it is set. */
export function usualResolvers(listed: string | undefined = process.env['FIREDRILL_RESOLVERS']): readonly string[] {
  if (listed !== undefined && listed !== '') return [...new Set(listed.split(',').map((address) => address.trim()))];
  return [...new Set([...getServers(), ...PUBLIC])];
}

/** `ADDRESS`, `ADDRESS:PORT` of IPv4, or `[ADDRESS]:PORT` of IPv6. Names are none: who is to be asked for theirs? */
const WITH_PORT = /^(?:([\d.]+)|\[([^\]]+)\]):(\d{1,5})$/;
const PORT_MAX = 65_535;

/** Whether a text names a resolver: an address, with a port when it is not 53. Node itself ends at a port of 0. */
export function isResolver(text: string): boolean {
  const [, v4, v6, port] = WITH_PORT.exec(text) ?? [];
  if (port === undefined) return isIP(text) !== 0;
  const isPort = Number(port) > 0 && Number(port) <= PORT_MAX;
  return isPort && isIP(v4 ?? v6 ?? '') === (v4 === undefined ? 6 : 4);
}

/** Asks resolvers where the name leads, and remembers what either side's own name leads to. */
export class Resolvers {
  private readonly takeOver: TakeOver;
  private readonly each: readonly { readonly address: string; readonly resolver: NodeResolver }[];
  /** Whatever either side was seen to resolve to: a service with many addresses gives some of them at a time. */
  private readonly known = { primary: new Set<string>(), standby: new Set<string>() };

  constructor(takeOver: TakeOver, addresses: readonly string[]) {
    this.takeOver = takeOver;
    this.each = addresses.map((address) => {
      const resolver = new NodeResolver({ timeout: TIMEOUT_MS, tries: 2 });
      resolver.setServers([address]);
      return { address, resolver };
    });
  }

  /** Addresses of a side, by the first resolver that knows any. */
  async addressesOf(side: 'primary' | 'standby'): Promise<readonly string[]> {
    await this.learn();
    return [...this.known[side]];
  }

  /** What each of them says now. Never rejects: a resolver that is silent says so in its view. */
  async look(): Promise<readonly ResolverView[]> {
    await this.learn();
    return await Promise.all(
      this.each.map(async ({ address, resolver }): Promise<ResolverView> => {
        const answer = await ask(resolver, this.takeOver.name);
        if (answer.error !== undefined) {
          return { resolver: address, side: 'unknown', addresses: [], ttlSeconds: 0, error: answer.error };
        }
        const { addresses, ttlSeconds } = answer;
        return { resolver: address, side: this.sideOf(addresses), addresses, ttlSeconds };
      }),
    );
  }

  private sideOf(addresses: readonly string[]): Side {
    if (addresses.some((address) => this.known.standby.has(address))) return 'standby';
    if (addresses.some((address) => this.known.primary.has(address))) return 'primary';
    const isPrimaryKnown = this.takeOver.primary !== undefined && this.known.primary.size > 0;
    return addresses.length === 0 || isPrimaryKnown || this.known.standby.size === 0 ? 'unknown' : 'primary';
  }

  private async learn(): Promise<void> {
    const { primary, standby } = this.takeOver;
    await Promise.all([
      this.learnOf('standby', standby),
      primary === undefined ? undefined : this.learnOf('primary', primary),
    ]);
  }

  private async learnOf(side: 'primary' | 'standby', name: string): Promise<void> {
    if (isIP(name) !== 0) return void this.known[side].add(name);
    await Promise.all(
      this.each.map(async ({ resolver }) => {
        const { addresses } = await ask(resolver, name);
        for (const address of addresses) this.known[side].add(address);
      }),
    );
  }
}

interface Answer {
  readonly addresses: readonly string[];
  readonly ttlSeconds: number;
  readonly error?: string;
}

async function ask(resolver: NodeResolver, name: string): Promise<Answer> {
  return await new Promise((resolve) => {
    resolver.resolve4(name, { ttl: true }, (error, records) => {
      if (error !== null) resolve({ addresses: [], ttlSeconds: 0, error: error.code ?? error.message });
      else {
        const ttlSeconds = Math.min(...records.map(({ ttl }) => ttl));
        resolve({ addresses: records.map(({ address }) => address), ttlSeconds });
      }
    });
  });
}
