import type { Spot } from '../model/index.ts';
import type { Vantage } from './conversation.ts';

/** Second octets of the loopback addresses, by what they stand for. */
const OCTETS = {
  edge: 81,
  region: 82,
  'name-server': 83,
  city: 84,
  checker: 85,
  'load-balancer': 86,
  accelerator: 87,
  server: 88,
  ingress: 89,
  s3: 90,
  'regional-cache': 91,
  'function-url': 92,
} as const;

export type PlaceKind = keyof typeof OCTETS;

/**
 * Gives out places and addresses. What was given to a name once is the name's for as long as the world lasts, whatever comes and
 * goes beside it: answers of name servers and open sockets stay good when the estate is replaced. Names that come in the same
 * order get the same in every run.
 */
export class Ground {
  /** All that there are, each at its index. */
  readonly vantages: Vantage[] = [];
  private readonly places = new Map<string, Vantage>();
  private readonly addresses = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  /** The address of something that is no place of its own. */
  addressIn(kind: PlaceKind, name: string): string {
    const key = `${kind}:${name}`;
    const known = this.addresses.get(key);
    if (known !== undefined) return known;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const address = `127.${OCTETS[kind]}.${count >> 8}.${count & 255}`;
    this.addresses.set(key, address);
    return address;
  }

  place(kind: PlaceKind, name: string, { latitude, longitude }: Spot): Vantage {
    const key = `${kind}:${name}`;
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const spot = { latitude, longitude };
    const vantage = { index: this.vantages.length, name: key, spot, address: this.addressIn(kind, name) };
    this.vantages.push(vantage);
    this.places.set(key, vantage);
    return vantage;
  }
}
